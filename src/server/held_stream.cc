// server/held_stream.cc — see held_stream.h.
#include "server/held_stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/clock.h"

namespace server {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t keep_alive = 20 * second;  // nginx gives up after 60 s of silence
constexpr std::int64_t longest_wait = 2 * keep_alive;
// What comes within this time after an event is told by one more.
constexpr std::int64_t least_pause = 100'000;

std::string names_of(std::uint8_t changed) {
  std::string names;
  if (changed & events::messages) names += "\"messages\"";
  if (changed & events::elsewhere) names += names.empty() ? "\"elsewhere\"" : ", \"elsewhere\"";
  return names;
}

}  // namespace

// Moments are base::boottime_micros().
struct HeldStream::State {
  evhttp_request* const request;  // libevent's own
  const std::int64_t ends_at;
  events::Board::Counter& sent;
  const std::function<void()> gone;
  event* timer = nullptr;
  std::int64_t alive_at = 0, told_at = 0;  // when something was last sent, and an event
  std::int64_t looks_at = 0;               // when the timer is due; 0: it is not set
  std::uint8_t changed = events::nothing;  // and not yet told
  std::uint64_t events = 0;  // their ids; nobody goes by them, because who comes back asks anew

  evhttp_connection* connection() const { return evhttp_request_get_connection(request); }

  // Whether the client has not taken yet what was sent before.
  bool is_behind() const {
    auto* output = bufferevent_get_output(evhttp_connection_get_bufferevent(connection()));
    return evbuffer_get_length(output) != 0;
  }

  void send(std::string_view text) {
    auto* chunk = evbuffer_new();
    evbuffer_add(chunk, text.data(), text.size());
    evhttp_send_reply_chunk(request, chunk);
    evbuffer_free(chunk);
    alive_at = base::boottime_micros();
    wait();
  }

  // Until there is something to do, if nothing comes before.
  void wait() {
    const auto now = base::boottime_micros();
    auto next = std::min(ends_at, alive_at + keep_alive);
    if (changed != events::nothing) next = std::min(next, told_at + least_pause);
    // What was just sent is on its way in the next turn of the loop; who does not take it is looked
    // at now and then.
    const auto least = !is_behind() ? 0 : now - alive_at < keep_alive ? least_pause : second;
    const auto left = std::max(next - now, least);
    // Never later than it was: else who takes nothing would be looked at only when nothing happens.
    if (looks_at != 0 && looks_at <= now + left) return;
    looks_at = now + left;
    const timeval pause{left / second, left % second};
    event_add(timer, &pause);
  }

  void tell() {
    const auto now = base::boottime_micros();
    if (now - told_at < least_pause || is_behind()) return wait();
    const auto names = names_of(changed);
    changed = events::nothing;
    told_at = now;
    sent++;
    send(fmt::format("id: {}\ndata: {{\"changed\": [{}]}}\n\n", ++events, names));
  }

  void leave() {
    const auto leave = gone;  // which takes this away
    leave();
  }

  void look() {
    looks_at = 0;  // the timer may be a moment before its time
    const auto now = base::boottime_micros();
    if (now >= ends_at || (is_behind() && now - alive_at >= longest_wait)) return leave();
    if (changed != events::nothing) return tell();
    is_behind() || now - alive_at < keep_alive ? wait() : send(": still here\n\n");
  }

  static void on_time(evutil_socket_t, short, void* state) { static_cast<State*>(state)->look(); }
  static void on_close(evhttp_connection*, void* state) { static_cast<State*>(state)->leave(); }
};

HeldStream::HeldStream(event_base* base, evhttp_request* request, std::int64_t ends_at,
                       int retry_millis, events::Board::Counter& sent, std::function<void()> gone)
    : state_(new State{request, ends_at, sent, std::move(gone)}) {
  state_->timer = event_new(base, -1, 0, State::on_time, state_.get());
  auto* headers = evhttp_request_get_output_headers(request);
  evhttp_add_header(headers, "Content-Type", "text/event-stream");
  evhttp_add_header(headers, "Content-Security-Policy",
                    "default-src 'none'; frame-ancestors 'none'");
  evhttp_send_reply_start(request, 200, nullptr);
  evhttp_connection_set_closecb(state_->connection(), State::on_close, state_.get());
  state_->send(fmt::format("retry: {}\n: welcome\n\n", retry_millis));
}

// libevent frees a request when its reply has ended, also where the connection is gone.
HeldStream::~HeldStream() {
  if (auto* connection = state_->connection())
    evhttp_connection_set_closecb(connection, nullptr, nullptr);
  event_free(state_->timer);
  evhttp_send_reply_end(state_->request);
}

void HeldStream::tell(events::Topic topic) {
  state_->changed |= topic;
  state_->tell();
}

void HeldStream::say_end(std::string_view reason) {
  state_->send(fmt::format("event: end\ndata: {{\"reason\": \"{}\"}}\n\n", reason));
}

}  // namespace server
