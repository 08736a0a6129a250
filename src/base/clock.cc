// base/clock.cc — see clock.h.
#include "base/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::weekday;
using std::chrono::year_month_day;

struct Parts {
  year_month_day date;
  std::int64_t hour, minute, second, micros;
};

Parts parts(Time time) {
  const sys_time<microseconds> moment{microseconds{time.micros}};
  const auto day = floor<days>(moment);
  const auto rest = (moment - day).count();
  return {year_month_day{day}, rest / 3'600'000'000, rest / 60'000'000 % 60, rest / 1'000'000 % 60,
          rest % 1'000'000};
}

// Puts the date and time in the place of the zeros of "0000-00-00 00:00:00.000000…". Not by fmt,
// which takes ten times as long: a list has a time or two in every row.
std::string print(Time time, std::string text) {
  const auto p = parts(time);
  const auto put = [&](std::size_t at, std::size_t digits, std::int64_t value) {
    for (; digits > 0; value /= 10) text[at + --digits] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, static_cast<int>(p.date.year()));
  put(5, 2, static_cast<unsigned>(p.date.month()));
  put(8, 2, static_cast<unsigned>(p.date.day()));
  put(11, 2, p.hour);
  put(14, 2, p.minute);
  put(17, 2, p.second);
  put(20, 6, p.micros);
  return text;
}

// Reads a date-time from left to right; each step says whether it fitted.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool number(std::int64_t& value, std::size_t least, std::size_t most) {
    std::size_t n = 0;
    value = 0;
    while (n < most && n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9')
      value = value * 10 + (rest_[n++] - '0');
    rest_.remove_prefix(n);
    return n >= least;
  }
  bool one_of(std::string_view characters) {
    if (!next_is(characters)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool next_is(std::string_view characters) const {
    return !rest_.empty() && std::ranges::find(characters, rest_.front()) != characters.end();
  }
  bool done() const { return rest_.empty(); }

  // Digits after the point, as microseconds; six more are dropped.
  bool fraction(std::int64_t& micros) {
    const auto before = rest_.size();
    if (!number(micros, 1, 6)) return false;
    for (auto digits = before - rest_.size(); digits < 6; digits++) micros *= 10;
    std::int64_t dropped = 0;
    return number(dropped, 0, 6);
  }

 private:
  std::string_view rest_;
};

struct Fields {
  std::int64_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;

  std::optional<Time> time() const {
    const year_month_day date{std::chrono::year{static_cast<int>(year)},
                              std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (year < 1 || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const auto seconds = sys_days{date}.time_since_epoch().count() * std::int64_t{86400} +
                         hour * 3600 + minute * 60 + second;
    return Time{seconds * 1'000'000 + micros};
  }
};

bool read_zone(Reader& in, std::int64_t& seconds) {
  seconds = 0;
  if (in.done() || in.one_of("Z")) return true;
  const bool west = in.next_is("-");
  std::int64_t hours = 0, minutes = 0;
  if (!in.one_of("+-") || !in.number(hours, 2, 2)) return false;
  if (!in.done()) {
    in.one_of(":");
    if (!in.number(minutes, 2, 2)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  seconds = (hours * 60 + minutes) * (west ? -60 : 60);
  return true;
}

}  // namespace

Time Time::now() {
  static Time last;
  const auto now = wall();
  const bool was_set_back = now.plus_seconds(1) < last;
  last = was_set_back ? now : std::max(now, Time{last.micros + 1});
  return last;
}

Time Time::wall() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<microseconds>(wall).count()};
}

std::string Time::iso() const { return print(*this, "0000-00-00T00:00:00.000000Z"); }
std::string Time::sql() const { return print(*this, "0000-00-00 00:00:00.000000"); }

std::string Time::http() const {
  static constexpr const char* day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto p = parts(*this);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", day_names[weekday{sys_days{p.date}}.c_encoding()],
      static_cast<unsigned>(p.date.day()), month_names[static_cast<unsigned>(p.date.month()) - 1],
      static_cast<int>(p.date.year()), p.hour, p.minute, p.second);
}

std::optional<Time> Time::parse_iso(std::string_view text) {
  Reader in{text};
  Fields f;
  const bool start = in.number(f.year, 4, 4) && in.one_of("-") && in.number(f.month, 1, 2) &&
                     in.one_of("-") && in.number(f.day, 1, 2) && in.one_of("T ") &&
                     in.number(f.hour, 1, 2) && in.one_of(":") && in.number(f.minute, 1, 2);
  if (!start) return std::nullopt;
  if (in.one_of(":")) {
    if (!in.number(f.second, 1, 2)) return std::nullopt;
    if (in.one_of(".") && !in.fraction(f.micros)) return std::nullopt;
  }
  std::int64_t zone_seconds = 0;
  if (!read_zone(in, zone_seconds) || !in.done()) return std::nullopt;
  const auto local = f.time();
  if (!local) return std::nullopt;
  return std::clamp(local->plus_seconds(-zone_seconds), lowest(), highest());
}

std::optional<Time> Time::parse_sql(std::string_view text) {
  Reader in{text};
  Fields f;
  const bool start = in.number(f.year, 4, 4) && in.one_of("-") && in.number(f.month, 2, 2) &&
                     in.one_of("-") && in.number(f.day, 2, 2) && in.one_of(" ") &&
                     in.number(f.hour, 2, 2) && in.one_of(":") && in.number(f.minute, 2, 2) &&
                     in.one_of(":") && in.number(f.second, 2, 2);
  if (!start || (in.one_of(".") && !in.fraction(f.micros)) || !in.done()) return std::nullopt;
  return f.time();
}

std::int64_t monotonic_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<microseconds>(now).count();
}

std::int64_t boottime_micros() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * std::int64_t{1'000'000} + now.tv_nsec / 1000;
}

}  // namespace base
