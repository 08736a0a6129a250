// tests/rest/preconditions_test.cc — tags, and changes under a condition.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/routes.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

using support::Client;
using support::header;
using support::text_at;

constexpr const char* patch_of_customer = R"({"phone":"1"})";

struct Conditions : support::TwoCompanies {
  support::RawSql raw{support::config()};
  Client& admin = a.admin.client;
  std::string customer = std::string(support::customers_url) + a.customer.text();
  std::string message = std::string(support::messages_url) + a.message.text();
  std::string exported = text_at(admin.post("/api/v2/exports/", R"({"kind":"personal"})"), "id");

  http::Response send(Client& client, std::string_view method, std::string_view url,
                      std::string_view body, const std::map<std::string, std::string>& headers) {
    const auto kept = client.headers;
    for (const auto& [name, value] : headers) client.headers[name] = value;
    auto response = client.send(method, url, body);
    client.headers = kept;
    return response;
  }
  std::string tag(Client& client, std::string_view url,
                  const std::map<std::string, std::string>& headers = {}) {
    const auto shown = send(client, "GET", url, "", headers);
    BOOST_REQUIRE(shown.status == 200);
    return header(shown, "ETag");
  }
  // Somebody of A who may do everything that the path's noun lets anybody do, and the path with
  // ids.
  Client& owner_of(std::string_view path) {
    const bool is_staffs = path.find("api-tokens") != path.npos ||
                           path.find("sessions") != path.npos || path.ends_with("/read");
    return is_staffs ? a.staff.client : admin;
  }
  std::string filled(std::string_view path) {
    const std::map<std::string_view, std::string> ids = {
        {"{user_id}", a.other.id.text()},       {"{message_id}", a.message.text()},
        {"{customer_id}", a.customer.text()},   {"{invitation_id}", a.invitation.text()},
        {"{api_token_id}", a.api_token.text()}, {"{session_id}", a.session.text()},
        {"{company_id}", a.id.text()},          {"{export_id}", exported}};
    std::string url(path);
    for (const auto& [name, id] : ids)
      if (const auto at = url.find(name); at != url.npos) url.replace(at, name.size(), id);
    return url;
  }
  // What a change could change. A session is touched by being used.
  std::string rows() {
    std::string all;
    for (const auto* what :
         {"* FROM companies", "* FROM users", "* FROM customers", "* FROM user_messages",
          "* FROM invitations", "* FROM api_tokens", "id FROM sessions", "* FROM idempotency_keys"})
      for (const auto& row : raw.query(fmt::format("SELECT {} WHERE company_id = {} ORDER BY 1",
                                                   what, support::literal(a.id))))
        for (const auto& value : row) all += value + '\n';
    return all;
  }
  // A body that the route takes, as far as a handler looks at it before the condition.
  std::string body_for(const rest::Route& route, std::string_view method) {
    if (route.name == "email")
      return fmt::format(R"({{{}"current_password":"{}"}})",
                         method == "DELETE"
                             ? ""
                             : fmt::format(R"("email":"{}@x.org",)", support::unique_name("kim")),
                         support::password);
    if (method == "DELETE" && route.operation(http::Method::delete_)->takes)
      return fmt::format(
          R"({{"name":"{}","current_password":"{}"}})",
          route.name == "me" ? "keep" : text_at(admin.get(support::company_url), "name"),
          support::password);
    if (route.name == "company-detail") return R"({"name":"Another"})";
    if (route.name != "user-detail") return "{}";
    return fmt::format(R"({{"username":"{}","password":"{}"}})", support::unique_name("new"),
                       support::password);
  }
  // Calls visit with each method that may change something, with its route.
  template <class Visitor>
  void for_each_change(Visitor visit) {
    support::for_each_route([&](const rest::Route& route, const std::string& path) {
      for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"})
        if (route.operation(http::method_of(method))) visit(route, filled(path), method);
    });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conditions, Conditions)

BOOST_AUTO_TEST_CASE(are_answered_by_saved_answers_with_the_tag_of_what_they_show) {
  const auto name = support::unique_name("tag");
  const std::vector<std::pair<std::string_view, std::string>> made = {
      {support::users_url,
       fmt::format(R"({{"username":"{}","password":"{}"}})", name, support::password)},
      {support::messages_url, fmt::format(R"({{"to_user":"{}","text":"x"}})", a.staff.url())},
      {support::customers_url, R"({"name":"é","email":"t@t.example","notes":"a\nb"})"}};
  for (const auto& [url, body] : made) {
    const auto answer = admin.post(url, body);
    BOOST_TEST(answer.status == 201, answer.body);
    BOOST_TEST(header(answer, "ETag") == tag(admin, std::string(url) + text_at(answer, "id")), url);
  }
  const std::vector<std::pair<std::string, std::string>> changes = {
      {customer, patch_of_customer},
      {std::string(support::company_url), R"({"address":"new"})"},
      {a.staff.url(), R"({"role":"admin"})"},
      {std::string(support::me_url), fmt::format(R"({{"default_company":"{}"}})", a.id.text())}};
  for (const auto& [url, body] : changes) {
    const auto answer = admin.patch(url, body);
    BOOST_TEST(answer.status == 200, answer.body);
    BOOST_TEST(header(answer, "ETag") == tag(admin, url), url);
  }
  const auto put = admin.put(customer, R"({"name":"Lee","email":"lee@t.example"})");
  BOOST_TEST(header(put, "ETag") == tag(admin, customer));
  const auto read = a.staff.client.put(message + "/read", "");
  BOOST_TEST(header(read, "ETag") == tag(a.staff.client, message));
  // With a secret shown, that is no part of the state: the tag is good for the end of the thing.
  for (const auto& [url, body] :
       {std::pair(support::api_tokens_url, R"({"name":"x","access":"read"})"),
        std::pair(support::invitations_url, "{}")}) {
    const auto answer = admin.post(url, body);
    const auto ended = send(admin, "DELETE", std::string(url) + text_at(answer, "id"), "",
                            {{"if-match", header(answer, "ETag")}});
    BOOST_TEST(ended.status == 204, url << ended.body);
  }
}

BOOST_AUTO_TEST_CASE(are_met_by_the_tag_of_any_form_that_the_thing_was_read_in) {
  const auto& other_name = support::config().public_urls.back();
  BOOST_REQUIRE(other_name != support::config().public_urls.front());
  const std::vector<std::pair<std::string, std::map<std::string, std::string>>> forms = {
      {"", {}},
      {"?format=json", {}},
      {"", {{"accept", "application/json; indent=4"}}},
      {"?format=json", {{"accept", "application/json; indent=2"}}},
      {"", {{"host", other_name.substr(other_name.find("//") + 2)}}}};
  for (const auto& url : {customer, a.staff.url(), message}) {
    std::vector<std::string> tags;
    for (const auto& [query, headers] : forms) tags.push_back(tag(admin, url + query, headers));
    // Other bytes have another tag: no 304 for them.
    BOOST_TEST(tags[0] != tags[1]);
    BOOST_TEST(tags[0] != tags[2]);
    for (std::size_t i = 0; i < forms.size(); i++) {
      const auto unchanged = send(admin, "GET", url, "", {{"if-none-match", tags[i]}});
      BOOST_TEST(unchanged.status == (tags[i] == tags[0] ? 304 : 200), url << forms[i].first);
    }
  }
  for (const auto& [query, headers] : forms)
    for (const auto& [query_of_change, headers_of_change] : forms) {
      auto all = headers_of_change;
      all["if-match"] = "W/" + tag(admin, customer + query, headers);
      const auto changed = send(admin, "PATCH", customer + query_of_change,
                                fmt::format(R"({{"phone":"{}"}})", support::unique_name("1")), all);
      BOOST_TEST(changed.status == 200, query << " " << query_of_change << changed.body);
    }
  // A page of a browser, too.
  const auto before = tag(admin, customer);
  const auto page = send(admin, "PATCH", customer, patch_of_customer,
                         {{"if-match", before}, {"accept", "text/html"}});
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.content_type == "text/html; charset=utf-8");
  for (const auto& [name, value] : page.headers) BOOST_TEST(name != "ETag");
  BOOST_TEST(send(admin, "PATCH", customer, patch_of_customer,
                  {{"if-match", before}, {"accept", "text/html"}})
                 .status == 412);
}

BOOST_AUTO_TEST_CASE(that_do_not_hold_change_nothing_on_any_route) {
  int refused = 0;
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"if-match", "\"other\""},
           {"if-match", "other"},
           {"if-match", ""},
           {"if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT"}})
    for_each_change([&](const rest::Route& route, const std::string& url, const char* method) {
      auto& client = owner_of(route.path);
      const auto before = rows();
      const auto answer = send(client, method, url, body_for(route, method), {{name, value}});
      BOOST_TEST(answer.status == 412, method << " " << url << " " << name << answer.body);
      BOOST_TEST((rows() == before), method << " " << url);
      refused++;
    });
  BOOST_TEST(refused > 80);
}

BOOST_AUTO_TEST_CASE(that_nothing_may_be_there_do_not_hold_where_something_is) {
  for_each_change([&](const rest::Route& route, const std::string& url, const char* method) {
    if (!route.shown()) return;
    const auto before = rows();
    const auto answer =
        send(owner_of(route.path), method, url, body_for(route, method), {{"if-none-match", "*"}});
    BOOST_TEST(answer.status == 412, method << " " << url << answer.body);
    BOOST_TEST((rows() == before), method << " " << url);
  });
  // Where nothing has a tag there is nothing that could be there.
  Client anew(service);
  const auto login = send(
      anew, "POST", "/api/v1/auth/login/",
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.staff.username, support::password),
      {{"if-none-match", "*"}});
  BOOST_TEST(login.status == 200);
}

BOOST_AUTO_TEST_CASE(hold_for_a_change_and_a_deletion_once) {
  const auto seen = tag(admin, customer);
  const auto changed = send(admin, "PATCH", customer, patch_of_customer, {{"if-match", seen}});
  BOOST_TEST(changed.status == 200);
  // The answer's own tag is good for the next change, without asking again.
  const auto again =
      send(admin, "PATCH", customer, R"({"phone":"2"})", {{"if-match", header(changed, "ETag")}});
  BOOST_TEST(again.status == 200);
  BOOST_TEST(send(admin, "DELETE", customer, "", {{"if-match", seen}}).status == 412);
  BOOST_TEST(send(admin, "DELETE", customer, "", {{"if-match", "\"x\", " + header(again, "ETag")}})
                 .status == 204);
  BOOST_TEST(send(admin, "DELETE", customer, "", {{"if-match", "*"}}).status == 404);
  const auto person = tag(admin, a.other.url());
  BOOST_TEST(send(admin, "DELETE", a.other.url(), "", {{"if-match", person}}).status == 204);
  const auto me = tag(admin, support::me_url);
  BOOST_TEST(send(admin, "PATCH", support::me_url, "{}", {{"if-match", me}}).status == 200);
}

BOOST_AUTO_TEST_CASE(are_looked_at_in_order_and_on_reading_as_well) {
  const auto now = tag(admin, customer);
  const auto status = [&](std::string_view method, std::map<std::string, std::string> headers) {
    return send(admin, method, customer, method == "GET" ? "" : patch_of_customer, headers).status;
  };
  BOOST_TEST(status("GET", {{"if-match", "\"x\""}, {"if-none-match", now}}) == 412);
  BOOST_TEST(status("GET", {{"if-match", now}, {"if-none-match", now}}) == 304);
  BOOST_TEST(status("GET", {{"if-match", "*"}}) == 200);
  BOOST_TEST(status("GET", {{"if-none-match", "*"}}) == 304);
  BOOST_TEST(status("GET", {{"if-none-match", "x"}}) == 200);
  BOOST_TEST(status("PATCH", {{"if-match", now}, {"if-none-match", now}}) == 412);
  BOOST_TEST(status("PATCH", {{"if-match", now}, {"if-none-match", "\"x\""}}) == 200);
  // What would be refused in any case is refused for that.
  const auto nobody = std::string(support::customers_url) + a.staff.id.text();
  BOOST_TEST(send(admin, "PATCH", nobody, "{}", {{"if-match", "\"x\""}}).status == 404);
  BOOST_TEST(
      send(a.staff.client, "PATCH", support::company_url, "{}", {{"if-match", "\"x\""}}).status ==
      403);
}

BOOST_AUTO_TEST_CASE(of_a_list_can_only_be_that_it_is_there) {
  const auto seen = tag(admin, support::customers_url);
  const auto body = R"({"name":"New","email":"new@new.example"})";
  BOOST_TEST(send(admin, "POST", support::customers_url, body, {{"if-match", seen}}).status == 412);
  BOOST_TEST(send(admin, "POST", support::customers_url, body, {{"if-match", "*"}}).status == 201);
  BOOST_TEST(send(admin, "GET", support::customers_url, "", {{"if-none-match", seen}}).status ==
             200);
}

BOOST_AUTO_TEST_CASE(leave_a_wrong_password_counted) {
  // The change is rolled back with its transaction; the failure must not be.
  const auto before = raw.query("SELECT COALESCE(SUM(count), 0) FROM throttles")[0][0];
  const auto wrong =
      send(a.staff.client, "PATCH", a.staff.url(),
           R"({"password":"Bade-9175-Decaf!","current_password":"nope"})", {{"if-match", "*"}});
  BOOST_TEST(wrong.status == 400, wrong.body);
  BOOST_TEST(raw.query("SELECT COALESCE(SUM(count), 0) FROM throttles")[0][0] != before);
}

BOOST_AUTO_TEST_SUITE_END()
