// tests/auth/totp_test.cc — codes of a secret and the time.
#include "auth/totp.h"

#include <boost/test/unit_test.hpp>

namespace {

namespace totp = auth::totp;

constexpr const char* secret = "12345678901234567890";

base::Time at(std::int64_t seconds) { return base::Time{}.plus_seconds(seconds); }

}  // namespace

BOOST_AUTO_TEST_SUITE(totp_codes)

// Of the eight digits there an app shows the last six.
BOOST_AUTO_TEST_CASE(are_those_of_rfc_6238_appendix_b) {
  const auto code = [](std::int64_t seconds) {
    return totp::code_of(secret, totp::step_of(at(seconds)));
  };
  BOOST_TEST(code(59) == "287082");
  BOOST_TEST(code(1111111109) == "081804");
  BOOST_TEST(code(1111111111) == "050471");
  BOOST_TEST(code(1234567890) == "005924");
  BOOST_TEST(code(2000000000) == "279037");
  BOOST_TEST(code(20000000000) == "353130");
}

BOOST_AUTO_TEST_CASE(are_found_one_step_before_and_after_and_no_further) {
  const auto now = at(1111111111);
  const auto step = totp::step_of(now);
  for (const int off : {-1, 0, 1})
    BOOST_TEST((totp::find_step(secret, totp::code_of(secret, step + off), now) == step + off));
  for (const int off : {-2, 2})
    BOOST_TEST(!totp::find_step(secret, totp::code_of(secret, step + off), now));
  for (const auto* wrong : {"", "50471", "0050471", "05047x", "000000"})
    BOOST_TEST(!totp::find_step(secret, wrong, now));
}

BOOST_AUTO_TEST_CASE(come_of_a_secret_that_apps_are_told_in_base_32) {
  BOOST_TEST(totp::base32(secret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  BOOST_TEST(totp::uri(secret, "chat.example:8443", "a\xc3\xa4@b") ==
             "otpauth://totp/chat.example%3A8443:a%C3%A4%40b?secret="
             "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=chat.example%3A8443&algorithm=SHA1&digits=6"
             "&period=30");
}

BOOST_AUTO_TEST_SUITE_END()
