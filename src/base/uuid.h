// base/uuid.h — 128-bit ids: UUID version 7 (RFC 9562), time-ordered so that inserts stay local.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/literal.h"

namespace base {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  // A new id. The first 60 bits free for it hold the time in units of 1/4096 ms (RFC 9562 section
  // 6.2, method 3), so ids sort as their times do; the other 62 are random.
  static Uuid make(Time time);

  // Strict: 36 characters, lower case, dashed; nothing else is an id. Nor is the nil UUID, of zeros
  // alone: it says that there is no value (RFC 9562 section 5.9).
  static std::optional<Uuid> parse(std::string_view text);
  // The same in either case, as clients may send it (RFC 9562 section 4). Not for a URL, which has
  // one spelling.
  static std::optional<Uuid> parse_any_case(std::string_view text);

  // The 16 bytes of a BINARY(16) column. Throws std::length_error for another length.
  static Uuid from_bytes(std::string_view bytes);

  // The ends of their order. Nobody has the lowest, the nil UUID, but rows of older releases may.
  static constexpr Uuid lowest() { return {}; }
  static constexpr Uuid highest() {
    Uuid id;
    id.bytes.fill(0xff);
    return id;
  }

  std::string text() const;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  auto operator<=>(const Uuid&) const = default;
};

// An id that is shown as the absolute URL of what it names: Path + id.
template <Literal Path>
struct Link {
  Uuid id;
  static constexpr std::string_view path = Path.text;
  bool operator==(const Link&) const = default;
};

}  // namespace base
