// auth/totp.cc — see totp.h.
#include "auth/totp.h"

#include <fmt/format.h>
#include <liboath/oath.h>

#include <array>
#include <cstdlib>

#include "base/crypto.h"
#include "http/request.h"

namespace auth::totp {

std::string code_of(std::string_view secret, std::int64_t step) {
  std::array<char, digits + 1> code{};
  if (oath_totp_generate(secret.data(), secret.size(), step * step_seconds, step_seconds,
                         OATH_TOTP_DEFAULT_START_TIME, digits, code.data()) != OATH_OK)
    std::abort();
  return {code.data(), digits};
}

std::optional<std::int64_t> find_step(std::string_view secret, std::string_view code,
                                      base::Time now) {
  std::optional<std::int64_t> found;
  const auto middle = step_of(now);
  for (auto step = middle - steps_either_way; step <= middle + steps_either_way; step++)
    if (base::same_bytes(code_of(secret, step), code)) found = step;
  return found;
}

std::string base32(std::string_view secret) {
  char* text = nullptr;
  std::size_t size = 0;
  if (oath_base32_encode(secret.data(), secret.size(), &text, &size) != OATH_OK) std::abort();
  std::string copy(text, size);
  std::free(text);  // NOLINT: the library's malloc
  return copy;
}

// The issuer stands in both places, as apps of either habit read it (Key URI Format).
std::string uri(std::string_view secret, std::string_view site, std::string_view username) {
  const auto issuer = http::encode_percent(site);
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits={}&period={}",
                     issuer, http::encode_percent(username), base32(secret), issuer, digits,
                     step_seconds);
}

}  // namespace auth::totp
