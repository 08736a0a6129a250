// auth/second_factor.h — the second factor of a person: codes of an app (auth/totp.h), and recovery
// codes for whoever lost it. Each is good once.
//
// What is here decides and changes nothing by itself: whoever takes a code has locked the person
// (auth/lock.h), reads the factor after that, and writes what came of it.
// Columns: sql/0044_second_factors.sql. Tests: tests/auth/second_factor_test.cc.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "db/connection.h"
#include "db/global_rows.h"
#include "db/tenant.h"

namespace auth {

class SecondFactor {
 public:
  // The keys of the configuration, lent for the lifetime: the first seals, all open.
  explicit SecondFactor(const std::vector<std::string>& keys) : keys_(keys) {}

  // Throws base::Error{unavailable} where there is no key.
  void check_configured() const;

  // A factor that is not on yet: a code has to be taken of it first.
  db::Factor begin(const base::Uuid& person, std::string_view secret) const;

  // What the factor is once a code of it was taken, of the app or of those for recovery. nullopt:
  // it is none, or none any more. Throws base::Error{unavailable} where the secret cannot be
  // opened; recovery codes need no key.
  std::optional<db::Factor> take(const db::Factor& factor, const base::Uuid& person,
                                 std::string_view code, base::Time now) const;

  // Whether one of the keys opens the secret, and whether it is the first.
  bool opens(const db::Factor& factor, const base::Uuid& person) const;
  bool is_of_first_key(const db::Factor& factor, const base::Uuid& person) const;
  // The same factor, sealed with the first key. nullopt: none of the keys opens it.
  std::optional<db::Factor> resealed(const db::Factor& factor, const base::Uuid& person) const;

 private:
  std::optional<std::string> open(const db::Factor& factor, const base::Uuid& person) const;

  const std::vector<std::string>& keys_;
};

// Whether it is as long as a recovery code, which nobody guesses. (One of the app has six digits.)
bool looks_like_recovery_code(std::string_view code);

inline constexpr std::size_t recovery_code_count = 10;

// Ten new recovery codes in the place of those that were left, to be shown once: "k3fz-…", 80 bits
// each, so that a fast digest is enough.
std::vector<std::string> renew_recovery_codes(db::Factor& factor);

std::size_t recovery_codes_left(const db::Factor& factor);

// Notes with one user of the tenant whether their person's factor is on now, for it is looked at
// there; in each company of the person, in the transaction that switches it.
void note_factor(db::Connection& db, const db::Tenant& tenant, const base::Uuid& user_id, bool on);

}  // namespace auth
