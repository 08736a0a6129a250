// base/clock.h — moments in UTC, in microseconds since 1970, as the tables and the API hold them.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

struct Time {
  std::int64_t micros = 0;

  // The wall clock. Within one process each call answers a later moment than the one before, so
  // rows of one worker have distinct, ordered dates; a clock set back by over a second is followed.
  static Time now();
  // The wall clock as it is: it may be set back.
  static Time wall();

  // DATETIME(6)'s range: year 1000 to the last microsecond of 9999.
  static constexpr Time lowest() { return {-30610224000000000}; }
  static constexpr Time highest() { return {253402300799999999}; }

  // "2018-10-17T06:05:27.123456Z" (RFC 3339).
  std::string iso() const;
  // "2018-10-17 06:05:27.123456", a DATETIME(6) literal.
  std::string sql() const;
  // "Wed, 17 Oct 2018 06:05:27 GMT" (RFC 9110 section 5.6.7).
  std::string http() const;

  // An ISO 8601 date-time as Django's parse_datetime takes it: 'T' or a blank between date and
  // time, optional seconds and fraction, optional zone (none is UTC).
  static std::optional<Time> parse_iso(std::string_view text);
  // What sql() prints, with 0 to 6 digits of fraction, as the database answers it.
  static std::optional<Time> parse_sql(std::string_view text);

  constexpr Time plus_seconds(std::int64_t seconds) const { return {micros + seconds * 1'000'000}; }
  auto operator<=>(const Time&) const = default;
};

constexpr std::int64_t day_seconds = 24 * 3600;

// Microseconds of a clock that never steps; for measuring how long something took.
std::int64_t monotonic_micros();
// The same of one that also goes on while the machine sleeps (CLOCK_BOOTTIME).
std::int64_t boottime_micros();

}  // namespace base
