// base/config.cc — see config.h. The only includer of toml++.
#include "base/config.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "base/email.h"
#include "base/host_name.h"
#include "base/secret_line.h"

namespace base {
namespace {

[[noreturn]] void refuse(const std::string& path, const toml::source_region& where,
                         const std::string& why) {
  const auto at = where.begin;
  throw std::runtime_error(
      fmt::format("{}:{}:{}: {}", path, std::max(1U, at.line), std::max(1U, at.column), why));
}

// One [section] of the file: reads its keys, remembers which were asked for, and refuses the rest.
class Section {
 public:
  Section(const std::string& path, const toml::table& file, std::string name)
      : path_(path), name_(std::move(name)) {
    if (const auto* node = file.get(name_)) {
      table_ = node->as_table();
      if (!table_) fail(*node, name_, "must be a [section]");
    }
  }

  void text(std::string_view key, std::string& value) {
    if (const auto* node = get(key)) {
      if (!node->is_string()) fail(*node, key, "must be text");
      value = node->as_string()->get();
    }
  }
  void integer(std::string_view key, std::int64_t least, std::int64_t most, auto& value) {
    if (const auto* node = get(key)) {
      const auto* number = node->as_integer();
      if (!number || number->get() < least || number->get() > most)
        fail(*node, key, fmt::format("must be a whole number from {} to {}", least, most));
      value = static_cast<std::remove_reference_t<decltype(value)>>(number->get());
    }
  }
  void flag(std::string_view key, bool& value) {
    if (const auto* node = get(key)) {
      if (!node->is_boolean()) fail(*node, key, "must be true or false");
      value = node->as_boolean()->get();
    }
  }
  template <class Check>
  void texts(std::string_view key, std::vector<std::string>& values, Check is_good,
             std::string_view rule) {
    const auto* node = get(key);
    if (!node) return;
    const auto* array = node->as_array();
    if (!array) fail(*node, key, "must be a list of texts");
    values.clear();
    for (const auto& element : *array) {
      if (!element.is_string()) fail(element, key, "must be a list of texts");
      values.push_back(element.as_string()->get());
      if (!is_good(values.back())) fail(element, key, rule);
    }
  }
  // A key whose value is one of a few words; answers its place among them.
  std::size_t word(std::string_view key, const std::vector<std::string>& words) {
    std::string value = words.front();
    text(key, value);
    const auto found = std::find(words.begin(), words.end(), value);
    if (found == words.end())
      fail(*get(key), key, fmt::format("must be \"{}\"", fmt::join(words, "\" or \"")));
    return static_cast<std::size_t>(found - words.begin());
  }
  // The two keys of an account, whose password is read only where it is `needed`.
  void account(Account& account, bool needed) {
    text("user", account.user);
    secret_file("password_file", needed, 1, account.password);
  }
  // A key that holds the path of a file with a secret, its first line; nobody else may read that
  // file. An empty one is a secret that got lost, unless `may_be_empty`. Not read unless `needed`.
  void secret_file(std::string_view key, bool needed, std::size_t least_bytes, std::string& secret,
                   bool may_be_empty = false) {
    std::string name;
    text(key, name);
    if (name.empty() || !needed) return;
    const auto file = secret_path(path_, name);
    const auto cannot = [&](std::string_view what) {
      fail(*get(key), key, fmt::format("{}: {}", what, file));
    };
    struct stat status {};
    std::ifstream in(file);
    if (!in || stat(file.c_str(), &status) != 0)
      cannot(fmt::format("cannot be read ({})", std::strerror(errno)));
    if ((status.st_mode & S_IRWXO) != 0)
      cannot("must not be accessible to everybody (chmod o= it)");
    secret = read_secret_line(in).value_or("");
    if (secret.empty() && may_be_empty) return;
    if (secret.empty()) cannot("is empty: its first line is the secret");
    if (secret.size() < least_bytes)
      cannot(fmt::format("must hold {} or more bytes, not {}", least_bytes, secret.size()));
  }
  // A key that holds the path of a file that is no secret.
  void public_file(std::string_view key, std::string& file) {
    text(key, file);
    if (!file.empty() && !std::ifstream(file))
      fail(*get(key), key, fmt::format("cannot be read ({}): {}", std::strerror(errno), file));
  }
  void refuse_the_rest() {
    if (!table_) return;
    for (const auto& [key, node] : *table_)
      if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
        refuse(path_, key.source(),
               fmt::format("[{}] {} is not a known key (known: {})", name_, key.str(),
                           fmt::join(known_, ", ")));
  }
  [[noreturn]] void missing(std::string_view key) const {
    refuse(path_, table_ ? table_->source() : toml::source_region{},
           fmt::format("[{}] {} is missing", name_, key));
  }
  [[noreturn]] void fail(std::string_view key, std::string_view why) const {
    fail(*table_->get(key), key, why);
  }

 private:
  const toml::node* get(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    return table_ ? table_->get(key) : nullptr;
  }
  [[noreturn]] void fail(const toml::node& node, std::string_view key, std::string_view why) const {
    refuse(path_, node.source(), fmt::format("[{}] {} {}", name_, key, why));
  }

  const std::string& path_;
  std::string name_;
  const toml::table* table_ = nullptr;
  std::vector<std::string> known_;
};

toml::table parse(const std::string& path) {
  std::ifstream in(path);
  if (!in)
    throw std::runtime_error(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  try {
    return toml::parse(in, path);
  } catch (const toml::parse_error& error) {
    refuse(path, error.source(), std::string(error.description()));
  }
}

void read_server(Section section, Config& config) {
  section.text("socket", config.socket);
  section.integer("workers", 0, 1024, config.workers);
  section.texts("public_urls", config.public_urls, is_origin, "must be http(s)://host[:port]");
  section.integer("request_timeout_seconds", 1, 3600, config.request_timeout_seconds);
  section.integer("max_body_bytes", 1024, 64 << 20, config.max_body_bytes);
  section.flag("remember_callers", config.remember_callers);
  section.refuse_the_rest();
  if (config.socket.empty()) section.missing("socket");
  if (config.public_urls.empty()) section.missing("public_urls");
  if (config.workers == 0)
    config.workers = 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void read_database(Section section, Use use, Config& config) {
  section.text("socket", config.db_socket);
  section.text("host", config.db_host);
  section.integer("port", 1, 65535, config.db_port);
  section.public_file("tls_ca", config.db_tls_ca);
  section.text("name", config.db_name);
  section.account(config.db_account, use == Use::serve || use == Use::migrate || use == Use::mail);
  section.integer("connect_timeout_seconds", 1, 60, config.connect_timeout_seconds);
  section.integer("read_timeout_seconds", 1, 60, config.read_timeout_seconds);
  section.refuse_the_rest();
  if (config.db_socket.empty() && config.db_host.empty()) section.missing("socket (or host)");
  if (!config.db_socket.empty() && !config.db_host.empty())
    section.fail("host", "must not stand beside socket");
  if (!config.db_socket.empty() && !config.db_tls_ca.empty())
    section.fail("tls_ca", "goes with host; a unix socket needs no TLS");
  if (config.db_name.empty()) section.missing("name");
  if (config.db_account.user.empty()) section.missing("user");
}

void read_migrations(Section section, Use use, Config& config) {
  section.account(config.owner_account, use == Use::migrate);
  section.refuse_the_rest();
}

// `migrate` gives this account few rights; one that is also another's would lose all others.
void check_is_of_its_own(const Section& section, const Config& config, const std::string& user) {
  const auto accounts = {config.db_account.user, config.owner_account.user,
                         config.clean_account.user, config.exports_account.user};
  if (!user.empty() && std::ranges::count(accounts, user) > 1)
    section.fail("user", "must be an account of its own");
}

void read_clean(Section section, Use use, Config& config) {
  section.account(config.clean_account, use == Use::clean || use == Use::migrate);
  section.integer("audit_days", 1, 36'500, config.audit_days);
  section.refuse_the_rest();
  check_is_of_its_own(section, config, config.clean_account.user);
}

void read_exports(Section section, Use use, Config& config) {
  config.exports_host = own_host_name();
  section.text("folder", config.exports_folder);
  section.text("host", config.exports_host);
  section.account(config.exports_account, use == Use::exports || use == Use::migrate);
  section.refuse_the_rest();
  const auto& user = config.exports_account.user;
  if (!user.empty() && !is_host_name(config.exports_host))
    section.missing("host (a to z, digits, dots and dashes)");
  check_is_of_its_own(section, config, user);
}

void read_mail(Section section, Config& config) {
  section.text("sendmail", config.sendmail);
  section.text("from", config.mail_from);
  section.integer("timeout_seconds", 1, 600, config.sendmail_seconds);
  section.refuse_the_rest();
  if (!config.sends_mail()) return;
  if (config.sendmail.front() != '/') section.fail("sendmail", "must be the path of a program");
  if (!is_email(config.mail_from)) section.missing("from (an e-mail address)");
}

// Two keys leave room for rotation: a new one signs or seals while what the old one did lives on.
// The file of the old one stays when it has had its time, and is emptied.
void read_keys(Section section, bool needed, std::vector<std::string>& keys) {
  constexpr std::size_t min_key_bytes = 32;  // RFC 7518 section 3.2
  for (const auto* name : {"key_file", "previous_key_file"}) {
    std::string key;
    const bool may_be_empty = name == std::string_view("previous_key_file");
    section.secret_file(name, needed, min_key_bytes, key, may_be_empty);
    if (!key.empty()) keys.push_back(std::move(key));
  }
  section.refuse_the_rest();
}

void read_events(Section section, Config& config) {
  config.events_socket = std::filesystem::path(config.socket).replace_filename("events.sock");
  section.text("socket", config.events_socket);
  section.flag("several_hosts", config.several_hosts);
  section.integer("most_streams", 4, 1'000'000, config.most_streams);
  section.refuse_the_rest();
}

void read_limits(Section section, Config& config) {
  section.integer("signups_per_hour", 1, 1'000'000, config.signups_per_hour);
  section.refuse_the_rest();
}

void read_log(Section section, Config& config) {
  config.log_json = section.word("format", {"text", "json"}) == 1;
  section.flag("in_batches", config.log_in_batches);
  section.integer("slow_request_millis", 1, 3'600'000, config.slow_request_millis);
  section.refuse_the_rest();
}

}  // namespace

std::string Config::beside_events(const char* extension) const {
  return std::filesystem::path(events_socket).replace_extension(extension);
}

Config read_config(const std::string& path, Use use) {
  const auto file = parse(path);
  Config config;
  read_server({path, file, "server"}, config);
  read_database({path, file, "database"}, use, config);
  read_migrations({path, file, "migrations"}, use, config);
  read_clean({path, file, "clean"}, use, config);
  read_exports({path, file, "exports"}, use, config);
  read_keys({path, file, "tokens"}, use == Use::serve || use == Use::migrate, config.token_keys);
  read_keys({path, file, "second_factor"}, use == Use::serve, config.factor_keys);
  read_events({path, file, "events"}, config);
  read_mail({path, file, "mail"}, config);
  read_limits({path, file, "limits"}, config);
  read_log({path, file, "log"}, config);
  static const std::vector<std::string_view> sections = {
      "server", "database", "migrations",    "clean",  "exports", "events",
      "mail",   "tokens",   "second_factor", "limits", "log"};
  for (const auto& [key, node] : file)
    if (std::find(sections.begin(), sections.end(), key.str()) == sections.end())
      refuse(path, key.source(),
             fmt::format("[{}] is not a known section (known: {})", key.str(),
                         fmt::join(sections, ", ")));
  return config;
}

}  // namespace base
