#!/usr/bin/env bash
# systemd/install.sh — put a built Partywall where it belongs; `make install` calls it.
#
#   install.sh BINARY PREFIX SYSCONFDIR DESTDIR
#
# The shipped files name the paths of the Debian package (/usr, /etc); elsewhere they are rewritten. What
# is meant to be edited and is there already stays as it is: the configuration, the site, which hosts there
# are, and who may ask for the probes.
set -euo pipefail
binary=$1 prefix=$2 sysconfdir=$3 destdir=$4
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usr=$destdir$prefix etc=$destdir$sysconfdir

plain() { # FILE TARGET
  install -D -m 644 "$1" "$2"
}
relocated() { # FILE TARGET
  install -D -m 644 /dev/null "$2"
  sed -e "s|/usr/bin/|$prefix/bin/|" -e "s|/usr/share/|$prefix/share/|" \
    -e "s|/etc/partywall|$sysconfdir/partywall|g" "$1" >"$2"
}
# `http2 on` is nginx's since 1.25.1; what `listen` said before is understood by all, with a warning.
site() { # FILE TARGET
  local version
  version=$(PATH=$PATH:/usr/sbin nginx -v 2>&1 | sed -n 's|.*nginx/||p') || true
  relocated "$1" "$2"
  [[ $version && $(printf '%s\n' 1.25.1 "$version" | sort -V | head -n 1) == 1.25.1 ]] ||
    sed -i -e '/^ *http2 on;/d' -e 's/^\( *listen .*443 ssl\)/\1 http2/' "$2"
}
unless_there() { # HOW FILE TARGET
  [[ -e $3 ]] || "$1" "$2" "$3"
}

install -D -m 755 "$binary" "$usr/bin/partywall"
for unit in "$repo"/systemd/*.{service,socket,timer}; do
  relocated "$unit" "$usr/lib/systemd/system/${unit##*/}"
done
relocated "$repo/systemd/partywall.sysusers" "$usr/lib/sysusers.d/partywall.conf"
relocated "$repo/systemd/partywall.tmpfiles" "$usr/lib/tmpfiles.d/partywall.conf"
relocated "$repo/systemd/partywall.8" "$usr/share/man/man8/partywall.8"
relocated "$repo/systemd/partywall.conf.5" "$usr/share/man/man5/partywall.conf.5"
plain "$repo/systemd/partywall.bash" "$usr/share/bash-completion/completions/partywall"
(cd "$repo" && printf '%s\n' README.md */README.md systemd/*.md src/*/README.md | sort -u) | while read -r chapter; do
  plain "$repo/$chapter" "$usr/share/doc/partywall/$chapter" # where its links to the others lead
done
"$repo/nginx/assets.sh" "$usr/share/partywall/www"
for file in "$repo"/sql/*.sql; do # for reading: the program has them in it
  plain "$file" "$usr/share/partywall/sql/${file##*/}"
done

for file in "$repo"/nginx/*_partywall.conf; do
  [[ $file == */@(local|hsts|hosts|file_hosts)_partywall.conf ]] || plain "$file" "$etc/nginx/snippets/${file##*/}"
done
for name in local hsts hosts file_hosts; do
  unless_there plain "$repo/nginx/${name}_partywall.conf" "$etc/nginx/snippets/${name}_partywall.conf"
done
unless_there site "$repo/nginx/partywall.site" "$etc/nginx/sites-available/partywall"
unless_there relocated "$repo/systemd/partywall.conf" "$etc/partywall/partywall.conf"
