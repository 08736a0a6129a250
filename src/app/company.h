// app/company.h — how a company is shown and what may be written to it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "app/noun.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace app {

struct Company {
  base::Uuid id;
  std::string name;
  std::string address;

  static constexpr auto fields() {
    return std::tuple{base::field("id", &Company::id), base::field("name", &Company::name),
                      base::field("address", &Company::address)};
  }
};

inline constexpr Rule company_name_rule{.max_length = 100, .example = "Acme"};
inline constexpr Rule company_address_rule{
    .required = false, .blank = true, .max_length = 250, .example = "1 Main St"};

// What is said of a new company.
struct CompanyInput {
  std::optional<std::string> name;
  std::optional<std::string> address;

  static constexpr auto fields() {
    return std::tuple{rest::field("name", &CompanyInput::name, company_name_rule),
                      rest::field("address", &CompanyInput::address, company_address_rule)};
  }
};

// For how many days messages may be kept, where it is not for ever: a century.
inline constexpr std::int64_t most_messages_days = 36500;
// For so long none is deleted after a company has said that they live shorter, or was imported: a
// mistake can be undone, and what somebody did in another person's name is seen first.
inline constexpr std::int64_t messages_kept_seconds = 7 * base::day_seconds;

Company one_company(Context& context, const db::Tenant& tenant);
// Inside a transaction: locks the caller and their company, in the order of auth/lock.h.
void lock_company(Context& context);
// Inside a transaction: locks the caller's company. Throws base::Error{conflict} while it is moved
// to another installation: what is asked for here does not go along.
void check_stays(Context& context);
// The caller's company, as its own route shows it.
Answer show_company(Context& context);
void insert_company(Context& context, const db::Tenant& tenant, const CompanyInput& in);

}  // namespace app
