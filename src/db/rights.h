// db/rights.h — which statements can end or change what somebody may do. The pool remembers callers
// for a moment (auth/known_callers.h), and such a statement makes it forget them.
//
// This is an allow-list: a table, a column or a shape of statement that is not named here counts as
// one that can.
#pragma once
#include <string_view>

#include "db/sql_tokens.h"

namespace db::check {

// Tables whose rows have nothing to do with who somebody is or what they may do.
constexpr bool is_beside_rights(std::string_view table) {
  for (const std::string_view each :
       {"audit", "changes", "conversations", "customers", "derived", "exports", "idempotency_keys",
        "inboxes", "known_addresses", "mails", "schema_migrations", "throttles", "user_messages"})
    if (table == each) return true;
  return false;
}

// The same of one column of a table whose others do. (By an identity's name somebody logs in; who
// they are then is in `users`; and with a second factor, which those who are in have shown. While a
// company is imported nobody can come in.)
constexpr bool is_beside_rights(std::string_view table, std::string_view column) {
  if (table == "sessions") return same(column, "last_seen_at");
  if (table == "api_tokens") return same(column, "last_used_at");
  if (table == "companies") return one_of(column, {"name", "address", "importing_until"});
  if (table == "identities")
    return one_of(column, {"default_company_id", "email", "email_key", "email_verified_at",
                           "factor_ended_at", "factor_secret", "factor_step", "new_email",
                           "new_email_ends_at", "new_email_token", "recovery_codes", "username",
                           "username_key", "wrong_codes", "wrong_codes_at"});
  return false;
}

// Tables of which a new row is a new way in, or a new person or company to come in: whoever is
// known already stays what they are.
constexpr bool is_new_way_in(std::string_view table) {
  for (const std::string_view each :
       {"api_tokens", "companies", "identities", "invitations", "password_links", "refresh_tokens",
        "sessions", "token_families", "users"})
    if (table == each) return true;
  return false;
}

// Passes over an expression, to where the next one or a clause begins.
constexpr void skip_expression(Tokens& sql) {
  for (int depth = 0; !sql.at_end();) {
    if (depth == 0 && one_of(sql.peek(), {",", "where", "order", "limit"})) return;
    const auto token = sql.take();
    if (token == "(") depth++;
    if (token == ")") depth--;
  }
}

// Whether a statement can end or change what somebody may do.
constexpr bool changes_rights(std::string_view text) {
  Tokens sql(text);
  if (sql.is("select") || sql.is("(")) return false;
  if (sql.take("insert")) {
    if (!sql.take("into")) return true;
    const auto table = sql.take();
    if (is_beside_rights(table)) return false;
    for (auto rest = sql; !rest.at_end();)
      if (one_of(rest.take(), {"select", "duplicate"})) return true;
    return !is_new_way_in(table);
  }
  if (sql.take("update")) {
    const auto table = sql.take();
    skip_forced_index(sql);
    if (!sql.take("set")) return true;
    if (is_beside_rights(table)) return false;
    do {
      if (!is_beside_rights(table, unqualified(sql.take()))) return true;
      skip_expression(sql);
    } while (sql.take(","));
    return false;
  }
  if (!sql.take("delete") || !sql.take("from")) return true;
  const bool known = is_beside_rights(sql.take());
  return !known || !(sql.at_end() || one_of(sql.peek(), {"where", "order", "limit"}));
}

// Whether a statement can end a stream of events (db/changes.h). A stream stands on the rows of
// sessions, tokens, users and companies; not on a role or a name.
constexpr bool ends_streams(std::string_view text) {
  if (!changes_rights(text)) return false;
  Tokens sql(text);
  if (!sql.take("update")) {
    sql.take("delete");
    sql.take("from");
    return !one_of(sql.peek(), {"invitations", "password_links", "refresh_tokens"});
  }
  const auto table = sql.take();
  skip_forced_index(sql);
  if (one_of(table, {"invitations", "password_links", "refresh_tokens"})) return false;
  if (table != "users" || !sql.take("set")) return true;
  do {
    if (!one_of(unqualified(sql.take()), {"display_name", "role", "username"})) return true;
    skip_expression(sql);
  } while (sql.take(","));
  return false;
}

}  // namespace db::check
