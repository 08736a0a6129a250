// tests/pages/forms_test.cc — forms that are sent again, or too late.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "base/clock.h"
#include "base/text.h"
#include "http/json.h"
#include "support/browser.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Browser;
using support::customers_url;
using support::encoded;
using support::form_type;
using support::holds;
using support::messages_url;
using support::users_url;
using support::value_of;

struct Forms : support::TwoCompanies {
  Browser admin{service, a.admin.client.cookies};
  Browser nobody{service, {}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(page_forms, Forms)

BOOST_AUTO_TEST_CASE(make_nothing_twice_when_a_form_is_sent_again) {
  const auto name = support::unique_name("form");
  const std::vector<std::pair<std::string_view, http::Pairs>> forms = {
      {users_url, {{"username", name}, {"password", std::string(support::password)}}},
      {messages_url, {{"to_user", a.staff.url()}, {"text", "only once"}}},
      {customers_url, {{"name", "Once"}, {"email", "once@form.example"}}},
      {support::invitations_url, {{"role", "staff"}}},
      {support::api_tokens_url, {{"name", "once"}, {"access", "read"}}}};
  for (const auto& [url, typed] : forms) {
    const auto page = admin.get(url);
    auto fields = typed;
    fields.emplace_back("_method", "POST");
    fields.emplace_back("idempotency_key", value_of(page, "idempotency_key"));
    const auto first = admin.submit(url, fields);
    BOOST_TEST(first.status == 201, url);
    const auto rows = http::parse_json(a.admin.client.get(url).body).items.size();
    const auto again = admin.submit(url, fields);
    BOOST_TEST(again.status == 200, url);
    BOOST_TEST(holds(again, "HTTP 200 OK"));
    BOOST_TEST(holds(again, fields.back().second));  // the row
    for (const auto* secret : {"&quot;token&quot;", "&quot;link&quot;"})
      BOOST_TEST(!holds(again, secret));
    BOOST_TEST(http::parse_json(a.admin.client.get(url).body).items.size() == rows, url);
    // The page is good for another one.
    BOOST_TEST(value_of(again, "idempotency_key") != fields.back().second);
    // Sent again with something else in it, from a page that one went back to.
    fields[0].second += "x";
    if (url == messages_url) fields[0].second = a.other.url();
    if (url == support::invitations_url) fields[0].second = "admin";
    const auto other = admin.submit(url, fields);
    BOOST_TEST(other.status == 422, url);
    BOOST_TEST(holds(other, "This form was sent before, with something else in it."));
    BOOST_TEST(value_of(other, "idempotency_key") != fields.back().second);
  }
  // Raw data has a key of its own, and what is changed or makes no row of a list has none.
  const auto page = admin.get(customers_url);
  const auto raw = page.body.find("name=\"idempotency_key\"", page.body.find("Raw data"));
  BOOST_TEST((raw != std::string::npos));
  for (const auto& url : {std::string(customers_url) + a.customer.text(),
                          std::string("/api/v1/accounts/"), std::string(support::me_url)})
    BOOST_TEST(!holds(admin.get(url), "idempotency_key"), url);
}

BOOST_AUTO_TEST_CASE(of_the_login_keep_what_was_typed_when_another_tab_has_logged_in) {
  const auto url = fmt::format("/api/v1/auth/login/?next={}", customers_url);
  const auto old = value_of(nobody.get(url), "csrfmiddlewaretoken");
  nobody.cookies["csrftoken"] = admin.cookies["csrftoken"];  // as the other tab has it now
  const auto typed = [&](const std::string& token) {
    return encoded({{"csrfmiddlewaretoken", token},
                    {"next", std::string(customers_url)},
                    {"username", a.admin.username + "<"},
                    {"password", "Tell-9341-Nobody"}});
  };
  const auto page = nobody.send(http::Method::post, "/api/v1/auth/login/", typed(old));
  BOOST_TEST(page.status == 403);
  BOOST_TEST(holds(page, "This page was out of date. Enter your password once more."));
  BOOST_TEST(value_of(page, "next") == customers_url);
  BOOST_TEST(holds(page, "value=\"" + a.admin.username + "&lt;\""));
  BOOST_TEST(!holds(page, "Tell-9341"));
  BOOST_TEST(value_of(page, "csrfmiddlewaretoken") == nobody.cookies["csrftoken"]);
  // A form of another site, which may have typed anything, is shown nothing of it.
  http::Request request;
  request.method = http::Method::post;
  request.method_name = "POST";
  request.path = "/api/v1/auth/login/";
  request.headers = {{"accept", "text/html"}, {"origin", "https://evil.example"}};
  request.content_type = form_type;
  request.body = typed(old);
  const auto foreign = service.answer(request).response;
  BOOST_TEST(foreign.status == 403);
  BOOST_TEST(!holds(foreign, a.admin.username));
}

BOOST_AUTO_TEST_CASE(that_ask_first_about_what_is_not_there_get_a_page_like_any_other) {
  for (const auto* list : {"/api/v1/customers/", "/api/v1/accounts/users/"}) {
    const auto page = admin.submit(list + base::Uuid::make(base::Time::now()).text(),
                                   {{"_method", "DELETE"}, {"_confirm", "ask"}});
    BOOST_TEST(page.status == 404);
    BOOST_TEST(page.content_type == "text/html; charset=utf-8");
    BOOST_TEST(support::header(page, "Allow").starts_with("GET, PUT"));
    BOOST_TEST(holds(page, "Not found."));
  }
}

BOOST_AUTO_TEST_CASE(hold_no_bytes_that_are_no_text) {
  const auto page = nobody.send(http::Method::post, "/api/v1/auth/login/",
                                "username=%ffabc&password=x&next=/%ff%c3%bc");
  BOOST_TEST(page.status == 403);
  BOOST_TEST(base::valid_utf8(page.body));
  BOOST_TEST(holds(page, "abc"));
}

BOOST_AUTO_TEST_CASE(of_another_company_are_refused_for_that_reason_alone) {
  const auto page = admin.send(http::Method::post, "/api/v1/customers/",
                               support::encoded({{"_method", "POST"},
                                                 {"name", "Kept"},
                                                 {"x_company", b.id.text()},
                                                 {"csrfmiddlewaretoken", std::string(43, 'x')}}));
  BOOST_TEST(holds(page, "This form was opened in another company."));
  BOOST_TEST(!holds(page, "the forms on this page are good again"));
}

BOOST_AUTO_TEST_CASE(that_did_their_work_say_so_also_where_their_page_cannot_be_drawn) {
  const auto csrf = value_of(admin.get("/api/v1/customers/"), "csrfmiddlewaretoken");
  support::RawSql locking(support::config());
  BOOST_TEST(locking.execute("LOCK TABLES inboxes WRITE") == 0);
  const auto answer = admin.send(http::Method::post, "/api/v1/auth/api-tokens/",
                                 support::encoded({{"_method", "POST"},
                                                   {"name", "kept"},
                                                   {"access", "read"},
                                                   {"csrfmiddlewaretoken", csrf}}));
  BOOST_TEST(locking.execute("UNLOCK TABLES") == 0);
  BOOST_TEST(answer.status == 201);
  BOOST_TEST(holds(answer, "\"token\":"));
  BOOST_TEST(support::header(answer, "Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(that_ask_first_have_the_fields_of_what_takes_a_body_of_its_own) {
  constexpr const char* company = "/api/v2/accounts/company";
  const auto asked = admin.submit(company, {{"_method", "DELETE"}, {"_confirm", "ask"}});
  BOOST_TEST(asked.status == 200);
  for (const auto* name : {"name=\"name\"", "name=\"current_password\""})
    BOOST_TEST(holds(asked, name));
  const auto name = support::text_at(a.admin.client.get(company), "name");
  const auto refused =
      admin.submit(company, {{"_method", "DELETE"}, {"name", name}, {"current_password", "wrong"}});
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(holds(refused, "current_password: Your current password was entered incorrectly."));
  const auto done = admin.submit(company, {{"_method", "DELETE"},
                                           {"name", name},
                                           {"current_password", std::string(support::password)}});
  BOOST_TEST(done.status == 200);
  BOOST_TEST(holds(done, "Your company will be erased"));
}

BOOST_AUTO_TEST_CASE(lead_who_logs_in_to_where_a_company_that_will_be_erased_is_kept) {
  constexpr const char* erasure = "/api/v2/accounts/company/erasure";
  const auto name = support::text_at(a.admin.client.get("/api/v2/accounts/company"), "name");
  admin.submit("/api/v2/accounts/company", {{"_method", "DELETE"},
                                            {"name", name},
                                            {"current_password", std::string(support::password)}});
  nobody.cookies["csrftoken"] = admin.cookies["csrftoken"];
  const auto entered =
      nobody.submit("/api/v2/auth/login/",
                    {{"username", a.admin.username}, {"password", std::string(support::password)}});
  BOOST_TEST(entered.status == 302);
  BOOST_TEST(support::header(entered, "Location") == erasure);
  support::Client keeper(service);
  keeper.log_in(a.admin.username, support::password);
  Browser browser{service, keeper.cookies};
  BOOST_TEST(holds(browser.get(erasure), "value=\"DELETE\""));
  BOOST_TEST(browser.submit(erasure, {{"_method", "DELETE"}}).status == 200);
  BOOST_TEST(browser.get(users_url).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
