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

// Lines that wait.
struct Kept {
  bool wanted = false;
  std::string lines;
  std::int64_t since = 0;  // monotonic microseconds
};
Kept& kept() {
  static Kept kept;
  return kept;
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

void log_in_batches() { kept().wanted = true; }

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

void log_when_idle(Severity severity, LogValues values) {
  constexpr std::size_t most_bytes = 16 * 1024;
  constexpr std::int64_t longest_micros = 1'000'000;
  values.insert(values.begin(), {"time", Time::now().iso()});
  auto& [wanted, lines, since] = kept();
  const auto now = wanted ? monotonic_micros() : 0;
  if (lines.empty()) since = now;
  lines += fmt::format("<{}>{}\n", static_cast<int>(severity), format_log(json_lines(), values));
  if (!wanted || lines.size() >= most_bytes || now - since >= longest_micros) write_kept_log();
}

bool keeps_log() { return !kept().lines.empty(); }

// One write, so that lines of several processes do not mix. A full disk must not end a request.
void write_kept_log() {
  auto& lines = kept().lines;
  if (lines.empty()) return;
  [[maybe_unused]] const auto written = write(STDERR_FILENO, lines.data(), lines.size());
  lines.clear();
}

void log_values(Severity severity, LogValues values) {
  log_when_idle(severity, std::move(values));
  write_kept_log();
}

void log_event(Severity severity, std::string_view text) {
  log_values(severity, {{"event", std::string(text)}});
}

void log_cause(const Error& error) {
  if (error.cause.empty()) return;
  log_event(error.code == Code::unavailable ? Severity::warning : Severity::error, error.cause);
}

}  // namespace base
