// tests/app/conversations_test.cc — what is kept beside the messages is what one would count.
#include "app/conversations.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "admin/conversations.h"
#include "support/raw_sql.h"
#include "support/tenant.h"
#include "support/two_companies.h"

namespace {

using base::Time;
using base::Uuid;
using support::at;
using support::Company;
using support::literal;
using support::me_url;
using support::messages_url;
using support::Person;
using support::text_at;

struct Kept : support::TwoCompanies {
  support::RawSql raw{support::config()};

  // A line for each row: whose, with whom, how many are unread, the last message.
  std::string lines(const std::string& query) {
    std::string text;
    for (const auto& row : raw.query(query)) text += fmt::format("{}\n", fmt::join(row, " "));
    return text;
  }
  std::string kept(const Company& company) {
    return lines(fmt::format("SELECT HEX(user_id), HEX(other_id), unread, CONCAT(last_date,"
                             " HEX(last_message)) FROM conversations WHERE company_id = {} ORDER BY"
                             " 1, 2",
                             literal(company.id)));
  }
  std::string sums(const Company& company) {
    return lines(fmt::format("SELECT HEX(user_id), unread FROM inboxes WHERE company_id = {} AND"
                             " unread <> 0 ORDER BY 1",
                             literal(company.id)));
  }
  // The same of the messages themselves.
  std::string counted(const Company& company) {
    return lines(fmt::format(
        "SELECT HEX(one), HEX(other), SUM(unread), MAX(last) FROM"
        " (SELECT to_user AS one, from_user AS other, read_at IS NULL AS unread,"
        " CONCAT(date, HEX(id)) AS last FROM user_messages WHERE company_id = {0} UNION ALL"
        " SELECT from_user, to_user, 0, CONCAT(date, HEX(id)) FROM user_messages WHERE"
        " company_id = {0}) AS both_ways GROUP BY one, other ORDER BY 1, 2",
        literal(company.id)));
  }
  std::string counted_sums(const Company& company) {
    return lines(fmt::format("SELECT HEX(to_user), COUNT(*) FROM user_messages WHERE"
                             " company_id = {} AND read_at IS NULL GROUP BY 1 ORDER BY 1",
                             literal(company.id)));
  }
  void check_exact() {
    for (const auto* company : {&a, &b}) {
      BOOST_TEST(kept(*company) == counted(*company));
      BOOST_TEST(sums(*company) == counted_sums(*company));
    }
  }

  std::string sent(Person& from, const Person& to) {
    const auto body = fmt::format(R"({{"to_user":"{}","text":"x"}})", to.url());
    return std::string(messages_url) + text_at(from.client.post(messages_url, body), "id");
  }
  std::string unread_of(Person& person) {
    return at(person.client.get(me_url), "unread_messages").text;
  }
  // As a program does that keeps nothing beside it.
  void insert_by_older_program(const Company& company, const Person& from, const Person& to) {
    BOOST_REQUIRE(raw.execute(fmt::format(
                      "INSERT INTO user_messages (company_id, id, from_user, to_user, text, date)"
                      " VALUES ({}, {}, {}, {}, 'x', NOW(6))",
                      literal(company.id), literal(Uuid::make(Time::now())), literal(from.id),
                      literal(to.id))) == 0);
  }
  std::int64_t recount(const Company& company) {
    admin::Typed typed;
    typed.set("COMPANY", company.id.text());
    admin::Task task(support::config(), typed);
    admin::Recounted counted;
    admin::recount(task, task.tenant(), counted);
    return counted.changed;
  }
  // Some hosts are not upgraded yet, and nobody asks whether they are.
  void count_each_time() {
    board.counts_are_kept = false;
    board.counts_asked_at = base::monotonic_micros();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conversations, Kept)

BOOST_AUTO_TEST_CASE(count_a_message_for_its_recipient_alone_and_know_the_last_of_the_two) {
  const auto elsewhere = kept(b);
  sent(a.staff, a.admin);
  sent(a.staff, a.admin);
  sent(a.other, a.admin);
  check_exact();
  BOOST_TEST(unread_of(a.admin) == "3");
  BOOST_TEST(unread_of(a.staff) == "1");  // from the admin
  BOOST_TEST(unread_of(a.other) == "0");
  BOOST_TEST(kept(b) == elsewhere);
}

BOOST_AUTO_TEST_CASE(count_a_message_that_is_sent_twice_with_one_key_once) {
  a.staff.client.headers["idempotency-key"] = Uuid::make(Time::now()).text();
  sent(a.staff, a.other);
  sent(a.staff, a.other);
  check_exact();
  BOOST_TEST(unread_of(a.other) == "1");
}

BOOST_AUTO_TEST_CASE(do_not_count_what_is_refused) {
  const auto before = kept(a);
  const auto body = [&](const Person& to) {
    return fmt::format(R"({{"to_user":"{}","text":"x"}})", to.url());
  };
  BOOST_TEST(a.admin.client.post(messages_url, body(b.staff)).status == 400);
  BOOST_TEST(a.admin.client.post(messages_url, body(a.admin)).status == 400);
  const auto message = sent(a.other, a.staff) + "/read";
  BOOST_TEST(a.other.client.put(message, "").status == 403);
  BOOST_TEST(a.other.client.remove(message).status == 403);
  BOOST_TEST(b.staff.client.put(message, "").status == 404);
  BOOST_TEST(unread_of(a.staff) == "2");
  check_exact();
}

BOOST_AUTO_TEST_CASE(count_once_what_is_marked_twice) {
  const auto message = sent(a.other, a.staff) + "/read";
  auto& client = a.staff.client;
  const auto mark = [&](std::string_view method, int status, const char* unread) {
    BOOST_TEST(client.send(method, message, "").status == status);
    client.headers.erase("if-match");
    BOOST_TEST(unread_of(a.staff) == unread);
    check_exact();
  };
  mark("PUT", 200, "1");
  mark("PUT", 200, "1");
  mark("DELETE", 204, "2");
  mark("DELETE", 204, "2");
  const auto now = client.get(message.substr(0, message.rfind('/')));
  client.headers["if-match"] = support::header(now, "ETag");
  mark("PUT", 200, "1");
  client.headers["if-match"] = support::header(now, "ETag");
  mark("PUT", 412, "1");
}

BOOST_AUTO_TEST_CASE(count_what_is_read_up_to_a_message) {
  for (int i = 0; i < 3; i++) sent(a.other, a.staff);
  const auto until = sent(a.other, a.staff);
  sent(a.other, a.staff);
  const auto body = fmt::format(R"({{"with":"{}","until":"{}"}})", a.other.url(), until);
  for (int i = 0; i < 2; i++) {
    BOOST_TEST(a.staff.client.put("/api/v1/user-messages/read", body).status == 204);
    BOOST_TEST(unread_of(a.staff) == "2");  // the last one, and the admin's
    check_exact();
  }
}

BOOST_AUTO_TEST_CASE(count_thousands_that_are_read_at_once_and_hold_nobody_up_meanwhile) {
  for (int i = 0; i < 2500; i++) insert_by_older_program(a, a.other, a.staff);
  recount(a);
  const auto until = sent(a.other, a.staff);
  db.take_usage();
  const auto body = fmt::format(R"({{"with":"{}","until":"{}"}})", a.other.url(), until);
  BOOST_TEST(a.staff.client.put("/api/v1/user-messages/read", body).status == 204);
  BOOST_TEST(db.take_usage().statements > 2 * 6);  // in three transactions
  BOOST_TEST(unread_of(a.staff) == "1");           // the admin's
  check_exact();
}

BOOST_AUTO_TEST_CASE(show_a_person_the_sum_of_each_of_their_companies) {
  auto& client = a.admin.client;
  BOOST_REQUIRE(
      client.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
          .status == 201);
  sent(a.staff, a.admin);
  const auto there = raw.query(
      fmt::format("SELECT LOWER(INSERT(INSERT(INSERT(INSERT(HEX(u.id), 9, 0, '-'), 14, 0, '-'), "
                  "19, 0, '-'), 24,"
                  " 0, '-')) FROM users u JOIN users v ON v.identity_id = u.identity_id WHERE"
                  " u.company_id = {} AND v.id = {}",
                  literal(b.id), literal(a.admin.id)))[0][0];
  const auto body = fmt::format(R"({{"to_user":"{}{}","text":"x"}})", support::users_url, there);
  for (int i = 0; i < 2; i++) BOOST_REQUIRE(b.staff.client.post(messages_url, body).status == 201);
  const auto me = client.get(me_url);
  BOOST_TEST(at(me, "unread_messages").text == "1");
  BOOST_TEST(at(me, "memberships.0.unread_messages").text == "1");
  BOOST_TEST(at(me, "memberships.1.unread_messages").text == "2");
  check_exact();
}

BOOST_AUTO_TEST_CASE(keep_the_last_message_when_an_older_one_comes_late) {
  const auto before = kept(a);
  const auto tenant = db::TenantForTest::make(a.id);
  db.transaction([&] {
    app::Conversations kept(db, tenant);
    kept.note_sent(a.admin.id, a.staff.id, a.message, Time::now().plus_seconds(-60));
    kept.note_marked(a.staff.id, a.admin.id, -1);
  });
  // The sum of the inbox alone has changed.
  BOOST_TEST(kept(a) == before);
}

BOOST_AUTO_TEST_CASE(are_made_anew_exactly_from_whatever_there_was) {
  sent(a.staff, a.admin);
  sent(a.other, a.admin);
  const auto others = kept(b) + sums(b);
  const auto company = " WHERE company_id = " + literal(a.id);
  for (const auto& damage :
       {"UPDATE conversations SET unread = unread + 5, last_date = NOW(6)" + company,
        "UPDATE inboxes SET unread = -1" + company, "DELETE FROM conversations" + company,
        "DELETE FROM inboxes" + company}) {
    BOOST_REQUIRE(raw.execute(damage) == 0);
    BOOST_TEST(recount(a) > 0, damage);
    check_exact();
    BOOST_TEST(recount(a) == 0);
  }
  BOOST_TEST(kept(b) + sums(b) == others);
}

BOOST_AUTO_TEST_CASE(are_not_read_before_every_host_keeps_them) {
  count_each_time();
  insert_by_older_program(a, a.admin, a.staff);
  BOOST_TEST(kept(a) != counted(a));
  BOOST_TEST(unread_of(a.staff) == "2");
  BOOST_TEST(
      a.staff.client.put(std::string(messages_url) + a.message.text() + "/read", "").status == 200);
  BOOST_TEST(unread_of(a.staff) == "1");
  recount(a);
  check_exact();
  board.counts_are_kept = true;
  BOOST_TEST(unread_of(a.staff) == "1");
}

BOOST_AUTO_TEST_CASE(that_were_never_made_do_not_keep_anybody_from_writing_and_reading) {
  const auto company = " WHERE company_id = " + literal(a.id);
  for (const auto* table : {"conversations", "inboxes"})
    BOOST_REQUIRE(raw.execute(fmt::format("DELETE FROM {}{}", table, company)) == 0);
  BOOST_TEST(
      a.staff.client.put(std::string(messages_url) + a.message.text() + "/read", "").status == 200);
  sent(a.staff, a.admin);
  sent(a.admin, a.staff);
  recount(a);
  check_exact();
}

BOOST_AUTO_TEST_CASE(of_which_one_row_is_missing_get_it_back_with_the_next_message) {
  for (const auto* whose : {"user_id", "other_id"}) {
    BOOST_REQUIRE(raw.execute(fmt::format("DELETE FROM conversations WHERE company_id = {} AND"
                                          " {} = {}",
                                          literal(a.id), whose, literal(a.admin.id))) == 0);
    sent(a.admin, a.staff);
    BOOST_TEST(
        raw.query("SELECT unread FROM conversations WHERE company_id = " + literal(a.id)).size() ==
        2U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
