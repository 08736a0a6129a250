// app/sessions.cc — where one is logged in: list, end one, end all others.
// Table: sql/0004_sessions.sql. Tests: tests/app/logins_test.cc.
#include "auth/sessions.h"
#include "app/login.h"
#include "app/noun.h"
#include "app/users/users.h"

namespace app {
namespace {

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

constexpr base::Literal of_user =
    " FROM sessions FORCE INDEX (of_user) WHERE company_id = ? AND user_id = ?";
constexpr base::Literal columns = R"(
    SELECT id, user_agent, address, created_at, last_seen_at, expires_at, token_hash)";
constexpr OldestFirst<Session, Uuid, Time> select_page{columns + of_user + " AND expires_at > ?",
                                                       "created_at"};
constexpr Places<Uuid> places{"SELECT created_at AS time, id" + of_user, "created_at"};

constexpr db::Scoped<void, Uuid, Uuid> delete_one{R"(
    DELETE FROM sessions WHERE company_id = ? AND id = ? AND user_id = ?)"};

Answer index(Context& context) {
  auto page = context.read_page();
  const auto& who = context.who();
  const auto place = places.limit(context.db, who.tenant, page, who.user_id);
  auto sessions = select_page.all(context.db, who.tenant, page, who.user_id, Time::now());
  for (auto& session : sessions) session.current = session.token_hash == who.credential;
  return context.list(std::move(sessions), page, place);
}

Answer destroy(Context& context) {
  Answer answer;
  context.db.transaction([&] {
    context.lock_caller();
    answer = delete_own_row<delete_one, "session.revoke">(context);
    context.db.note(context.who().tenant, db::user_ended(context.who().user_id));
  });
  end_at_browser(context, answer);
  return answer;
}

// Wherever the person is logged in, by cookie or by web token, in every company; an API token knows
// one company.
Answer destroy_others(Context& context) {
  context.db.transaction([&] {
    context.lock_caller();
    const auto& who = context.who();
    context.authenticator.for_each_membership(who, [&](const auto& member) {
      const bool is_here = member.company_id == who.company_id;
      if (!is_here && context.by_api_token()) return;
      auth::end_logins(context.db, member.tenant, member.user_id, is_here ? &who : nullptr);
      audit_member(context, member, "session.revoke", "all others");
    });
  });
  return no_content();
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "session-list",
     .path = "/auth/sessions/",
     .since = 1,
     .summary = "Where you are logged in.",
     .operations = {{{get, staff, index},
                     {.method = delete_,
                      .access = staff,
                      .handle = destroy_others,
                      .summary = "End all your logins but this one, everywhere."}}},
     .shows = shown_fields<Session>},
    {.name = "session-detail",
     .path = "/auth/sessions/{session_id}",
     .since = 1,
     .summary = "End one of your logins.",
     .operations = {{{delete_, staff, destroy}}}},
};

}  // namespace

std::span<const Route> sessions() { return routes; }

}  // namespace app
