// app/company.cc — the company that one works in.
// Table: sql/0001_companies.sql. Tests: tests/contract (o06), tests/app/erasure_test.cc.
#include "app/company.h"

#include "app/erasure.h"
#include "app/noun.h"

namespace app {
namespace {

struct CompanyDetail {
  Uuid id;
  std::string name;
  std::string address;
  std::optional<Time> erase_at;

  static constexpr auto fields() {
    return std::tuple{
        base::field("id", &CompanyDetail::id), base::field("name", &CompanyDetail::name),
        base::field("address", &CompanyDetail::address),
        rest::field("erase_at", &CompanyDetail::erase_at,
                    {.help = "When it is erased, where an admin asked for that.", .since = 2})};
  }
};

constexpr db::Scoped<Company> select_one{R"(
    SELECT company_id AS id, name, address FROM companies WHERE company_id = ?)"};
constexpr db::Scoped<CompanyDetail> select_detail{R"(
    SELECT company_id AS id, name, address, erase_at FROM companies WHERE company_id = ?)"};

constexpr db::Scoped<void, std::string, std::string, base::Time> insert_one{R"(
    INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?))"};

constexpr db::Scoped<void, CompanyInput> update_one{R"(
    UPDATE companies SET name = COALESCE(?, name), address = COALESCE(?, address)
     WHERE company_id = ?)"};

constexpr db::Scoped<RowId> lock_one{R"(
    SELECT company_id AS id FROM companies WHERE company_id = ? FOR UPDATE)"};

// In the order of auth/lock.h.
void lock(Context& context) {
  context.lock_caller();
  context.db.one(lock_one, context.who().tenant);
}

Answer update(Context& context) {
  const auto in = context.read<CompanyInput>();
  context.db.run(update_one, context.who().tenant, in);
  return show_company(context);
}

using enum http::Method;
using enum auth::Access;
constexpr Operation show_it{
    .method = get, .access = staff, .handle = show_company, .while_erasing = true};
constexpr Operation put_it{
    .method = put, .access = admin, .handle = update, .summary = "Change your company."};
constexpr Operation patch_it{
    .method = patch, .access = admin, .handle = update, .summary = "Change some of your company."};
constexpr Route routes[] = {
    {.name = "company-detail",
     .path = "/accounts/company",
     .since = 1,
     .until = 1,
     .summary = "Your company. Admins change its name and address.",
     .operations = {{show_it, put_it, patch_it}},
     .form = {put, describe_fields<CompanyDetail, CompanyInput>},
     .lock = lock},
    {.name = "company-detail",
     .path = "/accounts/company",
     .summary = "Your company. Admins change its name and address.",
     .operations = {{show_it,
                     put_it,
                     patch_it,
                     {.method = delete_,
                      .access = admin,
                      .handle = erase_company,
                      .looks_at_condition = true,
                      .by = By::no_api_token,
                      .takes = erasure_fields,
                      .answers = 200,
                      .summary = "Erase your company, in 30 days. Everybody is logged out."}}},
     .form = {put, describe_fields<CompanyDetail, CompanyInput>},
     .lock = lock},
};

}  // namespace

std::span<const Route> company() { return routes; }

Company one_company(Context& context, const db::Tenant& tenant) {
  return context.db.one(select_one, tenant);
}

Answer show_company(Context& context) {
  return context.ok(context.db.one(select_detail, context.who().tenant));
}

void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in) {
  context.db.run(insert_one, tenant, in.name.value(), in.address.value_or(""), base::Time::now());
}

}  // namespace app
