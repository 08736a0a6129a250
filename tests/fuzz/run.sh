#!/usr/bin/env bash
# tests/fuzz/run.sh — run each fuzz target for some seconds; exits 1 when one finds something.
#
#   tests/fuzz/run.sh [SECONDS [TARGET...]]    20 seconds and all targets by default
#
# Needs clang with its sanitizers' runtime (Debian: clang, libclang-rt-dev). What was learnt
# stays in build/fuzz/corpus; an input that breaks something is left in build/fuzz/found.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-20}
targets=("${@:2}")
((${#targets[@]})) || targets=(json urlencoded multipart ids accept)
build=build/fuzz
sources=(src/base/{clock,crypto,text,uuid}.cc
         src/http/{form,header_value,json,json_number,multipart,negotiate,request}.cc)
compile=(clang++ -std=c++20 -O1 -g -fno-omit-frame-pointer -Isrc -Itests/fuzz -Wall -Wextra -Werror
         -fsanitize=address,undefined -fno-sanitize-recover=all
         -fsanitize-ignorelist=tests/fuzz/ignore.txt)
libraries=(-lcrypto -largon2 -lfmt -lutf8proc)

# seed TARGET TEXT... — puts starting points, with printf's escapes, into the target's corpus.
seed() {
  local target=$1 n=0 text
  for text in "${@:2}"; do printf '%b' "$text" >"$build/corpus/$target/seed-$((n++))"; done
}

seed_all() {
  mkdir -p "$build"/{obj,found} "$build"/corpus/{json,urlencoded,multipart,ids,accept}
  seed json '{"a":[1,-2.5e3,true,null],"b":{"c":"\\u00e9\\ud83d\\ude00\\n"}}' \
    '[0.000000000000000000001e-2147483639]' '1e400' '[[[[[[]]]]]]' '{"a":1}\0rest' '"\\udc00"' \
    '\xef\xbb\xbf{}' '{"a":1,"a":2}' '"\xc3\xa9"' '-0' '123456789012345678901234567890'
  seed urlencoded 'a=1&b=%C3%A9+x&a=2' 'company.name=A%26B&company=x' 'a=1; b="2"; a=3' '%%41&=&&'
  local field='Content-Disposition: form-data; name="a"'
  seed multipart "multipart/form-data; boundary=B\n--B\r\n$field\r\n\r\n1\r\n--B--\r\n" \
    "multipart/form-data; boundary=\"a b\"\n--a b\r\n$field; filename=x\r\n\r\n\r\n--a b--" \
    'application/json\n{"a":1}' 'application/x-www-form-urlencoded\na=1'
  seed ids '01234567-89ab-cdef-0123-456789abcdef' '0123456789abcdef' \
    '2018-10-17T06:05:27.123456Z' '2018-10-17 06:05+02:00' '2018-10-17 06:05:27.1'
  seed accept 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' \
    'application/json; indent=4' 'text/*;level="1,2";q=0, application/*' 'a/b; x="\\"'
}

object() { echo "$build/obj/$(tr / _ <<<"${1%.cc}").o"; }

# Compiles what is older than the newest source or header, two at a time.
compile_all() {
  local source newest running=0
  newest=$(find src tests/fuzz \( -name '*.cc' -o -name '*.h' \) -printf '%T@ %p\n' | sort -rn |
    sed -n 1p | cut -d' ' -f2-)
  for source in "${sources[@]}" "${targets[@]/#/tests/fuzz/}"; do
    source=${source%.cc}.cc
    [[ $(object "$source") -nt $newest ]] && continue
    if ((running == 2)); then
      wait -n
      running=1
    fi
    "${compile[@]}" -fsanitize=fuzzer-no-link -c -o "$(object "$source")" "$source" &
    running=$((running + 1))
  done
  for (( ; running > 0; running--)); do wait -n; done
}

# fuzz TARGET — links and runs it; its log is shown only when it finds something.
fuzz() {
  local objects=() source
  for source in "tests/fuzz/$1.cc" "${sources[@]}"; do objects+=("$(object "$source")"); done
  "${compile[@]}" -fsanitize=fuzzer -o "$build/$1" "${objects[@]}" "${libraries[@]}" || return 1
  if ! "$build/$1" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="$build/found/$1-" "$build/corpus/$1" \
    >"$build/$1.log" 2>&1; then
    tail -n 60 "$build/$1.log"
    return 1
  fi
  echo "fuzz $1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log") inputs"
}

command -v clang++ >/dev/null || { echo "fuzz: clang++ is needed (Debian: clang)" >&2; exit 2; }
seed_all
compile_all
passed=0 failed=0
for target in "${targets[@]}"; do
  if fuzz "$target"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed"
((failed == 0))
