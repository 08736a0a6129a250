// auth/second_factor.cc — see second_factor.h.
#include "auth/second_factor.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/totp.h"
#include "base/crypto.h"
#include "base/error.h"
#include "db/changes.h"

namespace auth {
namespace {

constexpr std::size_t digest_bytes = base::Digest().size();
constexpr std::size_t recovery_code_bytes = 10, recovery_code_letters = 16;

constexpr db::Scoped<void, std::int64_t, base::Uuid> update_user{
    "UPDATE users SET has_factor = ? WHERE company_id = ? AND id = ?"};

base::Digest sealing_key(std::string_view configured) {
  return base::hmac_sha256(configured, "partywall second factor");
}

// As people type it: in any case, with blanks or hyphens between.
std::string normal(std::string_view code) {
  std::string text;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

std::string digest_of(std::string_view recovery_code) {
  return std::string(base::view(base::sha256(recovery_code)));
}

// Takes a recovery code off those that are left. False: it is none of them.
bool take_recovery_code(std::string& left, std::string_view code) {
  const auto digest = digest_of(code);
  for (std::size_t at = 0; at < left.size(); at += digest_bytes)
    if (base::same_bytes(std::string_view(left).substr(at, digest_bytes), digest)) {
      left.erase(at, digest_bytes);
      return true;
    }
  return false;
}

}  // namespace

void SecondFactor::check_configured() const {
  if (keys_.empty())
    throw base::Error(base::Code::unavailable, "Second factors are not configured here.");
}

db::Factor SecondFactor::begin(const base::Uuid& person, std::string_view secret) const {
  db::Factor factor;
  factor.factor_secret = base::seal(sealing_key(keys_.front()), secret, person.view());
  return factor;
}

std::optional<std::string> SecondFactor::open(const db::Factor& factor,
                                              const base::Uuid& person) const {
  for (const auto& key : keys_)
    if (auto secret =
            base::unseal(sealing_key(key), factor.factor_secret.value_or(""), person.view()))
      return secret;
  return std::nullopt;
}

bool SecondFactor::opens(const db::Factor& factor, const base::Uuid& person) const {
  return open(factor, person).has_value();
}

bool SecondFactor::is_of_first_key(const db::Factor& factor, const base::Uuid& person) const {
  return !keys_.empty() &&
         base::unseal(sealing_key(keys_.front()), factor.factor_secret.value_or(""), person.view());
}

std::optional<db::Factor> SecondFactor::resealed(const db::Factor& factor,
                                                 const base::Uuid& person) const {
  const auto secret = open(factor, person);
  if (!secret) return std::nullopt;
  auto again = factor;
  again.factor_secret = begin(person, *secret).factor_secret;
  return again;
}

std::optional<db::Factor> SecondFactor::take(const db::Factor& factor, const base::Uuid& person,
                                             std::string_view code, base::Time now) const {
  // More than any code has is not looked at.
  if (!factor.factor_secret || code.size() > 3 * recovery_code_letters) return std::nullopt;
  const auto typed = normal(code);
  auto after = factor;
  if (looks_like_recovery_code(typed)) {
    if (!take_recovery_code(after.recovery_codes, typed)) return std::nullopt;
    return after;
  }
  const auto secret = open(factor, person);
  if (!secret) {
    base::Error error(base::Code::unavailable, "Second factors cannot be looked at here just now.");
    error.cause = fmt::format(
        "no key of [second_factor] opens that of identities {}: is it the key of another host, or "
        "of before a restore?",
        person.text());
    throw error;
  }
  const auto step = totp::find_step(*secret, typed, now);
  if (!step || *step <= factor.factor_step.value_or(0)) return std::nullopt;
  after.factor_step = step;
  if (!is_of_first_key(factor, person)) after = resealed(after, person).value_or(after);
  return after;
}

bool looks_like_recovery_code(std::string_view code) {
  return normal(code).size() == recovery_code_letters;
}

std::vector<std::string> renew_recovery_codes(db::Factor& factor) {
  std::vector<std::string> shown;
  factor.recovery_codes.clear();
  while (shown.size() < recovery_code_count) {
    const auto code = totp::base32(base::random_string(recovery_code_bytes));
    factor.recovery_codes += digest_of(code);
    std::string text;
    for (std::size_t at = 0; at < code.size(); at += 4)
      text += fmt::format("{}{}", at == 0 ? "" : "-", code.substr(at, 4));
    shown.push_back(text);
  }
  return shown;
}

std::size_t recovery_codes_left(const db::Factor& factor) {
  return factor.recovery_codes.size() / digest_bytes;
}

// Without one an admin may be kept out: what they hold looks again.
void note_factor(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id, bool on) {
  db.run(update_user, tenant, on ? 1 : 0, user_id);
  db.note(tenant, db::user_ended(user_id));
}

}  // namespace auth
