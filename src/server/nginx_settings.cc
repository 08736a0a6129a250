// server/nginx_settings.cc — see nginx_settings.h.
#include "server/nginx_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace server {
namespace {

// Each stream takes two connections of nginx's, and each connection a file.
constexpr std::int64_t enough_connections = 8192;

// The words of the file, without comments and braces, each directive's end as ";". Of more than
// this, or of what is no file, none.
constexpr std::uintmax_t most_bytes = 1 << 20;

std::vector<std::string> words_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) ||
      std::filesystem::file_size(path, error) > most_bytes)
    return {};
  std::ifstream in(path);
  std::vector<std::string> words(1);
  bool is_comment = false;
  for (char c = 0; in.get(c);) {
    is_comment = c == '#' || (is_comment && c != '\n');
    if (is_comment || std::string_view(" \t\r\n{};").find(c) != std::string_view::npos) {
      if (!words.back().empty()) words.emplace_back();
      if (c == ';' && !is_comment) words.insert(words.end() - 1, std::string(1, c));
    } else {
      words.back() += c;
    }
  }
  return words;
}

// What follows a directive's name; "" where it is not there.
std::string value_of(const std::vector<std::string>& words, std::string_view directive) {
  const auto found = std::ranges::find(words, directive);
  return found == words.end() || found + 1 == words.end() ? "" : *(found + 1);
}

std::int64_t number_of(const std::string& value, std::int64_t without) {
  std::int64_t number = without;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

}  // namespace

std::vector<std::string> nginx_advice(const std::string& path) {
  constexpr std::int64_t nginx_default = 512;
  const auto words = words_of(path);
  if (words.empty()) return {};
  std::vector<std::string> advice;
  const auto connections = number_of(value_of(words, "worker_connections"), nginx_default);
  if (connections < enough_connections)
    advice.push_back(fmt::format("{}: worker_connections is {}; a stream of events takes two", path,
                                 connections));
  if (number_of(value_of(words, "worker_rlimit_nofile"), 0) < connections)
    advice.push_back(fmt::format("{}: worker_rlimit_nofile is less than worker_connections", path));
  if (value_of(words, "worker_shutdown_timeout").empty())
    advice.push_back(fmt::format("{}: there is no worker_shutdown_timeout; after a reload streams "
                                 "keep nginx's old processes",
                                 path));
  return advice;
}

}  // namespace server
