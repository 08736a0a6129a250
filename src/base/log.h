// base/log.h — one line an event and a request to standard error, for journald.
//
// A line starts with a priority prefix (sd-daemon(3)), holds no secrets, and cannot be forged:
// values are quoted, control characters and quotes escaped.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

class Error;

enum class Severity { error = 3, warning = 4, notice = 5, info = 6 };  // syslog's numbers

// Chooses between key=value text and JSON, once, at the start of a process.
void log_as_json(bool json);

// From now on log_when_idle() keeps lines. For a process that calls write_kept_log().
void log_in_batches();

// Something happened that is not a request. `text` is a sentence of ours; data is escaped.
void log_event(Severity severity, std::string_view text);

// The cause of an error, if it has one: a warning where another try may go well.
void log_cause(const Error& error);

// A line of named values, as the request line is one.
using LogValues = std::vector<std::pair<std::string_view, std::string>>;
void log_values(Severity severity, LogValues values);

// The same, of a line that may wait for write_kept_log() after log_in_batches(): until 16 KiB are
// kept, or the first of them for a second, or until a line comes that does not wait.
void log_when_idle(Severity severity, LogValues values);
bool keeps_log();
void write_kept_log();

// The text of a line without prefix and newline; for the tests.
std::string format_log(bool json, const LogValues& values);

}  // namespace base
