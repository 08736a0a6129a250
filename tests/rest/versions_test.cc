// tests/rest/versions_test.cc — the versions of the API: what differs is what is declared.
#include "rest/version.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <vector>

#include "rest/schema.h"
#include "support/two_companies.h"

namespace {

using http::Value;
using support::at;
using support::header;
using support::text_at;

constexpr std::string_view v2_messages = "/api/v2/user-messages/";

// Whether the object has these members and no others.
bool has_just(const Value& value, std::initializer_list<std::string_view> names) {
  if (value.type != Value::Type::object || value.members.size() != names.size()) return false;
  return std::ranges::all_of(names, [&](auto name) { return value.find(name) != nullptr; });
}

using Names = std::set<std::string_view>;

void add_names(const rest::FieldList& fields, Names& names) {
  for (const auto& field : fields) {
    names.insert(field.name);
    add_names(field.children, names);
    add_names(field.shape, names);
  }
}

// The fields, parameters and methods that a path has since version 2.
Names new_in_2(const rest::Route& route) {
  Names of[2];
  for (int i = 0; i < 2; i++)
    for (const auto* row : app::all_routes()) {
      if (row->path != route.path || !row->is_in(rest::versions[i])) continue;
      for (auto* fields : {row->form.fields.all, row->shown_fields(), row->list.filters})
        if (fields) add_names(fields(rest::versions[i]), of[i]);
      if (row->operation(http::Method::delete_)) of[i].insert("DELETE");
    }
  std::erase_if(of[1], [&](const auto& name) { return of[0].contains(name); });
  return of[1];
}

// A document as version 1 would show it, its URLs aside: what is declared undone.
void undo(const Value& value, const Names& added, http::JsonWriter& out) {
  if (has_just(value, {"items", "next"})) return undo(*value.find("items"), added, out);
  if (has_just(value, {"url", "id", "username", "display_name", "removed"}))
    return undo(*value.find("url"), added, out);
  switch (value.type) {
    case Value::Type::object:
      out.begin_object();
      for (const auto& [name, member] : value.members) {
        if (added.contains(name)) continue;
        out.key(name);
        undo(member, added, out);
      }
      return out.end_object();
    case Value::Type::list:
      out.begin_list();
      for (const auto& item : value.items) undo(item, added, out);
      return out.end_list();
    case Value::Type::null: return out.null();
    case Value::Type::boolean: return out.boolean(value.boolean);
    default: return out.string(value.text);
  }
}

std::string undone(const std::string& json, const Names& added) {
  http::JsonWriter out;
  auto value = http::parse_json(json);
  // What OPTIONS says in `description`, and before that beside it; and that there is no ?format=.
  std::erase_if(value.members, [](const auto& member) {
    return member.first == "description" || member.first == "summary";
  });
  for (auto& [name, member] : value.members)
    if (name == "parameters")
      std::erase_if(member.members, [](const auto& each) { return each.first == "format"; });
  undo(value, added, out);
  auto text = out.take();
  for (auto place = text.find("/api/v2/"); place != text.npos; place = text.find("/api/v2/"))
    text.replace(place, 8, "/api/v1/");
  return text;
}

// The fields that a problem is about; of "user.name" the first part.
std::set<std::string> wrong_fields(const http::Response& answer) {
  std::set<std::string> fields;
  const auto body = http::parse_json(answer.body);
  if (const auto* errors = body.find("errors"))
    for (const auto& each : errors->items)
      fields.insert(each.find("field")->text.substr(0, each.find("field")->text.find('.')));
  return fields;
}

struct Versions : support::TwoCompanies {
  support::Client& admin = a.admin.client;
  std::string filled(std::string path) const {
    const auto open = path.find('{'), size = path.find('}') + 1 - open;
    if (open == path.npos) return path;
    return path.replace(open, size, a.ids().at(path.substr(open, size)).text());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(versions, Versions)

BOOST_AUTO_TEST_CASE(differ_on_every_route_in_what_is_declared_and_nothing_else) {
  int compared = 0;
  for (const auto* route : app::all_routes()) {
    if (route->since != 1 || route->describes) continue;
    for (const auto* method : {"GET", "OPTIONS"}) {
      if (method == std::string_view("GET") && !route->operation(http::Method::get)) continue;
      if (route->guard == rest::Guard::credential && method == std::string_view("GET")) continue;
      const auto path = filled(std::string(route->path));
      const auto one = admin.send(method, "/api/v1" + path, "");
      const auto two = admin.send(method, "/api/v2" + path, "");
      BOOST_TEST_CONTEXT(method << " " << path) {
        BOOST_TEST(one.status == two.status);
        const auto added = new_in_2(*route);
        BOOST_TEST(undone(one.body, added) == undone(two.body, added));
        BOOST_TEST(one.content_type == two.content_type);
        BOOST_TEST((route->until != 0 || header(one, "Allow") == header(two, "Allow")));
      }
      compared++;
    }
  }
  BOOST_TEST(compared > 30);
}

BOOST_AUTO_TEST_CASE(refuse_the_same_bodies_for_the_same_fields) {
  using enum http::Method;
  int compared = 0;
  for (const auto* route : app::all_routes())
    for (const auto method : {post, put, patch}) {
      if (route->since != 1 || !route->takes_body(method)) continue;
      const auto path = filled(std::string(route->path));
      const auto name = http::name_of(method);
      for (const auto* body : {"{}", "[]", R"({"name":[],"username":{},"password":1})"}) {
        const auto one = admin.send(name, "/api/v1" + path, body);
        const auto two = admin.send(name, "/api/v2" + path, body);
        if (one.status < 300 && two.status == 400)
          continue;  // for a key that version 1 passes over
        BOOST_TEST_CONTEXT(name << " " << path << " " << body) {
          BOOST_TEST(one.status == two.status);
          const auto refused = wrong_fields(two);
          if (one.status == 400)
            for (const auto& [field, value] : http::parse_json(one.body).members)
              BOOST_TEST((field == "hint" || field == "detail" || refused.contains(field)), field);
        }
        compared++;
      }
    }
  BOOST_TEST(compared > 25);
}

BOOST_AUTO_TEST_CASE(show_a_list_as_an_object_whose_next_page_goes_on) {
  std::vector<std::string> seen;
  std::string url = "/api/v2/accounts/users/?limit=1";
  while (!url.empty()) {
    const auto answer = admin.get(url);
    BOOST_REQUIRE(answer.status == 200);
    BOOST_TEST(answer.body.ends_with("\n"));
    BOOST_TEST(has_just(http::parse_json(answer.body), {"items", "next"}));
    seen.push_back(text_at(answer, "items.0.username"));
    const auto link = header(answer, "Link");
    url = text_at(answer, "next");
    BOOST_TEST(link == (url.empty() ? "" : "<" + url + ">; rel=\"next\""));
  }
  BOOST_TEST(seen == (std::vector{a.admin.username, a.staff.username, a.other.username}),
             boost::test_tools::per_element());
  BOOST_TEST((at(admin.get("/api/v2/accounts/users/"), "next").type == Value::Type::null));
}

BOOST_AUTO_TEST_CASE(say_who_somebody_is_who_has_left) {
  const auto before = admin.get(fmt::format("{}{}", v2_messages, a.message.text()));
  BOOST_TEST(text_at(before, "from_user.username") == a.admin.username);
  BOOST_TEST(text_at(before, "to_user.username") == a.staff.username);
  BOOST_TEST(text_at(before, "to_user.id") == a.staff.id.text());
  BOOST_TEST(
      text_at(before, "to_user.url").ends_with("/api/v2/accounts/users/" + a.staff.id.text()));
  BOOST_TEST(!at(before, "to_user.removed").boolean);
  BOOST_REQUIRE(admin.remove(a.staff.url()).status == 204);
  const auto after = admin.get(std::string(v2_messages));
  BOOST_TEST(text_at(after, "items.0.to_user.username") == a.staff.username);
  BOOST_TEST(at(after, "items.0.to_user.removed").boolean);
  // The tag is of what is shown.
  const auto one = admin.get(fmt::format("{}{}", v2_messages, a.message.text()));
  BOOST_TEST(header(one, "ETag") != header(before, "ETag"));
}

BOOST_AUTO_TEST_CASE(take_a_person_by_id_or_by_a_URL_of_either_version) {
  const auto send = [&](std::string_view version, const std::string& to) {
    return admin
        .post(fmt::format("/api/{}/user-messages/", version),
              fmt::format(R"({{"to_user":"{}","text":"x"}})", to))
        .status;
  };
  const auto id = a.staff.id.text();
  for (const auto* version : {"v1", "v2"}) {
    BOOST_TEST(send(version, "/api/v1/accounts/users/" + id) == 201);
    BOOST_TEST(send(version, "http://localhost/api/v2/accounts/users/" + id) == 201);
    BOOST_TEST(send(version, "/api/v3/accounts/users/" + id) == 400);
  }
  BOOST_TEST(send("v2", id) == 201);
  BOOST_TEST(send("v1", id) == 400);
}

BOOST_AUTO_TEST_CASE(write_an_error_as_a_problem_with_a_code_the_field_and_the_request) {
  admin.request_id = "0123456789abcdef0123456789abcdef";
  const auto answer = admin.post("/api/v2/customers/", R"({"name":""})");
  admin.request_id = "";
  BOOST_TEST(answer.status == 400);
  BOOST_TEST(answer.content_type == "application/problem+json");
  BOOST_TEST(text_at(answer, "code") == "invalid");
  BOOST_TEST(text_at(answer, "status") == "400");
  BOOST_TEST(text_at(answer, "title") == "Bad Request");
  BOOST_TEST(text_at(answer, "type").ends_with("/docs/#error-invalid"));
  BOOST_TEST(text_at(answer, "errors.0.field") == "name");
  BOOST_TEST(text_at(answer, "errors.0.detail") == "This field may not be blank.");
  BOOST_TEST(text_at(answer, "errors.1.field") == "email");
  BOOST_TEST(text_at(answer, "request_id") == "0123456789abcdef0123456789abcdef");
  // Whatever it is, and wherever: also where no route is.
  support::Client nobody(service);
  for (const auto& [url, status, code] :
       {std::tuple{"/api/v2/customers/", 401, "unauthorized"},
        {"/api/v2/nowhere", 404, "not_found"},
        {"/api/v2/auth/token/verify/", 405, "method_not_allowed"}}) {
    const auto refusal = nobody.get(url);
    BOOST_TEST(refusal.status == status, url);
    BOOST_TEST(refusal.content_type == "application/problem+json", url);
    BOOST_TEST(text_at(refusal, "code") == code, url);
  }
}

BOOST_AUTO_TEST_CASE(that_do_not_exist_are_a_404_that_names_those_that_do) {
  const auto answer = admin.get("/api/v9/customers/");
  BOOST_TEST(answer.status == 404);
  BOOST_TEST(text_at(answer, "detail") ==
             "Not found. The versions of this API are /api/v1 and /api/v2.");
  BOOST_TEST(admin.get("/api/v1x/customers/").status == 404);
}

// A third version, with a noun that ends in the second, as README.md's "Changing the API" has it.
BOOST_AUTO_TEST_CASE(come_and_go_and_a_route_that_goes_says_so) {
  using enum http::Method;
  const auto& today = app::all_routes();
  std::array<rest::Version, 3> three = {today.versions[0], today.versions[1], today.versions[1]};
  three[2].number = 3;
  three[2].prefix = "/api/v3";
  three[2].lists_are_objects = false;
  const rest::Farewell farewell{
      .deprecated = 1'800'000'000, .sunset = 1'830'000'000, .successor = "/accounts/users/"};
  auto going = **std::ranges::find(today.table, "user-list", &rest::Route::name);
  going.path = "/people/";
  going.since = going.until = 2;
  going.farewell = &farewell;
  std::vector<const rest::Route*> table(today.begin(), today.end());
  table.push_back(&going);
  const rest::Routes routes(table, today.find_people, three);
  server::Service newer(settings, db, board, board.slot(0), routes, &memory);
  support::Client client(newer);
  client.log_in(a.admin.username, support::password);
  const auto list = client.get("/api/v3/accounts/users/?limit=1");
  BOOST_TEST(text_at(list, "0.username") == a.admin.username);
  BOOST_TEST(text_at(list, "0.url").ends_with("/api/v3/accounts/users/" + a.admin.id.text()));
  BOOST_TEST(client.get("/api/v1/people/").status == 404);
  BOOST_TEST(client.get("/api/v3/people/").status == 404);
  const auto old = client.get("/api/v2/people/");
  BOOST_TEST(old.status == 200);
  BOOST_TEST(header(old, "Deprecation") == "@1800000000");
  BOOST_TEST(header(old, "Sunset") == "Tue, 28 Dec 2027 13:20:00 GMT");
  BOOST_TEST(header(old, "Link") == "</api/v3/accounts/users/>; rel=\"successor-version\"");
  BOOST_TEST(header(list, "Deprecation").empty());
  // The description of the version with the route that goes refers to nothing that it has not.
  const auto text = client.get("/api/v2/openapi.json").body;
  const auto description = http::parse_json(text);
  constexpr std::string_view start = "\"$ref\":\"#/components/";
  for (auto place = text.find(start); place != text.npos; place = text.find(start, place + 1)) {
    auto path = text.substr(place + start.size(),
                            text.find('"', place + start.size()) - place - start.size());
    const auto slash = path.find('/');
    const auto* kind = description.find("components")->find(path.substr(0, slash));
    BOOST_TEST((kind && kind->find(path.substr(slash + 1))), path);
  }
  BOOST_TEST(text_at(client.get("/api/v4/"), "detail") ==
             "Not found. The versions of this API are /api/v1 and /api/v2 and /api/v3.");
}

BOOST_AUTO_TEST_SUITE_END()
