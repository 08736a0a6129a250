#!/usr/bin/env bash
# nginx/assets.sh — lay the web client out as nginx serves it (nginx/README.md, "The web client").
#
#   assets.sh TARGET    makes there the page, the icon, and assets/HASH/ with the rest
#
# HASH is of all the modules and styles, so whatever changes has another address, and may be kept for good.
set -euo pipefail
www=$(cd "$(dirname "${BASH_SOURCE[0]}")/www" && pwd) target=$1
shopt -s nullglob
LC_ALL=C files=("$www"/*.{css,js})

hash=$(cd "$www" && sha256sum "${files[@]##*/}" | sha256sum | cut -c 1-16)
for file in "${files[@]}"; do
  install -D -m 644 "$file" "$target/assets/$hash/${file##*/}"
done
install -D -m 644 "$www/icon.svg" "$target/icon.svg"

# Last, and in one go, when all that it names is there.
sed "s#\"/\([a-z_]*\.\(css\|js\)\)\"#\"/assets/$hash/\1\"#" "$www/index.html" |
  install -m 644 /dev/stdin "$target/index.html.new"
# nginx makes its ETag of time and length, and neither may be what another content had: packages set times.
content=$(sha256sum <"$target/index.html.new")
touch -d "@$((1000000000 + 16#${content:0:7}))" "$target/index.html.new"
mv -f "$target/index.html.new" "$target/index.html"

for old in "$target"/assets/*; do
  [[ $old == */"$hash" ]] || rm -r "$old"
done
