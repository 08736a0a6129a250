// tests/auth/races_test.cc — the real thing, in processes of its own: some end sessions, others
// read with them. Nobody is answered whose session had been ended before the request began.
//
// Each session is one random interleaving. `make races` has 100,000 of them, `make test` some.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/shared_memory.h"
#include "support/process.h"
#include "support/two_companies.h"

namespace {

constexpr std::size_t writers = 2, readers = 2;
constexpr std::size_t cookie_size = 66;  // base64url of 49 bytes

// One session after the other, which one writer makes and ends.
struct Stage {
  std::atomic<std::uint32_t> made{0}, ended{0};  // how many were
  std::atomic<std::uint32_t> turn{0};            // odd while the cookie is being replaced
  std::array<std::atomic<char>, cookie_size> cookie{};
};
struct Shared {
  std::array<Stage, writers> stages;
  std::atomic<std::uint64_t> known{0}, late{0}, answered{0}, refused{0};
  std::atomic<std::size_t> writing{0};
  std::atomic<int> failed{0};  // the status of a switch that was refused; 0: none was
};

int interleavings() {
  const char* wanted = std::getenv("PARTYWALL_RACES");
  return wanted ? std::atoi(wanted) : 1000;
}

struct Race : support::TwoCompanies {
  Shared& shared = *::new (base::map_shared(sizeof(Shared))) Shared;
  // One for each process, made before they part: each has a row of its own (db/marks.h).
  std::array<support::Worker, writers + readers> workers;

  // A switch to the company where one is already ends the session, and makes the next one.
  void write(support::Worker& worker, Stage& stage, const support::Person& person, int count) {
    std::minstd_rand random(static_cast<unsigned>(getpid()));
    support::Client client(worker.service);
    client.cookies = person.client.cookies;
    const auto here = fmt::format(R"({{"company":"{}"}})", a.id.text());
    for (int i = 0; i < count; i++) {
      stage.turn++;
      const auto& cookie = client.cookies.at("sessionid");
      for (std::size_t at = 0; at < cookie_size; at++) stage.cookie[at] = cookie[at];
      stage.made++;
      stage.turn++;
      usleep(std::uniform_int_distribution<useconds_t>(0, 2000)(random));
      const auto status = client.post(support::switch_url, here).status;
      if (status == 200)
        stage.ended = stage.made.load();
      else if (status != 503)  // the two stood in each other's way: nothing was done
        shared.failed = status;
    }
    shared.writing--;
  }

  void read(support::Worker& worker) {
    std::minstd_rand random(static_cast<unsigned>(getpid()));
    support::Client client(worker.service);
    while (shared.writing > 0) {
      auto& stage = shared.stages[random() % writers];
      const auto turn = stage.turn.load();
      std::string cookie(cookie_size, ' ');
      for (std::size_t at = 0; at < cookie_size; at++) cookie[at] = stage.cookie[at];
      const auto made = stage.made.load();
      if (turn == 0 || turn % 2 != 0 || stage.turn != turn) continue;
      client.cookies["sessionid"] = cookie;
      const bool had_ended = stage.ended == made;
      const auto status = client.get(support::company_url).status;
      if (status == 200 && had_ended) shared.late++;
      if (status == 200) shared.answered++;
      if (status == 401) shared.refused++;
    }
    shared.known += worker.board.slot(0).callers_known;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(races, Race)

BOOST_AUTO_TEST_CASE(answer_nobody_who_had_been_ended_before_the_request_began) {
  std::vector<pid_t> pids;
  shared.writing = writers;
  for (std::size_t i = 0; i < writers; i++)
    pids.push_back(support::start_process([&, i] {
      write(workers[i], shared.stages[i], i == 0 ? a.staff : a.other,
            interleavings() / static_cast<int>(writers));
    }));
  for (std::size_t i = 0; i < readers; i++)
    pids.push_back(support::start_process([&, i] { read(workers[writers + i]); }));
  for (const auto pid : pids) {
    int status = 0;
    waitpid(pid, &status, 0);
    BOOST_TEST(status == 0);
  }
  BOOST_TEST(shared.failed == 0);
  BOOST_TEST(shared.late == 0U);
  BOOST_TEST(shared.known > 0U);  // or nothing was tried
  BOOST_TEST(shared.answered > shared.known);
  BOOST_TEST(shared.refused > 0U);
  BOOST_TEST_MESSAGE("answered " << shared.answered << ", of those from memory " << shared.known
                                 << ", refused " << shared.refused);
}

BOOST_AUTO_TEST_SUITE_END()
