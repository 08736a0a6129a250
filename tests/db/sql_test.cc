// tests/db/sql_test.cc — which statements db/sql.h lets through, and where it binds the company.
//
// tests/refused holds what must not compile. Here the same checker also runs at run time, on
// statements that are made up in bulk.
#include "db/sql.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "support/sql_refusal.h"

namespace {

using db::Scoped;
using db::Slots;
using support::refusal;

struct Row {};
using Id = int;
using Time = int;
using Text = std::string_view;

constexpr Scoped<Row, Text, Time> session{R"(
    SELECT s.user_id, u.role
      FROM sessions s
      JOIN users u ON u.company_id = s.company_id AND u.id = s.user_id
     WHERE s.company_id = ? AND s.token_hash = ? AND s.expires_at > ? AND u.removed_at IS NULL)"};

constexpr Scoped<Row, Id> company_and_unread{R"(
    SELECT c.company_id, c.name, c.address, COUNT(m.id)
      FROM companies c
      LEFT JOIN user_messages m
           ON m.company_id = c.company_id AND m.to_user = ? AND m.read_at IS NULL
     WHERE c.company_id = ?
     GROUP BY c.company_id, c.name, c.address)"};

constexpr Scoped<Row, Id, Time, Time, Time, Id, int, Id, Time, Time, Time, Id, int, int, int>
    sent_or_received{R"(
    (SELECT id, id, from_user, to_user, text, date, read_at FROM user_messages
      WHERE company_id = ? AND from_user = ? AND date >= ? AND date < ? AND (date > ? OR id > ?)
      ORDER BY date, id LIMIT ?)
    UNION ALL
    (SELECT id, id, from_user, to_user, text, date, read_at FROM user_messages
      WHERE company_id = ? AND to_user = ? AND date >= ? AND date < ? AND (date > ? OR id > ?)
        AND (? = 0 OR read_at IS NULL)
      ORDER BY date, id LIMIT ?)
    ORDER BY date, id LIMIT ?)"};

constexpr Scoped<void, Time, Id> remove_user{
    "UPDATE users SET removed_at = ?, identity_id = NULL"
    " WHERE company_id = ? AND id = ? AND removed_at IS NULL"};

constexpr Scoped<void, Time, Id, Id> mark_read{
    "UPDATE user_messages SET read_at = COALESCE(read_at, ?)"
    " WHERE company_id = ? AND id = ? AND to_user = ?"};

constexpr Scoped<void, Text, Text, Time> insert_company{
    "INSERT INTO companies (company_id, name, address, created_at) VALUES (?, ?, ?, ?)"};

constexpr Scoped<Row, Text> lock_admins{
    "SELECT id FROM users WHERE company_id = ? AND role = ? AND removed_at IS NULL FOR UPDATE"};

constexpr Scoped<void, Id, Text> end_other_sessions{
    "DELETE FROM sessions WHERE company_id = ? AND user_id = ? AND token_hash <> ?"};

constexpr Scoped<Row, Text, int> customers_by_name{
    "SELECT id, name FROM customers WHERE company_id = ? AND name LIKE ?"
    " ORDER BY created_at DESC, id DESC LIMIT ?"};

static_assert(session.slots == Slots{1});
static_assert(company_and_unread.slots == Slots{2});
static_assert(sent_or_received.slots == Slots{1, 8});
static_assert(remove_user.slots == Slots{2});
static_assert(mark_read.slots == Slots{2});
static_assert(insert_company.slots == Slots{1});
static_assert(lock_admins.slots == Slots{1});
static_assert(end_other_sessions.slots == Slots{1});
static_assert(customers_by_name.slots == Slots{1});

constexpr std::array product{session.sql,     company_and_unread.sql, sent_or_received.sql,
                             remove_user.sql, mark_read.sql,          insert_company.sql,
                             lock_admins.sql, end_other_sessions.sql, customers_by_name.sql};

// What could bring other rows in, or make MySQL and the checker read two different statements.
constexpr std::string_view widening[] = {"JOIN users",
                                         "CROSS JOIN users x",
                                         "UNION ALL SELECT id FROM users",
                                         "(SELECT id FROM users)",
                                         "= (SELECT id FROM users)",
                                         "XOR 1",
                                         "|| 1",
                                         "INTO OUTFILE",
                                         "IGNORE",
                                         "HAVING 1",
                                         "WHERE 1",
                                         "ON 1",
                                         "COLLATE utf8mb4_bin",
                                         "-- 1",
                                         "/* 1",
                                         ":= 1"};
constexpr std::string_view odd_bytes = "'\"`#@;|&^~%/\\[]{}$:!.\f\v\r\b\x01\x7f\xc2\xa0\xff";

// `sql` with `extra` put in at every blank in turn.
std::vector<std::string> with_extra(std::string_view sql, std::string_view extra) {
  std::vector<std::string> all;
  for (auto at = sql.find(' '); at != sql.npos; at = sql.find(' ', at + 1))
    all.push_back(std::string(sql.substr(0, at)) + " " + std::string(extra) +
                  std::string(sql.substr(at)));
  all.push_back(std::string(sql) + " " + std::string(extra));
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sql)

BOOST_AUTO_TEST_CASE(slots_say_which_placeholders_are_the_companys) {
  constexpr Slots slots = sent_or_received.slots;
  static_assert(slots.size() == 2 && slots[0] == 1 && slots[1] == 8);
  BOOST_TEST(slots.contains(8));
  BOOST_TEST(!slots.contains(2));
  BOOST_TEST(!slots.contains(0));
}

BOOST_AUTO_TEST_CASE(the_company_is_found_behind_any_number_of_placeholders) {
  static constexpr Scoped<void, int, int, int, int> update{
      "UPDATE users SET a = ?, b = b + 1, c = IF(? = 0, ?, c)"
      " WHERE company_id = ? AND id = ? ORDER BY id LIMIT 1"};
  static constexpr Scoped<Row, int, int, int, int> self_join{
      "SELECT IF(a.id = ?, 1, 0) AS mine FROM users a"
      " JOIN users AS b ON b.company_id = a.company_id AND b.id = ?"
      " WHERE a.company_id = ? LIMIT ? OFFSET ?"};
  BOOST_TEST((update.slots == Slots{4}));
  BOOST_TEST((self_join.slots == Slots{3}));
}

BOOST_AUTO_TEST_CASE(what_the_grammar_has_passes) {
  for (const char* sql : {
           "select id from users where company_id = ?",
           "SELECT\n\tid\nFROM users WHERE COMPANY_ID=?",
           "SELECT DISTINCT role FROM users AS u WHERE u.company_id = ? ORDER BY role ASC",
           "SELECT COUNT(*), COUNT(DISTINCT role), MAX(-id) FROM users WHERE company_id = ?",
           "SELECT id FROM users WHERE company_id = ? AND (date, id) > (?, ?) LIMIT 10 OFFSET 5",
           "SELECT id FROM users WHERE company_id = ? AND NOT (id IN (?, ?) OR role NOT LIKE ?)",
           "SELECT id FROM users WHERE company_id = ? AND id BETWEEN ? AND ? AND x IS NOT NULL",
           "SELECT id FROM users WHERE company_id = ? FOR UPDATE SKIP LOCKED",
           "SELECT id FROM users WHERE company_id = ? FOR UPDATE NOWAIT",
           "SELECT id FROM users WHERE company_id = ? LOCK IN SHARE MODE",
           "SELECT a.id FROM users a JOIN users b ON b.company_id = a.company_id"
           " INNER JOIN users c ON c.company_id = b.company_id AND (c.id = a.id OR c.id = b.id)"
           " LEFT JOIN users d ON d.company_id = a.company_id WHERE a.company_id = ?",
           "SELECT users.id FROM users LEFT JOIN sessions ON sessions.company_id = users.company_id"
           " WHERE users.company_id = ?",
           "INSERT INTO users (company_id) VALUES (?)",
           "INSERT INTO users (company_id, id, date) VALUES (?, ?, UTC_TIMESTAMP(6))",
           "DELETE FROM users WHERE users.company_id = ?",
           "(SELECT id FROM a WHERE company_id = ?) UNION ALL"
           " (SELECT id FROM b WHERE company_id = ?) LIMIT 5",
       })
    BOOST_TEST(refusal(sql) == "", sql << ": " << refusal(sql));
}

BOOST_AUTO_TEST_CASE(a_product_statement_is_refused_without_any_of_its_ties) {
  for (std::string_view sql : product) {
    BOOST_TEST(refusal(sql) == "");
    int ties = 0;
    for (auto at = sql.find("company_id"); at != sql.npos; at = sql.find("company_id", at + 1)) {
      const auto after = sql.substr(at + 10);
      if (!after.starts_with(" = ") && !sql.starts_with("INSERT")) continue;
      ties++;
      const auto untied = std::string(sql.substr(0, at)) + "id" + std::string(after);
      BOOST_TEST(refusal(untied) != "", untied << " passes");
    }
    BOOST_TEST(ties > 0);
  }
}

BOOST_AUTO_TEST_CASE(nothing_that_widens_a_product_statement_may_be_added_anywhere) {
  for (std::string_view sql : product)
    for (std::string_view extra : widening)
      for (const auto& wider : with_extra(sql, extra))
        BOOST_TEST(refusal(wider) != "", wider << " passes");
}

BOOST_AUTO_TEST_CASE(no_odd_byte_may_be_added_to_a_product_statement_anywhere) {
  for (std::string_view sql : product)
    for (char odd : odd_bytes)
      for (const auto& other : with_extra(sql, std::string(1, odd)))
        BOOST_TEST(refusal(other) != "", other << " passes");
}

BOOST_AUTO_TEST_CASE(or_is_refused_wherever_it_is_not_in_parentheses) {
  for (std::string_view sql : {session.sql, company_and_unread.sql, remove_user.sql,
                               lock_admins.sql, end_other_sessions.sql, customers_by_name.sql})
    for (const auto& wider : with_extra(sql, "OR 1"))
      BOOST_TEST(refusal(wider) != "", wider << " passes");
}

BOOST_AUTO_TEST_SUITE_END()
