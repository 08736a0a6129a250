// app/accounts.cc — signing up: a company and its first admin, in one step.
// Tests: tests/contract (o01).
#include "app/company.h"
#include "app/noun.h"
#include "app/users/users.h"
#include "auth/throttle.h"

namespace app {
namespace {

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

Answer create(Context& context) {
  base::Problems problems;
  const auto in = context.read<NewAccount>(problems);
  // The two halves are judged apart: a bad company does not hide a bad password.
  check_username_is_free(context, in.user.username, {}, "user.", problems);
  check_credentials(in.user, "user.", problems);
  problems.throw_if_any();
  if (!context.by_operator)
    auth::Throttle::count_signup(context.db, context.request.remote_address,
                                 context.config.signups_per_hour);

  const auto founded = context.authenticator.found_company();
  const auto& tenant = founded->tenant;
  const auto chosen_by = context.by_operator ? ChosenBy::admin : ChosenBy::person;
  const auto user_id = Uuid::make(base::Time::now());
  const auto password_hash = context.hash(*in.user.password);
  context.db.transaction([&] {
    insert_company(context, tenant, in.company);
    const auto identity_id =
        insert_identity(context, founded->company_id, *in.user.username, password_hash, chosen_by);
    insert_user(context, tenant, identity_id,
                {user_id, *in.user.username, in.user.display_name.value_or(""), auth::Role::admin});
    context.audit_own(tenant, user_id, *in.user.username, "company.create");
  });
  return context.made(Account{one_company(context, tenant), one_user(context, tenant, user_id)});
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "account-create",
     .path = "/accounts/",
     .since = 1,
     .summary = "Sign up: creates a company and its first admin.",
     .operations = {{{post, anyone, create}}},
     .form = {post, describe_fields<Account, NewAccount>}},
};

}  // namespace

std::span<const Route> accounts() { return routes; }

}  // namespace app
