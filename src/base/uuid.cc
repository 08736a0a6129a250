// base/uuid.cc — see uuid.h.
#include "base/uuid.h"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.h"
#include "base/text.h"

namespace base {
namespace {

constexpr char digits[] = "0123456789abcdef";

constexpr bool dash_at(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// The value of a lower-case hexadecimal digit, or -1.
constexpr int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Uuid Uuid::make(Time time) {
  const auto micros = static_cast<std::uint64_t>(time.micros);
  const auto millis = micros / 1000;
  const auto fraction = (micros % 1000) * 4096 / 1000;
  Uuid id;
  random_bytes(id.bytes.data(), id.bytes.size());
  for (std::size_t i = 0; i < 6; i++)
    id.bytes[i] = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (fraction >> 8));
  id.bytes[7] = static_cast<std::uint8_t>(fraction);
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3f));
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (dash_at(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[byte++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  return id == lowest() ? std::nullopt : std::optional(id);
}

std::optional<Uuid> Uuid::parse_any_case(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  return parse(base::ascii_lower(text));
}

Uuid Uuid::from_bytes(std::string_view bytes) {
  Uuid id;
  if (bytes.size() != id.bytes.size()) throw std::length_error("an id has 16 bytes");
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

std::string Uuid::text() const {
  constexpr std::size_t places[] = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  std::string text(36, '-');
  for (std::size_t i = 0; i < bytes.size(); i++) {
    text[places[i]] = digits[bytes[i] >> 4];
    text[places[i] + 1] = digits[bytes[i] & 15];
  }
  return text;
}

}  // namespace base
