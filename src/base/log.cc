// base/log.cc — see log.h.
#include "base/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

namespace base {
namespace {

bool& json_lines() {
  static bool json = false;
  return json;
}

// Inside double quotes, for JSON and for text alike: printable ASCII and well-formed UTF-8 stay,
// everything else becomes \u00XX, so a value can neither end its line nor its quotes.
std::string quoted(std::string_view value) {
  const bool utf8 = valid_utf8(value);
  std::string result = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8)) {
      result += fmt::format("\\u{:04x}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_plain(char c) {
  switch (c) {
    case '-':
    case '_':
    case '.':
    case '/':
    case ':':
    case '{':
    case '}':
    case '+': return true;
    default: return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}

bool is_plain(std::string_view value) {
  return !value.empty() &&
         std::all_of(value.begin(), value.end(), [](char c) { return is_plain(c); });
}

}  // namespace

void log_as_json(bool json) { json_lines() = json; }

std::string format_log(bool json, const LogValues& values) {
  std::string line;
  for (const auto& [name, value] : values) {
    if (!line.empty()) line += json ? "," : " ";
    line += json ? quoted(name) + ":" : std::string(name) + "=";
    line += !json && is_plain(value) ? value : quoted(value);
  }
  return json ? "{" + line + "}" : line;
}

void log_values(Severity severity, LogValues values) {
  values.insert(values.begin(), {"time", Time::now().iso()});
  const auto line =
      fmt::format("<{}>{}\n", static_cast<int>(severity), format_log(json_lines(), values));
  // One write, so that lines of several processes do not mix. A full disk must not end a request.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
}

void log_event(Severity severity, std::string_view text) {
  log_values(severity, {{"event", std::string(text)}});
}

void log_cause(const Error& error) {
  if (error.cause.empty()) return;
  log_event(error.code == Code::unavailable ? Severity::warning : Severity::error, error.cause);
}

}  // namespace base
