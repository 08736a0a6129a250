// tests/db/sql_refusals_test.cc — more statements that db/sql.h refuses, in a row; see sql_test.cc.
#include <boost/test/unit_test.hpp>
#include <string>

#include "support/sql_refusal.h"

namespace {

using support::refusal;

constexpr const char* refused[] = {
    "",
    "SELECT",
    "SELECT 1",
    "SELECT * FROM users WHERE company_id = ?",
    "SELECT users.* FROM users WHERE company_id = ?",
    "SELECT id user_id FROM users WHERE company_id = ?",
    "SELECT id FROM users WHERE company_id = ? AND",
    "SELECT id FROM users WHERE company_id = ? GROUP BY role WITH ROLLUP",
    "SELECT id FROM users WHERE company_id = ? LIMIT ?, ?",
    "SELECT id FROM users WHERE company_id = ? LIMIT id",
    "SELECT id FROM users WHERE company_id = ? FOR UPDATE OF users",
    "SELECT id FROM users WHERE company_id = ? FOR UPDATE FOR UPDATE",
    "SELECT id FROM users WHERE company_id = ? PROCEDURE ANALYSE()",
    "SELECT id FROM users WHERE company_id = ? INTO DUMPFILE ?",
    "SELECT id FROM users WHERE company_id = ? AND id = ANY (SELECT id FROM users)",
    "SELECT id FROM users WHERE company_id = ? AND id IN (TABLE users)",
    "SELECT id FROM users WHERE company_id = ? AND SLEEP(10)",
    "SELECT id FROM users WHERE company_id = ? AND BENCHMARK(1, 1)",
    "SELECT id FROM users WHERE company_id = ? AND GET_LOCK(1, 1)",
    "SELECT LAST_INSERT_ID() FROM users WHERE company_id = ?",
    "SELECT id FROM users WHERE company_id = ? AND a.b.c = 1",
    "SELECT id FROM users WHERE company_id = ? AND id = 0x41",
    "SELECT id FROM users WHERE company_id = ? AND id = 1.5",
    "SELECT id FROM users WHERE company_id = ? AND id = .5",
    "SELECT id FROM users WHERE company_id = ? AND ! id",
    "SELECT id FROM users WHERE company_id = ? AND ()",
    "SELECT id FROM users WHERE company_id = ? AND id NOT = 1",
    "SELECT id FROM users WHERE company_id = ? ORDER BY (SELECT 1)",
    "SELECT id FROM users u FORCE INDEX () WHERE u.company_id = ?",
    "SELECT id FROM users u FORCE INDEX (x, y) WHERE u.company_id = ?",
    "SELECT id FROM users u FORCE INDEX (x) FORCE INDEX (y) WHERE u.company_id = ?",
    "SELECT id FROM users u FORCE INDEX FOR ORDER BY (x) WHERE u.company_id = ?",
    "SELECT id FROM users FORCE INDEX (x) u WHERE u.company_id = ?",
    "SELECT id FROM users FORCE INDEX (x) OR company_id = ?",
    "INSERT INTO b (company_id, id) SELECT company_id, u.id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT b.company_id, id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT u.id, u.company_id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT ?, u.id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT u.company_id + 1, id FROM users u WHERE u.company_id = "
    "?",
    "INSERT INTO b (company_id, id) SELECT u.company_id, u.id FROM users u",
    "INSERT INTO b (company_id, id) SELECT u.company_id, u.id FROM users u WHERE u.id = ?",
    "INSERT INTO b (company_id, id) SELECT u.company_id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT u.company_id, u.id FROM users u, c WHERE u.company_id = "
    "?",
    "INSERT INTO b (company_id, id) SELECT u.company_id, u.id FROM users u WHERE u.company_id = ?"
    " ON DUPLICATE KEY UPDATE company_id = ?",
    "INSERT INTO b (company_id, id) (SELECT u.company_id, u.id FROM users u WHERE u.company_id = "
    "?)",
    "INSERT INTO b (id, company_id) SELECT u.id, u.company_id FROM users u WHERE u.company_id = ?",
    "INSERT INTO b (company_id, id) SELECT u.company_id, u.id FROM users u WHERE u.company_id = ?"
    " UNION ALL SELECT company_id, id FROM users",
    "UPDATE users FORCE INDEX (x, y) SET role = ? WHERE company_id = ?",
    "UPDATE users FORCE INDEX (x) JOIN b SET role = ? WHERE company_id = ?",
    "UPDATE users FORCE INDEX (x) u SET role = ? WHERE company_id = ?",
    "UPDATE users SET role = ? FORCE INDEX (x) WHERE company_id = ?",
    "DELETE FROM users FORCE INDEX (x) WHERE company_id = ?",
    "SELECT id FROM users PARTITION (p) WHERE company_id = ?",
    "SELECT id FROM information_schema.tables WHERE company_id = ?",
    "SELECT id FROM users FOR SYSTEM_TIME ALL WHERE company_id = ?",
    "SELECT id FROM users company_id WHERE company_id.id = ?",
    "SELECT id FROM users right JOIN users b ON b.company_id = right.company_id"
    " WHERE right.company_id = ?",
    "SELECT id FROM users a FULL JOIN users b ON b.company_id = a.company_id"
    " WHERE a.company_id = ?",
    "SELECT id FROM (users a JOIN users b ON b.company_id = a.company_id)"
    " WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN (users b, users c) ON b.company_id = a.company_id"
    " WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b JOIN users c ON c.company_id = a.company_id"
    " ON b.company_id = a.company_id WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b ON NOT b.company_id = a.company_id"
    " WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b ON (b.company_id = a.company_id OR 1)"
    " WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b ON b.company_id = a.company_id IS NULL"
    " WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b ON company_id = a.company_id WHERE a.company_id = ?",
    "SELECT id FROM users a JOIN users b ON b.company_id = ? WHERE a.company_id = ?",
    "UPDATE users SET role = (SELECT role FROM users) WHERE company_id = ?",
    "UPDATE users SET role = ?, company_id = company_id WHERE company_id = ?",
    "UPDATE users SET role = ? WHERE company_id = ? OR 1",
    "UPDATE users u SET role = ? WHERE u.company_id = ?",
    "UPDATE IGNORE users SET role = ? WHERE company_id = ?",
    "UPDATE other.users SET role = ? WHERE company_id = ?",
    "UPDATE users SET role = ? WHERE company_id = ? FOR UPDATE",
    "DELETE users FROM users JOIN sessions WHERE users.company_id = ?",
    "DELETE FROM users, sessions WHERE company_id = ?",
    "DELETE LOW_PRIORITY FROM users WHERE company_id = ?",
    "DELETE QUICK FROM users WHERE company_id = ?",
    "DELETE FROM users WHERE company_id = ? RETURNING id",
    "INSERT INTO users () VALUES ()",
    "INSERT INTO users (users.company_id, id) VALUES (?, ?)",
    "INSERT INTO users (company_id, other.id) VALUES (?, ?)",
    "INSERT INTO other.users (company_id, id) VALUES (?, ?)",
    "INSERT INTO users (company_id, id) VALUE (?, ?)",
    "INSERT INTO users (company_id, id) VALUES ((?), ?)",
    "INSERT INTO users (company_id, id) VALUES (NOT ?, ?)",
    "INSERT INTO users (company_id, id) VALUES (?, ?, ?)",
    "INSERT INTO users (company_id, id) VALUES (?, ?) RETURNING id",
    "INSERT INTO users (company_id, id) VALUES (?, ?) AS new",
    "INSERT INTO users (company_id, id) TABLE users",
    "INSERT DELAYED INTO users (company_id, id) VALUES (?, ?)",
    "INSERT LOW_PRIORITY INTO users (company_id, id) VALUES (?, ?)",
    "INSERT INTO users (company_id, id) VALUES (?, ?) UNION ALL SELECT id FROM users",
    "(SELECT id FROM a WHERE company_id = ?) UNION ALL SELECT id FROM b WHERE company_id = ?",
    "(SELECT id FROM a WHERE company_id = ?) UNION ALL (DELETE FROM b WHERE company_id = ?)",
    "(SELECT id FROM a WHERE company_id = ?) EXCEPT ALL (SELECT id FROM b)",
    "(SELECT id FROM a WHERE company_id = ?) FOR UPDATE",
    "((SELECT id FROM a WHERE company_id = ?))",
    "(SELECT id FROM a WHERE company_id = ?",
    "VALUES (1, 2)",
    "CALL drop_all()",
    "HANDLER users OPEN",
    "SHOW TABLES",
    "SET GLOBAL a = 1",
    "TRUNCATE users",
    "DROP TABLE users",
    "EXPLAIN SELECT id FROM users WHERE company_id = ?",
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sql_refusals)

BOOST_AUTO_TEST_CASE(no_tenant_statement_may_say_any_of_these) {
  for (const char* sql : refused) BOOST_TEST(refusal(sql) != "", sql << " passes");
}

BOOST_AUTO_TEST_CASE(limits_of_size_are_refusals_too) {
  std::string joins = "SELECT t0.id FROM users t0";
  for (int i = 1; i < 9; i++)
    joins += " JOIN users t" + std::to_string(i) + " ON t" + std::to_string(i) +
             ".company_id = t0.company_id";
  BOOST_TEST(refusal(joins + " WHERE t0.company_id = ?") == "more than eight tables");

  std::string columns, values;
  for (int i = 0; i < 32; i++) columns += ", a" + std::to_string(i), values += ", ?";
  const auto insert = [](const std::string& names, const std::string& marks) {
    return "INSERT INTO users (company_id" + names + ") VALUES (?" + marks + ")";
  };
  BOOST_TEST(refusal(insert(columns, values)) == "");
  BOOST_TEST(refusal(insert(columns + ", b", values + ", ?")) == "more than 32 columns");

  std::string tokens = "SELECT id FROM users WHERE company_id = ?";
  for (int i = 0; i < 252; i++) tokens += " AND id";
  BOOST_TEST(refusal(tokens) == "");  // 512 tokens
  BOOST_TEST(refusal(tokens + " LIMIT") == "more than 512 tokens");
}

BOOST_AUTO_TEST_SUITE_END()
