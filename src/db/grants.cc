// db/grants.cc — see grants.h.
#include "db/grants.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/log.h"
#include "db/connection.h"
#include "db/unscoped.h"

namespace db {
namespace {

using Privileges = std::set<std::string>;

Privileges to_serve(const std::string& table) {
  if (table == "schema_migrations") return {"SELECT"};
  if (table == "audit") return {"SELECT", "INSERT"};
  return {"SELECT", "INSERT", "UPDATE", "DELETE"};
}

// What admin/clean.cc deletes from, and what it reads to go through the companies.
Privileges to_clean(const std::string& table) {
  static const std::set<std::string> expire = {"api_tokens",  "idempotency_keys", "audit",
                                               "invitations", "known_addresses",  "refresh_tokens",
                                               "sessions",    "throttles",        "token_families"};
  static const std::set<std::string> known = {"companies", "schema_migrations", "users"};
  if (expire.contains(table)) return {"SELECT", "DELETE"};
  if (known.contains(table)) return {"SELECT"};
  return {};
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

// Adds the statements for the account of `config`.
void add_grants(std::vector<std::string>& statements, Connection& owner, base::Config config,
                Privileges (*wanted_on)(const std::string& table)) {
  const auto name = std::exchange(config.db_name, "");  // without a right it cannot name one
  Connection grantee(config);
  const auto account = quoted_account(grantee.find(Exempt::current_account)->value);
  const auto schema = quoted(name, '`');
  const auto add = [&](std::string_view verb, const Privileges& privileges, std::string_view object,
                       std::string_view preposition) {
    if (!privileges.empty())
      statements.push_back(fmt::format("{} {} ON {} {} {}", verb, fmt::join(privileges, ", "),
                                       object, preposition, account));
  };
  std::map<std::string, Privileges> has;
  for (const auto& right : grantee.all(Exempt::rights_on_tables, name))
    has[right.table_name].insert(right.privilege_type);
  for (const auto& table : owner.all(Exempt::tables)) {
    const auto object = schema + "." + quoted(table.value, '`');
    const auto wanted = wanted_on(table.value);
    add("GRANT", without(wanted, has[table.value]), object, "TO");
    add("REVOKE", without(has[table.value], wanted), object, "FROM");
  }
  // Last, so that a program that is running does not notice: what was given on all tables at once.
  Privileges on_all;
  for (const auto& right : grantee.all(Exempt::rights_on_all_tables, name))
    on_all.insert(right.value);
  add("REVOKE", on_all, schema + ".*", "FROM");
}

}  // namespace

std::vector<std::string> grants(Connection& owner, const base::Config& config) {
  std::vector<std::string> statements;
  if (config.owner_account.user.empty() || config.owner_account.user == config.db_account.user)
    return statements;
  add_grants(statements, owner, config, to_serve);
  if (config.clean_account.user.empty()) return statements;
  auto cleaner = config;
  cleaner.db_account = config.clean_account;
  try {
    add_grants(statements, owner, cleaner, to_clean);
  } catch (const base::Error& error) {
    base::log_event(base::Severity::warning,
                    "nothing can be deleted with the account of [clean]: " + error.cause);
  }
  return statements;
}

}  // namespace db
