// tests/app/search_test.cc — `q`: what is found among customers and messages, and what a page of it
// reads.
#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <string>

#include "support/two_companies.h"

namespace {

using support::header, support::text_at;

struct Searching : support::TwoCompanies {
  // What `field` says in each row of a list, and of the pages that follow it.
  std::string found(support::Client& client, std::string url, std::string_view field) {
    std::string all;
    for (int pages = 0; !url.empty() && pages < 100; pages++) {
      const auto answer = client.get(url);
      BOOST_REQUIRE_EQUAL(answer.status, 200);
      for (const auto& row : http::parse_json(answer.body).items)
        all += row.find(field)->text + "|";
      const auto link = header(answer, "Link");
      const auto start = link.find("/api/");
      url = link.empty() ? "" : link.substr(start, link.find('>') - start);
    }
    return all;
  }
  std::string customers(std::string_view q) {
    return found(a.staff.client, fmt::format("/api/v1/customers/?q={}", q), "name");
  }
  std::string messages(support::Client& client, std::string_view query) {
    return found(client, fmt::format("/api/v1/user-messages/?{}", query), "text");
  }
  // How far back a page was looked for, as its Link says.
  static std::string reached(const http::Response& answer) {
    constexpr std::string_view name = "; reached=\"";
    const auto link = header(answer, "Link");
    const auto start = link.find(name);
    BOOST_REQUIRE(start != link.npos);
    return link.substr(start + name.size(), link.size() - start - name.size() - 1);
  }
  void add(std::string_view name, std::string_view email, std::string_view phone) {
    const auto json =
        fmt::format(R"({{"name":"{}","email":"{}","phone":"{}"}})", name, email, phone);
    BOOST_REQUIRE_EQUAL(a.staff.client.post("/api/v1/customers/", json).status, 201);
  }
  void say(support::Person& from, const support::Person& to, std::string_view text) {
    const auto json = fmt::format(R"({{"to_user":"{}","text":"{}"}})", to.url(), text);
    BOOST_REQUIRE_EQUAL(from.client.post("/api/v1/user-messages/", json).status, 201);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(search, Searching)

BOOST_AUTO_TEST_CASE(finds_customers_by_any_part_of_name_address_or_number_newest_first) {
  add("Großmann & Söhne", "office@gs.example", "+49 30 1234");
  add("Weiß", "w@grossmann.example", "");
  add("Other", "o@x.example", "+49 40 99 Ext. 7");
  BOOST_TEST(customers("MANN") == "Weiß|Großmann & Söhne|");
  BOOST_TEST(customers("grossm") == "Weiß|Großmann & Söhne|");
  BOOST_TEST(customers("s%C3%B6h") == "Großmann & Söhne|");
  BOOST_TEST(customers("30%2012") == "Großmann & Söhne|");
  BOOST_TEST(customers("EXT") == "Other|");
  BOOST_TEST(customers("%20") == "Kim|Großmann & Söhne|Weiß|Other|");  // nothing is looked for
  BOOST_TEST(customers("%25") == "");
  BOOST_TEST(customers("_") == "");
  BOOST_TEST(customers("mann&order=created_at") == "Großmann & Söhne|Weiß|");
  BOOST_TEST(customers("mann&name=wei") == "Weiß|");
  BOOST_TEST(customers("mann&email=w@grossmann.example") == "Weiß|");
}

BOOST_AUTO_TEST_CASE(finds_what_lies_far_back_and_no_page_is_missed) {
  for (int i = 0; i < 3; i++) add(fmt::format("Needle {}", i), fmt::format("n{}@x.example", i), "");
  for (int i = 0; i < 700; i++) add(fmt::format("Hay {}", i), fmt::format("h{}@x.example", i), "");
  const auto first = a.staff.client.get("/api/v1/customers/?q=needle");
  BOOST_TEST(first.body == "[]");
  BOOST_TEST(reached(first) >
             text_at(a.staff.client.get("/api/v1/customers/?email=n2@x.example"), "0.created_at"));
  BOOST_TEST(reached(first) < text_at(a.staff.client.get("/api/v1/customers/?email=h699@x.example"),
                                      "0.created_at"));
  BOOST_TEST(customers("needle") == "Needle 2|Needle 1|Needle 0|");
  BOOST_TEST(customers("needle&limit=1") == "Needle 2|Needle 1|Needle 0|");
  BOOST_TEST(customers("needle&order=created_at") == "Needle 0|Needle 1|Needle 2|");
}

BOOST_AUTO_TEST_CASE(refuses_what_would_make_a_link_grow_with_the_request) {
  for (const auto* list :
       {"/api/v1/customers/?q=", "/api/v1/customers/?name=", "/api/v1/user-messages/?q="}) {
    const auto answer = a.staff.client.get(list + std::string(301, '!'));
    BOOST_TEST(answer.status == 400, list);
    BOOST_TEST(answer.body.find("characters") != std::string::npos, list);
  }
}

BOOST_AUTO_TEST_CASE(finds_messages_by_their_words_in_ones_own_conversations_only) {
  say(a.admin, a.staff, "The Straße is closed on Monday");
  say(a.staff, a.admin, "monday? Then the other STRASSE");
  say(a.other, a.admin, "Monday is fine");
  BOOST_TEST(messages(a.staff.client, "q=strasse") ==
             "monday? Then the other STRASSE|The Straße is closed on Monday|");
  BOOST_TEST(messages(a.staff.client, "q=monday%20closed") == "The Straße is closed on Monday|");
  BOOST_TEST(messages(a.admin.client, "q=monday&from_user=" + a.other.id.text()) ==
             "Monday is fine|");
  BOOST_TEST(messages(a.other.client, "q=strasse") == "");
  BOOST_TEST(messages(b.admin.client, "q=monday") == "");
}

BOOST_AUTO_TEST_CASE(of_messages_goes_on_where_a_page_ended_early) {
  say(a.admin, a.staff, "The needle");
  for (int i = 0; i < 650; i++) say(i % 2 ? a.admin : a.staff, i % 2 ? a.staff : a.admin, "hay");
  say(a.staff, a.admin, "Another needle");
  const auto first = a.staff.client.get("/api/v1/user-messages/?q=needle");
  BOOST_TEST(text_at(first, "0.text") == "Another needle");
  BOOST_TEST(reached(first) < text_at(first, "0.date"));
  BOOST_TEST(messages(a.staff.client, "q=needle") == "Another needle|The needle|");
  BOOST_TEST(messages(a.staff.client, "q=needle&limit=1") == "Another needle|The needle|");
  BOOST_TEST(messages(a.staff.client, "q=needle&order=date") == "The needle|Another needle|");
}

BOOST_AUTO_TEST_SUITE_END()
