# tests/stack/services.sh — the application and nginx of a stack, with their configuration; part of stack.sh.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables of stack.sh

write_config() { # FILE DATABASE
  password "$state/token-key" >/dev/null
  password "$state/second-factor-key" >/dev/null
  ln -sf "$repo/tests/stack/sendmail" "$state/sendmail"
  local server="socket = \"$DB_SOCKET\""
  [[ $DB_SOCKET ]] || server=$(printf 'host = "%s"\nport = %s' "$DB_HOST" "$DB_PORT")
  cat >"$1" <<END
[server]
socket = "$APP_SOCKET"
workers = $WORKERS
public_urls = ["http://127.0.0.1:$PORT", "http://localhost:$PORT"]
request_timeout_seconds = 30
max_body_bytes = 1048576
remember_callers = true

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

[exports]
folder = "$EXPORTS_FOLDER"
host = "$EXPORTS_HOST"
user = "$EXPORTS_USER"
password_file = "$EXPORTS_PASSWORD_FILE"

[events]
socket = "$EVENTS_SOCKET"
several_hosts = false

[mail]
sendmail = "$state/sendmail"
from = "partywall@chat.example.org"
timeout_seconds = 60

[tokens]
key_file = "$state/token-key"

[second_factor]
key_file = "$state/second-factor-key"

[limits]
signups_per_hour = 100000

[log]
slow_request_millis = 1000
in_batches = false
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

events_start() {
  ! alive events || return 0
  rm -f "$EVENTS_SOCKET" # of one that was killed
  launch events "$BINARY" events --config "$CONFIG"
  await 30 events test -S "$EVENTS_SOCKET"
}

# As the timers start them; where tests are to see what they do, they start them themselves.
exports_start() {
  # shellcheck disable=SC2016 # of the inner shell
  launch exports bash -c 'while sleep 2; do "$0" exports --config "$1"; "$0" mail --config "$1"; done' "$BINARY" "$CONFIG"
}

# One that names a path of a host gets ours, in place of the link.
snippet() { # NAME THEIRS OURS
  local text
  text=$(<"$repo/nginx/$1_partywall.conf")
  rm "$state/nginx/snippets/$1_partywall.conf"
  echo "${text//"$2"/"$3"}" >"$state/nginx/snippets/$1_partywall.conf"
}

nginx_start() {
  local config user=
  ((EUID != 0)) || user='user root;' # nginx as root would give its workers to "nobody"
  mkdir -p "$state/nginx/snippets"
  ln -sf "$repo"/nginx/*_partywall.conf "$state/nginx/snippets/"
  snippet log /var/log/nginx/partywall.log "$NGINX_LOG"
  snippet hosts unix:/run/partywall/events.sock "\"unix:$EVENTS_SOCKET\""
  snippet files /var/lib/partywall/exports/ "\"$EXPORTS_FOLDER/\""
  snippet file_hosts 'default $hostname' "default $EXPORTS_HOST"
  config=$(<"$repo/nginx/partywall.conf.in")
  config=${config//@STATE@/"$state"}
  config=${config//@PORT@/"$PORT"}
  "$repo/nginx/assets.sh" "$state/www"
  config=${config//@WWW@/"$state/www"}
  config=${config//@USER@/"$user"}
  echo "${config//@APP_SOCKET@/"$APP_SOCKET"}" >"$state/nginx/nginx.conf"
  launch nginx nginx -e stderr -p "$state/nginx" -c "$state/nginx/nginx.conf"
}

ready() { curl -fsS --noproxy '*' --max-time 5 "$URL/readyz"; }
