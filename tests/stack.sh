#!/usr/bin/env bash
# tests/stack.sh — Partywall with a private MariaDB and nginx under one state folder.
#
#   stack.sh run STATE PORT WORKERS BINARY    in the foreground until Ctrl-C; the data stays
#   stack.sh up STATE PORT WORKERS BINARY     the same in the background
#   stack.sh down STATE                       stop whatever of it runs
#   stack.sh db-stop|db-start|app-stop|app-start STATE
#   stack.sh add-db STATE SUFFIX              one more database, migrated; prints its configuration
#
# In STATE: db/ (the data), run/*.pid, log/*.log, partywall.toml, and `env`: where everything is, as
# KEY=VALUE lines for a shell. The database is reached over a unix socket only.
#
# With MYSQL=host:port or MYSQL=/path/to/socket in the environment a server that is already there is
# used, but not by `run`: databases and accounts of unique names, dropped by `down`. MYSQL_USER (root)
# and MYSQL_PASSWORD are the account that creates them; it must be given to every call.
set -euo pipefail
umask 077
PATH=$PATH:/usr/sbin:/sbin # where an ordinary user's PATH lacks mariadbd and nginx
repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  echo "stack: $*" >&2
  exit 1
}

# ---- processes -----------------------------------------------------------------------------------

# Each process gets a session of its own: a Ctrl-C then reaches only this script, which stops them in
# order. `run` adds that the kernel ends them when this script is killed outright.
launcher=(setsid)

launch() { # NAME COMMAND...
  local name=$1
  shift
  "${launcher[@]}" "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  ! running "$!" || echo "$BOOT $TICKS" >"$state/run/$name.started"
  echo $! >"$state/run/$name.pid"
}

# A process that has not ended (a zombie has). Leaves its session and its start in SESSION and TICKS:
# boot and tick tell it from every other process that had or will have its number.
running() { # PID
  local stat condition
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1 # a bare `return` is 0 in a trap
  read -r condition _ _ SESSION _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ TICKS _ <<<"${stat##*) }"
  [[ $condition != Z ]]
}
read -r BOOT </proc/sys/kernel/random/boot_id

# What was launched under NAME: LEADER, and its start as FROM. No command substitution here or above:
# bash 5.2 garbles a trap that comes during one, and these run while `run` waits for Ctrl-C.
recorded() { # NAME
  local boot
  { read -r LEADER <"$state/run/$1.pid" && read -r boot FROM <"$state/run/$1.started"; } \
    2>/dev/null && [[ $boot == "$BOOT" ]]
}
alive() { recorded "$1" && running "$LEADER" && [[ $TICKS == "$FROM" ]]; } # NAME

stop() { # NAME SIGNAL SECONDS: ask, wait, and at last insist
  local deadline=$((SECONDS + $3)) ours=
  ! alive "$1" || ours=yes
  recorded "$1" || LEADER=
  rm -f "$state/run/$1.pid" # first: tells a watching `run` that this end is wanted
  if [[ $ours ]]; then
    kill -s "$2" "$LEADER" 2>/dev/null || true
    while running "$LEADER"; do
      if ((SECONDS >= deadline)); then
        echo "stack: $1 (pid $LEADER) is still there after $3 s: killed" >&2
        kill -s KILL "$LEADER" 2>/dev/null || true
        deadline=$((SECONDS + $3))
      fi
      sleep 0.02
    done
  fi
  [[ ! $LEADER ]] || kill_orphans
}

# nginx's workers outlive a master that was killed outright, and go on listening. They are the rest of
# the session it led; no other session has that number before they end.
kill_orphans() {
  local process
  ! running "$LEADER" || return 0 # its number is somebody else's by now
  for process in /proc/[0-9]*; do
    process=${process#/proc/}
    if running "$process" && ((SESSION == LEADER && TICKS >= FROM)); then
      kill -s KILL "$process" 2>/dev/null || true
    fi
  done
}

# Polls until COMMAND succeeds; gives up when the time is over or one of the processes has died.
await() { # SECONDS "NAME..." COMMAND...
  local deadline=$((SECONDS + $1)) names=$2 name
  shift 2
  until "$@" >/dev/null 2>&1; do
    for name in $names; do
      alive "$name" || give_up "$name ended" "$name"
    done
    ((SECONDS < deadline)) || give_up "not ready in time: $names" "$names"
    sleep 0.03
  done
}

give_up() { # MESSAGE "NAME...": with what their logs say
  local name
  for name in $2; do
    echo "--- the end of $state/log/$name.log" >&2
    tail -n 20 "$state/log/$name.log" >&2 || true
  done
  die "$1"
}

# ---- database ------------------------------------------------------------------------------------

sql() { # statements on standard input, as the account that may do everything
  local to=(--socket="$DB_SOCKET") user
  user=$(id -un)
  [[ $DB_SOCKET ]] || to=(--protocol=tcp --host="$DB_HOST" --port="$DB_PORT")
  if [[ $EXTERNAL ]]; then
    user=${MYSQL_USER:-root}
    local -x MYSQL_PWD=${MYSQL_PASSWORD-}
  fi
  mariadb --no-defaults "${to[@]}" --user="$user" --batch --skip-column-names
}

answers() { sql <<<'SELECT 1'; }

db_start() {
  [[ ! $EXTERNAL ]] || die "the database server is not this stack's own"
  ! alive mariadbd || return 0
  mkdir -p "$state/my.cnf.d" # for what a test wants otherwise
  cat >"$state/my.cnf" <<END
[mariadbd]
user = $(id -un)
datadir = $state/db
socket = $DB_SOCKET
skip-networking
skip-name-resolve
character-set-server = utf8mb4
max_connections = 300
innodb_buffer_pool_size = 64M
innodb_log_file_size = 32M
innodb_buffer_pool_load_at_startup = OFF
innodb_buffer_pool_dump_at_shutdown = OFF
!includedir $state/my.cnf.d
END
  if [[ ! -d $state/db ]]; then # made beside and renamed, so that half a one is never used
    rm -rf "$state/db.new"
    launch install-db mariadb-install-db --defaults-file="$state/my.cnf" --datadir="$state/db.new" \
      --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)" --skip-test-db \
      --force # also where the host's own name does not resolve
    wait "$!" || give_up "could not create a database" install-db
    rm -f "$state/run/install-db.pid"
    mv "$state/db.new" "$state/db"
  fi
  launch mariadbd mariadbd --defaults-file="$state/my.cnf"
  await 60 mariadbd answers
}

password() { # FILE: made once. Letters, digits and a dash please every password policy
  [[ -s $1 ]] || echo "Aa1-$(od -An -N 24 -tx1 /dev/urandom | tr -d ' \n')" >"$1"
  cat "$1"
}

# The accounts are of the host that the server sees us at: one of '%' would stand behind an anonymous
# one of 'localhost', which some servers have.
our_host() { sql <<<"SELECT SUBSTRING_INDEX(USER(), '@', -1)"; }

# Repeated at every start: whatever an interrupted first start left undone is done then. The
# application's account gets its rights from `partywall migrate`, table by table.
create_database() { # NAME
  local from
  from=$(our_host)
  [[ ! $EXTERNAL ]] || echo "$1" >>"$state/databases"
  sql <<END
CREATE DATABASE IF NOT EXISTS \`$1\` CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS '$DB_USER'@'$from' IDENTIFIED BY '$(password "$DB_PASSWORD_FILE")';
CREATE USER IF NOT EXISTS '$OWNER_USER'@'$from' IDENTIFIED BY '$(password "$OWNER_PASSWORD_FILE")';
CREATE USER IF NOT EXISTS '$CLEAN_USER'@'$from' IDENTIFIED BY '$(password "$CLEAN_PASSWORD_FILE")';
ALTER USER '$DB_USER'@'$from' IDENTIFIED BY '$(password "$DB_PASSWORD_FILE")';
ALTER USER '$OWNER_USER'@'$from' IDENTIFIED BY '$(password "$OWNER_PASSWORD_FILE")';
ALTER USER '$CLEAN_USER'@'$from' IDENTIFIED BY '$(password "$CLEAN_PASSWORD_FILE")';
GRANT ALL ON \`$1\`.* TO '$OWNER_USER'@'$from' WITH GRANT OPTION;
END
}

drop_databases() {
  local from name
  from=$(our_host)
  while read -r name; do
    echo "DROP DATABASE IF EXISTS \`$name\`;"
  done < <(sort -u "$state/databases") | sql
  echo "DROP USER IF EXISTS '$DB_USER'@'$from', '$OWNER_USER'@'$from', '$CLEAN_USER'@'$from'" | sql
  rm -f "$state/databases"
}

# ---- application and nginx -----------------------------------------------------------------------

write_config() { # FILE DATABASE
  password "$state/token-key" >/dev/null
  local server="socket = \"$DB_SOCKET\""
  [[ $DB_SOCKET ]] || server=$(printf 'host = "%s"\nport = %s' "$DB_HOST" "$DB_PORT")
  cat >"$1" <<END
[server]
socket = "$APP_SOCKET"
workers = $WORKERS
public_urls = ["http://127.0.0.1:$PORT", "http://localhost:$PORT"]
request_timeout_seconds = 30
max_body_bytes = 1048576

[database]
$server
name = "$2"
user = "$DB_USER"
password_file = "$DB_PASSWORD_FILE"
connect_timeout_seconds = 2
read_timeout_seconds = 5

[migrations]
user = "$OWNER_USER"
password_file = "$OWNER_PASSWORD_FILE"

[clean]
user = "$CLEAN_USER"
password_file = "$CLEAN_PASSWORD_FILE"

[tokens]
key_file = "$state/token-key"

[limits]
signups_per_hour = 100000

[log]
slow_request_millis = 1000
format = "text"
END
}

migrate() { # CONFIG
  "$BINARY" migrate --config "$1" >"$state/log/migrate.log" 2>&1 ||
    give_up "the migrations failed" migrate
}

app_start() {
  ! alive partywall || return 0
  rm -f "$APP_SOCKET" # of one that was killed
  launch partywall "$BINARY" serve --config "$CONFIG"
  await 30 partywall test -S "$APP_SOCKET"
}

nginx_start() {
  local config user=
  ((EUID != 0)) || user='user root;' # nginx as root would give its workers to "nobody"
  mkdir -p "$state/nginx/snippets"
  ln -sf "$repo"/nginx/*_partywall.conf "$state/nginx/snippets/"
  config=$(<"$repo/nginx/partywall.conf.in")
  config=${config//@STATE@/"$state"}
  config=${config//@PORT@/"$PORT"}
  config=${config//@WWW@/"$repo/nginx/www"}
  config=${config//@USER@/"$user"}
  echo "${config//@APP_SOCKET@/"$APP_SOCKET"}" >"$state/nginx/nginx.conf"
  launch nginx nginx -e stderr -p "$state/nginx" -c "$state/nginx/nginx.conf"
}

ready() { curl -fsS --noproxy '*' --max-time 5 "$URL/readyz"; }

# ---- the whole -----------------------------------------------------------------------------------

read_env() {
  [[ -f $state/env ]] || die "no stack was started in $state"
  # shellcheck source=/dev/null
  . "$state/env"
}

write_env() {
  local key
  for key in URL PORT WORKERS BINARY CONFIG APP_SOCKET RUN_DIR EXTERNAL DB_SOCKET DB_HOST DB_PORT \
    DB_NAME DB_USER DB_PASSWORD_FILE OWNER_USER OWNER_PASSWORD_FILE CLEAN_USER CLEAN_PASSWORD_FILE \
    APP_LOG NGINX_LOG DB_LOG; do
    printf '%s=%q\n' "$key" "${!key}"
  done >"$state/env"
}

up() { # PORT WORKERS BINARY
  PORT=$1 WORKERS=$2 BINARY=$(realpath -- "$3")
  [[ $PORT =~ ^[1-9][0-9]{0,4}$ && $PORT -lt 65536 ]] || die "PORT=$PORT is not a port number"
  [[ $WORKERS =~ ^[0-9]{1,3}$ ]] || die "WORKERS=$WORKERS is not a number of workers"
  [[ $state != *[\"\\\'\#[:space:]]* ]] || die "a space, quote, # or backslash in STATE: $state"
  [[ -x $BINARY ]] || die "no program $BINARY"

  mkdir -p "$state/run" "$state/log"
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
  # shellcheck disable=SC2034  # for the readers of STATE/env
  APP_LOG=$state/log/partywall.log NGINX_LOG=$state/log/nginx.log DB_LOG=$state/log/mariadbd.log
  DB_NAME=partywall DB_USER=partywall DB_PASSWORD_FILE=$state/db-password
  OWNER_USER=partywall_owner OWNER_PASSWORD_FILE=$state/owner-password
  CLEAN_USER=partywall_clean CLEAN_PASSWORD_FILE=$state/clean-password
  EXTERNAL=${MYSQL-} DB_SOCKET=$RUN_DIR/mysqld.sock DB_HOST='' DB_PORT=''
  if [[ $EXTERNAL ]]; then
    local unique=${RUN_DIR##*.}
    unique=${unique,,}
    DB_NAME=partywall_test_$unique DB_USER=pw_app_$unique OWNER_USER=pw_owner_$unique CLEAN_USER=pw_clean_$unique
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
  app_start
  nginx_start
  await 30 'partywall nginx' ready
}

down() { # nothing that is needed goes before what needs it
  stop install-db KILL 10
  stop nginx TERM 10
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
    for name in mariadbd partywall nginx; do
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
  add-db)
    read_env
    create_database "${DB_NAME}_$1"
    write_config "$state/partywall-$1.toml" "${DB_NAME}_$1"
    migrate "$state/partywall-$1.toml"
    echo "$state/partywall-$1.toml"
    ;;
  *) die "no action '$action'" ;;
esac
