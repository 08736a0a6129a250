#!/usr/bin/env bash
# systemd/package.sh — make a Debian package of what is built; `make deb` calls it.
#
#   package.sh BUILD    (a folder that holds a built program) leaves BUILD/deb/partywall_*.deb
#
# The tree that dpkg-buildpackage wants, with debian/ at its top, is assembled beside. The objects come
# along with their times, so that nothing is compiled a second time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
mkdir -p "$build/deb"
work=$(mktemp -d "$PWD/$build/deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/partywall

mkdir -p "$tree/$build"
tar --exclude=node_modules --exclude=__pycache__ -c Makefile README.md LICENSE nginx sql src systemd tests |
  tar -x -C "$tree"
cp -a "$tree/systemd/debian" "$tree/debian"
cp -a "$build/obj" "$build"/*.{a,list,sql} "$build/partywall" "$tree/$build/"

[[ $build != build-asan ]] || export SANITIZE=1
unset MAKEFLAGS MAKELEVEL MFLAGS # of a make that called us
log=$PWD/$build/deb/build.log
(cd "$tree" && DEB_BUILD_OPTIONS='nocheck noautodbgsym' dpkg-buildpackage --unsigned-source \
  --unsigned-changes --build=binary) >"$log" 2>&1 || {
  tail -n 30 "$log" >&2
  echo "package: dpkg-buildpackage failed; the whole log is in $log" >&2
  exit 1
}
for package in "$build"/deb/*.deb; do # of other versions; this one is replaced in one go
  [[ -e $work/${package##*/} ]] || rm -f "$package"
done
mv -f "$work"/*.deb "$build/deb/"
ls "$PWD/$build"/deb/*.deb
