// app/events.cc — a stream of events: that something changed, and never what. It is asked for here
// and held by `partywall events` (server/stream_server.h). Tests: tests/app/events_test.cc,
// tests/api/events_test.py.
#include "app/noun.h"
#include "auth/identities.h"
#include "auth/sessions.h"
#include "base/crypto.h"
#include "events/board.h"
#include "events/ticket.h"
#include "http/protect.h"

namespace app {
namespace {

constexpr int retry_seconds = 5;

// A moment of the wall clock as one of the clock that goes on.
std::int64_t boottime_of(Time time) {
  return base::boottime_micros() + (time.micros - Time::now().micros);
}

// An API token knows its own company alone.
std::vector<events::Place> other_places(Context& context) {
  std::vector<events::Place> places;
  if (context.by_api_token()) return places;
  for (const auto& each : auth::Identities(context.db).memberships(context.who().identity_id))
    if (each.company_id != context.who().company_id &&
        places.size() < events::Ticket::most_elsewhere)
      places.push_back({each.company_id, each.user_id});
  return places;
}

// Nobody is let in whose end would not be heard of.
Answer open_stream(Context& context) {
  if (context.format == http::Format::html)
    return {.page = PlainPage{"Events", "This is a stream of events, for programs."}};
  if (context.request.method == http::Method::head)
    return {.text = {{std::string(context.route.media_type), ""}}};
  const auto board = events::Board::open(context.config.events_board());
  if (!board || !board->hears(base::boottime_micros())) {
    base::Error error(base::Code::unavailable, "There are no events now. Ask for news instead.");
    error.retry_after_seconds = retry_seconds;
    throw error;
  }
  const auto& who = context.who();
  Answer answer;
  answer.ticket = events::write_ticket({.id = Uuid::from_bytes(base::random_string(16)),
                                        .asked_at = context.asked_at,
                                        .ends_at = boottime_of(who.good_until),
                                        .person = who.identity_id,
                                        .place = {who.company_id, who.user_id},
                                        .login = auth::login_key(who),
                                        .elsewhere = other_places(context)},
                                       board->key_view());
  http::keep_nowhere(answer.headers);
  return answer;
}

using enum http::Method;
using enum auth::Access;
constexpr Route routes[] = {
    {.name = "events",
     .path = "/events/",
     .summary = "A stream of events (Server-Sent Events): that something changed for you.",
     .operations = {{{get, staff, open_stream}}},
     .media_type = "text/event-stream",
     .hands_over_to = "/.events/"},
};

}  // namespace

std::span<const Route> events() { return routes; }

}  // namespace app
