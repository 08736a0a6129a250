// tests/server/queue_test.cc — how many connections wait for a worker.
#include "server/queue.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace {

// A socket in a folder of its own, and those who want to be let in.
struct Door {
  std::string folder = (std::filesystem::temp_directory_path() / "partywall-XXXXXX").string();
  std::string path;
  int listener = -1;
  std::vector<int> callers;

  Door() {
    BOOST_REQUIRE(mkdtemp(folder.data()) != nullptr);
    path = folder + "/app.sock";
  }
  ~Door() {
    for (const int caller : callers) close(caller);
    close(listener);
    std::filesystem::remove_all(folder);
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  sockaddr_un address() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
  }
  void bind_it() {
    const auto at = address();
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    BOOST_REQUIRE(bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  }
  void open() {
    bind_it();
    BOOST_REQUIRE(listen(listener, 16) == 0);
  }
  void call() {
    const auto at = address();
    callers.push_back(socket(AF_UNIX, SOCK_STREAM, 0));
    BOOST_REQUIRE(connect(callers.back(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(queue, Door)

BOOST_AUTO_TEST_CASE(is_as_long_as_there_are_connections_that_nobody_took) {
  open();
  BOOST_TEST(server::queue_length(path).value() == 0);
  for (int i = 1; i <= 3; i++) {
    call();
    BOOST_TEST(server::queue_length(path).value() == i);
  }
  const int taken = accept(listener, nullptr, nullptr);
  BOOST_TEST(server::queue_length(path).value() == 2);
  close(taken);
}

BOOST_AUTO_TEST_CASE(is_that_of_one_path_whoever_listens_beside_it) {
  Door other;
  open();
  other.open();
  call();
  other.call();
  other.call();
  BOOST_TEST(server::queue_length(path).value() == 1);
  BOOST_TEST(server::queue_length(other.path).value() == 2);
  BOOST_TEST(!server::queue_length(path + "x").has_value());
  BOOST_TEST(!server::queue_length(path.substr(0, path.size() - 1)).has_value());
}

BOOST_AUTO_TEST_CASE(is_not_known_where_nobody_listens) {
  BOOST_TEST(!server::queue_length(path).has_value());
  BOOST_TEST(!server::queue_length("").has_value());
  bind_it();
  BOOST_TEST(!server::queue_length(path).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
