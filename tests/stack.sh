#!/usr/bin/env bash
# tests/stack.sh — Partywall with a private MariaDB and nginx under one state folder.
#
#   stack.sh run STATE PORT WORKERS BINARY    in the foreground until Ctrl-C; the data stays
#   stack.sh up STATE PORT WORKERS BINARY     the same in the background
#   stack.sh down STATE                       stop whatever of it runs
#   stack.sh db-stop|db-start|app-stop|app-start|events-stop|events-start STATE
#   stack.sh add-db STATE SUFFIX              one more database, migrated; prints its configuration
#
# In STATE: db/ (the data), run/*.pid, log/*.log, partywall.toml, and `env`: where everything is, as
# KEY=VALUE lines for a shell. The database is reached over a unix socket only.
#
# With MYSQL=host:port or MYSQL=/path/to/socket in the environment a server that is already there is
# used, but not by `run`: databases and accounts of unique names, dropped by `down`. MYSQL_USER (root)
# and MYSQL_PASSWORD are the account that creates them; it must be given to every call.
# shellcheck source-path=SCRIPTDIR/..
set -euo pipefail
umask 077
PATH=$PATH:/usr/sbin:/sbin # where an ordinary user's PATH lacks mariadbd and nginx
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  echo "stack: $*" >&2
  exit 1
}

. "$repo/tests/stack/processes.sh"
. "$repo/tests/stack/database.sh"
. "$repo/tests/stack/services.sh"

read_env() {
  [[ -f $state/env ]] || die "no stack was started in $state"
  # shellcheck source=/dev/null
  . "$state/env"
}

write_env() {
  local key
  for key in URL PORT WORKERS BINARY CONFIG APP_SOCKET EVENTS_SOCKET RUN_DIR EXTERNAL DB_SOCKET DB_HOST DB_PORT \
    DB_NAME DB_USER DB_PASSWORD_FILE OWNER_USER OWNER_PASSWORD_FILE CLEAN_USER CLEAN_PASSWORD_FILE \
    EXPORTS_USER EXPORTS_PASSWORD_FILE EXPORTS_FOLDER EXPORTS_HOST APP_LOG EVENTS_LOG NGINX_LOG DB_LOG; do
    printf '%s=%q\n' "$key" "${!key}"
  done >"$state/env"
}

up() { # PORT WORKERS BINARY
  PORT=$1 WORKERS=$2 BINARY=$(realpath -- "$3")
  [[ $PORT =~ ^[1-9][0-9]{0,4}$ && $PORT -lt 65536 ]] || die "PORT=$PORT is not a port number"
  [[ $WORKERS =~ ^[0-9]{1,3}$ ]] || die "WORKERS=$WORKERS is not a number of workers"
  [[ $state != *[\"\\\'\#[:space:]]* ]] || die "a space, quote, # or backslash in STATE: $state"
  [[ -x $BINARY ]] || die "no program $BINARY"

  mkdir -p "$state/run" "$state/log" "$state/exports"
  exec 9>"$state/lock"
  flock -n 9 || die "$state is in use by another 'stack.sh run'"
  (down) # what a killed run left behind
  if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
    die "port $PORT is taken; choose another one: make run PORT=$((PORT < 65535 ? PORT + 1 : 8080))"
  fi
  trap 'trap "" INT TERM HUP; down' EXIT # whatever fails from here on leaves nothing running
  trap 'exit 130' INT TERM HUP

  echo '*' >"$state/.gitignore" # a state folder inside a work tree is nothing to commit
  local log
  for log in "$state"/log/*.log; do
    [[ ! -s $log ]] || mv -f "$log" "$log.1"
  done

  # A unix socket's path may have 107 bytes, and STATE may be anywhere: sockets live in a short folder.
  RUN_DIR=$(mktemp -d /tmp/partywall.XXXXXX)
  URL=http://127.0.0.1:$PORT CONFIG=$state/partywall.toml APP_SOCKET=$RUN_DIR/app.sock
  EVENTS_SOCKET=$RUN_DIR/events.sock
  # shellcheck disable=SC2034  # for the readers of STATE/env
  APP_LOG=$state/log/partywall.log EVENTS_LOG=$state/log/events.log NGINX_LOG=$state/log/nginx.log DB_LOG=$state/log/mariadbd.log
  DB_NAME=partywall DB_USER=partywall DB_PASSWORD_FILE=$state/db-password
  OWNER_USER=partywall_owner OWNER_PASSWORD_FILE=$state/owner-password
  CLEAN_USER=partywall_clean CLEAN_PASSWORD_FILE=$state/clean-password
  EXPORTS_USER=partywall_exports EXPORTS_PASSWORD_FILE=$state/exports-password
  EXPORTS_FOLDER=$state/exports EXPORTS_HOST=host-$PORT
  EXTERNAL=${MYSQL-} DB_SOCKET=$RUN_DIR/mysqld.sock DB_HOST='' DB_PORT=''
  if [[ $EXTERNAL ]]; then
    local unique=${RUN_DIR##*.}
    unique=${unique,,}
    DB_NAME=partywall_test_$unique DB_USER=pw_app_$unique OWNER_USER=pw_owner_$unique CLEAN_USER=pw_clean_$unique
    EXPORTS_USER=pw_exports_$unique
    DB_SOCKET=$EXTERNAL
    if [[ $EXTERNAL != /* ]]; then
      DB_SOCKET='' DB_HOST=${EXTERNAL%:*} DB_PORT=3306
      [[ $EXTERNAL != *:* ]] || DB_PORT=${EXTERNAL##*:}
    fi
  fi
  write_env

  if [[ $EXTERNAL ]]; then
    answers >/dev/null || die "cannot log in to MYSQL=$EXTERNAL as ${MYSQL_USER:-root}"
  else
    db_start
  fi
  create_database "$DB_NAME"
  write_config "$CONFIG" "$DB_NAME"
  migrate "$CONFIG"
  events_start
  app_start
  nginx_start
  await 30 'partywall events nginx' ready
}

down() { # nothing that is needed goes before what needs it
  stop install-db KILL 10
  stop exports TERM 10
  stop nginx TERM 10
  stop events TERM 10
  stop partywall TERM 40
  stop mariadbd TERM 60
  [[ -f $state/env ]] || return 0
  read_env
  [[ ! $EXTERNAL || ! -f $state/databases ]] || drop_databases
  [[ $RUN_DIR != /tmp/partywall.* ]] || rm -rf -- "$RUN_DIR"
  rm -f "$state/env"
}

# Until a signal comes, one of the processes dies by itself, or somebody's `down` ended them all.
watch_over() {
  local name left
  while true; do
    left=0
    for name in mariadbd partywall events nginx exports; do
      [[ -f $state/run/$name.pid ]] || continue # stopped on purpose, or not ours
      alive "$name" || give_up "$name ended by itself; stopping the others" "$name"
      left=1
    done
    ((left)) || exit 0
    { wait -n || sleep 0.1; } 2>/dev/null # without bash's own word on how it ended
  done
}

first_steps() {
  cat <<END

Partywall is at $URL/, its logs in $state/log. Ctrl-C stops it.
The API is described at $URL/docs/.

# A company and its first user; then log in.
curl $URL/api/v1/accounts/ -H 'Content-Type: application/json' \\
  -d '{"company":{"name":"Acme","address":"1 Main St"},"user":{"username":"ann","password":"Faced-0483-Bead!"}}'
curl -c jar $URL/api/v1/auth/login/ -H 'Content-Type: application/json' \\
  -d '{"username":"ann","password":"Faced-0483-Bead!"}'
curl -b jar $URL/api/v1/accounts/users/

# A colleague, and a message to him. What changes something needs the CSRF token of the cookie jar.
token=\$(awk '\$6 == "csrftoken" {print \$7}' jar)
bob=\$(curl -s -b jar $URL/api/v1/accounts/users/ -H "X-CSRFToken: \$token" -H 'Content-Type: application/json' \\
  -d '{"username":"bob","password":"Mild-7731-Kite!"}' | grep -o 'http[^"]*' | head -n 1)
curl -b jar $URL/api/v1/user-messages/ -H "X-CSRFToken: \$token" -H 'Content-Type: application/json' \\
  -d '{"to_user":"'\$bob'","text":"Hello, Bob"}'

END
}

(($# >= 2)) || die "usage: see the head of $0"
action=$1
if [[ $action == run && ${MYSQL-} ]]; then
  echo "stack: MYSQL is for \`make test\`: what \`make run\` shows stays, and there it would be dropped" >&2
  exit 2
fi
case $action in
  run | up) mkdir -p -- "$2" ;;
  *) [[ -d $2 ]] || die "no state folder $2" ;;
esac
state=$(realpath -- "$2")
shift 2
case $action in
  run)
    launcher=(setsid setpriv --pdeathsig TERM)
    up "$@"
    trap 'exit 0' INT TERM HUP
    exports_start
    first_steps
    watch_over
    ;;
  up)
    up "$@"
    trap - EXIT
    ;;
  down) down ;;
  db-stop) stop mariadbd TERM 60 ;;
  db-start) read_env && db_start ;;
  app-stop) stop partywall TERM 40 ;;
  app-start) read_env && app_start ;;
  events-stop) stop events TERM 10 ;;
  events-start) read_env && events_start ;;
  add-db)
    read_env
    create_database "${DB_NAME}_$1"
    write_config "$state/partywall-$1.toml" "${DB_NAME}_$1"
    migrate "$state/partywall-$1.toml"
    echo "$state/partywall-$1.toml"
    ;;
  *) die "no action '$action'" ;;
esac
