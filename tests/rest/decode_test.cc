// tests/rest/decode_test.cc — what fields of a body may hold: how long, how visible, how large.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::customers_url;
using support::invitations_url;
using support::messages_url;
using support::text_at;
using support::users_url;

constexpr std::size_t most_text = 65536;
constexpr const char* invalid_name =
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ "
    "characters.";

struct Input : support::TwoCompanies {
  support::Client& admin = a.admin.client;

  http::Response send_message(const std::string& text) {
    return admin.post(messages_url,
                      fmt::format(R"({{"to_user":"{}","text":"{}"}})", a.staff.url(), text));
  }
  http::Response hire(const std::string& username) {
    return admin.post(users_url, fmt::format(R"({{"username":"{}","password":"{}"}})", username,
                                             support::password));
  }
  // The status of logging in, and then the name that one has.
  http::Response log_in(const std::string& username) {
    return support::Client(service).post(
        "/api/v1/auth/login/",
        fmt::format(R"({{"username":"{}","password":"{}"}})", username, support::password));
  }
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; i++) all += text;
  return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(input, Input)

BOOST_AUTO_TEST_CASE(has_a_limit_for_the_text_of_a_message_in_bytes) {
  BOOST_TEST(send_message(repeated("é", most_text / 2)).status == 201);
  BOOST_TEST(send_message("  " + std::string(most_text, 'x') + "\\n ").status == 201);  // trimmed
  for (const auto& text : {std::string(most_text + 1, 'x'), repeated("é", most_text / 2) + "x"}) {
    const auto refused = send_message(text);
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(text_at(refused, "text.0") == "Ensure this field has no more than 65536 bytes.");
  }
}

BOOST_AUTO_TEST_CASE(has_a_limit_for_the_notes_of_a_customer) {
  const auto url = std::string(customers_url) + a.customer.text();
  BOOST_TEST(
      admin.patch(url, fmt::format(R"({{"notes":"{}"}})", std::string(most_text, 'x'))).status ==
      200);
  const auto refused =
      admin.patch(url, fmt::format(R"({{"notes":"{}"}})", std::string(most_text + 1, 'x')));
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(text_at(refused, "notes.0") == "Ensure this field has no more than 65536 bytes.");
}

BOOST_AUTO_TEST_CASE(takes_a_name_that_normalising_makes_short_enough) {
  // Three letters that are sent each become one: 450 code points and 1350 bytes, 150 characters.
  const auto parts = repeated("\u1112\u1161\u11ab", 144) + support::unique_name("a").substr(0, 6);
  const auto hired = hire(parts);
  BOOST_TEST(hired.status == 201);
  BOOST_TEST(text_at(hired, "username").starts_with("한한"));
  BOOST_TEST(log_in(parts).status == 200);
}

BOOST_AUTO_TEST_CASE(refuses_a_name_that_is_too_long_before_it_is_normalised) {
  const auto name = "a" + repeated("\u0301", 15000) + repeated("\u0323", 15000);
  const auto sentence = "Ensure this field has no more than 150 characters.";
  BOOST_TEST(text_at(hire(name), "username.0") == sentence);
  BOOST_TEST(text_at(admin.post(invitations_url, fmt::format(R"({{"username":"{}"}})", name)),
                     "username.0") == sentence);
  BOOST_TEST(log_in(name).status == 401);  // nobody has it
}

BOOST_AUTO_TEST_CASE(takes_no_letter_that_is_not_seen_into_a_name) {
  for (const auto* letter : {"\u3164", "\u115f", "\u1160", "\uffa0", "\u200d", "\u200b", "\u00ad",
                             "\u034f", "\ufe0f", "\u17b4", "\u2064", "\U000e0061"}) {
    const auto refused = hire(support::unique_name("kim") + letter + "x");
    BOOST_TEST(refused.status == 400, letter);
    BOOST_TEST(text_at(refused, "username.0") == invalid_name);
  }
}

BOOST_AUTO_TEST_CASE(takes_a_text_of_nothing_visible_for_blank) {
  const auto blank = "This field may not be blank.";
  for (const auto* nothing : {"\u200b", " \u200b \u2060", "\u3164", "\u2800", "\ufeff", "\u00ad",
                              "\u202e", "\u180e", "\U000e0020", "\\u0001"}) {
    BOOST_TEST(text_at(send_message(nothing), "text.0") == blank);
    BOOST_TEST(text_at(hire(nothing), "username.0") == blank);
    BOOST_TEST(text_at(admin.post(customers_url,
                                  fmt::format(R"({{"name":"{}","email":"a@x.example"}})", nothing)),
                       "name.0") == blank);
    BOOST_TEST(
        text_at(admin.patch(support::company_url, fmt::format(R"({{"name":"{}"}})", nothing)),
                "name.0") == blank);
    BOOST_TEST(text_at(admin.post(support::api_tokens_url,
                                  fmt::format(R"({{"name":"{}","access":"read"}})", nothing)),
                       "name.0") == blank);
  }
  // A visible one keeps what is not seen: it joins and parts letters, and emoji.
  BOOST_TEST(text_at(send_message("\u200bé\u200d"), "text") == "\u200bé\u200d");
}

BOOST_AUTO_TEST_CASE(says_of_a_number_out_of_range_that_it_is) {
  const auto least = "Ensure this value is greater than or equal to 1.";
  const auto days = "Ensure this value is less than or equal to 30.";
  const auto no_number = "A valid integer is required.";
  const std::pair<std::string, const char*> cases[] = {{"0", least},
                                                       {"-1", least},
                                                       {"31", days},
                                                       {"9223372036854775807", days},
                                                       {"9223372036854775808", days},
                                                       {"99999999999999999999", days},
                                                       {"1" + std::string(30, '0'), days},
                                                       {"-9223372036854775809", least},
                                                       {"-1" + std::string(30, '0'), least},
                                                       {"1e3", no_number},
                                                       {"\"\"", no_number},
                                                       {"\"3x\"", no_number},
                                                       {"\"99999999999999999999x\"", no_number},
                                                       {"true", no_number}};
  for (const auto& [number, sentence] : cases) {
    const auto refused = admin.post(invitations_url, fmt::format(R"({{"days":{}}})", number));
    BOOST_TEST(text_at(refused, "days.0") == sentence, number);
    const auto form = number.front() == '"' ? number.substr(1, number.size() - 2) : number;
    if (number == "true" || form.empty()) continue;
    const auto as_text = admin.post(invitations_url, fmt::format(R"({{"days":"{}"}})", form));
    BOOST_TEST(text_at(as_text, "days.0") == sentence, number);
  }
  for (const auto* limit : {"0", "101", "-1", "99999999999999999999", "1000000000000000000000000"})
    BOOST_TEST(text_at(admin.get(fmt::format("{}?limit={}", customers_url, limit)), "limit.0") ==
               "Enter a whole number from 1 to 100.");
}

BOOST_AUTO_TEST_SUITE_END()
