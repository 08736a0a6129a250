// app/company.h — how a company is shown and what may be written to it.
#pragma once
#include <optional>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace app {

struct Company {
  base::Uuid id;
  std::string name;
  std::string address;

  FIELDS(Company, id, name, address)
};

struct CompanyInput {
  std::optional<std::string> name;
  std::optional<std::string> address;

  static constexpr auto fields() {
    return std::tuple{
        rest::field("name", &CompanyInput::name, {.max_length = 100, .example = "Acme"}),
        rest::field("address", &CompanyInput::address,
                    {.required = false, .blank = true, .max_length = 250, .example = "1 Main St"})};
  }
};

Company one_company(Context& context, const db::Tenant& tenant);
// The caller's company, as its own route shows it.
Answer show_company(Context& context);
void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in);

}  // namespace app
