// auth/matches.cc — see matches.h.
#include "auth/matches.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"

namespace auth {
namespace {

bool is_fresh(std::int64_t at) {
  constexpr std::int64_t kept = 60'000'000;
  return at != 0 && base::monotonic_micros() - at < kept;
}

bool same(const base::Digest& a, const base::Digest& b) {
  return base::same_bytes(base::view(a), base::view(b));
}

// Each part with its length, so that no two lists of parts are one text.
std::string parts(std::initializer_list<std::string_view> all) {
  std::string text;
  for (const auto part : all) text += fmt::format("{}:{}", part.size(), part);
  return text;
}

}  // namespace

base::Digest Matches::who(const Shown& shown) const {
  return base::hmac_sha256(key_, parts({shown.name, shown.address}));
}

base::Digest Matches::all(const Shown& shown, std::string_view stored_hash) const {
  return base::hmac_sha256(key_, parts({shown.name, shown.address, shown.password, stored_hash}));
}

void Matches::remember(const Shown& shown, std::string_view stored_hash) {
  matches_[next_] = {who(shown), all(shown, stored_hash), base::monotonic_micros()};
  next_ = (next_ + 1) % matches_.size();
}

bool Matches::holds(const Shown& shown, std::string_view stored_hash) const {
  const auto asked = all(shown, stored_hash);
  return std::ranges::any_of(
      matches_, [&](const auto& match) { return is_fresh(match.at) && same(match.all, asked); });
}

bool Matches::holds_one_for(const Shown& shown) const {
  const auto asked = who(shown);
  return std::ranges::any_of(
      matches_, [&](const auto& match) { return is_fresh(match.at) && same(match.who, asked); });
}

}  // namespace auth
