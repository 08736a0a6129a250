// app/login_notices.h — what a person is told at a login of version 2, whose answers have a place
// for it. Tests: tests/api/second_factor_test.py, tests/api/wrong_codes_test.py.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "app/noun.h"
#include "db/global_rows.h"

namespace app {

inline constexpr int notices_since = 2;  // the version

// Wrong codes of the second factor that were entered beside the right password.
struct WrongCodes {
  std::int64_t count = 0;
  Time last_at;

  FIELDS(WrongCodes, count, last_at)
};

struct LoginNotices {
  // Told by each login for 14 days, however many there are, for the first one may be a thief's: the
  // second factor was ended without the person's doing.
  std::optional<std::string> notice;
  // Told once: whoever comes this far had a right code as well.
  std::optional<WrongCodes> wrong_codes;

  bool is_empty() const { return !notice && !wrong_codes; }
};

// What the person is due to be told; what is told once is taken off. In the transaction that has
// locked them (auth/lock.h).
LoginNotices take_login_notices(db::Connection& db, const db::Identity& person);

// What a form shows on the way to `next`; nullopt: there is nothing to tell.
std::optional<PlainPage> page_of(const LoginNotices& notices, const std::string& next);

}  // namespace app
