// server/nginx_settings.cc — see nginx_settings.h.
#include "server/nginx_settings.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <regex>

namespace server {
namespace {

// Each stream takes two connections of nginx's, and each connection a file.
constexpr std::int64_t enough_connections = 8192;

// The text without its comments.
std::string read(const std::string& path) {
  std::ifstream in(path);
  std::string text;
  for (std::string line; std::getline(in, line);) text += line.substr(0, line.find('#')) + "\n";
  return text;
}

// The number that a directive has; `without` where it is not there.
std::int64_t number_of(const std::string& text, const std::string& directive,
                       std::int64_t without) {
  std::smatch found;
  const std::regex wanted("(^|[\\s;{}])" + directive + "\\s+([0-9]{1,9})\\s*;");
  return std::regex_search(text, found, wanted) ? std::stoll(found[2]) : without;
}

}  // namespace

std::vector<std::string> nginx_advice(const std::string& path) {
  constexpr std::int64_t nginx_default = 512;
  const auto text = read(path);
  if (text.empty()) return {};
  std::vector<std::string> advice;
  const auto connections = number_of(text, "worker_connections", nginx_default);
  if (connections < enough_connections)
    advice.push_back(fmt::format("{}: worker_connections is {}; a stream of events takes two", path,
                                 connections));
  if (number_of(text, "worker_rlimit_nofile", 0) < connections)
    advice.push_back(fmt::format("{}: worker_rlimit_nofile is less than worker_connections", path));
  if (text.find("worker_shutdown_timeout") == text.npos)
    advice.push_back(fmt::format("{}: there is no worker_shutdown_timeout; after a reload streams "
                                 "keep nginx's old processes",
                                 path));
  return advice;
}

}  // namespace server
