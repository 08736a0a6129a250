// tests/server/nginx_settings_test.cc — what check-config says of nginx's main file.
#include "server/nginx_settings.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

namespace {

struct File {
  const std::filesystem::path folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "partywall-nginx.XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
  const std::filesystem::path path = folder / "nginx.conf";
  ~File() { std::filesystem::remove_all(folder); }

  std::vector<std::string> advice(const std::string& text) const {
    std::ofstream(path) << text;
    return server::nginx_advice(path);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(nginx_settings, File)

BOOST_AUTO_TEST_CASE(as_debian_ships_them_could_all_be_better) {
  const auto all = advice("user www-data;\nworker_processes auto;\n"
                          "events {\n\tworker_connections 768;\n\t# multi_accept on;\n}\n");
  BOOST_REQUIRE(all.size() == 3);
  BOOST_TEST(all[0].ends_with("worker_connections is 768; a stream of events takes two"));
}

BOOST_AUTO_TEST_CASE(that_are_enough_are_not_spoken_of) {
  BOOST_TEST(advice("worker_rlimit_nofile 16384; worker_shutdown_timeout 10s;\n"
                    "events{worker_connections 8192;}")
                 .empty());
}

BOOST_AUTO_TEST_CASE(in_a_comment_are_none) {
  BOOST_TEST(advice("# worker_connections 8192; worker_shutdown_timeout 10s;\n").size() == 3);
}

BOOST_AUTO_TEST_CASE(are_found_among_any_blanks_and_not_in_what_is_no_file) {
  BOOST_TEST(advice("worker_connections" + std::string(300'000, ' ') + "8192;").size() == 2);
  std::filesystem::remove(path);
  BOOST_REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  BOOST_TEST(server::nginx_advice(path).empty());
}

BOOST_AUTO_TEST_CASE(that_cannot_be_read_are_not_spoken_of) {
  BOOST_TEST(server::nginx_advice("/nowhere/nginx.conf").empty());
}

BOOST_AUTO_TEST_SUITE_END()
