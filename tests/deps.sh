#!/usr/bin/env bash
# tests/deps.sh — install the Debian packages that are missing; say nothing when all is there.
#
#   tests/deps.sh [GROUP...]    build (default), run, test, races, test_limits, deb, package_test,
#                               upgrade_test, bare_test, bench, bench_scale, bench_live, fuzz, format, lint, screenshots
#
# A bare Debian 12 has only bash, make and git, so nothing here may need more than those.
# shellcheck disable=SC2034  # the groups are read through a nameref
set -euo pipefail

build=(
  g++                   # the compiler: version 12, C++20
  make                  # the build
  libfcgi-dev           # FastCGI, the application's side
  libmysqlcppconn-dev   # MySQL Connector/C++ 1.1, which speaks to MariaDB and MySQL
  libssl-dev            # random bytes, SHA-256, HMAC, AES
  libargon2-dev         # Argon2id password hashes, which OpenSSL 3.0 lacks
  libarchive-dev        # archives of a company
  liboath-dev           # codes of a second factor
  libevent-dev          # the process that holds the streams of events
  libutf8proc-dev       # NFKC of usernames
  rapidjson-dev         # JSON
  libboost-dev          # Preprocessor: a struct's list of fields
  libfmt-dev            # std::format, which g++ 12 lacks
  libcli11-dev          # subcommands and options
  libtomlplusplus-dev   # configuration with line and column in its errors
  libsystemd-dev        # socket activation, readiness, watchdog
)
run=(
  mariadb-server-core   # mariadbd itself, without the system service of mariadb-server
  mariadb-client-core   # sets up databases and accounts
  nginx                 # Debian 12's nginx-light is this and one module more
  curl                  # asks whether the stack is ready
)
javascript=(nodejs)     # formats JavaScript, and drives the browser
# npm installs what does so (tests/browser/package-lock.json). A nodejs that is not Debian's brings its own,
# and conflicts with Debian's.
command -v npm >/dev/null || javascript+=(npm)
browser=(
  chromium              # what the web client and the pages are tested in
  fonts-inter           # so that screenshots are the same everywhere
  "${javascript[@]}"
)
screenshots=("${run[@]}" python3 "${browser[@]}")
test_limits=("${run[@]}" python3)
deb=(
  build-essential       # what dpkg-buildpackage takes for granted
  debhelper             # makes the package
  lintian               # finds what is wrong with it
  nginx                 # says which form the site is to have
)
package_test=(
  "${deb[@]}"
  debootstrap           # a clean Debian to install it into
  iproute2              # its loopback device
  python3
)
upgrade_test=("${run[@]}" git python3)
bare_test=(
  debootstrap           # a Debian with git and make alone
  iproute2
  python3
)
test=(
  "${run[@]}"
  "${deb[@]}"
  libboost-test-dev     # the unit tests' framework
  python3               # runs the suites and speaks HTTP to the stack
  python3-jsonschema    # whether answers are as the API's description has them
  python3-requests      # a client that scripts are written with
  clang-format          # the formatting that lint holds
  systemd               # systemd-analyze and systemd-sysusers, for the units
  man-db groff-base     # the manuals, without a warning
  openssl               # a certificate for the site
  oathtool              # codes of a second factor, in the commands of the reference
  mariadb-client        # mariadb-dump, for a backup
  libfaketime           # a clock that is set back and forth
  "${browser[@]}"
)
races=("${test[@]}")
bench=(
  "${test[@]}"
  wrk                   # the load
  valgrind strace       # instructions and system calls a request
)
bench_scale=("${bench[@]}") bench_live=("${bench[@]}")
fuzz=("${build[@]}" clang libclang-rt-dev)
format=(clang-format python3 "${javascript[@]}")
lint=("${format[@]}")

wanted=()
for group in "${@:-build}"; do
  case $group in
    build | run | test | races | test_limits | deb | package_test | upgrade_test | bare_test | \
      bench | bench_scale | bench_live | fuzz | format | lint | screenshots)
      declare -n packages=$group
      wanted+=("${packages[@]}") ;;
    *) echo "deps: no group '$group'" >&2; exit 2 ;;
  esac
done

if ! command -v dpkg-query >/dev/null; then
  echo "deps: not a Debian system; these packages' equivalents are needed: ${wanted[*]}" >&2
  exit 0
fi

# One query answers for all. It fails when it has never heard of a package: that is an answer too.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

sudo=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || {
    echo "deps: as root, run: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  }
  sudo=(sudo)
fi
echo "deps: installing ${missing[*]}"

# The nginx package starts a system-wide nginx, which nobody asked for: our own is private. A
# policy-rc.d that refuses keeps every service as it is while packages are installed; one that the
# machine already has is left alone.
policy=/usr/sbin/policy-rc.d
restore() { :; }
if [[ ! -e $policy ]]; then
  restore() { "${sudo[@]}" rm -f "$policy"; }
  trap restore EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
fi
apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0)
"${apt[@]}" update
"${apt[@]}" install --no-install-recommends "${missing[@]}"

# Nor should it start at the next boot. Only where it is us who brought it.
if [[ " ${missing[*]} " == *" nginx "* && -d /run/systemd/system ]]; then
  "${sudo[@]}" systemctl --quiet disable nginx.service || true
fi
