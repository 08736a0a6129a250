// base/config.h — the configuration file (TOML), read at start and at each reload.
//
// Secrets are not in it: it names files that hold them. A name without a slash is a credential, a
// file in $CREDENTIALS_DIRECTORY or else in credentials/ beside the configuration file. Every key
// is described in systemd/partywall.conf and systemd/partywall.conf.5.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace base {

struct Account {
  std::string user;
  std::string password;  // the first line of the password_file; no such file: empty
};

struct Config {
  // [server]
  std::string socket;                    // unix socket that nginx connects to
  int workers = 0;                       // processes; 0 in the file becomes twice the cores
  std::vector<std::string> public_urls;  // "https://host[:port]"; the first is the default
  int request_timeout_seconds = 30;      // a worker that is silent for longer is killed
  std::size_t max_body_bytes = 1 << 20;
  bool remember_callers = true;  // for a second, whose credential it is that asks to read

  // [database]
  std::string db_socket;  // either this or host and port
  std::string db_host;
  int db_port = 3306;
  std::string db_tls_ca;  // a PEM file; with it the connection is TLS, to a server that it knows
  std::string db_name;
  Account db_account;
  int connect_timeout_seconds = 2;
  int read_timeout_seconds = 5;

  // [migrations]
  Account owner_account;  // may change the schema; no user where the file does not name one

  // [clean]
  Account clean_account;  // may delete what has expired; no user where the file does not name one
  int audit_days = 730;   // for how long audit rows are kept

  // [events]
  std::string events_socket;   // where nginx hands streams over; beside that of [server] by default
  bool several_hosts = false;  // others than this one serve the same database
  int most_streams = 10'000;   // that `partywall events` holds at a time

  // [tokens]
  std::vector<std::string> token_keys;  // the first signs, all verify; empty: no JSON web tokens

  // [second_factor]
  std::vector<std::string> factor_keys;  // the first seals, all open; empty: nobody sets one up

  // [limits]
  int signups_per_hour = 60;  // from one address

  // [log]
  bool log_json = false;
  bool log_in_batches = false;     // a worker writes ordinary lines when it has nothing else to do
  int slow_request_millis = 1000;  // a request that takes longer is logged as a warning

  // [exports]
  std::string exports_folder = "/var/lib/partywall/exports";  // of the files that people asked for
  std::string exports_host;  // this host, as nginx calls it; by default its name
  Account exports_account;   // may read what is exported; no user: exports are not made

  // [mail]
  std::string sendmail;       // the program that takes mails; none: none are sent
  std::string mail_from;      // the address that they are from
  int sendmail_seconds = 60;  // a program that takes longer is killed

  bool sends_mail() const { return !sendmail.empty(); }
  // Where the database is, for people.
  std::string db_place() const {
    return db_socket.empty() ? db_host + ":" + std::to_string(db_port) : "unix socket " + db_socket;
  }
  // Where `partywall events` hears of changes, and where it shows the pool its board.
  std::string changes_socket() const { return beside_events(".changes"); }
  std::string events_board() const { return beside_events(".board"); }
  bool https() const { return public_urls.front().starts_with("https://"); }

 private:
  std::string beside_events(const char* extension) const;
};

// What the file is read for. Each reads the secrets that it needs, and others stay empty: serve
// those of [database], [tokens] and [second_factor], migrate the passwords of all accounts and
// [tokens], clean that of [clean] alone, exports that of [exports] alone, mail that of [database]
// alone, and events none.
enum class Use { serve, migrate, clean, events, exports, mail };

// Reads and checks a file. Throws std::runtime_error whose text names file, line, column and key.
// Unknown keys are refused: a misspelt one must not be a silent default.
Config read_config(const std::string& path, Use use = Use::serve);

}  // namespace base
