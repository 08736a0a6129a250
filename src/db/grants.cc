// db/grants.cc — see grants.h.
#include "db/grants.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "db/connection.h"
#include "db/unscoped.h"

namespace db {
namespace {

using Privileges = std::set<std::string>;

Privileges wanted_on(const std::string& table) {
  if (table == "schema_migrations") return {"SELECT"};
  if (table == "audit") return {"SELECT", "INSERT"};
  return {"SELECT", "INSERT", "UPDATE", "DELETE"};
}

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote || (c == '\\' && quote == '\'')) result += c;
    result += c;
  }
  return result + quote;
}

// "partywall@localhost" → 'partywall'@'localhost'
std::string quoted_account(const std::string& account) {
  const auto at = account.rfind('@');
  return quoted(account.substr(0, at), '\'') + "@" + quoted(account.substr(at + 1), '\'');
}

Privileges without(Privileges all, const Privileges& some) {
  for (const auto& each : some) all.erase(each);
  return all;
}

}  // namespace

std::vector<std::string> grants(Connection& owner, const base::Config& config) {
  if (config.owner_account.user.empty() || config.owner_account.user == config.db_account.user)
    return {};
  auto without_database = config;  // where it has no right yet it cannot name one
  without_database.db_name.clear();
  Connection app(without_database);
  const auto account = quoted_account(app.find(Exempt::current_account)->value);
  const auto schema = quoted(config.db_name, '`');

  std::vector<std::string> statements;
  const auto add = [&](std::string_view verb, const Privileges& privileges, std::string_view object,
                       std::string_view preposition) {
    if (!privileges.empty())
      statements.push_back(fmt::format("{} {} ON {} {} {}", verb, fmt::join(privileges, ", "),
                                       object, preposition, account));
  };
  std::map<std::string, Privileges> has;
  for (const auto& right : app.all(Exempt::rights_on_tables, config.db_name))
    has[right.table].insert(right.privilege);
  for (const auto& table : owner.all(Exempt::tables)) {
    const auto object = schema + "." + quoted(table.value, '`');
    const auto wanted = wanted_on(table.value);
    add("GRANT", without(wanted, has[table.value]), object, "TO");
    add("REVOKE", without(has[table.value], wanted), object, "FROM");
  }
  // Last, so that a program that is running does not notice: what was given on all tables at once.
  Privileges on_all;
  for (const auto& right : app.all(Exempt::rights_on_all_tables, config.db_name))
    on_all.insert(right.value);
  add("REVOKE", on_all, schema + ".*", "FROM");
  return statements;
}

}  // namespace db
