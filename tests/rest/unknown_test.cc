// tests/rest/unknown_test.cc — what a request names that nothing has is refused, or told.
#include "rest/unknown.h"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/two_companies.h"

using support::header;
using support::text_at;

BOOST_FIXTURE_TEST_SUITE(unknown_names, support::TwoCompanies)

BOOST_AUTO_TEST_CASE(are_refused_by_version_2_with_the_nearest_that_there_is) {
  auto& client = a.admin.client;
  const auto query = client.get("/api/v2/customers/?nmae=x");
  BOOST_TEST(query.status == 400);
  BOOST_TEST(text_at(query, "errors.0.field") == "nmae");
  BOOST_TEST(text_at(query, "errors.0.detail") ==
             "There is no such parameter. The nearest is \"name\".");
  const auto body =
      client.post("/api/v2/customers/", R"({"name":"C","email":"c@c.example","nome":"D"})");
  BOOST_TEST(body.status == 400);
  BOOST_TEST(text_at(body, "errors.0.field") == "nome");
  BOOST_TEST(text_at(body, "errors.0.detail") ==
             "There is no such field. The nearest is \"name\".");
  const auto nested = client.post(
      "/api/v2/accounts/", R"({"company":{"name":"N","adress":"x"},"user":{"password":"p"}})");
  BOOST_TEST(nested.status == 400);
  BOOST_TEST(nested.body.find(R"({"field":"company.adress","detail":"There is no such field. )"
                              R"(The nearest is \"company.address\"."})") != std::string::npos,
             nested.body);
  // Where nothing is known, nothing is near; and ?format= is version 1's.
  const auto one = client.get(fmt::format("/api/v2/customers/{}?format=json", a.customer.text()));
  BOOST_TEST(one.status == 400);
  BOOST_TEST(text_at(one, "errors.0.detail") == "There is no such parameter.");
  BOOST_TEST(client.get("/api/v2/customers/?limit=1&order=-created_at&q=x").status == 200);
  // What is near to nothing gets all that there are, as what looks like another word does.
  BOOST_TEST(text_at(client.get("/api/v2/accounts/users/?page=2"), "errors.0.detail") ==
             "There is no such parameter. There are: q, limit, cursor.");
}

BOOST_AUTO_TEST_CASE(
    are_what_another_method_reads_what_comes_twice_and_any_body_where_none_is_taken) {
  auto& client = a.admin.client;
  const auto made =
      client.post("/api/v2/customers/?limit=5&q=x", R"({"name":"C","email":"c2@c.example"})");
  BOOST_TEST(made.status == 400);
  BOOST_TEST(text_at(made, "errors.0.field") == "limit");
  const auto twice = client.get("/api/v2/customers/?limit=1&limit=2");
  BOOST_TEST(text_at(twice, "errors.0.detail") == "This parameter may come only once.");
  BOOST_TEST(client.get("/api/v1/customers/?limit=1&limit=2").status == 200);
  const auto read = fmt::format("/user-messages/{}/read", a.message.text());
  for (const auto* body : {R"({"nome":1})", "{bad", "[]"}) {
    BOOST_TEST(a.staff.client.send("PUT", "/api/v2" + read, body).status == 400, body);
    BOOST_TEST(a.staff.client.send("PUT", "/api/v1" + read, body).status == 200, body);
    BOOST_TEST(client.send("GET", "/api/v2/customers/", body).status == 400, body);
  }
  BOOST_TEST(a.staff.client.send("PUT", "/api/v2" + read, "{}").status == 200);
  // The button of a page sends what a page's form needs, and nothing else.
  auto button = client.request("POST", "/api/v2/auth/logout/");
  button.content_type = "application/x-www-form-urlencoded";
  button.body = "nome=1&csrfmiddlewaretoken=" + client.cookies["csrftoken"];
  BOOST_TEST(client.send(button).status == 400);
  button.body.erase(0, button.body.find('c'));
  BOOST_TEST(client.send(button).status == 204);
}

BOOST_AUTO_TEST_CASE(are_passed_over_by_version_1_which_says_so_in_a_header_of_bounded_length) {
  auto& client = a.admin.client;
  const auto query = client.get("/api/v1/customers/?nmae=x&limit=1");
  BOOST_TEST(query.status == 200);
  BOOST_TEST(header(query, "X-Ignored") == "1; first=\"nmae\"");
  const auto body = client.post("/api/v1/customers/?nmae=x",
                                R"({"name":"C","email":"c@c.example","nome":"D","m\"\n":1})");
  BOOST_TEST(body.status == 201);
  BOOST_TEST(header(body, "X-Ignored") == "3; first=\"nmae\"");
  std::string many = "?";
  for (int i = 0; i < 500; i++) many += fmt::format("\"é{:0>100}&", i);
  const auto long_one = header(client.get("/api/v1/customers/" + many), "X-Ignored");
  BOOST_TEST(long_one == "500; first=\"?\"");
  BOOST_TEST(long_one.size() < 70);
  BOOST_TEST(header(client.get("/api/v1/customers/?limit=1&format=json"), "X-Ignored").empty());
}

// As cmd.exe, a BOM, and an unescaped sign make them of what was meant.
BOOST_AUTO_TEST_CASE(are_not_told_where_they_may_be_a_part_of_a_password) {
  support::Client nobody(service);
  for (const auto* body :
       {"'{username:kim,password:Faced-0483-Bead!}'",
        "\xef\xbb\xbf{\"password\":\"Faced-0483-Bead\"}", "username=kim&password=Faced&0483-Bead",
        "{=1&username=kim&0483-Bead=", "0483-Bead"})
    for (const auto* url : {"/api/v1/auth/token/", "/api/v2/auth/token/", "/api/v2/accounts/",
                            "/api/v1/auth/token/refresh/", "/api/v2/accounts/users/"}) {
      auto& client = std::string_view(url).ends_with("users/") ? a.admin.client : nobody;
      auto request = client.request("POST", url);
      request.content_type = "application/x-www-form-urlencoded";
      request.body = body;
      const auto answer = client.send(request);
      BOOST_TEST(answer.status >= 400, url);
      BOOST_TEST(answer.body.find("0483") == std::string::npos, answer.body);
      BOOST_TEST(header(answer, "X-Ignored").find("0483") == std::string::npos, url);
    }
  auto misspelt = nobody.request("POST", "/api/v2/auth/token/");
  misspelt.content_type = "application/x-www-form-urlencoded";
  misspelt.body = "username=kim&passwrod=x";
  BOOST_TEST(nobody.send(misspelt).body.find("\"field\":\"passwrod\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_those_of_files_too_which_nothing_takes) {
  auto request = a.admin.client.request("POST", "/api/v2/customers/");
  request.content_type = "multipart/form-data; boundary=b";
  request.body = "--b\r\nContent-Disposition: form-data; name=name\r\n\r\nC\r\n"
                 "--b\r\nContent-Disposition: form-data; name=email\r\n\r\nf@c.example\r\n"
                 "--b\r\nContent-Disposition: form-data; name=notes; filename=n\r\n\r\nx\r\n--b--";
  const auto answer = a.admin.client.send(request);
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(text_at(answer, "detail") == "Files are not taken: send each field as text.");
}

BOOST_AUTO_TEST_CASE(do_not_make_a_refusal_grow) {
  std::string body = R"({"name":"C","email":"c@c.example")";
  for (int i = 0; i < 900; i++) body += fmt::format(",\"{:0>1000}\":1", i);
  const auto answer = a.admin.client.post("/api/v2/customers/", body + "}");
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(answer.body.size() < 2500);
}

BOOST_AUTO_TEST_SUITE_END()
