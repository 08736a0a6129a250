// tests/base/log_test.cc — lines that wait for others, and lines that do not.
#include "base/log.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "support/process.h"

namespace {

using base::Severity;

// What a process writes to standard error: a text for each write, without the prefix and the time.
std::vector<std::string> writes_of(const std::function<void()>& work) {
  std::array<int, 2> packets{};
  BOOST_REQUIRE(pipe2(packets.data(), O_DIRECT) == 0);  // which keeps each write by itself
  const auto child = support::start_process([&] {
    dup2(packets[1], STDERR_FILENO);
    work();
  });
  close(packets[1]);
  std::vector<std::string> writes;
  std::array<char, 65536> bytes{};
  for (ssize_t size; (size = read(packets[0], bytes.data(), bytes.size())) > 0;) {
    writes.emplace_back();
    const std::string text(bytes.data(), static_cast<std::size_t>(size));
    for (std::size_t at = 0; (at = text.find(" n=", at)) != text.npos; at++)
      writes.back() += text.substr(at + 3, text.find('\n', at) - at - 3) + " ";
  }
  close(packets[0]);
  int status = 0;
  waitpid(child, &status, 0);
  BOOST_TEST(status == 0);
  return writes;
}

void log(int number) { base::log_when_idle(Severity::info, {{"n", std::to_string(number)}}); }

using Writes = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(are_written_each_at_once_where_nobody_asked_for_batches) {
  const auto writes = writes_of([] { log(1), log(2); });
  BOOST_TEST(writes == (Writes{"1 ", "2 "}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wait_in_batches_until_one_comes_that_does_not_and_keep_their_order) {
  const auto writes = writes_of([] {
    base::log_in_batches();
    log(1), log(2);
    base::log_values(Severity::warning, {{"n", "3"}});
    log(4);
    while (base::keeps_log()) base::write_kept_log();
    log(5);  // and is lost with its process
  });
  BOOST_TEST(writes == (Writes{"1 2 3 ", "4 "}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(in_batches_wait_for_no_more_than_16_KiB) {
  const auto written_with = [](std::size_t bytes) {
    return !writes_of([&] {
              base::log_in_batches();
              base::log_when_idle(Severity::info, {{"n", std::string(bytes, 'x')}});
            }).empty();
  };
  BOOST_TEST(!written_with(16 * 1024 - 100));
  BOOST_TEST(written_with(16 * 1024));
}

BOOST_AUTO_TEST_SUITE_END()
