// app/company.cc — the company that one works in.
// Table: sql/0001_companies.sql. Tests: tests/contract (o06).
#include "app/company.h"

#include "app/noun.h"

namespace app {
namespace {

constexpr db::Scoped<Company> select_one{R"(
    SELECT company_id AS id, name, address FROM companies WHERE company_id = ?)"};

constexpr db::Scoped<void, std::string, std::string, base::Time> insert_one{R"(
    INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?))"};

constexpr db::Scoped<void, CompanyInput> update_one{R"(
    UPDATE companies SET name = COALESCE(?, name), address = COALESCE(?, address)
     WHERE company_id = ?)"};

constexpr db::Scoped<RowId> lock_one{R"(
    SELECT company_id AS id FROM companies WHERE company_id = ? FOR UPDATE)"};

void lock(Context& context) { context.db.one(lock_one, context.who().tenant); }

Answer show(Context& context) { return context.ok(one_company(context, context.who().tenant)); }

Answer update(Context& context) {
  const auto in = context.read<CompanyInput>();
  context.db.run(update_one, context.who().tenant, in);
  return show(context);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "company-detail",
     .path = "/accounts/company",
     .since = 1,
     .summary = "Your company. Admins change its name and address.",
     .operations =
         {{{get, staff, show},
           {.method = put, .access = admin, .handle = update, .summary = "Change your company."},
           {.method = patch,
            .access = admin,
            .handle = update,
            .summary = "Change some of your company."}}},
     .form = {put, describe_fields<Company, CompanyInput>},
     .lock = lock},
};

}  // namespace

std::span<const Route> company() { return routes; }

Company one_company(Context& context, const db::Tenant& tenant) {
  return context.db.one(select_one, tenant);
}

void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in) {
  context.db.run(insert_one, tenant, in.name.value(), in.address.value_or(""), base::Time::now());
}

}  // namespace app
