// app/company.cc — the company that one works in, and for how long it keeps its messages.
// Tables: sql/0001_companies.sql, sql/0039_companies_retention.sql. Tests: tests/contract (o06),
// tests/app/company_test.cc.
#include "app/company.h"

#include <fmt/format.h>

#include "app/noun.h"

namespace app {
namespace {

struct CompanyDetail {
  Uuid id;
  std::string name;
  std::string address;
  std::int64_t messages_days = 0;           // 0: for ever
  std::optional<Time> messages_kept_until;  // before it none is deleted

  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &CompanyDetail::id), base::field("name", &CompanyDetail::name),
        base::field("address", &CompanyDetail::address),
        rest::field("messages_days", &CompanyDetail::messages_days, {.since = 2}),
        rest::field("messages_kept_until", &CompanyDetail::messages_kept_until,
                    {.help = "From then on older messages are deleted, every night.", .since = 2})};
  }
};

struct CompanyChange {
  std::optional<std::string> name;
  std::optional<std::string> address;
  std::optional<std::int64_t> messages_days;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("name", &CompanyChange::name, company_name_rule),
        rest::field("address", &CompanyChange::address, company_address_rule),
        rest::field("messages_days", &CompanyChange::messages_days,
                    {.required = false,
                     .least = 0,
                     .most = 36500,
                     .help = "For how many days messages are kept; 0: for ever. When it is "
                             "shortened, nothing is deleted for a week.",
                     .example = "365",
                     .since = 2})};
  }
};

// When it is shortened a mistake can be undone, and what somebody did in another person's name is
// seen, before a message is gone.
constexpr std::int64_t kept_for_seconds = 7 * base::day_seconds;

constexpr db::Scoped<Company> select_name{R"(
    SELECT company_id AS id, name, address FROM companies WHERE company_id = ?)"};
constexpr base::Literal select_company = R"(
    SELECT company_id AS id, name, address, messages_days, messages_kept_until FROM companies
     WHERE company_id = ?)";
constexpr db::Scoped<CompanyDetail> select_one{select_company};
constexpr db::Scoped<CompanyDetail> lock_one{select_company + " FOR UPDATE"};

constexpr db::Scoped<void, std::string, std::string, base::Time> insert_one{R"(
    INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?))"};

constexpr db::Scoped<void, std::optional<std::string>, std::optional<std::string>, std::int64_t,
                     std::optional<Time>>
    update_one{R"(
    UPDATE companies SET name = COALESCE(?, name), address = COALESCE(?, address),
                         messages_days = ?, messages_kept_until = ?
     WHERE company_id = ?)"};

// In the order of auth/lock.h.
void lock(Context& context) {
  context.lock_caller();
  context.db.one(lock_one, context.who().tenant);
}

Answer show(Context& context) {
  return context.ok(context.db.one(select_one, context.who().tenant));
}

// Of two numbers of days: 0 is for ever.
bool is_shorter(std::int64_t days, std::int64_t than) {
  return days != 0 && (than == 0 || days < than);
}

Answer update(Context& context) {
  const auto in = context.read<CompanyChange>();
  context.db.transaction([&] {
    if (context.lock_caller() != auth::Role::admin) base::forbidden();
    auto company = context.db.one(lock_one, context.who().tenant);
    const auto before = company.messages_days;
    company.messages_days = in.messages_days.value_or(before);
    if (is_shorter(company.messages_days, before))
      company.messages_kept_until = Time::now().plus_seconds(kept_for_seconds);
    if (company.messages_days == 0) company.messages_kept_until.reset();
    context.db.run(update_one, context.who().tenant, in.name, in.address, company.messages_days,
                   company.messages_kept_until);
    if (company.messages_days != before)
      context.audit("company.messages_days", {},
                    fmt::format("{} to {}", before, company.messages_days));
  });
  return show(context);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "company-detail",
     .path = "/accounts/company",
     .since = 1,
     .summary = "Your company. Admins change it.",
     .operations =
         {{{get, staff, show},
           {.method = put, .access = admin, .handle = update, .summary = "Change your company."},
           {.method = patch,
            .access = admin,
            .handle = update,
            .summary = "Change some of your company."}}},
     .form = {put, describe_fields<CompanyDetail, CompanyChange>},
     .lock = lock},
};

}  // namespace

std::span<const Route> company() { return routes; }

Company one_company(Context& context, const db::Tenant& tenant) {
  return context.db.one(select_name, tenant);
}

void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in) {
  context.db.run(insert_one, tenant, in.name.value(), in.address.value_or(""), base::Time::now());
}

}  // namespace app
