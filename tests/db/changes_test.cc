// tests/db/changes_test.cc — what a transaction changed for whom is told when it has ended, by a
// row and by a datagram.
#include "db/changes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "db/recent_changes.h"
#include "support/raw_sql.h"
#include "support/tenant.h"
#include "support/two_companies.h"

namespace {

using base::Uuid;
using What = db::Change::What;

constexpr db::Scoped<void, std::string, Uuid> rename_user{
    "UPDATE users SET username = ? WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, Uuid> end_sessions{
    "DELETE FROM sessions WHERE company_id = ? AND user_id = ?"};

// A worker whose datagrams this test reads.
struct Told : support::TwoCompanies {
  const std::filesystem::path folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "partywall-changes.XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
  base::DatagramReader reader{folder / "changes"};
  db::Announcer announcer{folder / "changes", false};
  db::Connection told{
      settings, {support::Pool::get().marks, support::Pool::get().next_row()}, &announcer};
  server::Service told_service{settings, told, board, board.slot(0), app::all_routes(), nullptr};
  support::RawSql raw{support::config()};
  const db::Tenant tenant = db::TenantForTest::make(a.id);

  ~Told() { std::filesystem::remove_all(folder); }

  std::vector<db::Change> heard() {
    std::vector<db::Change> all;
    for (std::string datagram; reader.read(datagram);) all.push_back(*db::decode(datagram));
    return all;
  }
  // A line each: what, and whether a login is named.
  std::string rows(const support::Company& company) {
    std::string text;
    for (const auto& row :
         raw.query("SELECT what, IF(login = '', '', ' login') FROM changes WHERE company_id = " +
                   support::literal(company.id) + " ORDER BY id"))
      text += row[0] + row[1] + "\n";
    return text;
  }
  void forget() {
    raw.execute("DELETE FROM changes");
    heard();
  }
  support::Client again(const support::Person& person) {
    support::Client client(told_service);
    client.cookies = person.client.cookies;
    return client;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(changes, Told)

BOOST_AUTO_TEST_CASE(are_the_same_after_a_datagram) {
  for (const auto& change :
       {db::Change{}, db::messages_changed(a.admin.id, a.staff.id), db::user_ended(a.staff.id),
        db::login_ended(a.staff.id, std::string(32, '\xff')),
        db::Change{.id = a.message, .what = What::company, .company_id = a.id}})
    BOOST_TEST((db::decode(db::encode(change)) == change));
}

BOOST_AUTO_TEST_CASE(are_none_in_a_datagram_of_another_form) {
  const auto good = db::encode(db::user_ended(a.staff.id));
  for (std::size_t size = 0; size < good.size(); size++)
    BOOST_TEST(!db::decode(good.substr(0, size)));
  BOOST_TEST(!db::decode(good + std::string(33, 'x')));
  BOOST_TEST(!db::decode('\2' + good.substr(1)));
  BOOST_TEST(!db::decode(good.substr(0, 1) + '\x7f' + good.substr(2)));
}

BOOST_AUTO_TEST_CASE(of_messages_are_told_to_the_two_and_have_no_row_on_one_host) {
  forget();
  BOOST_TEST(again(a.admin)
                 .post(support::messages_url,
                       fmt::format(R"({{"to_user":"{}","text":"x"}})", a.staff.url()))
                 .status == 201);
  const auto all = heard();
  BOOST_REQUIRE(all.size() == 1);
  BOOST_TEST((all[0].what == What::messages && all[0].company_id == a.id));
  BOOST_TEST((all[0].user_id == a.staff.id && all[0].other_id == a.admin.id));
  BOOST_TEST(rows(a) == "");
}

BOOST_AUTO_TEST_CASE(of_messages_have_a_row_where_there_are_several_hosts) {
  forget();
  db::Announcer several{folder / "changes", true};
  db::Connection connection{settings, {}, &several};
  connection.transaction(
      [&] { connection.note(tenant, db::messages_changed(a.admin.id, a.staff.id)); });
  BOOST_TEST(rows(a) == "messages\n");
  BOOST_TEST((heard().at(0).id != Uuid{}));
}

BOOST_AUTO_TEST_CASE(of_a_message_that_is_marked_are_told_once_it_changes) {
  const auto url = fmt::format("{}{}/read", support::messages_url, a.message.text());
  forget();
  BOOST_TEST(again(a.staff).put(url, "").status == 200);
  BOOST_TEST(heard().size() == 1);
  BOOST_TEST(again(a.staff).put(url, "").status == 200);
  BOOST_TEST(heard().empty());
}

BOOST_AUTO_TEST_CASE(are_not_told_when_the_transaction_is_rolled_back) {
  forget();
  BOOST_CHECK_THROW(told.transaction([&] {
    told.note(tenant, db::user_ended(a.staff.id));
    base::forbidden();
  }),
                    base::Error);
  BOOST_TEST(heard().empty());
  BOOST_TEST(rows(a) == "");
}

BOOST_AUTO_TEST_CASE(of_a_login_that_ends_name_that_login) {
  auto staff = again(a.staff);
  forget();
  BOOST_TEST(staff.post("/api/v1/auth/logout/", "").status == 204);
  const auto all = heard();
  BOOST_REQUIRE(all.size() == 1);
  BOOST_TEST((all[0].what == What::login && all[0].user_id == a.staff.id));
  BOOST_TEST(all[0].login.size() == 26);  // when it would have ended
  BOOST_TEST(rows(a) == "login login\n");
}

BOOST_AUTO_TEST_CASE(of_somebody_who_is_removed_are_an_ending_of_the_user) {
  auto admin = again(a.admin);
  forget();
  BOOST_TEST(admin.remove(a.staff.url()).status == 204);
  BOOST_TEST((heard().at(0).what == What::user));
  BOOST_TEST(rows(a) == "user\n");
}

BOOST_AUTO_TEST_CASE(that_end_a_right_of_somebody_unsaid_are_an_ending_of_the_whole_company) {
  forget();
  told.run(end_sessions, tenant, a.staff.id);  // a transaction of its own
  BOOST_TEST(rows(a) == "company\n");
  BOOST_TEST((heard().at(0).what == What::company));
  told.transaction([&] {
    told.run(end_sessions, tenant, a.staff.id);
    told.note(tenant, db::messages_changed(a.admin.id, a.staff.id));
  });
  BOOST_TEST(rows(a) == "company\ncompany\n");
}

BOOST_AUTO_TEST_CASE(that_only_rename_somebody_end_nothing) {
  forget();
  told.run(rename_user, tenant, a.staff.username, a.staff.id);
  BOOST_TEST(rows(a) == "");
}

BOOST_AUTO_TEST_CASE(are_written_in_the_order_of_their_companies) {
  db::Announcer one;
  one.begin();
  std::vector<Uuid> companies{a.id, b.id, Uuid::highest(), Uuid::lowest()};
  for (const auto& company : companies) one.note_ending(company);
  std::ranges::sort(companies);
  std::vector<Uuid> written;
  for (const auto& row : one.make_rows()) written.push_back(row.company_id);
  BOOST_TEST((written == companies));
}

BOOST_AUTO_TEST_CASE(that_nobody_reads_are_counted_as_dropped) {
  db::Announcer nowhere{folder / "nobody", false};
  db::Connection connection{settings, {}, &nowhere};
  connection.transaction([&] { connection.note(tenant, db::user_ended(a.staff.id)); });
  BOOST_TEST(connection.take_usage().dropped == 1);
}

BOOST_AUTO_TEST_CASE(never_wait_for_a_reader_that_does_not_read) {
  for (int i = 0; i < 1000; i++)
    told.transaction([&] { told.note(tenant, db::messages_changed(a.admin.id, a.staff.id)); });
  BOOST_TEST(told.take_usage().dropped > 0);
  BOOST_TEST(!heard().empty());
}

BOOST_AUTO_TEST_CASE(are_read_once_each_and_again_where_nobody_took_them) {
  forget();
  db::RecentChanges recent(told, 60);
  told.transaction([&] { told.note(tenant, db::user_ended(a.staff.id)); });
  int seen = 0;
  const auto count = [&](bool taken) {
    recent.read([&](const auto& change) {
      BOOST_TEST((change.company_id == a.id && change.user_id == a.staff.id));
      seen++;
      return taken;
    });
    return seen;
  };
  BOOST_TEST(count(false) == 1);
  BOOST_TEST(count(true) == 2);
  BOOST_TEST(count(true) == 2);
}

BOOST_AUTO_TEST_CASE(that_become_visible_late_are_read_and_those_of_long_ago_are_not) {
  forget();
  const auto insert = [&](const char* what, int seconds_ago) {
    raw.execute(fmt::format(
        "INSERT INTO changes (company_id, id, what, login, date) VALUES ({}, {}, '{}', '',"
        " UTC_TIMESTAMP(6) - INTERVAL {} SECOND)",
        support::literal(a.id), support::literal(Uuid::make(base::Time::now())), what,
        seconds_ago));
  };
  db::RecentChanges recent(told, 60);
  std::vector<What> seen;
  const auto read = [&] {
    recent.read([&](const auto& change) {
      seen.push_back(change.what);
      return true;
    });
    return seen.size();
  };
  insert("company", 500);  // who begins reads as far back as a stream lives
  insert("company", 700);
  insert("messages", 5);  // but messages of before are no news
  insert("messages", 1);  // those of just now are, which nobody may have told
  BOOST_TEST(read() == 2U);
  insert("messages", 0);
  insert("company", 50);  // by a transaction that took so long
  BOOST_TEST(read() == 4U);
  insert("company", 70);
  BOOST_TEST(read() == 4U);
  insert("unheard-of", 0);  // by a newer release
  BOOST_TEST(read() == 5U);
  BOOST_TEST((seen.back() == What::company));
  recent.begin_anew();  // for somebody who heard nothing of it
  BOOST_TEST(read() > 5U);
}

BOOST_AUTO_TEST_CASE(are_read_back_to_where_they_were_last_all_told) {
  forget();
  static std::int64_t now = 0;
  now = base::boottime_micros();
  db::RecentChanges recent(told, 5, [] { return now; });
  recent.read([](const auto&) { return true; });
  told.transaction([&] { told.note(tenant, db::user_ended(a.staff.id)); });
  BOOST_TEST(!recent.read([](const auto&) { return false; }));  // nobody could be told
  raw.execute("UPDATE changes SET date = date - INTERVAL 20 SECOND");
  now += 20'000'000;  // for so long
  int told_now = 0;
  BOOST_TEST(recent.read([&](const auto&) { return ++told_now > 0; }));
  BOOST_TEST(told_now == 1);
  raw.execute("UPDATE changes SET date = date - INTERVAL 20 SECOND");
  BOOST_TEST(recent.read([&](const auto&) { return ++told_now > 0; }));
  BOOST_TEST(told_now == 1);
}

BOOST_AUTO_TEST_CASE(are_read_to_the_last_however_many_there_are) {
  forget();
  raw.execute(fmt::format(
      "INSERT INTO changes (company_id, id, what, login, date) SELECT {}, UNHEX(LPAD(HEX(seq), 32,"
      " '0')), 'company', '', UTC_TIMESTAMP(6) FROM seq_1_to_2500",
      support::literal(a.id)));
  db::RecentChanges recent(told, 60);
  std::set<Uuid> seen;
  recent.read([&](const auto& change) { return seen.insert(change.id).second; });
  BOOST_TEST(seen.size() == 2500);
}

BOOST_AUTO_TEST_CASE(are_forgotten_after_some_minutes) {
  forget();
  raw.execute(fmt::format(
      "INSERT INTO changes (company_id, id, what, login, date) SELECT {}, UNHEX(LPAD(HEX(seq), 32,"
      " '0')), 'company', '', UTC_TIMESTAMP(6) - INTERVAL seq MINUTE FROM seq_1_to_30",
      support::literal(a.id)));
  BOOST_TEST(!db::RecentChanges(told, 60).forget());
  BOOST_TEST(raw.query("SELECT COUNT(*) FROM changes")[0][0] == "19");
}

BOOST_AUTO_TEST_SUITE_END()
