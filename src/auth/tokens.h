// auth/tokens.h — bearer tokens: JSON web tokens (RFC 7519), and opaque ones for scripts.
//
// A JSON web token is signed with HS256 and has one fixed header, so nothing in a token chooses how
// it is verified. Its company and user are a claim that the database confirms on every request.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/uuid.h"

namespace auth {

constexpr int access_seconds = 5 * 60;      // as the seed's library: 5 minutes
constexpr int refresh_seconds = 24 * 3600;  // and a day

struct Claims {
  enum class Type { access, refresh };
  Type type = Type::access;
  base::Uuid company_id;
  base::Uuid user_id;
  base::Uuid id;                // jti; of a refresh token: its row
  base::Uuid family;            // the login that it is from (sql/0014_token_families.sql)
  std::int64_t generation = 0;  // users.token_generation when it was made
  base::Time issued_at;
  base::Time expires_at;
};

// Signs with the first key.
std::string sign(const Claims& claims, const std::vector<std::string>& keys);

// The claims of a token that one of the keys signed for this service and that has not expired.
std::optional<Claims> verify(std::string_view token, const std::vector<std::string>& keys);

// base64url(version, company_id, 32 random bytes): a session cookie, an API token after its prefix,
// an invitation. The company is a claim that the row with the hash confirms.
struct SecretClaim {
  base::Uuid company_id;
  std::string hash;  // SHA-256 of the random bytes: all that is stored
};
struct Secret {
  std::string text;  // shown once
  std::string hash;
};
Secret make_secret(const base::Uuid& company_id);
std::optional<SecretClaim> read_secret(std::string_view text);

constexpr std::string_view api_token_prefix = "pw_";

}  // namespace auth
