// app/accounts.cc — signing up: a company and its first admin, in one step.
// Tests: tests/contract (o01).
#include "app/company.h"
#include "app/describe.h"
#include "app/users.h"
#include "auth/throttle.h"

namespace app {
namespace {

using base::Uuid;

struct NewAccount {
  CompanyInput company;
  Credentials user;

  FIELDS(NewAccount, company, user)
};

struct Account {
  Company company;
  User user;

  FIELDS(Account, company, user)
};

http::Response create(Call& call) {
  base::Problems problems;
  const auto in = call.read<NewAccount>(problems);
  // The two halves are judged apart: a bad company does not hide a bad password.
  check_username_is_free(call, in.user.username, {}, "user.", problems);
  check_credentials(in.user, "user.", problems);
  problems.throw_if_any();
  if (!call.by_operator)
    auth::count_signup(call.db, call.request.remote_address, call.config.signups_per_hour);

  const auto founded = call.authenticator.found_company();
  const auto& tenant = founded->tenant;
  const auto chosen_by = call.by_operator ? ChosenBy::admin : ChosenBy::person;
  const auto user_id = Uuid::make(base::Time::now());
  const auto password_hash = call.hash(*in.user.password);
  call.db.transaction([&] {
    insert_company(call, tenant, in.company);
    const auto identity_id =
        insert_identity(call, founded->company_id, *in.user.username, password_hash, chosen_by);
    insert_user(call, tenant, user_id, identity_id, *in.user.username, auth::Role::admin);
    call.audit_own(tenant, user_id, *in.user.username, "company.create");
  });
  return call.json(201, Account{one_company(call, tenant), one_user(call, tenant, user_id)});
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "account-create",
     .path = "/api/v1/accounts/",
     .summary = "Sign up: creates a company and its first admin.",
     .operations = {{{post, anyone, create}}},
     .form = {post, describe_fields<Account, NewAccount>}},
};

}  // namespace

std::span<const View> accounts() { return views; }

}  // namespace app
