// tests/app/user_messages_test.cc — what the contract's scenarios do not say of messages.
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::at;
using support::header;
using support::messages_url;
using support::text_at;

constexpr const char* read_url = "/api/v1/user-messages/read";

struct Messages : support::TwoCompanies {
  support::Client& admin = a.admin.client;

  std::string body(std::string_view to, std::string_view text) {
    return fmt::format(R"({{"to_user":"{}","text":"{}"}})", to, text);
  }
  // A message from the admin to `to`; its id.
  std::string sent(const support::Person& to, std::string_view text) {
    return text_at(admin.post(messages_url, body(to.url(), text)), "id");
  }
  // The staff member has read what somebody sent, up to a message.
  http::Response read(std::string_view with, std::string_view until) {
    return a.staff.client.put(read_url,
                              fmt::format(R"({{"with":"{}","until":"{}"}})", with, until));
  }
  std::string unread() {
    const auto left = a.staff.client.get(std::string(messages_url) + "?read=false");
    std::string texts;
    for (const auto& message : http::parse_json(left.body).items)
      texts += message.find("text")->text + " ";
    return texts;
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
  for (const auto* malformed :
       {"", "1", "0badcafe-0000-4000-8000-00000000beeg", "00000000-0000-0000-0000-000000000000"}) {
    admin.headers["idempotency-key"] = malformed;
    const auto refused = admin.post(messages_url, body(a.staff.url(), "x"));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(text_at(refused, "Idempotency-Key.0") == "Must be a valid UUID.");
    admin.headers.erase("idempotency-key");
    BOOST_TEST(admin.get(std::string(messages_url) + malformed).status != 201);
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

// No request can make such a person; an older release could.
BOOST_AUTO_TEST_CASE(of_a_person_whose_id_is_nil_are_shown_to_nobody_else) {
  support::RawSql raw(support::config());
  const auto company = support::literal(a.id), nil = support::literal(base::Uuid::lowest());
  BOOST_REQUIRE(raw.execute(fmt::format("INSERT INTO users (company_id, id, username, role,"
                                        " created_at) VALUES ({}, {}, 'nil', 'staff', NOW(6))",
                                        company, nil)) == 0);
  for (const auto& [from, to] :
       {std::pair(nil, support::literal(a.other.id)), std::pair(support::literal(a.other.id), nil)})
    BOOST_REQUIRE(raw.execute(fmt::format("INSERT INTO user_messages (company_id, id, from_user,"
                                          " to_user, text, date) VALUES ({}, {}, {}, {}, 'private',"
                                          " NOW(6))",
                                          company, support::literal(base::Uuid::make(base::Time())),
                                          from, to)) == 0);
  const auto other = a.other.id.text(), mine = a.staff.id.text();
  for (const auto& filter :
       {std::string("?read=true"), std::string("?read=false"), "?from_user=" + mine,
        "?to_user=" + mine, "?from_user=" + other, "?to_user=" + other, "?with=" + other,
        "?from_user=" + other + "&to_user=" + other, "?with=" + other + "&from_user=" + mine,
        std::string("?order=-date")}) {
    const auto answer = a.staff.client.get(std::string(messages_url) + filter);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body.find("private") == std::string::npos, filter);
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

BOOST_AUTO_TEST_CASE(of_one_person_are_read_up_to_one_of_them_at_once) {
  sent(a.staff, "one");
  const auto two = sent(a.staff, "two");
  sent(a.staff, "three");
  a.other.client.post(messages_url, body(a.staff.url(), "aside"));
  const auto& from = a.admin.id.text();
  BOOST_TEST(unread() == "hello one two three aside ");
  BOOST_TEST(read(from, two).status == 204);
  BOOST_TEST(unread() == "three aside ");
  const auto first = text_at(admin.get(std::string(messages_url) + two), "read_at");
  BOOST_TEST(read(from, two).status == 204);  // the moment of reading stays
  BOOST_TEST(text_at(admin.get(std::string(messages_url) + two), "read_at") == first);
}

BOOST_AUTO_TEST_CASE(are_read_up_to_one_of_ones_own_and_named_by_url_or_id) {
  const auto theirs = sent(a.staff, "theirs");
  const auto mine = text_at(a.staff.client.post(messages_url, body(a.admin.url(), "mine")), "url");
  sent(a.staff, "later");
  BOOST_TEST(read("http://any.example" + a.admin.url(), mine).status == 204);
  BOOST_TEST(unread() == "later ");
  BOOST_TEST((at(admin.get(std::string(messages_url) + theirs), "read_at").type !=
              http::Value::Type::null));
  // What one sent oneself is not one's own to mark.
  BOOST_TEST((at(admin.get(mine), "read_at").type == http::Value::Type::null));
}

BOOST_AUTO_TEST_CASE(of_one_moment_are_read_in_the_order_of_their_ids) {
  std::vector<std::string> ids = {sent(a.staff, "x"), sent(a.staff, "x"), sent(a.staff, "x")};
  support::RawSql raw(support::config());
  raw.execute("UPDATE user_messages SET date = '2020-01-01' WHERE text = 'x' AND company_id = " +
              support::literal(a.id));
  std::sort(ids.begin(), ids.end());
  BOOST_TEST(read(a.admin.id.text(), ids[1]).status == 204);
  BOOST_TEST(unread() == "x hello ");
  BOOST_TEST((at(a.staff.client.get(std::string(messages_url) + ids[2]), "read_at").type ==
              http::Value::Type::null));
}

BOOST_AUTO_TEST_CASE(are_not_read_up_to_what_is_none_between_the_two) {
  const auto mine = sent(a.staff, "x");
  const auto aside = sent(a.other, "not for the staff member");
  const auto& from = a.admin.id.text();
  const auto random = key();
  const auto refused = read(from, random);
  BOOST_TEST(refused.status == 400);
  for (const auto& [with, until] : std::vector<std::pair<std::string, std::string>>{
           {from, aside},              // of the same company, between two others
           {from, b.message.text()},   // of another company
           {a.other.id.text(), mine},  // somebody else's
           {b.admin.id.text(), mine},  // nobody's
           {random, mine},
           {a.staff.id.text(), mine}}) {  // oneself
    const auto same = read(with, until);
    BOOST_TEST(same.status == 400);
    BOOST_TEST(same.body == refused.body);
  }
  BOOST_TEST(unread() == "hello x ");
  BOOST_TEST(text_at(read("/api/v1/customers/", "1"), "with.0") ==
             "Invalid hyperlink - Incorrect URL match.");
  BOOST_TEST(text_at(read("/api/v1/customers/", "1"), "until.0") ==
             "Invalid hyperlink - No URL match.");
  BOOST_TEST(text_at(a.staff.client.put(read_url, "{}"), "until.0") == "This field is required.");
  const auto other_method = a.staff.client.get(read_url);
  BOOST_TEST(other_method.status == 405);
  BOOST_TEST(header(other_method, "Allow") == "PUT, OPTIONS");
}

BOOST_AUTO_TEST_CASE(of_a_colleague_who_has_gone_are_read_as_well) {
  const auto last = text_at(a.other.client.post(messages_url, body(a.staff.url(), "bye")), "id");
  BOOST_TEST(admin.remove(a.other.url()).status == 204);
  BOOST_TEST(read(a.other.id.text(), last).status == 204);
  BOOST_TEST(unread() == "hello ");
}

BOOST_AUTO_TEST_CASE(are_marked_in_as_many_statements_however_many_they_are) {
  std::string last;
  for (int i = 0; i < 60; i++) last = sent(a.staff, "x");
  db.take_usage();
  BOOST_TEST(read(a.admin.id.text(), last).status == 204);
  BOOST_TEST(db.take_usage().statements == 8);  // that they are read is noted in three places
  BOOST_TEST(unread() == "");
}

BOOST_AUTO_TEST_SUITE_END()
