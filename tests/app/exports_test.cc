// tests/app/exports_test.cc — who may ask for a file with all of a company or with what is their
// own, and who is led to it. (tests/api/company_exports_test.py makes them and fetches them.)
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

constexpr const char* url = "/api/v2/exports/";
constexpr const char* all_of_it = R"({"kind":"company"})";
constexpr const char* my_own = R"({"kind":"personal"})";
const auto confirmation = fmt::format(R"({{"current_password":"{}"}})", support::password);

struct Exports : support::TwoCompanies {
  support::RawSql raw{support::config()};
  support::Client &admin = a.admin.client, &staff = a.staff.client;
  const std::string host = "host-1";

  std::string ask(support::Client& client, const char* what) {
    const auto made = client.post(url, what);
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    return support::text_at(made, "id");
  }
  // Stands for admin/exports.cc.
  void end_all(std::string_view state = "done") {
    raw.execute(fmt::format("UPDATE exports SET state = '{}', host = '{}' WHERE company_id = {}",
                            state, host, support::literal(a.id)));
  }
  void change(std::string_view what) {
    raw.execute(
        fmt::format("UPDATE exports SET {} WHERE company_id = {}", what, support::literal(a.id)));
  }
  // The path of a new link to a file that is there.
  std::string link(support::Client& client, const std::string& id) {
    const auto made = client.post(url + id + "/link", confirmation);
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    BOOST_TEST(support::header(made, "Cache-Control") == "no-store");
    const auto link = support::text_at(made, "link");
    return link.substr(link.find("/api/"));
  }
  std::string file_link(support::Client& client, const char* what) {
    const auto id = ask(client, what);
    end_all();
    return link(client, id);
  }
  // By an nginx that has the files of that host.
  http::Response fetch(support::Client& client, const std::string& path, const std::string& of,
                       bool is_passed_on = false) {
    auto request = client.request("GET", path);
    request.files_of = of;
    if (is_passed_on) request.headers.emplace_back("x-partywall-passed-on", "1");
    return client.send(request);
  }
};

// Where nginx is led, below the one location.
std::string place_of(const http::Response& answer) {
  const auto ticket = support::header(answer, "X-Partywall-Ticket");
  const auto* wanted = ticket.empty() ? "" : "/.exports/";
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == wanted);
  return ticket;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exports, Exports)

BOOST_AUTO_TEST_CASE(of_a_company_are_asked_for_by_its_admins_and_ones_own_by_anybody) {
  BOOST_TEST(staff.post(url, all_of_it).status == 403);
  BOOST_TEST(admin.post(url, R"({"kind":"other"})").status == 400);
  const auto made = staff.post(url, my_own);
  BOOST_TEST(made.status == 201);
  BOOST_TEST(support::text_at(made, "state") == "queued");
  BOOST_TEST(admin.post(url, all_of_it).status == 201);
  const auto noted = admin.get("/api/v2/accounts/audit/?event=export.");
  BOOST_TEST(support::at(noted, "items").items.size() == 2U);
}

BOOST_AUTO_TEST_CASE(are_seen_by_who_asked_and_by_nobody_else) {
  const auto id = ask(admin, all_of_it);
  auto other = support::hire(a, service, "admin");
  for (auto* client : {&staff, &other.client, &b.admin.client}) {
    BOOST_TEST(client->get(url + id).status == 404);
    BOOST_TEST(client->post(url + id + "/link", confirmation).status == 404);
    BOOST_TEST(support::at(client->get(url), "items").items.empty());
  }
  BOOST_TEST(admin.get(url + id).status == 200);
  BOOST_TEST(support::at(admin.get(url), "items").items.size() == 1U);
}

BOOST_AUTO_TEST_CASE(are_made_one_at_a_time_of_a_company_and_of_a_person) {
  ask(admin, all_of_it);
  ask(admin, my_own);
  ask(staff, my_own);
  auto other = support::hire(a, service, "admin");
  BOOST_TEST(other.client.post(url, all_of_it).status == 409);
  BOOST_TEST(admin.post(url, my_own).status == 409);
  end_all("failed");
  BOOST_TEST(other.client.post(url, all_of_it).status == 201);
  BOOST_TEST(admin.post(url, my_own).status == 201);
}

BOOST_AUTO_TEST_CASE(are_made_some_times_a_day) {
  for (int i = 0; i < 3; i++) file_link(staff, my_own);
  const auto answer = staff.post(url, my_own);
  BOOST_TEST(answer.status == 429);
  const auto seconds = std::stoi(support::header(answer, "Retry-After"));
  BOOST_TEST((86000 < seconds && seconds <= 86401));
  for (int i = 0; i < 5; i++) file_link(admin, all_of_it);
  BOOST_TEST(admin.post(url, all_of_it).status == 429);
  change("created_at = created_at - INTERVAL 1 DAY");
  BOOST_TEST(staff.post(url, my_own).status == 201);
  BOOST_TEST(admin.post(url, all_of_it).status == 201);
}

BOOST_AUTO_TEST_CASE(are_not_asked_for_where_nobody_makes_them) {
  settings.exports_account.user = "";
  BOOST_TEST(admin.post(url, all_of_it).status == 503);
}

BOOST_AUTO_TEST_CASE(have_a_link_for_the_password_once_they_are_there) {
  const auto id = ask(admin, all_of_it);
  const auto early = admin.post(url + id + "/link", confirmation);
  BOOST_TEST(early.status == 409);
  BOOST_TEST(support::text_at(early, "detail") == "The file is not made yet.");
  BOOST_TEST(support::header(early, "Retry-After") == "5");
  end_all();
  const auto refused = admin.post(url + id + "/link", R"({"current_password":"Wrong-0483-Bead!"})");
  BOOST_TEST(refused.status == 400);
  BOOST_TEST(support::text_at(refused, "errors.0.field") == "current_password");
  link(admin, id);
  change("expires_at = NOW(6) - INTERVAL 1 SECOND");
  const auto late = admin.post(url + id + "/link", confirmation);
  BOOST_TEST(late.status == 409);
  BOOST_TEST(support::text_at(late, "detail") == "There is no file of it any more.");
  BOOST_TEST(support::header(late, "Retry-After") == "");
}

BOOST_AUTO_TEST_CASE(have_a_link_for_a_session_alone) {
  const auto id = ask(admin, all_of_it);
  end_all();
  const auto made = admin.post(support::api_tokens_url, R"({"name":"s","access":"write"})");
  support::Client script(service);
  script.headers["authorization"] = "Bearer " + support::text_at(made, "token");
  BOOST_TEST(script.post(url, my_own).status == 403);
  BOOST_TEST(script.get(url + id).status == 200);
  BOOST_TEST(script.post(url + id + "/link", confirmation).status == 403);
  BOOST_TEST(script.get(link(admin, id)).status == 403);
}

BOOST_AUTO_TEST_CASE(are_led_to_once) {
  const auto path = file_link(admin, all_of_it);
  const auto answer = fetch(admin, path, host);
  BOOST_TEST(answer.status == 200);
  const auto id = path.substr(path.find("exports/") + 8, 36);
  BOOST_TEST(place_of(answer) == fmt::format("here/{}.{}.tar.gz", a.id.text(), id));
  BOOST_TEST(answer.content_type == "application/gzip");
  BOOST_TEST(support::header(answer, "Cache-Control") == "no-store");
  BOOST_TEST(support::header(answer, "Content-Disposition")
                 .starts_with("attachment; filename=\"partywall-company-20"));
  BOOST_TEST(fetch(admin, path, host).status == 404);
  BOOST_TEST(support::text_at(admin.get("/api/v2/accounts/audit/"), "items.0.event") ==
             "export.fetch");
}

BOOST_AUTO_TEST_CASE(have_one_link_and_a_new_one_ends_it) {
  const auto id = ask(admin, all_of_it);
  end_all();
  const auto first = link(admin, id), second = link(admin, id);
  BOOST_TEST(fetch(admin, first, host).status == 404);
  BOOST_TEST(fetch(admin, second, host).status == 200);
}

BOOST_AUTO_TEST_CASE(are_passed_on_to_their_host_and_the_link_stays_good_for_there) {
  const auto path = file_link(admin, all_of_it);
  const auto answer = fetch(admin, path, "host-2");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(place_of(answer) == "at/host-1");
  const auto again = fetch(admin, path, "host-2", true);
  BOOST_TEST(again.status == 503);
  BOOST_TEST(support::header(again, "Retry-After") == "5");
  BOOST_TEST(place_of(again) == "");
  change("host = '../up'");
  BOOST_TEST(fetch(admin, path, "host-2").status == 503);
  change("host = 'host-1'");
  BOOST_TEST(fetch(admin, path, host, true).status == 200);
}

BOOST_AUTO_TEST_CASE(are_not_to_be_had_by_an_nginx_that_knows_nothing_of_files) {
  const auto path = file_link(admin, all_of_it);
  const auto answer = fetch(admin, path, "");
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(place_of(answer) == "");
  BOOST_TEST(fetch(admin, path, host).status == 200);
}

BOOST_AUTO_TEST_CASE(take_no_condition_which_would_use_the_link_up_for_nothing) {
  const auto path = file_link(admin, all_of_it);
  for (const auto* name :
       {"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"}) {
    auto request = admin.request("GET", path);
    request.files_of = host;
    request.headers.emplace_back(name, "\"x\"");
    BOOST_TEST(admin.send(request).status == 400, name);
  }
  BOOST_TEST(fetch(admin, path, host).status == 200);
}

BOOST_AUTO_TEST_CASE(are_for_the_session_that_asked_for_the_link) {
  const auto path = file_link(admin, all_of_it);
  support::Client elsewhere(service);
  elsewhere.log_in(a.admin.username, support::password);
  auto other = support::hire(a, service, "admin");
  for (auto* client : {&elsewhere, &other.client, &staff, &b.admin.client})
    BOOST_TEST(fetch(*client, path, host).status == 404);
  BOOST_TEST(fetch(admin, path.substr(0, path.find('?')), host).status == 404);
  BOOST_TEST(fetch(admin, path + "x", host).status == 404);
  BOOST_TEST(fetch(admin, path, host).status == 200);
}

BOOST_AUTO_TEST_CASE(are_not_to_be_had_after_ten_minutes) {
  const auto path = file_link(admin, all_of_it);
  change("link_expires_at = link_expires_at - INTERVAL 601 SECOND");
  BOOST_TEST(fetch(admin, path, host).status == 404);
}

BOOST_AUTO_TEST_CASE(of_a_company_are_for_who_is_an_admin_still) {
  auto other = support::hire(a, service, "admin");
  const auto id = ask(other.client, all_of_it);
  end_all();
  const auto path = link(other.client, id);
  BOOST_REQUIRE(admin.patch(other.url(), R"({"role":"staff"})").status == 200);
  BOOST_TEST(fetch(other.client, path, host).status == 403);
  BOOST_TEST(other.client.post(url + id + "/link", confirmation).status == 403);
  BOOST_REQUIRE(admin.remove(other.url()).status == 204);
  BOOST_TEST(fetch(other.client, path, host).status == 401);
}

BOOST_AUTO_TEST_CASE(are_not_fetched_by_head) {
  const auto path = file_link(staff, my_own);
  const auto query = path.find('?');
  auto request = staff.request("HEAD", path.substr(0, query));
  request.query = path.substr(query + 1);
  request.files_of = host;
  auto without = request;
  without.query.clear();
  BOOST_TEST(staff.send(without).status == 404);
  const auto answer = staff.send(request);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(place_of(answer) == "");
  BOOST_TEST(fetch(staff, path, host).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
