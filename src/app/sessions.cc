// app/sessions.cc — where one is logged in: list, end one, end all others.
// Table: sql/0004_sessions.sql. Tests: tests/app/logins_test.cc.
#include "auth/sessions.h"
#include "app/handlers.h"
#include "app/login.h"

namespace app {
namespace {

using base::Time;
using base::Uuid;

struct Session {
  Uuid id;
  std::string user_agent;
  std::string address;
  Time created_at;
  Time last_seen_at;
  Time expires_at;
  std::string token_hash;
  bool current = false;

  static constexpr auto fields() {
    return std::tuple{base::field("id", &Session::id),
                      base::field("user_agent", &Session::user_agent),
                      base::field("address", &Session::address),
                      base::field("created_at", &Session::created_at),
                      base::field("last_seen_at", &Session::last_seen_at),
                      base::field("expires_at", &Session::expires_at),
                      base::hidden("token_hash", &Session::token_hash),
                      base::computed("current", &Session::current)};
  }
};

constexpr db::Scoped<Session, Uuid, Time, Page> select_page{
    "SELECT id, user_agent, address, created_at, last_seen_at, expires_at, token_hash"
    "  FROM sessions WHERE company_id = ? AND user_id = ? AND expires_at > ?" OLDEST_FIRST(
        "created_at")};

constexpr db::Scoped<void, Uuid, Uuid> delete_one{R"(
    DELETE FROM sessions WHERE company_id = ? AND id = ? AND user_id = ?)"};

http::Response index(Call& call) {
  const auto page = call.read_page();
  const auto& who = call.who();
  auto sessions = call.db.all(select_page, who.tenant, who.user_id, Time::now(), page);
  for (auto& session : sessions) session.current = session.token_hash == who.credential;
  return call.list(std::move(sessions), page);
}

http::Response destroy(Call& call) {
  http::Response response;
  call.db.transaction([&] {
    call.lock_caller();
    response = delete_own_row<delete_one, "session.revoke">(call);
  });
  end_at_browser(call, response);
  return response;
}

// Wherever the person is logged in, by cookie or by web token, in every company; an API token knows
// one company.
http::Response destroy_others(Call& call) {
  call.db.transaction([&] {
    call.lock_caller();
    const auto& who = call.who();
    call.authenticator.for_each_membership(who, [&](const auto& member) {
      const bool is_here = member.company_id == who.company_id;
      if (!is_here && call.by_api_token()) return;
      auth::end_logins(call.db, member.tenant, member.user_id, is_here ? &who : nullptr);
      call.audit_own(member.tenant, member.user_id, who.username, "session.revoke", "all others");
    });
  });
  return http::no_content();
}

using enum http::Method;
using enum auth::Access;
constexpr View views[] = {
    {.name = "session-list",
     .path = "/api/v1/auth/sessions/",
     .summary = "Where you are logged in. DELETE ends all your logins but this one, everywhere.",
     .operations = {{{get, staff, index}, {delete_, staff, destroy_others}}}},
    {.name = "session-detail",
     .path = "/api/v1/auth/sessions/{session_id}",
     .summary = "One session: DELETE ends it.",
     .operations = {{{delete_, staff, destroy}}}},
};

}  // namespace

std::span<const View> sessions() { return views; }

}  // namespace app
