// tests/base/config_test.cc — the configuration file: defaults, and refusals that say where.
#include "base/config.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "support/config_folder.h"

namespace {

BOOST_FIXTURE_TEST_SUITE(config, support::ConfigFolder)

BOOST_AUTO_TEST_CASE(has_defaults) {
  const auto config = read(server + database);
  BOOST_TEST(config.socket == "/run/x.sock");
  BOOST_TEST(config.workers >= 2);
  BOOST_TEST(config.public_urls.size() == 2U);
  BOOST_TEST(config.public_urls[1] == "http://b.example:8080");
  BOOST_TEST(config.https());
  BOOST_TEST(config.request_timeout_seconds == 30);
  BOOST_TEST(config.max_body_bytes == 1U << 20);
  BOOST_TEST(config.remember_callers);
  BOOST_TEST(config.db_socket == "/run/db.sock");
  BOOST_TEST(config.db_host == "");
  BOOST_TEST(config.db_port == 3306);
  BOOST_TEST(config.db_account.user == "app");
  BOOST_TEST(config.db_account.password == "");
  BOOST_TEST(config.connect_timeout_seconds == 2);
  BOOST_TEST(config.read_timeout_seconds == 5);
  BOOST_TEST(config.owner_account.user == "");
  BOOST_TEST(config.token_keys.empty());
  BOOST_TEST(config.signups_per_hour == 60);
  BOOST_TEST(!config.log_json);
}

BOOST_AUTO_TEST_CASE(reads_every_key) {
  const auto config = read(server +
                               "workers = 3\n"
                               "request_timeout_seconds = 7\n"
                               "max_body_bytes = 2048\n"
                               "remember_callers = false\n"
                               "[database]\n"
                               "host = 'db.example'\n"
                               "port = 3307\n"
                               "name = 'n'\n"
                               "user = 'u'\n"
                               "password_file = '" +
                               path +
                               "/secret'\n"
                               "connect_timeout_seconds = 4\n"
                               "read_timeout_seconds = 6\n"
                               "[migrations]\n"
                               "user = 'owner'\n"
                               "password_file = '" +
                               path +
                               "/secret'\n"
                               "[log]\n"
                               "format = 'json'\n",
                           base::Use::migrate);
  BOOST_TEST(config.workers == 3);
  BOOST_TEST(config.request_timeout_seconds == 7);
  BOOST_TEST(config.max_body_bytes == 2048U);
  BOOST_TEST(!config.remember_callers);
  BOOST_TEST(config.db_host == "db.example");
  BOOST_TEST(config.db_port == 3307);
  BOOST_TEST(config.db_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.connect_timeout_seconds == 4);
  BOOST_TEST(config.read_timeout_seconds == 6);
  BOOST_TEST(config.owner_account.user == "owner");
  BOOST_TEST(config.owner_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.log_json);
}

BOOST_AUTO_TEST_CASE(names_the_authority_that_knows_a_database_reached_over_tcp) {
  const std::string tcp = "[database]\nhost = 'db.example'\nname = 'n'\nuser = 'u'\n";
  const auto authority = "tls_ca = '" + write("ca.pem", "a certificate\n", 0644) + "'\n";
  BOOST_TEST(read(server + tcp).db_tls_ca == "");
  BOOST_TEST(read(server + tcp + authority).db_tls_ca == path + "/ca.pem");
  BOOST_TEST(refusal(server + tcp + "tls_ca = '" + path + "/none'\n") ==
             "partywall.toml:8:10: [database] tls_ca cannot be read (No such file or directory): " +
                 path + "/none");
  BOOST_TEST(refusal(server + database + authority) ==
             "partywall.toml:8:10: [database] tls_ca goes with host; a unix socket needs no TLS");
}

BOOST_AUTO_TEST_CASE(refuses_an_account_that_would_lose_its_rights_to_cleaning) {
  BOOST_TEST(refusal(server + database + "[clean]\nuser = 'app'\n")
                 .ends_with("[clean] user must be an account of its own"));
}

BOOST_AUTO_TEST_CASE(refuses_unknown_keys_and_says_where) {
  BOOST_TEST(refusal(server + database + "[log]\nfromat = 'text'\n") ==
             "partywall.toml:9:1: [log] fromat is not a known key (known: format, in_batches, "
             "slow_request_millis)");
  BOOST_TEST(
      refusal(server + database + "[logs]\nformat = 'text'\n")
          .starts_with("partywall.toml:8:2: [logs] is not a known section (known: server, "));
  BOOST_TEST(refusal("stray = 1\n" + server + database) != "accepted");
}

BOOST_AUTO_TEST_CASE(refuses_values_of_the_wrong_kind_or_size) {
  const auto with = [&](const std::string& line) {
    return refusal(server + line + "\n" + database);
  };
  BOOST_TEST(with("workers = 'many'") ==
             "partywall.toml:4:11: [server] workers must be a whole number from 0 to 1024");
  BOOST_TEST(with("workers = -1").find("from 0 to 1024") != std::string::npos);
  BOOST_TEST(with("workers = 1025") != "accepted");
  BOOST_TEST(with("workers = 1.0") != "accepted");
  BOOST_TEST(with("max_body_bytes = 10") != "accepted");
  BOOST_TEST(with("request_timeout_seconds = 0") != "accepted");
  BOOST_TEST(refusal("server = 3\n" + database).find("must be a [section]") != std::string::npos);
  BOOST_TEST(refusal("[server]\nsocket = 1\n" + database).find("must be text") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_toml_and_says_where) {
  BOOST_TEST(refusal("[server\n").starts_with("partywall.toml:1:"));
  BOOST_TEST(refusal(server + "socket = 'twice'\n").starts_with("partywall.toml:4:"));
  BOOST_CHECK_EXCEPTION(base::read_config(path + "/absent.toml"), std::runtime_error,
                        [](const auto& error) {
                          return std::string(error.what())
                              .ends_with("/absent.toml: cannot be read: No such file or directory");
                        });
}

BOOST_AUTO_TEST_CASE(refuses_a_file_without_what_must_be_there) {
  BOOST_TEST(refusal(database) == "partywall.toml:1:1: [server] socket is missing");
  BOOST_TEST(refusal(server) == "partywall.toml:1:1: [database] socket (or host) is missing");
  BOOST_TEST(refusal(server + database + "host = 'both'\n") ==
             "partywall.toml:8:8: [database] host must not stand beside socket");
  BOOST_TEST(refusal("[server]\nsocket = 'x'\n" + database) ==
             "partywall.toml:1:1: [server] public_urls is missing");
  BOOST_TEST(refusal(server + "[database]\nsocket = 'x'\nname = 'n'\n") ==
             "partywall.toml:4:1: [database] user is missing");
}

BOOST_AUTO_TEST_CASE(public_urls_are_origins) {
  for (const auto* url : {"a.example", "ftp://a.example", "https://", "https://a.example/",
                          "https://a.example?x", "https://u@a.example", "HTTPS://a.example"})
    BOOST_TEST(refusal("[server]\nsocket = 'x'\npublic_urls = ['" + std::string(url) + "']\n" +
                       database) != "accepted",
               url);
  BOOST_TEST(refusal("[server]\nsocket = 'x'\npublic_urls = 'https://a'\n" + database) !=
             "accepted");
  BOOST_TEST(refusal("[server]\nsocket = 'x'\npublic_urls = [\n'https://a',\n 'b']\n" + database) ==
             "partywall.toml:5:2: [server] public_urls must be http(s)://host[:port]");
}

BOOST_AUTO_TEST_CASE(the_log_has_one_of_two_formats) {
  BOOST_TEST(refusal(server + database + "[log]\nformat = 'xml'\n") ==
             "partywall.toml:9:10: [log] format must be \"text\" or \"json\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
