// app/company.cc — the company that one works in.
// Table: sql/0001_companies.sql. Tests: tests/contract (o06).
#include "app/company.h"

#include "app/describe.h"

namespace app {
namespace {

constexpr db::Scoped<Company> select_one{R"(
    SELECT company_id, name, address FROM companies WHERE company_id = ?)"};

constexpr db::Scoped<void, std::string, std::string, base::Time> insert_one{R"(
    INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?))"};

constexpr db::Scoped<void, CompanyInput> update_one{R"(
    UPDATE companies SET name = COALESCE(?, name), address = COALESCE(?, address)
     WHERE company_id = ?)"};

constexpr db::Scoped<RowId> lock_one{R"(
    SELECT company_id FROM companies WHERE company_id = ? FOR UPDATE)"};

void lock(Call& call) { call.db.one(lock_one, call.who().tenant); }

http::Response show(Call& call) { return call.ok(one_company(call, call.who().tenant)); }

http::Response update(Call& call) {
  const auto in = call.read<CompanyInput>();
  call.db.run(update_one, call.who().tenant, in);
  return show(call);
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "company-detail",
     .path = "/api/v1/accounts/company",
     .summary = "Your company. Admins change its name and address.",
     .operations = {{{get, staff, show}, {put, admin, update}, {patch, admin, update}}},
     .form = {put, describe_fields<Company, CompanyInput>},
     .lock = lock},
};

}  // namespace

std::span<const View> company() { return views; }

Company one_company(Call& call, const db::Tenant& tenant) {
  return call.db.one(select_one, tenant);
}

void insert_company(Call& call, const db::Tenant& tenant, const CompanyInput& in) {
  call.db.run(insert_one, tenant, in.name.value(), in.address.value_or(""), base::Time::now());
}

}  // namespace app
