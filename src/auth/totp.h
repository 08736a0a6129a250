// auth/totp.h — the codes that an app on somebody's phone makes of a secret and the time (RFC
// 6238): six digits every 30 seconds, by HMAC-SHA-1, which is what the apps understand. The only
// includer of liboath.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace auth::totp {

inline constexpr std::int64_t step_seconds = 30;  // RFC 6238 section 5.2
inline constexpr std::size_t digits = 6;          // RFC 4226 section 5.3
inline constexpr std::size_t secret_bytes = 20;   // as many as the digest has (RFC 4226, section 4)
inline constexpr std::int64_t steps_either_way = 1;  // a phone may be 30 seconds off, or its owner

// The step of time that a moment is in.
constexpr std::int64_t step_of(base::Time time) { return time.micros / (step_seconds * 1'000'000); }

// The code of a step.
std::string code_of(std::string_view secret, std::int64_t step);

// The step that a code is of, one of those that a phone may be in now; nullopt: of none of them.
// All of them are compared, in a time that does not depend on where they differ.
std::optional<std::int64_t> find_step(std::string_view secret, std::string_view code,
                                      base::Time now);

// What an app takes a secret as: base 32 (RFC 4648 section 6), and a URI to scan, which tells it
// whose it is and at which site.
std::string base32(std::string_view secret);
std::string uri(std::string_view secret, std::string_view site, std::string_view username);

}  // namespace auth::totp
