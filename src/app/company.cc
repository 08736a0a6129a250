// app/company.cc — the company that one works in, and for how long it keeps its messages.
// Tables: sql/0001_companies.sql, sql/0041_companies_retention.sql. Tests: tests/contract (o06),
// tests/app/company_test.cc, tests/app/erasure_test.cc.
#include "app/company.h"

#include <fmt/format.h>

#include "app/erasure.h"
#include "app/moving.h"
#include "app/noun.h"
#include "app/own_password.h"

namespace app {
namespace {

// Of whom a company may want a second factor.
constexpr const char* second_factor_words = "nobody admins";

struct CompanyDetail {
  Uuid id;
  std::string name;
  std::string address;
  std::int64_t messages_days = 0;           // 0: for ever
  std::optional<Time> messages_kept_until;  // before it none is deleted
  std::optional<Time> erase_at;
  std::string second_factor_of;

  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &CompanyDetail::id),
        base::field("name", &CompanyDetail::name),
        base::field("address", &CompanyDetail::address),
        rest::field("messages_days", &CompanyDetail::messages_days, {.since = 2}),
        rest::field("messages_kept_until", &CompanyDetail::messages_kept_until,
                    {.help = "From then on older messages are deleted, every night.", .since = 2}),
        rest::field("erase_at", &CompanyDetail::erase_at,
                    {.help = "When it is erased, where an admin asked for that.", .since = 2}),
        rest::field("second_factor_of", &CompanyDetail::second_factor_of,
                    {.choices = second_factor_words, .since = 2})};
  }
};

struct CompanyChange {
  std::optional<std::string> name;
  std::optional<std::string> address;
  std::optional<std::int64_t> messages_days;
  std::optional<std::string> second_factor_of;
  std::optional<std::string> current_password, code;

  static constexpr auto fields() {
    auto password = own_password_rule;
    password.required = false;
    password.blank = true;
    password.help = "Required where second_factor_of changes: the one that you have.";
    password.since = 2;
    auto code = code_rule;
    code.since = 2;
    return std::tuple{
        rest::field("name", &CompanyChange::name, company_name_rule),
        rest::field("address", &CompanyChange::address, company_address_rule),
        rest::field("messages_days", &CompanyChange::messages_days,
                    {.required = false,
                     .least = 0,
                     .most = most_messages_days,
                     .help = "For how many days messages are kept; 0: for ever. When it is "
                             "shortened, nothing is deleted for a week.",
                     .since = 2}),
        rest::field("second_factor_of", &CompanyChange::second_factor_of,
                    {.required = false,
                     .choices = second_factor_words,
                     .help = "Whom the company keeps out until they have a second factor.",
                     .since = 2}),
        rest::field("current_password", &CompanyChange::current_password, password),
        rest::field("code", &CompanyChange::code, code)};
  }
};

constexpr db::Scoped<Company> select_name{R"(
    SELECT company_id AS id, name, address FROM companies WHERE company_id = ?)"};
constexpr base::Literal select_company = R"(
    SELECT company_id AS id, name, address, messages_days, messages_kept_until, erase_at,
           second_factor_of FROM companies WHERE company_id = ?)";
constexpr db::Scoped<CompanyDetail> select_one{select_company};
constexpr db::Scoped<CompanyDetail> lock_one{select_company + " FOR UPDATE"};
constexpr db::Scoped<Moving> lock_move{"SELECT " + moving_columns +
                                       " FROM companies WHERE company_id = ? FOR UPDATE"};
constexpr db::Scoped<void, std::string> set_second_factor_of{
    "UPDATE companies SET second_factor_of = ? WHERE company_id = ?"};

constexpr db::Scoped<void, std::string, std::string, base::Time> insert_one{R"(
    INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?))"};

constexpr db::Scoped<void, std::optional<std::string>, std::optional<std::string>> update_one{R"(
    UPDATE companies SET name = COALESCE(?, name), address = COALESCE(?, address)
     WHERE company_id = ?)"};
constexpr db::Scoped<void, std::int64_t, std::optional<Time>> keep_messages{R"(
    UPDATE companies SET messages_days = ?, messages_kept_until = ? WHERE company_id = ?)"};

// Of two numbers of days: 0 is for ever.
bool is_shorter(std::int64_t days, std::int64_t than) {
  return days != 0 && (than == 0 || days < than);
}

// Inside a transaction that has locked the company, which is as given.
void keep_messages_for(Context& context, const CompanyDetail& company, std::int64_t days) {
  if (context.by_api_token()) base::forbidden();  // nor does one erase the company
  auto until = company.messages_kept_until;
  if (is_shorter(days, company.messages_days))
    until = Time::now().plus_seconds(messages_kept_seconds);
  if (days == 0) until.reset();
  context.db.run(keep_messages, context.who().tenant, days, until);
  context.audit("company.messages_days", {}, fmt::format("{} to {}", company.messages_days, days));
}

void check_has_factor(const std::string& whose, bool has_factor) {
  if (whose == "admins" && !has_factor)
    base::invalid("second_factor_of", "Set up a second factor of your own first.");
}

// Where a change says anew of whom a second factor is wanted: who has shown password and code for
// that. A token that was stolen changes it for nobody.
std::optional<db::Identity> confirm_second_factor_of(Context& context, const CompanyChange& in) {
  if (!in.second_factor_of ||
      *in.second_factor_of == context.db.one(select_one, context.who().tenant).second_factor_of)
    return std::nullopt;
  if (context.by_api_token()) base::forbidden();
  check_has_factor(*in.second_factor_of, context.who().has_factor);
  if (in.current_password.value_or("").empty())
    base::invalid("current_password", "This field is required.");
  return confirm_own_password(context, *in.current_password, in.code);
}

// The other admins are kept out from their next request on, but for setting a second factor up.
// Whoever wants one of them has one: or there would be nobody to take it back.
void set_second_factor(Context& context, const std::string& whose,
                       const std::optional<db::Identity>& confirmed) {
  if (!confirmed)
    throw base::Error(base::Code::conflict, "Somebody has changed this meanwhile. Try again.");
  check_has_factor(whose, lock_confirmed(context, *confirmed).identity.factor.is_on());
  context.db.run(set_second_factor_of, context.who().tenant, whose);
  context.audit("company.second_factor", {}, "of " + whose);
}

Answer update(Context& context) {
  const auto in = context.read<CompanyChange>();
  const auto confirmed = confirm_second_factor_of(context, in);
  context.transaction([&] {
    context.lock_admin();
    const auto company = context.db.one(lock_one, context.who().tenant);
    context.db.run(update_one, context.who().tenant, in.name, in.address);
    if (in.messages_days && *in.messages_days != company.messages_days)
      keep_messages_for(context, company, *in.messages_days);
    if (in.second_factor_of && *in.second_factor_of != company.second_factor_of)
      set_second_factor(context, *in.second_factor_of, confirmed);
  });
  return show_company(context);
}

using enum http::Method;
using enum auth::Access;
constexpr Operation show_it{
    .method = get, .access = staff, .handle = show_company, .admits = auth::Admits::erasing};
constexpr Operation put_it{
    .method = put, .access = admin, .handle = update, .summary = "Change your company."};
constexpr Operation patch_it{
    .method = patch, .access = admin, .handle = update, .summary = "Change some of your company."};
// Version 1 takes no password here, and so looks at a condition before anything else.
constexpr Operation with_password(Operation operation) {
  operation.looks_at_condition = true;
  return operation;
}
constexpr Route routes[] = {
    {.name = "company-detail",
     .path = "/accounts/company",
     .since = 1,
     .until = 1,
     .summary = "Your company. Admins change it.",
     .operations = {{show_it, put_it, patch_it}},
     .form = {put, describe_fields<CompanyDetail, CompanyChange>},
     .lock = lock_company},
    {.name = "company-detail",
     .path = "/accounts/company",
     .summary = "Your company. Admins change it.",
     .operations = {{show_it,
                     with_password(put_it),
                     with_password(patch_it),
                     {.method = delete_,
                      .access = admin,
                      .handle = erase_company,
                      .looks_at_condition = true,
                      .by = By::no_api_token,
                      .takes = erasure_fields,
                      .answers = 200,
                      .summary = "Erase your company, in 30 days. Everybody is logged out."}}},
     .form = {put, describe_fields<CompanyDetail, CompanyChange>},
     .lock = lock_company},
};

}  // namespace

std::span<const Route> company() { return routes; }

void lock_company(Context& context) {
  context.lock_caller();
  context.db.one(lock_one, context.who().tenant);
}

void check_stays(Context& context) {
  if (context.db.one(lock_move, context.who().tenant).is_held())
    throw base::Error(base::Code::conflict, "The company is being moved: wait until that is done.");
}

Company one_company(Context& context, const db::Tenant& tenant) {
  return context.db.one(select_name, tenant);
}

Answer show_company(Context& context) {
  return context.ok(context.db.one(select_one, context.who().tenant));
}

void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in) {
  context.db.run(insert_one, tenant, in.name.value(), in.address.value_or(""), base::Time::now());
}

}  // namespace app
