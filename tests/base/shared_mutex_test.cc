// tests/base/shared_mutex_test.cc — one holder at a time among processes, and none that is dead.
#include "base/shared_mutex.h"

#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <mutex>
#include <new>

#include "base/shared_memory.h"
#include "support/process.h"

namespace {

struct Shared {
  base::SharedMutex mutex;
  int count = 0;
};

struct Processes {
  Shared& shared = *::new (base::map_shared(sizeof(Shared))) Shared;
};

BOOST_FIXTURE_TEST_SUITE(shared_mutex, Processes)

BOOST_AUTO_TEST_CASE(one_process_at_a_time_holds_it) {
  const auto count = [&] {
    for (int i = 0; i < 100'000; i++) {
      const std::lock_guard held(shared.mutex);
      shared.count = shared.count + 1;
    }
  };
  const auto other = support::start_process(count);
  count();
  waitpid(other, nullptr, 0);
  BOOST_TEST(shared.count == 200'000);
}

BOOST_AUTO_TEST_CASE(what_the_dead_held_goes_to_the_next) {
  for (int i = 0; i < 2; i++) {
    waitpid(support::start_process([&] { shared.mutex.lock(); }), nullptr, 0);
    const std::lock_guard held(shared.mutex);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
