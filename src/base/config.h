// base/config.h — the configuration file (TOML), read once at start.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace base {

struct Account {
  std::string user;
  std::string password;  // the content of the password_file, without its final newline
};

struct Config {
  // [server]
  std::string socket;                    // unix socket that nginx connects to
  int workers = 0;                       // processes; 0 in the file becomes twice the cores
  std::vector<std::string> public_urls;  // "https://host[:port]"; the first is the default
  int request_timeout_seconds = 30;      // a worker that is silent for longer is killed
  std::size_t max_body_bytes = 1 << 20;

  // [database]
  std::string db_socket;  // either this or host and port
  std::string db_host;
  int db_port = 3306;
  std::string db_name;
  Account db_account;
  int connect_timeout_seconds = 2;
  int read_timeout_seconds = 5;

  // [migrations]
  Account owner_account;  // the account with DDL rights; empty where the file does not name one

  // [tokens]
  std::vector<std::string> token_keys;  // the first signs, all verify; empty: no JSON web tokens

  // [limits]
  int signups_per_hour = 60;  // from one address

  // [log]
  bool log_json = false;

  bool https() const { return public_urls.front().starts_with("https://"); }
};

// Reads and checks a file. Throws std::runtime_error whose text names file, line, column and key.
// Unknown keys are refused: a misspelt one must not be a silent default.
Config read_config(const std::string& path);

}  // namespace base
