// tests/rest/lists_test.cc — what a page of a list may hold, and what its Link repeats.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "app/login.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::customers_url;
using support::header;
using support::messages_url;
using support::text_at;

constexpr std::size_t budget = 1 << 20;
constexpr std::size_t long_text = 65536;

struct Lists : support::TwoCompanies {
  support::Client& admin = a.admin.client;

  // `sent` letters from the admin to staff, and the other way round in turns.
  void exchange(int count, const std::string& text) {
    for (int i = 0; i < count; i++) {
      auto& from = i % 2 ? a.staff : a.admin;
      auto& to = i % 2 ? a.admin : a.staff;
      BOOST_TEST_REQUIRE(
          from.client
              .post(messages_url, fmt::format(R"({{"to_user":"{}","text":"{}"}})", to.url(), text))
              .status == 201);
    }
  }

  // The pages of a list from this URL on, each of which must be within the budget or be one row.
  std::vector<http::Value> pages(std::string url, const std::string& accept = "application/json") {
    std::vector<http::Value> all;
    admin.headers["accept"] = accept;
    while (!url.empty()) {
      const auto page = admin.get(url);
      BOOST_TEST_REQUIRE(page.status == 200);
      all.push_back(http::parse_json(page.body));
      BOOST_TEST((page.body.size() <= budget + 2 || all.back().items.size() == 1));
      BOOST_TEST(!all.back().items.empty());
      const auto link = header(page, "Link");
      url = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    return all;
  }
  static std::size_t count_rows(const std::vector<http::Value>& pages) {
    std::size_t count = 0;
    std::set<std::string> ids;
    for (const auto& page : pages)
      for (const auto& row : page.items) {
        count++;
        ids.insert(row.find("id")->text);
      }
    BOOST_TEST(ids.size() == count);  // none came twice
    return count;
  }
  // A row as older releases could store it, longer than is taken now.
  void lengthen(std::string_view table, std::string_view column, int bytes) {
    support::RawSql raw(support::config());
    BOOST_TEST(raw.execute(fmt::format("UPDATE {} SET {} = REPEAT('y', {}) WHERE company_id = {}",
                                       table, column, bytes, support::literal(a.id))) == 0);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lists, Lists)

BOOST_AUTO_TEST_CASE(end_early_where_messages_are_long) {
  exchange(40, std::string(long_text, 'x'));
  for (const auto* order : {"date", "-date"}) {
    const auto all = pages(fmt::format("{}?limit=100&order={}", messages_url, order));
    BOOST_TEST(count_rows(all) == 41U);
    BOOST_TEST(all.size() == 3U);  // 15 long texts are just below 1 MiB, with what is around them
    for (const auto& page : all)
      for (const auto& row : page.items)
        BOOST_TEST(
            (row.find("text")->text.size() == long_text || row.find("text")->text == "hello"));
  }
}

BOOST_AUTO_TEST_CASE(show_long_texts_whole_between_short_ones) {
  exchange(3, "short");
  exchange(2, std::string(3000, 'x') + "é" + std::string(3000, 'z'));
  const auto all = pages(fmt::format("{}?limit=4", messages_url));
  BOOST_TEST(count_rows(all) == 6U);
  BOOST_TEST(all[0].items.size() == 4U);
  BOOST_TEST(all[1].items[0].find("text")->text.size() == 6002U);
  BOOST_TEST(all[1].items[1].find("text")->text.size() == 6002U);
}

BOOST_AUTO_TEST_CASE(count_what_the_answer_has_and_not_what_is_stored) {
  // Each control character is six in JSON.
  std::string text;
  for (std::size_t i = 0; i < long_text; i++) text += "\\u0001";
  text.replace(0, 6, "x");
  text.replace(text.size() - 6, 6, "x");
  exchange(6, text);
  const auto all = pages(std::string(messages_url));
  BOOST_TEST(count_rows(all) == 7U);
  BOOST_TEST(all.size() > 2U);
}

BOOST_AUTO_TEST_CASE(have_a_row_however_long_it_is) {
  exchange(2, "x");
  lengthen("user_messages", "text", 3 << 20);
  const auto all = pages(std::string(messages_url));
  BOOST_TEST(all.size() == 3U);
  BOOST_TEST(count_rows(all) == 3U);
  BOOST_TEST(all[0].items[0].find("text")->text.size() == 3U << 20);
}

BOOST_AUTO_TEST_CASE(end_early_where_notes_are_long) {
  for (int i = 0; i < 20; i++)
    BOOST_TEST_REQUIRE(
        admin.post(customers_url, fmt::format(R"({{"name":"N","email":"n{}@x.example"}})", i))
            .status == 201);
  lengthen("customers", "notes", long_text);
  for (const auto* order : {"created_at", "-created_at"}) {
    const auto all = pages(fmt::format("{}?order={}", customers_url, order));
    BOOST_TEST(count_rows(all) == 21U);
    BOOST_TEST(all.size() == 2U);
    BOOST_TEST(all[0].items[0].find("notes")->text.size() == long_text);
  }
}

// No request can make such a row; an older release could.
BOOST_AUTO_TEST_CASE(have_all_of_their_first_moment_and_nothing_of_their_last) {
  support::RawSql raw(support::config());
  const char* moment = "2024-02-03 04:05:06.000007";
  for (const auto& id : {base::Uuid::lowest(), base::Uuid::highest()})
    BOOST_REQUIRE(
        raw.execute(fmt::format(
            "INSERT INTO customers (company_id, id, name, email, phone, notes, created_at,"
            " updated_at, name_key, email_key) VALUES ({}, {}, 'End', '{}', '', '', '{}',"
            " NOW(6), 'end', '{}')",
            support::literal(a.id), support::literal(id), id.text(), moment, id.text())) == 0);
  const auto count = [&](std::string_view query) {
    return http::parse_json(admin.get(std::string(customers_url) + std::string(query)).body)
        .items.size();
  };
  for (const auto* order : {"created_at", "-created_at"}) {
    const auto ask = fmt::format("?name=End&limit=100&order={}&created_", order);
    BOOST_TEST(count(ask + "since=2024-02-03T04:05:06.000007Z") == 2U);
    BOOST_TEST(count(ask + "since=2024-02-03T04:05:06.000008Z") == 0U);
    BOOST_TEST(count(ask + "until=2024-02-03T04:05:06.000008Z") == 2U);
    BOOST_TEST(count(ask + "until=2024-02-03T04:05:06.000007Z") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(take_one_statement_where_texts_are_short) {
  exchange(4, std::string(2000, 'x'));
  settings.remember_callers = false;
  db.take_usage();
  BOOST_TEST(pages(std::string(messages_url)).size() == 1U);
  BOOST_TEST(db.take_usage().statements == 2);  // with the one that finds out who asks
}

BOOST_AUTO_TEST_CASE(link_to_the_next_page_with_nothing_that_they_do_not_read) {
  exchange(3, "x");
  const auto link_of = [&](const std::string& query) {
    const auto page = admin.get(std::string(messages_url) + "?" + query);
    BOOST_TEST(page.status == 200);
    const auto link = header(page, "Link");
    BOOST_TEST(!link.empty());
    return link.substr(0, link.find("cursor="));
  };
  const auto start = "<" + support::config().public_urls.front() + std::string(messages_url) + "?";
  BOOST_TEST(link_of("limit=1") == start + "limit=1&");
  BOOST_TEST(link_of("limit=1&x=2&format=json&order=-date&name=y&cursor_=3") ==
             start + "limit=1&format=json&order=-date&");
  BOOST_TEST(link_of("limit=2&limit=1&" + std::string(100000, 'x') + "=1") == start + "limit=1&");
  std::string again = "limit=1";
  for (int i = 0; i < 1000; i++) again += "&limit=1&with=" + a.staff.id.text();
  BOOST_TEST(link_of(again) == start + "limit=1&with=" + a.staff.id.text() + "&");
  BOOST_TEST(
      admin.get(std::string(messages_url) + "?limit=" + std::string(5000, '0') + "1").status ==
      400);
}

BOOST_AUTO_TEST_CASE(redirect_to_a_missing_slash_with_a_query_of_some_length_only) {
  const auto location = [&](std::size_t length) {
    const auto moved = admin.get("/api/v1/customers?x=" + std::string(length, 'y'));
    BOOST_TEST(moved.status == 301);
    return header(moved, "Location");
  };
  BOOST_TEST(location(10) == "/api/v1/customers/?x=yyyyyyyyyy");
  BOOST_TEST(location(2046).size() == std::string("/api/v1/customers/?").size() + 2048);
  BOOST_TEST(location(2047) == "/api/v1/customers/");
}

BOOST_AUTO_TEST_CASE(go_on_after_a_login_at_an_address_of_some_length_only) {
  BOOST_TEST(app::safe_next("/api/v1/customers/", "/x") == "/api/v1/customers/");
  BOOST_TEST(app::safe_next("/" + std::string(2047, 'y'), "/x").size() == 2048U);
  BOOST_TEST(app::safe_next("/" + std::string(2048, 'y'), "/x") == "/x");
}

BOOST_AUTO_TEST_SUITE_END()
