// tests/base/config_test.cc — the configuration file: defaults, and refusals that say where.
#include "base/config.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace {

// A folder of its own for each case.
struct Folder {
  std::string path;

  Folder() {
    path = (std::filesystem::temp_directory_path() / "partywall-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(path.data()) != nullptr);
    write("secret", "p\xc3\xa9ss\nsecond line\n", 0640);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, std::string_view text, mode_t mode) const {
    const auto file = path + "/" + name;
    std::ofstream(file) << text;
    BOOST_REQUIRE(chmod(file.c_str(), mode) == 0);
    return file;
  }
  base::Config read(const std::string& text, base::Use use = base::Use::serve) const {
    return base::read_config(write("partywall.toml", text, 0644), use);
  }
  // What is said when the file is refused, without the folder; "accepted" when it is not.
  std::string refusal(const std::string& text) const {
    try {
      read(text);
      return "accepted";
    } catch (const std::runtime_error& error) {
      const std::string what = error.what();
      return what.starts_with(path) ? what.substr(path.size() + 1) : what;
    }
  }
};

const std::string server = "[server]\n"
                           "socket = '/run/x.sock'\n"
                           "public_urls = ['https://a.example', 'http://b.example:8080']\n";
const std::string database = "[database]\n"
                             "socket = '/run/db.sock'\n"
                             "name = 'partywall'\n"
                             "user = 'app'\n";

BOOST_FIXTURE_TEST_SUITE(config, Folder)

BOOST_AUTO_TEST_CASE(has_defaults) {
  const auto config = read(server + database);
  BOOST_TEST(config.socket == "/run/x.sock");
  BOOST_TEST(config.workers >= 2);
  BOOST_TEST(config.public_urls.size() == 2U);
  BOOST_TEST(config.public_urls[1] == "http://b.example:8080");
  BOOST_TEST(config.https());
  BOOST_TEST(config.request_timeout_seconds == 30);
  BOOST_TEST(config.max_body_bytes == 1U << 20);
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
  BOOST_TEST(config.db_host == "db.example");
  BOOST_TEST(config.db_port == 3307);
  BOOST_TEST(config.db_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.connect_timeout_seconds == 4);
  BOOST_TEST(config.read_timeout_seconds == 6);
  BOOST_TEST(config.owner_account.user == "owner");
  BOOST_TEST(config.owner_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.log_json);
}

BOOST_AUTO_TEST_CASE(reads_token_keys_in_order_and_refuses_short_ones) {
  const std::string key(32, 'k'), old(40, 'o');
  write("key", key + "\n", 0600);
  write("old", old, 0600);
  const auto tokens = "[tokens]\nprevious_key_file = '" + path + "/old'\nkey_file = '" + path;
  const auto config = read(server + database + tokens + "/key'\n[limits]\nsignups_per_hour = 5\n");
  BOOST_TEST((config.token_keys == std::vector<std::string>{key, old}));
  BOOST_TEST(config.signups_per_hour == 5);
  BOOST_TEST(refusal(server + database + tokens + "/secret'\n") ==
             "partywall.toml:10:12: [tokens] key_file must hold 32 or more bytes, not 5: " + path +
                 "/secret");
  write("old", "", 0600);
  BOOST_TEST(read(server + database + tokens + "/key'\n").token_keys.size() == 1U);
}

BOOST_AUTO_TEST_CASE(takes_a_secret_without_what_editors_put_around_it) {
  const auto text = server + database + "password_file = '" + path + "/secret'\n";
  for (const auto* content :
       {"word", "word\n", "word\r\n", "word\r\nmore\r\n", "\xef\xbb\xbfword\r\n"}) {
    write("secret", content, 0600);
    BOOST_TEST(read(text).db_account.password == "word");
  }
  write("secret", " \xef\xbb\xbf\r \n", 0600);  // inside it all is the secret's own
  BOOST_TEST(read(text).db_account.password == " \xef\xbb\xbf\r ");
  const std::string key(32, 'k');
  write("key", "\xef\xbb\xbf" + key + "\r\n", 0600);
  const auto config = read(server + database + "[tokens]\nkey_file = '" + path + "/key'\n");
  BOOST_TEST((config.token_keys == std::vector<std::string>{key}));
}

BOOST_AUTO_TEST_CASE(refuses_a_secret_that_is_empty) {
  write("key", std::string(32, 'k'), 0600);
  for (const auto* nothing : {"", "\n", "\r\n", "\xef\xbb\xbf", "\nsecond line\n"}) {
    write("secret", nothing, 0600);
    const auto said = "is empty: its first line is the secret: " + path + "/secret";
    BOOST_TEST(refusal(server + database + "password_file = '" + path + "/secret'\n") ==
               "partywall.toml:8:17: [database] password_file " + said);
    BOOST_TEST(refusal(server + database + "[tokens]\nkey_file = '" + path + "/secret'\n") ==
               "partywall.toml:9:12: [tokens] key_file " + said);
    const auto owner =
        server + database + "[migrations]\nuser = 'owner'\npassword_file = '" + path + "/secret'\n";
    BOOST_CHECK_THROW(read(owner, base::Use::migrate), std::runtime_error);
    // A previous key that has had its time.
    BOOST_TEST(refusal(server + database + "[tokens]\nkey_file = '" + path +
                       "/key'\nprevious_key_file = '" + path + "/secret'\n") == "accepted");
  }
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

BOOST_AUTO_TEST_CASE(leaves_the_password_of_the_owner_to_those_who_migrate) {
  const auto text = server + database +
                    "[migrations]\nuser = 'owner'\n"
                    "password_file = '" +
                    path + "/none'\n";
  const auto config = read(text);
  BOOST_TEST(config.owner_account.user == "owner");
  BOOST_TEST(config.owner_account.password == "");
  BOOST_CHECK_THROW(read(text, base::Use::migrate), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(gives_those_who_clean_the_password_for_that_and_no_other_secret) {
  const auto none = "password_file = '" + path + "/none'\n";
  const auto text = server + database + none + "[migrations]\nuser = 'owner'\n" + none +
                    "[tokens]\nkey_file = '" + path + "/none'\n[clean]\nuser = 'cleaner'\n" +
                    "audit_days = 90\npassword_file = '" + path;
  const auto config = read(text + "/secret'\n", base::Use::clean);
  BOOST_TEST(config.clean_account.user == "cleaner");
  BOOST_TEST(config.clean_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.audit_days == 90);
  BOOST_TEST(config.db_account.password + config.owner_account.password == "");
  BOOST_TEST(config.token_keys.empty());
  BOOST_CHECK_THROW(read(text + "/none'\n", base::Use::clean), std::runtime_error);
  const auto served = read(server + database + "[clean]\nuser = 'cleaner'\n" + none);
  BOOST_TEST(served.clean_account.password == "");
  BOOST_TEST(served.audit_days == 730);
}

BOOST_AUTO_TEST_CASE(refuses_an_account_that_would_lose_its_rights_to_cleaning) {
  BOOST_TEST(refusal(server + database + "[clean]\nuser = 'app'\n")
                 .ends_with("[clean] user must be an account of its own"));
}

BOOST_AUTO_TEST_CASE(takes_a_name_without_a_slash_for_a_credential) {
  const auto text = server + database + "password_file = 'db-password'\n";
  const auto folder = path + "/credentials";
  std::filesystem::create_directory(folder);
  write("credentials/db-password", "beside the file\n", 0600);
  BOOST_TEST(read(text).db_account.password == "beside the file");
  write("db-password", "of systemd\n", 0400);
  BOOST_REQUIRE(setenv("CREDENTIALS_DIRECTORY", path.c_str(), 1) == 0);
  const auto password = read(text).db_account.password;
  unsetenv("CREDENTIALS_DIRECTORY");
  BOOST_TEST(password == "of systemd");
}

BOOST_AUTO_TEST_CASE(refuses_unknown_keys_and_says_where) {
  BOOST_TEST(
      refusal(server + database + "[log]\nfromat = 'text'\n") ==
      "partywall.toml:9:1: [log] fromat is not a known key (known: format, slow_request_millis)");
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

BOOST_AUTO_TEST_CASE(refuses_a_secret_that_everybody_can_read) {
  const auto text = server + database + "password_file = '" + path + "/secret'\n";
  BOOST_TEST(refusal(text) == "accepted");
  for (const mode_t mode : {0644U, 0602U, 0601U}) {
    write("secret", "x", mode);
    BOOST_TEST(refusal(text).starts_with("partywall.toml:8:"));
    BOOST_TEST(refusal(text).find("must not be accessible to everybody") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_secret_that_is_absent) {
  BOOST_TEST(refusal(server + database + "password_file = '" + path + "/none'\n")
                 .starts_with("partywall.toml:8:17: [database] password_file cannot be read (No "
                              "such file or directory): "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
