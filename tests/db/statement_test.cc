// tests/db/statement_test.cc — what the compiler makes of a statement that it has checked: the text
// that is sent, and what is known of it. (tests/refused has what it refuses.)
#include "db/statement.h"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

#include "base/uuid.h"
#include "db/sql.h"

namespace {

struct Id {
  base::Uuid id;
  FIELDS(Id, id)
};

constexpr base::Literal select_users = "SELECT id FROM users WHERE company_id = ?";
constexpr db::Scoped<Id> plain{select_users};
constexpr db::Scoped<Id> locking{select_users + " FOR UPDATE"};
constexpr db::Scoped<Id> sharing{select_users + " LOCK IN SHARE MODE"};
constexpr db::Scoped<Id> joined{R"(
    SELECT u.id FROM users AS u JOIN sessions ON sessions.company_id = u.company_id
      LEFT JOIN companies c ON c.company_id = u.company_id WHERE u.company_id = ?)"};
constexpr db::Scoped<void> update{"UPDATE users SET updated_at = 1 WHERE company_id = ?"};
constexpr db::Scoped<void> insert{"INSERT INTO users (company_id) VALUES (?)"};
constexpr db::Scoped<void> erase{"DELETE FROM users WHERE company_id = ?"};

// A row with times, one of them in a struct of its own.
struct Message {
  std::string id;
  struct Seen {
    std::optional<base::Time> read_at;
    FIELDS(Seen, read_at)
  } seen;
  base::Time date;
  base::SelfLink<"/shown/"> url;
  FIELDS(Message, url, id, seen, date)
};
constexpr db::Scoped<Message, std::string, std::string> of_two_tables{R"(
    (SELECT id, a.read_at, date FROM a WHERE company_id = ? AND date > ? ORDER BY date LIMIT 1)
    UNION ALL (SELECT MAX(id) AS id, IF(1, date, date) AS read_at, b.date FROM b
                 LEFT JOIN c ON c.company_id = b.company_id WHERE b.company_id = ? AND date > ?))"};

}  // namespace

BOOST_AUTO_TEST_SUITE(statement)

BOOST_AUTO_TEST_CASE(times_are_asked_for_as_text_wherever_a_struct_has_them_and_nowhere_else) {
  BOOST_TEST(of_two_tables.sql ==
             "(SELECT id, CONCAT(a.read_at), CONCAT(date) FROM a WHERE company_id = ? AND date > ?"
             " ORDER BY date LIMIT 1)"
             " UNION ALL (SELECT MAX(id) AS id, CONCAT(IF(1, date, date)) AS read_at,"
             " CONCAT(b.date) FROM b LEFT JOIN c ON c.company_id = b.company_id"
             " WHERE b.company_id = ? AND date > ?)");
}

BOOST_AUTO_TEST_CASE(it_is_known_whether_a_statement_reads_and_locks) {
  static_assert(plain.reads && locking.reads && sharing.reads && of_two_tables.reads);
  static_assert(!update.reads && !insert.reads && !erase.reads);
  static_assert(!plain.locks && !joined.locks && locking.locks && sharing.locks);
  BOOST_TEST(db::check::Outline("SELECT GET_LOCK(?, ?) AS value").locks);
  BOOST_TEST(!db::check::Outline("SELECT lock_id FROM a WHERE updated_at > ?").locks);
}

BOOST_AUTO_TEST_CASE(it_is_known_which_tables_a_statement_names) {
  static_assert(plain.names("users") && !plain.names("user") && !plain.names("id"));
  static_assert(joined.names("users") && joined.names("sessions") && joined.names("companies"));
  static_assert(!joined.names("u") && !joined.names("c"));
  static_assert(update.names("users") && insert.names("users") && erase.names("users"));
  static_assert(of_two_tables.names("a") && of_two_tables.names("b") && of_two_tables.names("c"));
}

BOOST_AUTO_TEST_SUITE_END()
