// tests/app/customers_test.cc — what the contract's scenarios do not say of customers, and what all
// resources share: validators, and creating once.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

namespace {

using support::customers_url;
using namespace std::string_literals;
using support::header;
using support::text_at;

struct Customers : support::TwoCompanies {
  support::Client& admin = a.admin.client;
  std::string kim = std::string(customers_url) + a.customer.text();

  std::string names(std::string_view query) {
    std::string all;
    for (const auto& row :
         http::parse_json(admin.get(fmt::format("{}?{}", customers_url, query)).body).items)
      all += row.find("name")->text + " ";
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(customers, Customers)

BOOST_AUTO_TEST_CASE(are_filtered_by_when_they_were_created_and_listed_in_both_orders) {
  const auto lee = admin.post(customers_url, R"({"name":"Lee","email":"lee@lee.example"})");
  const auto created = text_at(lee, "created_at");
  BOOST_TEST(names("order=-created_at") == "Lee Kim ");
  BOOST_TEST(names("created_since=" + created) == "Lee ");
  BOOST_TEST(names("created_until=" + created) == "Kim ");
  BOOST_TEST(names("order=-created_at&limit=1") == "Lee ");
}

BOOST_AUTO_TEST_CASE(keep_to_the_range_from_page_to_page_in_both_orders) {
  std::vector<std::string> times;
  for (const auto* name : {"B", "C", "D", "E"})
    times.push_back(text_at(
        admin.post(customers_url, fmt::format(R"({{"name":"{0}","email":"{0}@x.example"}})", name)),
        "created_at"));
  for (const auto& [order, expected] :
       {std::pair{"created_at", "B C D "}, {"-created_at", "D C B "}}) {
    std::string seen;
    auto url = fmt::format("{}?limit=1&order={}&created_since={}&created_until={}", customers_url,
                           order, times.front(), times.back());
    while (!url.empty()) {
      const auto page = admin.get(url);
      seen += text_at(page, "0.name") + " ";
      const auto link = header(page, "Link");
      url = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    BOOST_TEST(seen == expected);
  }
}

BOOST_AUTO_TEST_CASE(are_found_by_a_prefix_in_which_nothing_is_a_wildcard) {
  admin.post(customers_url, R"({"name":"100% Kim_","email":"p@p.example"})");
  BOOST_TEST(names("name=kI") == "Kim ");
  BOOST_TEST(names("name=%25") == "");
  BOOST_TEST(names("name=100%25+kim_") == "100% Kim_ ");
}

BOOST_AUTO_TEST_CASE(are_found_by_their_own_names_in_any_case_and_normal_form) {
  const std::vector<std::vector<std::string>> spellings = {
      {"STRA\u1e9eENBAU GmbH", "stra\u00dfenbau gmbh", "STRASSENBAU GMBH"},
      {"\u04c0\u0430 palochka", "\u04cf\u0430 PALOCHKA"},
      {"\u1c90\u1c9c\u1c90", "\u10d0\u10dc\u10d0"},
      {"\U0001e900 Adlam", "\U0001e922 adlam"},
      {"\u13a0 Cherokee", "\uab70 cherokee"},
      {"\u023a", "\u2c65"},
      {"Jose\u0301", "JOS\u00c9", "jos\u00e9", "JOSE\u0301"}};
  for (const auto& names : spellings)
    for (std::size_t i = 0; i < names.size(); i++) {
      const auto made = admin.post(
          customers_url, fmt::format(R"({{"name":"{}","email":"n{}@x.example"}})", names[i], i));
      BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
      for (const auto& asked : names)
        BOOST_TEST(this->names("name=" + http::encode_percent(asked)) == names[i] + " ", asked);
      BOOST_TEST(admin.remove(text_at(made, "url")).status == 204);
    }
}

BOOST_AUTO_TEST_CASE(are_found_by_their_new_name_after_a_change) {
  admin.patch(kim, R"({"name":"\u1e9eam","email":"SAM@kim.example"})");
  BOOST_TEST(names("name=kim") == "");
  BOOST_TEST(names("name=SSA") == "\u1e9eam ");
  BOOST_TEST(names("email=sam@kim.example") == "\u1e9eam ");
  admin.patch(kim, R"({"phone":"1"})");
  BOOST_TEST(names("name=SSA&email=Sam@Kim.example") == "\u1e9eam ");
}

BOOST_AUTO_TEST_CASE(are_found_by_their_email_address_in_any_case_and_are_unique_so) {
  admin.post(customers_url, R"({"name":"Lee","email":"Kim.Lee@Example.com"})");
  for (const auto* asked : {"kim.lee@example.com", "KIM.LEE@EXAMPLE.COM", "Kim.Lee@Example.com"})
    BOOST_TEST(names("email="s + asked) == "Lee ");
  BOOST_TEST(names("email=kim.lee@example") == "");
  BOOST_TEST(names("email=kim_lee@example.com") == "");
  const auto again = admin.post(customers_url, R"({"name":"X","email":"KIM.lee@example.COM"})");
  BOOST_TEST(text_at(again, "email.0") == "A customer with that email already exists.");
}

BOOST_AUTO_TEST_CASE(never_show_the_keys_by_which_they_are_found) {
  admin.patch(kim, R"({"name_key":"x","email_key":null})");
  BOOST_TEST(names("name=kim") == "Kim ");
  BOOST_TEST(admin.get(kim).body.find("_key") == std::string::npos);
  BOOST_TEST(admin.send("OPTIONS", kim, "").body.find("_key") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(created_again_with_the_same_key_are_created_once) {
  admin.headers["idempotency-key"] = base::Uuid::make(base::Time::now()).text();
  const auto body = R"({"name":"Once","email":"once@once.example"})";
  BOOST_TEST(admin.post(customers_url, body).status == 201);
  BOOST_TEST(admin.post(customers_url, body).status == 200);
  BOOST_TEST(admin.post(customers_url, R"({"name":"Twice","email":"twice@once.example"})").status ==
             422);
}

BOOST_AUTO_TEST_CASE(that_have_not_changed_are_answered_with_304) {
  for (const auto& url :
       {kim, std::string(customers_url), std::string(support::company_url), a.staff.url(),
        std::string(support::users_url), std::string(support::messages_url) + a.message.text()}) {
    admin.headers.erase("if-none-match");
    const auto etag = header(admin.get(url), "ETag");
    BOOST_TEST(!etag.empty());
    admin.headers["if-none-match"] = "\"other\", W/" + etag;
    const auto unchanged = admin.get(url);
    BOOST_TEST(unchanged.status == 304, url);
    BOOST_TEST(unchanged.body == "");
  }
  admin.patch(kim, R"({"phone":"1"})");
  admin.headers["if-none-match"] = header(admin.get(kim), "ETag") + "x";
  BOOST_TEST(admin.get(kim).status == 200);
}

BOOST_AUTO_TEST_CASE(that_were_changed_meanwhile_are_not_overwritten) {
  const std::vector<std::pair<std::string, std::string>> changes = {
      {kim, R"({"phone":"1"})"},
      {std::string(support::company_url), R"({"address":"new"})"},
      {a.staff.url(), R"({"role":"admin"})"}};
  for (const auto& [url, body] : changes) {
    admin.headers.erase("if-match");
    const auto etag = header(admin.get(url), "ETag");
    admin.headers["if-match"] = etag;
    BOOST_TEST(admin.patch(url, body).status == 200, url);
    BOOST_TEST(admin.patch(url, body).status == 412, url);
    admin.headers["if-match"] = "*";
    BOOST_TEST(admin.patch(url, body).status == 200, url);
  }
  const auto message = std::string(support::messages_url) + a.message.text();
  auto& staff = a.staff.client;
  staff.headers["if-match"] = header(staff.get(message), "ETag");
  BOOST_TEST(staff.put(message + "/read", "").status == 200);
  BOOST_TEST(staff.put(message + "/read", "").status == 412);
}

BOOST_AUTO_TEST_SUITE_END()
