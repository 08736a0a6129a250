// tests/pages/resource_test.cc — the API in a browser without scripts.
#include "pages/resource.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "http/html.h"
#include "support/browser.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Browser;
using support::Client;
using support::encoded;
using support::form_type;
using support::holds;
using support::messages_url;
using support::users_url;
using support::value_of;
constexpr std::string_view customers_url = "/api/v1/customers/";

struct Pages : support::TwoCompanies {
  Browser admin{service, a.admin.client.cookies};
  Browser staff{service, a.staff.client.cookies};
  Browser nobody{service, {}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pages, Pages)

BOOST_AUTO_TEST_CASE(say_what_and_who_and_where) {
  const auto page = staff.get(users_url);
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.content_type == "text/html; charset=utf-8");
  for (const auto text : {"<h1>user-list</h1>", "The people of your company", "HTTP 200 OK",
                          "Allow: GET, POST", "Raw data", "OPTIONS</button>", "Log out"})
    BOOST_TEST(holds(page, text), text);
  BOOST_TEST(holds(page, "<b>" + a.staff.username + "</b> in <b>Company_"));
  BOOST_TEST(value_of(page, "x_company") == a.id.text());
}

BOOST_AUTO_TEST_CASE(lead_only_to_what_is_there) {
  auto& client = a.admin.client;
  const auto base = support::config().public_urls.front();
  std::set<std::string> links;
  auto ids = a.ids();
  const auto made = client.post("/api/v2/exports/", R"({"kind":"personal"})");
  ids["{export_id}"] = *base::Uuid::parse(support::text_at(made, "id"));
  client.headers["accept"] = "text/html,*/*;q=0.8";
  for (const auto& version : rest::versions)
    for (const auto* route : app::all_routes()) {
      if (!route->operation(http::Method::get) || !route->is_in(version) || route->is_page() ||
          route->is_stream())
        continue;
      auto path = std::string(version.prefix) + std::string(route->path);
      if (const auto open = path.find('{'); open != path.npos)
        path.replace(open, path.find('}') - open + 1,
                     ids.at(path.substr(open, path.find('}') - open + 1)).text());
      const auto page = client.get(path).body;
      for (auto at = page.find("href=\""); at != page.npos; at = page.find("href=\"", at + 1)) {
        auto link = page.substr(at + 6, page.find('"', at + 6) - at - 6);
        if (link.starts_with(base)) link.erase(0, base.size());
        if (link.starts_with("/api/")) links.insert(link.substr(0, link.find('#')));
        BOOST_TEST((link.starts_with("/") || link.starts_with("#")), path << " leads to " << link);
      }
    }
  BOOST_TEST(links.size() > 40U);
  // Of some collections there is nothing to GET: a page says so.
  for (const auto& link : links) {
    const auto status = client.get(link).status;
    BOOST_TEST((status == 200 || status == 405), link << " answers " << status);
  }
}

BOOST_AUTO_TEST_CASE(allow_no_script_and_no_frame) {
  const auto page = staff.get(users_url);
  const auto policy = support::header(page, "Content-Security-Policy");
  BOOST_TEST(policy.starts_with("default-src 'none'; img-src 'self'; style-src 'sha256-"));
  BOOST_TEST(policy.ends_with("form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
  BOOST_TEST(!holds(page, "<script"));
  BOOST_TEST(!holds(page, " style=\""));
  BOOST_TEST(support::header(nobody.get("/api/v1/auth/login/"), "Content-Security-Policy") ==
             policy);
}

BOOST_AUTO_TEST_CASE(escape_markup_wherever_it_comes_from) {
  constexpr std::string_view evil = "</pre><script>alert(1)</script>\\\"' onx=";
  const auto made = a.admin.client.post(
      customers_url, fmt::format(R"({{"name":"{}","email":"a@example.com","notes":"{}"}})", evil,
                                 "</textarea><script>"));
  BOOST_REQUIRE(made.status == 201);
  a.admin.client.patch(support::company_url, fmt::format(R"({{"name":"{}"}})", evil));
  const auto url = std::string(customers_url) + support::text_at(made, "id");
  for (const auto& page :
       {admin.get(customers_url), admin.get(url), admin.get(url + "?x=\"><script>"),
        admin.submit(customers_url, {{"_method", "POST"}, {"name", "</pre><script>\"'"}}),
        admin.submit(customers_url, {{"_content", "</textarea><script>"}}),
        admin.submit(url, {{"_method", "DELETE"}, {"_confirm", "ask"}})}) {
    BOOST_TEST(!holds(page, "<script"));
    BOOST_TEST(!holds(page, "</pre><s"));
    BOOST_TEST(holds(page, "&lt;script&gt;"));
  }
}

BOOST_AUTO_TEST_CASE(link_to_what_a_document_names_and_to_no_text) {
  const auto made = a.admin.client.post(
      customers_url,
      R"x({"name":"http://127.0.0.1:8080/api/v1/accounts/users/","email":"a@b.cc",
           "notes":"javascript:alert(1)","phone":"//evil.example/"})x");
  BOOST_REQUIRE(made.status == 201);
  const auto url = support::text_at(made, "url");
  const auto page = admin.get(std::string(customers_url) + support::text_at(made, "id"));
  BOOST_TEST(holds(page, "&quot;<a href=\"" + url));
  BOOST_TEST(holds(page, "&quot;http://127.0.0.1:8080/api/v1/accounts/users/&quot;"));
  BOOST_TEST(!holds(page, "<a href=\"javascript"));
  BOOST_TEST(!holds(page, "<a href=\"//evil"));
}

BOOST_AUTO_TEST_CASE(offer_only_colleagues_as_recipients) {
  const auto page = staff.get(messages_url);
  BOOST_TEST(holds(page, "name=\"to_user\""));
  BOOST_TEST(holds(page, ">" + a.admin.username + "</option>"));
  BOOST_TEST(holds(page, ">" + a.other.username + "</option>"));
  for (const auto& name : {a.staff.username, b.admin.username, b.staff.username})
    BOOST_TEST(!holds(page, ">" + name + "</option>"));
  a.admin.client.remove(a.other.url());
  BOOST_TEST(!holds(staff.get(messages_url), a.other.username));
}

BOOST_AUTO_TEST_CASE(offer_only_what_is_permitted) {
  BOOST_TEST(!holds(staff.get(support::company_url), "name=\"address\""));
  BOOST_TEST(holds(admin.get(support::company_url), "name=\"address\""));
  BOOST_TEST(!holds(staff.get(a.other.url()), "DELETE</button>"));
  BOOST_TEST(!holds(staff.get(a.other.url()), "name=\"role\""));
  BOOST_TEST(holds(admin.get(a.other.url()), "DELETE</button>"));
  BOOST_TEST(!holds(admin.get(a.admin.url()), "DELETE</button>"));
  BOOST_TEST(holds(staff.get(a.staff.url()), "name=\"current_password\""));
  const auto foreign = staff.get(b.staff.url());
  BOOST_TEST(foreign.status == 404);
  BOOST_TEST(!holds(foreign, "name=\"username\""));
  BOOST_TEST(!holds(nobody.get(users_url), "<form"));
}

BOOST_AUTO_TEST_CASE(keep_what_was_typed_but_no_password) {
  const auto page = admin.submit(users_url, {{"_method", "POST"},
                                             {"username", "no blank \"s"},
                                             {"password", "Tell-9341-Nobody"},
                                             {"role", "admin"}});
  BOOST_TEST(page.status == 400);
  BOOST_TEST(holds(page, "value=\"no blank &quot;s\""));
  BOOST_TEST(holds(page, "<option value=\"admin\" selected>"));
  BOOST_TEST(holds(page, "id=\"problem-username\"><p class=\"problem\">Enter a valid username."));
  BOOST_TEST(holds(page, "aria-describedby=\"problem-username help-username\""));
  const auto raw = admin.submit(
      users_url, {{"_content", R"({"username":"no blank","password":"Tell-9341-Nobody"})"}});
  BOOST_TEST(raw.status == 400);
  BOOST_TEST(holds(raw, "&quot;username&quot;: &quot;no blank&quot;"));
  // What was not sent is as it was.
  const auto role =
      admin.submit(a.other.url(), {{"_method", "PATCH"}, {"_content", R"({"role":"x"})"}});
  BOOST_TEST(role.status == 400);
  BOOST_TEST(holds(role, "value=\"" + a.other.username + "\""));
  BOOST_TEST(holds(role, "{\n    &quot;role&quot;: &quot;x&quot;\n}</textarea>"));
  const auto broken = admin.submit(users_url, {{"_content", R"({"password":"Tell-9341-Nobody)"}});
  BOOST_TEST(broken.status == 400);
  const auto login = nobody.submit(
      "/api/v1/auth/login/", {{"username", a.admin.username}, {"password", "Tell-9341-Nobody"}});
  for (const auto& each : {page, raw, broken, login}) BOOST_TEST(!holds(each, "Tell-9341"));
}

BOOST_AUTO_TEST_CASE(change_through_forms_what_the_boxes_say) {
  const auto renamed = support::unique_name("renamed");
  const auto patched = admin.submit(
      a.other.url(), {{"_method", "PATCH"}, {"username", renamed}, {"password", ""}, {"role", ""}});
  BOOST_TEST(patched.status == 200);
  BOOST_TEST(holds(patched, "value=\"" + renamed + "\""));
  const auto sent = staff.submit(
      messages_url, {{"_method", "POST"}, {"to_user", a.admin.url()}, {"text", "one\r\ntwo"}});
  BOOST_TEST(sent.status == 201);
  BOOST_TEST(holds(sent, "one\\ntwo"));
}

BOOST_AUTO_TEST_CASE(ask_before_they_delete) {
  const auto asked = admin.submit(a.other.url(), {{"_method", "DELETE"}, {"_confirm", "ask"}});
  BOOST_TEST(asked.status == 200);
  BOOST_TEST(holds(asked, "Nothing is done yet"));
  BOOST_TEST(holds(asked, a.other.username));
  BOOST_TEST(admin.get(a.other.url()).status == 200);
  const auto done = admin.submit(a.other.url(), {{"_method", "DELETE"}});
  BOOST_TEST(done.status == 200);
  BOOST_TEST(holds(done, "HTTP 204 No Content"));
  BOOST_TEST(admin.get(a.other.url()).status == 404);
}

BOOST_AUTO_TEST_CASE(refuse_an_override_without_the_token) {
  for (const auto method : {"DELETE", "PUT", "PATCH", "OPTIONS", "POST"}) {
    const auto body = encoded({{"_method", method}, {"username", "x"}});
    BOOST_TEST(admin.send(http::Method::post, a.other.url(), body).status == 403);
  }
  // Nor is there a way around the login's own check: JSON in a form of another site.
  const auto login =
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.admin.username, support::password);
  const auto forged =
      nobody.send(http::Method::post, "/api/v1/auth/login/", encoded({{"_content", login}}));
  BOOST_TEST(forged.status == 403);
  BOOST_TEST(support::header(forged, "Set-Cookie").find("sessionid") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(take_an_override_from_forms_only) {
  const auto token = admin.cookies["csrftoken"];
  const auto json = fmt::format(R"({{"_method":"DELETE","csrfmiddlewaretoken":"{}"}})", token);
  admin.send(http::Method::post, a.other.url(), json, "application/json");
  BOOST_TEST(admin.get(a.other.url()).status == 200);
  // A real PUT does not get its token from a field.
  const auto body =
      encoded({{"_method", "DELETE"}, {"csrfmiddlewaretoken", token}, {"username", "x"}});
  BOOST_TEST(admin.send(http::Method::put, a.other.url(), body).status == 403);
  BOOST_TEST(admin.send(http::Method::get, a.other.url(), body).status == 200);
  BOOST_TEST(admin.submit(a.other.url(), {{"_method", "TRACE"}}).status == 405);
  BOOST_TEST(admin.get(a.other.url()).status == 200);
}

BOOST_AUTO_TEST_CASE(refuse_what_was_meant_for_another_company) {
  const auto page = admin.submit(customers_url, {{"_method", "POST"},
                                                 {"x_company", b.id.text()},
                                                 {"name", "Astray"},
                                                 {"email", "astray@example.com"}});
  BOOST_TEST(page.status == 409);
  BOOST_TEST(holds(page, "opened in another company"));
  BOOST_TEST(!holds(page, "value=\"Astray\""));
  BOOST_TEST(!holds(admin.get(customers_url), "Astray"));
}

BOOST_AUTO_TEST_CASE(say_that_a_form_is_too_old) {
  admin.get(users_url);
  const auto page = admin.send(http::Method::post, "/api/v1/auth/company/",
                               encoded({{"_method", "POST"}, {"company", b.id.text()}}));
  BOOST_TEST(page.status == 403);
  BOOST_TEST(holds(page, "from before you logged in or went to another company"));
}

BOOST_AUTO_TEST_CASE(filter_lists_with_a_form) {
  for (const auto name : {"Amber", "Zed"})
    a.admin.client.post(customers_url,
                        fmt::format(R"({{"name":"{0}","email":"{0}@example.com"}})", name));
  // A browser sends the empty boxes, too.
  const auto page = staff.get("/api/v1/customers/?name=z&email=&created_since=&order=&limit=7");
  BOOST_TEST(page.status == 200);
  BOOST_TEST(holds(page, "&quot;Zed&quot;"));
  BOOST_TEST(!holds(page, "&quot;Amber&quot;"));
  BOOST_TEST(holds(page, "<details class=\"card filters\" open>"));
  BOOST_TEST(holds(page, "value=\"z\" id=\"filter-field-name\""));
  BOOST_TEST(holds(page, "<input type=\"hidden\" name=\"limit\" value=\"7\">"));
  BOOST_TEST(holds(staff.get(customers_url), "<details class=\"card filters\"><summary>"));
  BOOST_TEST(a.staff.client.get("/api/v1/customers/?name=").status == 400);

  const auto wrong = staff.get("/api/v1/customers/?created_since=yesterday&order=name");
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(holds(wrong, "value=\"yesterday\" id=\"filter-field-created_since\""));
  BOOST_TEST(holds(wrong, "id=\"filter-problem-created_since\"><p class=\"problem\">"));
  BOOST_TEST(holds(wrong, "id=\"filter-problem-order\""));
  const auto since = staff.get("/api/v1/customers/?created_since=2026-01-02T03:04:05.6%2B01:00");
  BOOST_TEST(holds(since, "value=\"2026-01-02T02:04:05\" id=\"filter-field-created_since\""));

  const auto with = staff.get(std::string(messages_url) + "?with=" + a.admin.id.text());
  BOOST_TEST(holds(with, "value=\"" + a.admin.id.text() + "\" selected>" + a.admin.username));
  BOOST_TEST(!holds(with, b.staff.username));
  BOOST_TEST(!holds(staff.get(users_url), "card filters"));
  BOOST_TEST(!holds(nobody.get(messages_url), "card filters"));
}

BOOST_AUTO_TEST_CASE(lead_through_long_lists) {
  const auto page = staff.get(std::string(users_url) + "?limit=1&x=\"");
  BOOST_TEST(holds(page, ">Next page</a>"));
  BOOST_TEST(!holds(page, ">First page</a>"));
  BOOST_TEST(holds(page, "href=\"/api/v1/accounts/users/?limit=1&amp;x=%22&amp;format=json\""));
}

BOOST_AUTO_TEST_CASE(lead_back_after_a_login_but_never_away) {
  BOOST_TEST(holds(nobody.get(std::string(users_url) + "?limit=1"),
                   "/api/v1/auth/login/?next=/api/v1/accounts/users/%3Flimit%3D1\""));
  nobody.cookies["csrftoken"] = admin.cookies["csrftoken"];
  for (const auto next : {"//evil.example/", "/\\evil.example/", "https://evil.example/",
                          "javascript:alert(1)", "/\t/evil.example/"}) {
    const auto response =
        nobody.submit("/api/v1/auth/login/", {{"username", a.admin.username},
                                              {"password", std::string(support::password)},
                                              {"next", next}});
    BOOST_TEST(response.status == 302);
    BOOST_TEST(support::header(response, "Location") == users_url);
  }
}

BOOST_AUTO_TEST_SUITE_END()
