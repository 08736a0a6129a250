// tests/db/marks_test.cc — marks and generations: how a worker sets them, what stays of one that
// dies or hears no answer, and when that goes.
#include "db/marks.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "base/clock.h"
#include "base/shared_memory.h"
#include "support/dying.h"
#include "support/process.h"
#include "support/raw_sql.h"
#include "support/tenant.h"
#include "support/two_companies.h"

namespace {

using base::Uuid;
using db::Marks;

constexpr std::int64_t half_a_minute = 30'000'000;

const Uuid company = Uuid::make(base::Time::now());

// A company that shares no slot with the other.
Uuid beside(const Uuid& other) {
  auto id = Uuid::make(base::Time::now());
  while (Marks::slot_of(id) == Marks::slot_of(other)) id = Uuid::make(base::Time::now());
  return id;
}

// A pool of two workers.
struct Rows {
  Marks& marks = Marks::make();
  db::Marker first{marks, 0}, second{marks, 1};

  Rows() { marks.make_rows(2); }

  bool is_marked() { return !marks.look(company); }
  std::uint64_t generation() { return marks.look(company).value().company; }
  // In a process of its own, which then dies.
  template <class Work>
  static void die_after(Work work) {
    waitpid(support::start_process(work), nullptr, 0);
  }
};

constexpr db::Scoped<void, Uuid> outdate{
    "UPDATE users SET token_generation = token_generation + 1 WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, std::string> rename_company{
    "UPDATE companies SET name = ? WHERE company_id = ?"};

// A worker of the pool of this process.
struct OneWorker : support::TwoCompanies {
  Marks& marks = support::Pool::get().marks;
  // It tells nobody of changes, which would be one more statement before each COMMIT.
  db::Connection db{settings, {marks, support::Pool::get().next_row()}};
  const db::Tenant tenant = db::TenantForTest::make(a.id);

  // Ends the worker's session, as an administrator might.
  void kill_session() {
    support::RawSql raw(support::config(), support::config().db_account);
    for (const auto& row : raw.query("SELECT id FROM information_schema.processlist"
                                     " WHERE db = DATABASE() AND id <> CONNECTION_ID()"))
      raw.execute("KILL " + row[0]);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(marks, Rows)

BOOST_AUTO_TEST_CASE(are_seen_until_they_are_lifted_and_then_the_generation_is_another) {
  const auto before = generation();
  first.set(&company);
  BOOST_TEST(is_marked());
  second.set(&company);
  first.lift();
  BOOST_TEST(is_marked());
  second.lift();
  BOOST_TEST(generation() == before + 2);
}

BOOST_AUTO_TEST_CASE(that_name_no_company_are_everybodys) {
  const auto before = marks.look(company).value();
  first.set(nullptr);
  BOOST_TEST(is_marked());
  first.lift();
  const auto after = marks.look(company).value();
  BOOST_TEST(after.company == before.company);
  BOOST_TEST(after.everybody == before.everybody + 1);
}

BOOST_AUTO_TEST_CASE(of_one_worker_are_not_lifted_by_another) {
  first.set(&company);
  second.lift();
  second.leave();
  BOOST_TEST(is_marked());
}

BOOST_AUTO_TEST_CASE(of_the_dead_stay_until_their_session_has_ended) {
  die_after([&] {
    first.note_session({7, 8});
    first.set(&company);
  });
  BOOST_TEST(is_marked());
  marks.leave(0);
  const auto left = marks.left();
  BOOST_TEST_REQUIRE(left.size() == 1U);
  BOOST_TEST((left[0].session == db::SessionId{7, 8}));
  marks.take_away_left(base::boottime_micros());
  BOOST_TEST(is_marked());
  marks.note_end(left[0]);
  marks.take_away_left(base::boottime_micros());
  BOOST_TEST(generation() == 1U);
  BOOST_TEST(marks.left().empty());
}

BOOST_AUTO_TEST_CASE(of_the_dead_go_after_half_a_minute_when_nobody_knows) {
  die_after([&] { first.set(&company); });
  marks.leave(0);
  const auto now = base::boottime_micros();
  marks.take_away_left(now + half_a_minute - 1'000'000);
  BOOST_TEST(is_marked());
  marks.take_away_left(now + half_a_minute);
  BOOST_TEST(generation() == 1U);
}

BOOST_AUTO_TEST_CASE(that_are_left_twice_wait_for_no_session_that_is_not_both) {
  first.note_session({7, 8});
  first.set(&company);
  first.leave();
  const auto once = marks.left();
  first.note_session({7, 9});
  first.set(&company);
  first.leave();
  marks.note_end(once[0]);  // of the first alone: the answer came late
  marks.take_away_left(base::boottime_micros());
  BOOST_TEST(is_marked());
  BOOST_TEST(marks.left().at(0).session.number == 0U);
  marks.take_away_left(base::boottime_micros() + half_a_minute);
  BOOST_TEST(!is_marked());
}

// The worker changes something between its mark and its end: from then on nobody goes by what was
// remembered before.
BOOST_AUTO_TEST_CASE(hold_wherever_the_worker_dies) {
  auto& changed = *::new (base::map_shared(sizeof(std::atomic<bool>))) std::atomic<bool>(false);
  auto before = marks.look(company);
  int seen = 0;
  const auto check = [&] {
    marks.leave(0);
    if (changed) BOOST_TEST((marks.look(company) != before));
    for (const auto& left : marks.left()) marks.note_end(left);
    marks.take_away_left(base::boottime_micros());
    if (changed) BOOST_TEST((marks.look(company) != before));
    seen += changed;
    changed = false;
    before = marks.look(company);
    BOOST_TEST_REQUIRE(before.has_value());
  };
  for (const bool hears : {true, false})
    support::die_everywhere(
        [&] {
          first.note_session({7, 8});
          first.set(&company);
          changed = true;
          hears ? first.lift() : first.leave();
        },
        check);
  BOOST_TEST(seen > 100);
}

BOOST_AUTO_TEST_CASE(that_are_left_are_not_the_living_workers_own) {
  first.set(&company);
  first.leave();
  first.set(&company);
  marks.note_end(marks.left()[0]);
  marks.take_away_left(base::boottime_micros());
  BOOST_TEST(is_marked());
  first.lift();
  BOOST_TEST(generation() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_connection_marks, OneWorker)

BOOST_AUTO_TEST_CASE(a_company_from_the_statement_that_can_change_a_right_to_the_commit) {
  const auto before = marks.look(a.id).value();
  db.transaction([&] {
    db.run(rename_company, tenant, "Acme");
    BOOST_TEST(marks.look(a.id).has_value());
    db.run(outdate, tenant, a.staff.id);
    BOOST_TEST(!marks.look(a.id).has_value());
    BOOST_TEST(marks.look(beside(a.id)).has_value());
    db.run(rename_company, tenant, "Acme");
    BOOST_TEST(!marks.look(a.id).has_value());
  });
  BOOST_TEST(marks.look(a.id).value().company == before.company + 1);
}

BOOST_AUTO_TEST_CASE(nothing_after_a_rollback_or_a_statement_by_itself) {
  const auto before = marks.look(a.id).value().company;
  BOOST_CHECK_THROW(db.transaction([&] {
    db.run(outdate, tenant, a.staff.id);
    throw std::runtime_error("no");
  }),
                    std::runtime_error);
  BOOST_TEST(marks.look(a.id).value().company == before + 1);
  db.run(outdate, tenant, a.staff.id);
  BOOST_TEST(marks.look(a.id).value().company == before + 2);
}

BOOST_AUTO_TEST_CASE(what_it_had_no_answer_for_until_its_session_has_ended) {
  BOOST_CHECK_THROW(db.transaction([&] {
    db.run(outdate, tenant, a.staff.id);
    kill_session();
  }),
                    base::Error);
  BOOST_TEST(!marks.look(a.id).has_value());
  const auto left = marks.left();
  BOOST_TEST_REQUIRE(left.size() == 1U);
  const auto is_living = [&] { return std::ranges::count(db.sessions(), left[0].session) != 0; };
  BOOST_TEST(db.sessions().at(0).server == left[0].session.server);
  for (int i = 0; i < 10'000 && is_living(); i++) continue;  // a KILL is answered before it is done
  BOOST_TEST(!is_living());
  marks.note_end(left[0]);
  marks.take_away_left(base::boottime_micros());
  BOOST_TEST(marks.look(a.id).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_when_the_connection_was_lost_before_the_commit) {
  BOOST_CHECK_THROW(db.transaction([&] {
    db.run(outdate, tenant, a.staff.id);
    kill_session();
    db.run(outdate, tenant, a.staff.id);
  }),
                    base::Error);
  BOOST_TEST(marks.look(a.id).has_value());
  BOOST_TEST(marks.left().empty());
}

BOOST_AUTO_TEST_CASE(what_was_sent_by_itself_and_not_answered) {
  db.run(rename_company, tenant, "Acme");
  kill_session();
  BOOST_CHECK_THROW(db.run(outdate, tenant, a.staff.id), base::Error);
  BOOST_TEST(!marks.look(a.id).has_value());
  marks.take_away_left(base::boottime_micros() + half_a_minute);
  BOOST_TEST(marks.look(a.id).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
