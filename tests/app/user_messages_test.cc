// tests/app/user_messages_test.cc — what the contract's scenarios do not say of messages.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::at;
using support::header;
using support::messages_url;
using support::text_at;

struct Messages : support::TwoCompanies {
  support::Client& admin = a.admin.client;

  std::string body(std::string_view to, std::string_view text) {
    return fmt::format(R"({{"to_user":"{}","text":"{}"}})", to, text);
  }
  std::string key() { return base::Uuid::make(base::Time::now()).text(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(user_messages, Messages)

BOOST_AUTO_TEST_CASE(sent_again_with_the_same_key_are_sent_once) {
  const auto name = admin.headers["idempotency-key"] = key();
  const auto first = admin.post(messages_url, body(a.staff.url(), "once"));
  BOOST_TEST(first.status == 201);
  BOOST_TEST(text_at(first, "id") == name);
  const auto again = admin.post(messages_url, body(a.staff.url(), "once"));
  BOOST_TEST(again.status == 200);
  BOOST_TEST(text_at(again, "date") == text_at(first, "date"));
}

BOOST_AUTO_TEST_CASE(with_the_key_of_a_different_request_are_refused) {
  admin.headers["idempotency-key"] = key();
  admin.post(messages_url, body(a.staff.url(), "one"));
  BOOST_TEST(admin.post(messages_url, body(a.staff.url(), "two")).status == 422);
  BOOST_TEST(admin.post(messages_url, body(a.other.url(), "one")).status == 422);
  // A colleague's key is not told apart from one's own that was used differently.
  a.other.client.headers["idempotency-key"] = admin.headers["idempotency-key"];
  BOOST_TEST(a.other.client.post(messages_url, body(a.staff.url(), "one")).status == 422);
}

BOOST_AUTO_TEST_CASE(with_a_key_that_another_company_used_are_sent_all_the_same) {
  auto& stranger = b.admin.client;
  stranger.headers["idempotency-key"] = a.message.text();
  const auto sent = stranger.post(messages_url, body(b.staff.url(), "mine"));
  BOOST_TEST(sent.status == 201);
  BOOST_TEST(text_at(admin.get(std::string(messages_url) + a.message.text()), "text") == "hello");
}

BOOST_AUTO_TEST_CASE(with_a_malformed_key_are_refused) {
  for (const auto* malformed : {"", "1", "0BADCAFE-0000-4000-8000-00000000BEEF"}) {
    admin.headers["idempotency-key"] = malformed;
    const auto refused = admin.post(messages_url, body(a.staff.url(), "x"));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(text_at(refused, "Idempotency-Key.0") == "Must be a valid UUID.");
  }
}

BOOST_AUTO_TEST_CASE(page_without_gaps_or_repeats_in_both_orders) {
  for (int i = 0; i < 7; i++)
    (i % 2 ? a.staff : a.admin)
        .client.post(messages_url, body((i % 2 ? a.admin : a.staff).url(), std::to_string(i)));
  for (const auto* order : {"date", "-date"}) {
    std::vector<std::string> texts;
    auto url = fmt::format("{}?limit=3&order={}&with={}", messages_url, order, a.staff.id.text());
    while (!url.empty()) {
      const auto page = admin.get(url);
      for (const auto& message : http::parse_json(page.body).items)
        texts.push_back(message.find("text")->text);
      const auto link = header(page, "Link");
      url = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    std::vector<std::string> expected = {"hello", "0", "1", "2", "3", "4", "5", "6"};
    if (*order == '-') std::reverse(expected.begin(), expected.end());
    BOOST_TEST(texts == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(refuse_a_cursor_that_is_none) {
  for (const auto* cursor : {"", "x", "AAAA", "____________________________________________"}) {
    const auto refused = admin.get(fmt::format("{}?cursor={}", messages_url, cursor));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(text_at(refused, "cursor.0") == "Invalid cursor.");
  }
}

BOOST_AUTO_TEST_CASE(meant_for_another_company_are_refused) {
  admin.headers["x-company"] = b.id.text();
  BOOST_TEST(admin.post(messages_url, body(a.staff.url(), "x")).status == 409);
  BOOST_TEST(admin.get(messages_url).status == 409);
  admin.headers["x-company"] = a.id.text();
  BOOST_TEST(admin.post(messages_url, body(a.staff.url(), "x")).status == 201);
  admin.headers["x-company"] = "here";
  BOOST_TEST(admin.post(messages_url, body(a.staff.url(), "x")).status == 400);
}

BOOST_AUTO_TEST_CASE(take_at_most_two_statements_to_read) {
  for (const auto& url : {std::string(messages_url), std::string(messages_url) + a.message.text(),
                          std::string(support::users_url), std::string(support::me_url),
                          std::string(support::company_url), a.staff.url()}) {
    db.take_usage();
    BOOST_TEST(admin.get(url).status == 200);
    BOOST_TEST(db.take_usage().statements <= 2, url);
  }
}

BOOST_AUTO_TEST_SUITE_END()
