// base/config.cc — see config.h. The only includer of toml++.
#include "base/config.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>

#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace base {
namespace {

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
  void texts(std::string_view key, std::vector<std::string>& values) {
    const auto* node = get(key);
    if (!node) return;
    const auto* array = node->as_array();
    if (!array) fail(*node, key, "must be a list of texts");
    values.clear();
    for (const auto& element : *array) {
      if (!element.is_string()) fail(element, key, "must be a list of texts");
      values.push_back(element.as_string()->get());
    }
  }
  // A key that holds the path of a file with a password; nobody else may read that file.
  void password_file(std::string_view key, std::string& password) {
    std::string file;
    text(key, file);
    if (file.empty()) return;
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) fail(*get(key), key, "cannot be read");
    if ((status.st_mode & S_IRWXO) != 0)
      fail(*get(key), key, "must not be accessible to everybody (chmod o= it)");
    std::ifstream in(file);
    std::getline(in, password);
    if (!in && password.empty()) fail(*get(key), key, "cannot be read");
  }
  void refuse_the_rest() {
    if (!table_) return;
    for (const auto& [key, node] : *table_)
      if (!known_.contains(std::string(key.str()))) fail(node, key.str(), "is not a known key");
  }
  [[noreturn]] void missing(std::string_view key) const {
    throw std::runtime_error(fmt::format("{}: [{}] {} is missing", path_, name_, key));
  }

 private:
  const toml::node* get(std::string_view key) {
    known_.emplace(key);
    return table_ ? table_->get(key) : nullptr;
  }
  [[noreturn]] void fail(const toml::node& node, std::string_view key, std::string_view why) const {
    const auto at = node.source().begin;
    throw std::runtime_error(
        fmt::format("{}:{}:{}: [{}] {} {}", path_, at.line, at.column, name_, key, why));
  }

  const std::string& path_;
  std::string name_;
  const toml::table* table_ = nullptr;
  std::set<std::string> known_;
};

toml::table parse(const std::string& path) {
  try {
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw std::runtime_error(
        fmt::format("{}:{}:{}: {}", path, at.line, at.column, error.description()));
  }
}

bool is_origin(std::string_view url) {
  const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
  return scheme != 0 && url.size() > scheme && url.find_first_of("/?#@ ", scheme) == url.npos;
}

void read_server(Section section, Config& config) {
  section.text("socket", config.socket);
  section.integer("workers", 0, 1024, config.workers);
  section.texts("public_urls", config.public_urls);
  section.integer("request_timeout_seconds", 1, 3600, config.request_timeout_seconds);
  section.integer("max_body_bytes", 1024, 64 << 20, config.max_body_bytes);
  section.refuse_the_rest();
  if (config.socket.empty()) section.missing("socket");
  if (config.public_urls.empty()) section.missing("public_urls");
  for (const auto& url : config.public_urls)
    if (!is_origin(url))
      throw std::runtime_error("[server] public_urls: \"" + url +
                               "\" is not http(s)://host[:port]");
  if (config.workers == 0)
    config.workers = 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void read_database(Section section, Config& config) {
  section.text("socket", config.db_socket);
  section.text("host", config.db_host);
  section.integer("port", 1, 65535, config.db_port);
  section.text("name", config.db_name);
  section.text("user", config.db_account.user);
  section.password_file("password_file", config.db_account.password);
  section.integer("connect_timeout_seconds", 1, 60, config.connect_timeout_seconds);
  section.integer("read_timeout_seconds", 1, 60, config.read_timeout_seconds);
  section.refuse_the_rest();
  if (config.db_socket.empty() == config.db_host.empty()) section.missing("socket (or host)");
  if (config.db_name.empty()) section.missing("name");
  if (config.db_account.user.empty()) section.missing("user");
}

// Two keys leave room for rotation: a new one signs while tokens of the old one live on.
void read_tokens(Section section, Config& config) {
  constexpr std::size_t min_key_bytes = 32;  // RFC 7518 section 3.2
  for (const auto* name : {"key_file", "previous_key_file"}) {
    std::string key;
    section.password_file(name, key);
    if (key.empty()) continue;
    if (key.size() < min_key_bytes) section.missing(std::string(name) + " with 32 or more bytes");
    config.token_keys.push_back(std::move(key));
  }
  section.refuse_the_rest();
}

void read_limits(Section section, Config& config) {
  section.integer("signups_per_hour", 1, 1'000'000, config.signups_per_hour);
  section.refuse_the_rest();
}

void read_log(Section section, Config& config) {
  std::string format = "text";
  section.text("format", format);
  section.refuse_the_rest();
  if (format != "text" && format != "json") section.missing("format: \"text\" or \"json\"");
  config.log_json = format == "json";
}

}  // namespace

Config read_config(const std::string& path) {
  const auto file = parse(path);
  Config config;
  read_server({path, file, "server"}, config);
  read_database({path, file, "database"}, config);
  Section migrations{path, file, "migrations"};
  migrations.text("user", config.owner_account.user);
  migrations.password_file("password_file", config.owner_account.password);
  migrations.refuse_the_rest();
  read_tokens({path, file, "tokens"}, config);
  read_limits({path, file, "limits"}, config);
  read_log({path, file, "log"}, config);
  static const std::set<std::string_view> sections = {"server", "database", "migrations",
                                                      "tokens", "limits",   "log"};
  for (const auto& [key, node] : file)
    if (!sections.contains(key.str()))
      throw std::runtime_error(fmt::format("{}:{}: [{}] is not a known section", path,
                                           node.source().begin.line, key.str()));
  return config;
}

}  // namespace base
