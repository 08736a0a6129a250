#!/usr/bin/env bash
# systemd/package.sh — make a Debian package of what is built; `make deb` calls it.
#
#   package.sh BUILD    (a folder that holds a built program) leaves BUILD/deb/partywall_*.deb
#
# The tree that dpkg-buildpackage wants, with debian/ at its top, is assembled in BUILD/deb. The objects
# come along with their times, so that nothing is compiled a second time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=$1
tree=$build/deb/partywall

rm -rf "$build/deb"
mkdir -p "$tree/$build"
tar --exclude=node_modules --exclude=__pycache__ -c Makefile README.md LICENSE nginx sql src systemd tests |
  tar -x -C "$tree"
cp -a "$tree/systemd/debian" "$tree/debian"
cp -a "$build/obj" "$build"/*.{a,list,sql} "$build/partywall" "$tree/$build/"

[[ $build != build-asan ]] || export SANITIZE=1
unset MAKEFLAGS MAKELEVEL MFLAGS # of a make that called us
cd "$tree"
DEB_BUILD_OPTIONS='nocheck noautodbgsym' dpkg-buildpackage --unsigned-source --unsigned-changes \
  --build=binary >../build.log 2>&1 || {
  tail -n 30 ../build.log >&2
  echo "package: dpkg-buildpackage failed; the whole log is in $build/deb/build.log" >&2
  exit 1
}
cd ..
rm -rf partywall
ls "$PWD"/*.deb
