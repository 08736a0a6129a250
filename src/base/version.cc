// base/version.cc — see version.h.
#include "base/version.h"

#include <array>
#include <charconv>

namespace base {
namespace {

// "0.10" → 0, 10, 0; where something else follows, what comes before it counts.
std::array<int, 3> numbers_of(std::string_view text) {
  std::array<int, 3> numbers{};
  const auto* next = text.data();
  const auto* end = text.data() + text.size();
  for (auto& number : numbers) {
    const auto [rest, error] = std::from_chars(next, end, number);
    if (error != std::errc() || rest == end || *rest != '.') break;
    next = rest + 1;
  }
  return numbers;
}

}  // namespace

const std::string_view version = PARTYWALL_VERSION;
const std::string_view oldest_program = PARTYWALL_OLDEST;

bool is_older(std::string_view release, std::string_view other) {
  return numbers_of(release) < numbers_of(other);
}

}  // namespace base
