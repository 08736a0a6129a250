// tests/app/events_test.cc — who gets a ticket for a stream of events, and what is in it.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <map>

#include "base/clock.h"
#include "events/board.h"
#include "events/ticket.h"
#include "support/raw_sql.h"
#include "support/two_companies.h"

namespace {

constexpr const char* url = "/api/v2/events/";

// A board as `partywall events` has it, and a worker that finds it.
struct Board : support::TwoCompanies {
  const std::filesystem::path folder = [] {
    std::string name = std::filesystem::temp_directory_path() / "partywall-events.XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
  const bool is_set = [&] {
    settings.events_socket = folder / "events.sock";
    return true;
  }();
  const std::unique_ptr<events::Board, events::Board::Unmap> board_file =
      events::Board::make(settings.events_board());
  support::Client& staff = a.staff.client;

  Board() { beat(); }
  ~Board() { std::filesystem::remove_all(folder); }

  void beat() { board_file->beat_at = base::boottime_micros(); }
  std::optional<events::Ticket> ticket_of(const http::Response& answer) {
    return events::read_ticket(support::header(answer, "X-Partywall-Ticket"),
                               board_file->key_view());
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events_, Board)

BOOST_AUTO_TEST_CASE(are_handed_over_with_a_ticket_of_who_asks) {
  const auto before = base::boottime_micros();
  const auto answer = staff.get(url);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == "/.events/");
  BOOST_TEST(support::header(answer, "Cache-Control") == "no-store");
  const auto ticket = ticket_of(answer);
  BOOST_REQUIRE(ticket.has_value());
  BOOST_TEST((ticket->place == events::Place{a.id, a.staff.id}));
  BOOST_TEST(ticket->login.size() == 26);  // when the login ends
  BOOST_TEST(ticket->elsewhere.empty());
  BOOST_TEST((before <= ticket->asked_at && ticket->asked_at <= base::boottime_micros()));
  // A session that is used lives for three days.
  BOOST_TEST((ticket->ends_at - before) / 1'000'000 / 3600 == 71);
}

BOOST_AUTO_TEST_CASE(of_a_web_token_end_with_it) {
  const auto pair = support::Client(service).post(
      "/api/v1/auth/token/",
      fmt::format(R"({{"username":"{}","password":"{}"}})", a.staff.username, support::password));
  support::Client script(service);
  script.headers["authorization"] = "Bearer " + support::text_at(pair, "access");
  const auto ticket = ticket_of(script.get(url));
  BOOST_REQUIRE(ticket.has_value());
  const auto seconds = (ticket->ends_at - base::boottime_micros()) / 1'000'000;
  BOOST_TEST((280 <= seconds && seconds <= 300));
  BOOST_TEST(ticket->login.size() == 16);
}

BOOST_AUTO_TEST_CASE(name_the_other_companies_of_the_person) {
  auto& admin = a.admin.client;  // whose password nobody else has given
  BOOST_REQUIRE(
      admin.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
          .status == 201);
  const auto ticket = ticket_of(admin.get(url));
  BOOST_REQUIRE(ticket.has_value());
  BOOST_REQUIRE(ticket->elsewhere.size() == 1);
  BOOST_TEST((ticket->elsewhere[0].company_id == b.id));
  BOOST_TEST((ticket->place.company_id == a.id));
}

BOOST_AUTO_TEST_CASE(of_an_api_token_name_no_other_company) {
  auto& admin = a.admin.client;
  BOOST_REQUIRE(
      admin.post(support::accept_url, fmt::format(R"({{"token":"{}"}})", b.invitation_token))
          .status == 201);
  const auto made = admin.post(support::api_tokens_url, R"({"name":"s","access":"read"})");
  support::Client script(service);
  script.headers["authorization"] = "Bearer " + support::text_at(made, "token");
  const auto ticket = ticket_of(script.get(url));
  BOOST_REQUIRE(ticket.has_value());
  BOOST_TEST(ticket->elsewhere.empty());
}

BOOST_AUTO_TEST_CASE(are_for_who_is_logged_in) {
  const auto answer = support::Client(service).get(url);
  BOOST_TEST(answer.status == 401);
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == "");
}

BOOST_AUTO_TEST_CASE(never_go_by_what_is_remembered_of_a_caller) {
  support::RawSql raw{support::config()};
  BOOST_TEST(staff.get(support::me_url).status == 200);
  raw.execute("DELETE FROM sessions WHERE company_id = " + support::literal(a.id));
  BOOST_TEST(staff.get(support::me_url).status == 200);  // remembered: the row is gone
  BOOST_TEST(staff.get(url).status == 401);
}

BOOST_AUTO_TEST_CASE(are_not_to_be_had_where_nothing_holds_them_or_is_told_of_changes) {
  board_file->beat_at = base::boottime_micros() - 5'000'000;
  BOOST_TEST(staff.get(url).status == 503);
  board_file->beat_at = 0;
  BOOST_TEST(staff.get(url).status == 503);
  beat();
  BOOST_TEST(staff.get(url).status == 200);
  std::filesystem::remove(settings.events_board());
  const auto answer = staff.get(url);
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(support::header(answer, "Retry-After") == "5");
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == "");
}

BOOST_AUTO_TEST_CASE(are_a_page_for_a_browser_that_goes_there) {
  auto request = staff.request("GET", url);
  request.headers.emplace_back("accept", "text/html,application/xhtml+xml");
  const auto answer = staff.send(request);
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.content_type.starts_with("text/html"));
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == "");
}

BOOST_AUTO_TEST_CASE(are_not_begun_by_head) {
  const auto answer = staff.send("HEAD", url, "");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(answer.content_type == "text/event-stream");
  BOOST_TEST(support::header(answer, "X-Accel-Redirect") == "");
}

BOOST_AUTO_TEST_CASE(are_with_files_the_only_routes_that_hand_a_connection_over) {
  const std::map<std::string_view, std::string_view> leads = {{"events", "/.events/"},
                                                              {"export-file", "/.exports/"}};
  for (const auto* route : app::all_routes()) {
    const auto found = leads.find(route->name);
    BOOST_TEST((route->hands_over_to == (found == leads.end() ? "" : found->second)), route->name);
  }
}

BOOST_AUTO_TEST_CASE(are_the_only_way_in_which_an_answer_leads_nginx_anywhere) {
  using rest::Answer;
  constexpr auto lead = [](rest::Context& context) {
    Answer answer;
    answer.set("x-accel-redirect", "/.events/");
    if (context.format == http::Format::html) answer.page = rest::PlainPage{"A page", "Of ours."};
    return answer;
  };
  constexpr auto give_ticket = [](rest::Context&) { return Answer{.ticket = "x"}; };
  static constexpr rest::Route leads[] = {
      {.name = "leads-1",
       .path = "/leads-1/",
       .summary = "Leads elsewhere.",
       .operations = {{{http::Method::get, auth::Access::staff, lead}}}},
      {.name = "leads-2",
       .path = "/leads-2/",
       .summary = "Leads elsewhere.",
       .operations = {{{http::Method::get, auth::Access::staff, give_ticket}}}}};
  const rest::Route* const table[] = {&leads[0], &leads[1]};
  server::Service other{settings, db, board, board.slot(0), rest::Routes(table)};
  support::Client client(other);
  client.cookies = staff.cookies;
  for (const auto* path : {"/api/v2/leads-1/", "/api/v2/leads-2/"})
    for (const auto* accept : {"application/json", "text/html"}) {
      client.headers["accept"] = accept;
      const auto answer = client.get(path);
      BOOST_TEST(answer.status == 500);
      for (const auto* name : {"X-Accel-Redirect", "x-accel-redirect", "X-Partywall-Ticket"})
        BOOST_TEST(support::header(answer, name) == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
