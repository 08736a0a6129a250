// auth/tokens.cc — see tokens.h.
#include "auth/tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "http/json.h"

namespace auth {
namespace {

constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view issuer = "partywall";
constexpr std::string_view audience = "partywall-api";
constexpr char secret_version = 1;
constexpr std::size_t random_size = 32;

std::int64_t seconds(base::Time time) { return time.micros / 1'000'000; }

std::string signature(std::string_view signed_part, const std::string& key) {
  return base::base64url(base::view(base::hmac_sha256(key, signed_part)));
}

std::optional<std::string> text_of(const http::Value& claims, std::string_view name) {
  const auto* value = claims.find(name);
  if (!value || value->type != http::Value::Type::string) return std::nullopt;
  return value->text;
}

std::optional<std::int64_t> number_of(const http::Value& claims, std::string_view name) {
  const auto* value = claims.find(name);
  std::int64_t number = 0;
  if (!value || value->type != http::Value::Type::integer) return std::nullopt;
  const auto* end = value->text.data() + value->text.size();
  if (std::from_chars(value->text.data(), end, number).ptr != end) return std::nullopt;
  return number;
}

std::optional<Claims> read_claims(std::string_view json) {
  const auto object = http::parse_json(json);
  const auto type = text_of(object, "token_type");
  const auto company = base::Uuid::parse(text_of(object, "company").value_or(""));
  const auto user = base::Uuid::parse(text_of(object, "sub").value_or(""));
  const auto id = base::Uuid::parse(text_of(object, "jti").value_or(""));
  const auto family = base::Uuid::parse(text_of(object, "family").value_or(""));
  const auto generation = number_of(object, "generation");
  const auto issued = number_of(object, "iat");
  const auto expires = number_of(object, "exp");
  if (text_of(object, "iss") != issuer || text_of(object, "aud") != audience || !company || !user ||
      !id || !family || !generation || !issued || !expires ||
      (type != "access" && type != "refresh"))
    return std::nullopt;
  return Claims{type == "access" ? Claims::Type::access : Claims::Type::refresh,
                *company,
                *user,
                *id,
                *family,
                *generation,
                base::Time{*issued * 1'000'000},
                base::Time{*expires * 1'000'000}};
}

}  // namespace

std::string sign(const Claims& claims, const std::vector<std::string>& keys) {
  http::JsonWriter json;
  const auto text = [&](std::string_view name, std::string_view value) {
    json.key(name);
    json.string(value);
  };
  const auto number = [&](std::string_view name, std::int64_t value) {
    json.key(name);
    json.integer(value);
  };
  json.begin_object();
  text("token_type", claims.type == Claims::Type::access ? "access" : "refresh");
  text("iss", issuer);
  text("aud", audience);
  number("iat", seconds(claims.issued_at));
  number("exp", seconds(claims.expires_at));
  text("jti", claims.id.text());
  text("sub", claims.user_id.text());
  text("company", claims.company_id.text());
  text("family", claims.family.text());
  number("generation", claims.generation);
  json.end_object();
  const auto signed_part = base::base64url(header) + "." + base::base64url(json.take());
  return signed_part + "." + signature(signed_part, keys.at(0));
}

std::optional<Claims> verify(std::string_view token, const std::vector<std::string>& keys) {
  static const auto start = base::base64url(header) + ".";
  const auto dot = token.rfind('.');
  if (!token.starts_with(start) || dot < start.size()) return std::nullopt;
  const auto signed_part = token.substr(0, dot);
  const bool genuine = std::any_of(keys.begin(), keys.end(), [&](const auto& key) {
    return base::same_bytes(signature(signed_part, key), token.substr(dot + 1));
  });
  const auto json = base::from_base64url(signed_part.substr(start.size()));
  if (!genuine || !json) return std::nullopt;
  try {
    const auto claims = read_claims(*json);
    return claims && claims->expires_at > base::Time::now() ? claims : std::nullopt;
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

Secret make_secret(const base::Uuid& company_id) {
  const auto random = base::random_string(random_size);
  return {base::base64url(secret_version + std::string(company_id.view()) + random),
          std::string(base::view(base::sha256(random)))};
}

std::optional<SecretClaim> read_secret(std::string_view text) {
  const auto bytes = base::from_base64url(text);
  if (!bytes || bytes->size() != 1 + 16 + random_size || bytes->front() != secret_version)
    return std::nullopt;
  const std::string_view all = *bytes;
  return SecretClaim{base::Uuid::from_bytes(all.substr(1, 16)),
                     std::string(base::view(base::sha256(all.substr(17))))};
}

}  // namespace auth
