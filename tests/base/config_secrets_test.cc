// tests/base/config_secrets_test.cc — the files of passwords and keys that the configuration names.
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "base/host_name.h"
#include "support/config_folder.h"

namespace {

BOOST_FIXTURE_TEST_SUITE(config_secrets, support::ConfigFolder)

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

BOOST_AUTO_TEST_CASE(gives_those_who_export_the_password_for_that_and_no_other_secret) {
  const auto none = "password_file = '" + path + "/none'\n";
  const auto text = server + database + none + "[clean]\nuser = 'cleaner'\n" + none +
                    "[tokens]\nkey_file = '" + path + "/none'\n[exports]\nuser = 'exporter'\n";
  const auto secret = "password_file = '" + path + "/secret'\n";
  const auto config = read(text + secret, base::Use::exports);
  BOOST_TEST(config.exports_account.password == "p\xc3\xa9ss");
  BOOST_TEST(config.db_account.password + config.clean_account.password == "");
  BOOST_TEST(config.token_keys.empty());
  BOOST_TEST(config.exports_folder == "/var/lib/partywall/exports");
  BOOST_TEST(base::is_host_name(config.exports_host));
  BOOST_CHECK_THROW(read(text + none, base::Use::exports), std::runtime_error);
  BOOST_CHECK_THROW(read(text + secret + "host = '../up'\n", base::Use::exports),
                    std::runtime_error);
  BOOST_CHECK_THROW(read(server + database + "[clean]\nuser = 'one'\n[exports]\nuser = 'one'\n"),
                    std::runtime_error);
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
