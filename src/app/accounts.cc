// app/accounts.cc — signing up: a company and its first admin, in one step.
// Tests: tests/app/accounts_test.cc.
#include "app/company.h"
#include "app/describe.h"
#include "app/nouns.h"
#include "app/users.h"
#include "auth/password.h"

namespace app {
namespace {

using base::Uuid;

struct Credentials {
  std::optional<std::string> username;
  std::optional<std::string> password;

  static constexpr auto fields() {
    return std::tuple{base::field("username", &Credentials::username, username_rule),
                      base::field("password", &Credentials::password, password_rule)};
  }
};

struct NewAccount {
  CompanyInput company;
  Credentials user;

  static constexpr auto fields() {
    return std::tuple{base::field("company", &NewAccount::company),
                      base::field("user", &NewAccount::user)};
  }
};

struct Account {
  Company company;
  User user;

  static constexpr auto fields() {
    return std::tuple{base::field("company", &Account::company),
                      base::field("user", &Account::user)};
  }
};

http::Response create(Call& call) {
  base::Problems problems;
  const auto in = call.read<NewAccount>(problems);
  check_username_is_free(call, in.user.username, {}, "user.username", problems);
  // The two halves are judged apart: a bad company does not hide a bad password.
  if (in.user.username && in.user.password && !problems.has("user.username"))
    auth::check_password(*in.user.password, *in.user.username, "user.password", problems);
  problems.throw_if_any();

  const auto now = base::Time::now();
  const NewMember member{Uuid::make(now), Uuid::make(now), *in.user.username,
                         base::hash_password(*in.user.password), auth::Role::admin};
  const auto company_id = Uuid::make(now);
  const auto founder = call.authenticator.found(company_id, member.id, member.identity_id);
  try {
    call.db.transaction([&] {
      insert_company(call, founder->tenant, in.company);
      insert_member(call, founder->tenant, company_id, member);
    });
  } catch (const db::DuplicateKey&) {
    username_taken("user.username");
  }
  return call.json(201, Account{one_company(call, founder->tenant),
                                one_user(call, founder->tenant, member.id)});
}

constexpr View views[] = {
    {.name = "account-create",
     .path = "/api/v1/accounts/",
     .summary = "Sign up: creates a company and its first admin.",
     .operations = {{{http::Method::post, auth::Access::anyone, create}}},
     .form = {http::Method::post, describe_fields<Account, NewAccount>}},
};

}  // namespace

std::span<const View> accounts() { return views; }

}  // namespace app
