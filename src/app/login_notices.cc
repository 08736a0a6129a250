// app/login_notices.cc — see login_notices.h.
#include "app/login_notices.h"

#include <fmt/format.h>

#include "auth/identities.h"

namespace app {
namespace {

constexpr std::string_view factor_ended = "second_factor_ended";
constexpr std::int64_t notice_seconds = 14 * base::day_seconds;

std::string sentence_of(const WrongCodes& wrong) {
  const auto tried =
      wrong.count == 1
          ? std::string("One wrong code was entered beside your password, on ")
          : fmt::format("{} wrong codes were entered beside your password, the last one on ",
                        wrong.count);
  return tried + wrong.last_at.http() +
         ". If it was not you, somebody knows your password: change it.";
}

}  // namespace

LoginNotices take_login_notices(db::Connection& db, const db::Identity& person) {
  LoginNotices notices;
  auto factor = person.factor;
  if (factor.factor_ended_at && *factor.factor_ended_at > Time::now().plus_seconds(-notice_seconds))
    notices.notice = factor_ended;
  if (factor.wrong_codes_at) {
    notices.wrong_codes = {factor.wrong_codes, *factor.wrong_codes_at};
    factor.wrong_codes = 0;
    factor.wrong_codes_at.reset();
    auth::Identities(db).set_factor(person.id, factor);
  }
  return notices;
}

// The one that is told once goes first: the next login tells the other.
std::optional<PlainPage> page_of(const LoginNotices& notices, const std::string& next) {
  if (notices.wrong_codes)
    return PlainPage{"Wrong codes were entered", sentence_of(*notices.wrong_codes), next};
  if (notices.notice)
    return PlainPage{"Your second factor was switched off",
                     "Within the last two weeks an operator has done that, or you joined a further "
                     "company. Set one up again in your account, if you have not. If you know "
                     "nothing of it, change your password.",
                     next};
  return std::nullopt;
}

}  // namespace app
