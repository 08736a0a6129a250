// app/customers.cc — the customers of a company.
// Tables: sql/0006_customers.sql, sql/0023_customers_keys.sql. Tests: tests/app/customers_test.cc.
#include "app/noun.h"

namespace app {
namespace {

struct Customer {
  base::SelfLink<"/customers/"> url;
  Uuid id;
  std::string name, email, phone, notes;
  Time created_at, updated_at;

  FIELDS(Customer, url, id, name, email, phone, notes, created_at, updated_at)
  KEYS(Customer, name, email)
};

// Twins of before the keys (sql/0023_customers_keys.sql) share an address, and may keep it.
constexpr db::Scoped<RowId, std::string, Uuid> of_email{R"(
    SELECT id FROM customers WHERE company_id = ? AND email_key = ? ORDER BY id <> ? LIMIT 1)"};

struct CustomerInput {
  std::optional<std::string> name, email, phone, notes;

  static constexpr auto fields() {
    using In = CustomerInput;
    return std::tuple{
        rest::field("name", &In::name, {.max_length = 100, .example = "Jo Doe"}),
        rest::field("email", &In::email, email_rule),
        rest::field(
            "phone", &In::phone,
            {.required = false, .blank = true, .max_length = 30, .example = "+49 30 901820"}),
        rest::field("notes", &In::notes,
                    {.required = false, .blank = true, .example = "Call in May."})};
  }
  KEYS(CustomerInput, name, email)
  void validate(const Context& context, base::Problems& problems) const {
    const auto key = base::search_key(email.value_or(""));
    const auto holder = context.db.find(of_email, context.who().tenant, key, context.id);
    if (email && holder && holder->id != context.id)
      problems.add("email", "A customer with that email already exists.");
  }
};

struct CustomerFilters {
  Folded email;
  Prefix name;
  Containing q;  // somewhere in the name, the address or the number
  using In = CustomerFilters;
  static constexpr auto fields() {
    return std::tuple{
        rest::field("email", &In::email,
                    {.help = "Exactly, in any case.", .example = "kim@example.com"}),
        rest::field("name", &In::name,
                    {.max_length = 300, .help = "The name, or its beginning.", .example = "Jo"}),
        rest::field("q", &In::q,
                    {.blank = true,
                     .max_length = 300,
                     .help = "Somewhere in name, e-mail or phone. The newest first.",
                     .example = "doe"})};
  }
  static constexpr auto placeholders() { return std::tuple{&In::name, &In::q, &In::q, &In::q}; }
  const std::optional<std::string>& key() const { return email.value; }
  bool narrow() const { return name.is_given || q.is_given; }
};

constexpr FilteredList<Customer, CustomerFilters> list{
    R"(SELECT id, name, email, phone, SUBSTR(notes, 1, ?) AS notes, created_at, updated_at,
              LENGTH(notes) AS bytes)",
    " FROM customers FORCE INDEX (in_order) WHERE company_id = ?",
    " FROM customers FORCE INDEX (email_key) WHERE company_id = ? AND email_key = ?",
    " AND name_key LIKE ? AND (name_key LIKE ? OR email_key LIKE ? OR LOWER(phone) LIKE ?)",
    "created_at"};
constexpr base::Literal select_by_id = R"(
    SELECT id, name, email, phone, notes, created_at, updated_at FROM customers
     WHERE company_id = ? AND id = ?)";
constexpr db::Scoped<Customer, Uuid> select_one{select_by_id};
constexpr db::Scoped<Customer, Uuid> lock_one{select_by_id + " FOR UPDATE"};
constexpr db::Scoped<void, Customer> insert_one{R"(
    INSERT INTO customers (company_id, id, name, email, phone, notes, created_at, updated_at,
                           name_key, email_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"};
constexpr db::Scoped<void, CustomerInput, Time, Uuid> update_one{R"(
    UPDATE customers SET name = COALESCE(?, name), email = COALESCE(?, email),
           phone = COALESCE(?, phone), notes = COALESCE(?, notes), name_key = COALESCE(?, name_key),
           email_key = COALESCE(?, email_key), updated_at = ? WHERE company_id = ? AND id = ?)"};
constexpr db::Scoped<void, Uuid> delete_one{
    "DELETE FROM customers WHERE company_id = ? AND id = ?"};

Answer create(Context& context) {
  Customer customer;
  customer.id = context.new_id();
  customer.created_at = customer.updated_at = Time::now();
  return context.create<CustomerInput>(select_one, insert_one, customer);
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "customer-list",
     .path = "/customers/",
     .since = 1,
     .summary = "The customers of your company, in the order in which they were added.",
     .operations =
         {{{get, staff, filtered_rows<list>},
           {.method = post, .access = staff, .handle = create, .summary = "Add a customer."}}},
     .form = {post, describe_fields<Customer, CustomerInput>},
     .list = {describe_filters<CustomerFilters>, &by_creation}},
    {.name = "customer-detail",
     .path = "/customers/{customer_id}",
     .since = 1,
     .summary = "One customer. Admins delete.",
     .operations = {{{get, staff, show_row<select_one>},
                     {.method = put,
                      .access = staff,
                      .handle = update_row<select_one, update_one>,
                      .summary = "Change a customer."},
                     {.method = patch,
                      .access = staff,
                      .handle = update_row<select_one, update_one>,
                      .summary = "Change some of a customer."},
                     {.method = delete_,
                      .access = staff,
                      .handle = delete_by_admin<select_one, delete_one>,
                      .permitted = caller_is_admin,
                      .summary = "Delete a customer."}}},
     .form = {put, describe_fields<Customer, CustomerInput>},
     .lock = lock_row<lock_one>},
};

}  // namespace

std::span<const Route> customers() { return routes; }

}  // namespace app
