# tests/stack/database.sh — a stack's databases and accounts, on its own MariaDB or another server; part of stack.sh.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables of stack.sh

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
  # A server that starts deletes what lies in its folder for temporary tables, also another one's. my.cnf.d is for
  # what a test wants otherwise.
  mkdir -p "$state/db.tmp" "$state/my.cnf.d"
  cat >"$state/my.cnf" <<END
[mariadbd]
user = $(id -un)
datadir = $state/db
tmpdir = $state/db.tmp
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
CREATE USER IF NOT EXISTS '$EXPORTS_USER'@'$from' IDENTIFIED BY '$(password "$EXPORTS_PASSWORD_FILE")';
ALTER USER '$DB_USER'@'$from' IDENTIFIED BY '$(password "$DB_PASSWORD_FILE")';
ALTER USER '$OWNER_USER'@'$from' IDENTIFIED BY '$(password "$OWNER_PASSWORD_FILE")';
ALTER USER '$CLEAN_USER'@'$from' IDENTIFIED BY '$(password "$CLEAN_PASSWORD_FILE")';
ALTER USER '$EXPORTS_USER'@'$from' IDENTIFIED BY '$(password "$EXPORTS_PASSWORD_FILE")';
GRANT ALL ON \`$1\`.* TO '$OWNER_USER'@'$from' WITH GRANT OPTION;
END
}

drop_databases() {
  local from name
  from=$(our_host)
  while read -r name; do
    echo "DROP DATABASE IF EXISTS \`$name\`;"
  done < <(sort -u "$state/databases") | sql
  echo "DROP USER IF EXISTS '$DB_USER'@'$from', '$OWNER_USER'@'$from', '$CLEAN_USER'@'$from'," \
    "'$EXPORTS_USER'@'$from'" | sql
  rm -f "$state/databases"
}
