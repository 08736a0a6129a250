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

// "DELETE"; or on one column, "SELECT (id)".
using Privileges = std::set<std::string>;

Privileges to_serve(const std::string& table) {
  if (table == "schema_migrations") return {"SELECT"};
  if (table == "audit") return {"SELECT", "INSERT"};
  return {"SELECT", "INSERT", "UPDATE", "DELETE"};
}

// What admin/clean.cc deletes: what expires, messages that are kept no longer, and all of a company
// that is erased, or that nobody has ever seen. It writes what is kept beside messages
// (app/conversations.h), no more; and of people it sees their ids: who is nowhere is deleted.
Privileges to_clean(const std::string& table) {
  if (table == "derived" || table == "schema_migrations") return {"SELECT"};
  if (table == "identities") return {"DELETE", "SELECT (id)"};
  if (table == "mails") return {"DELETE", "SELECT (created_at)", "SELECT (identity_id)"};
  if (table == "conversations") return {"SELECT", "UPDATE", "DELETE"};
  if (table == "inboxes") return {"SELECT", "INSERT", "UPDATE", "DELETE"};
  return {"SELECT", "DELETE"};
}

// What admin/exports.cc reads (app/archive), and the rows that it works off.
Privileges to_export(const std::string& table) {
  if (table == "exports") return {"SELECT", "UPDATE", "DELETE"};
  for (const auto* each :
       {"audit", "companies", "customers", "schema_migrations", "user_messages", "users"})
    if (table == each) return {"SELECT"};
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

}  // namespace

// One account of the program, and what it may do: the one class that asks for that.
class Grantee {
 public:
  // Without a right it cannot name the schema, and so connects without.
  explicit Grantee(base::Config config) : schema_(std::exchange(config.db_name, "")), db_(config) {}

  std::string account() { return db_.find({}, Exempt::current_account)->value; }
  std::map<std::string, Privileges> rights_on_tables() {
    std::map<std::string, Privileges> rights;
    for (const auto& right : db_.all({}, Exempt::rights_on_tables, schema_))
      rights[right.table_name].insert(right.privilege_type);
    for (const auto& right : db_.all({}, Exempt::rights_on_columns, schema_))
      rights[right.table_name].insert(right.privilege_type + " (" + right.column_name + ")");
    return rights;
  }
  Privileges rights_on_all_tables() {
    Privileges rights;
    for (const auto& right : db_.all({}, Exempt::rights_on_all_tables, schema_))
      rights.insert(right.value);
    return rights;
  }
  // Those that there are, as the owner of the schema sees them.
  static std::vector<Text> tables(Connection& owner) { return owner.all({}, Exempt::tables); }

 private:
  const std::string schema_;
  Connection db_;
};

namespace {

// Adds the statements for the account of `config`.
void add_grants(std::vector<std::string>& statements, Connection& owner, const base::Config& config,
                Privileges (*wanted_on)(const std::string& table)) {
  Grantee grantee(config);
  const auto account = quoted_account(grantee.account());
  const auto schema = quoted(config.db_name, '`');
  const auto add = [&](std::string_view verb, const Privileges& privileges, std::string_view object,
                       std::string_view preposition) {
    if (!privileges.empty())
      statements.push_back(fmt::format("{} {} ON {} {} {}", verb, fmt::join(privileges, ", "),
                                       object, preposition, account));
  };
  auto has = grantee.rights_on_tables();
  for (const auto& table : Grantee::tables(owner)) {
    const auto object = schema + "." + quoted(table.value, '`');
    const auto wanted = wanted_on(table.value);
    add("GRANT", without(wanted, has[table.value]), object, "TO");
    add("REVOKE", without(has[table.value], wanted), object, "FROM");
  }
  // Last, so that a program that is running does not notice: what was given on all tables at once.
  add("REVOKE", grantee.rights_on_all_tables(), schema + ".*", "FROM");
}

// An account that an installation may do without.
struct Other {
  const base::Account& account;
  Privileges (*wanted_on)(const std::string& table);
  std::string_view section;
};

}  // namespace

std::vector<std::string> grants(Connection& owner, const base::Config& config) {
  std::vector<std::string> statements;
  if (config.owner_account.user.empty() || config.owner_account.user == config.db_account.user)
    return statements;
  add_grants(statements, owner, config, to_serve);
  for (const auto& other : {Other{config.clean_account, to_clean, "[clean]"},
                            Other{config.exports_account, to_export, "[exports]"}}) {
    if (other.account.user.empty()) continue;
    auto as_other = config;
    as_other.db_account = other.account;
    try {
      add_grants(statements, owner, as_other, other.wanted_on);
    } catch (const base::Error& error) {
      base::log_event(base::Severity::warning,
                      fmt::format("nothing can be done with the account of {}: {}", other.section,
                                  error.cause));
    }
  }
  return statements;
}

}  // namespace db
