// server/held_stream.h — one client's stream of Server-Sent Events (WHATWG HTML, section 9.2), on a
// connection of libevent's.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "events/board.h"
#include "events/streams.h"

struct event_base;
struct evhttp_request;

namespace server {

class HeldStream {
 public:
  // Begins the answer to `request`, which is libevent's and goes with the stream. A client that
  // loses its stream comes back after retry_millis. `gone` is called when the client has gone,
  // takes nothing for a while, or at `ends_at` (base::boottime_micros()): it may destroy the
  // stream. `sent` counts the events; it is lent.
  HeldStream(event_base* base, evhttp_request* request, std::int64_t ends_at, int retry_millis,
             events::Board::Counter& sent, std::function<void()> gone);
  ~HeldStream();  // ends the answer

  // Says that something has changed: at once, or a moment after the last time it did.
  void tell(events::Topic topic);
  // Says why it is about to end, to a client that is not to come back by itself.
  void say_end(std::string_view reason);

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace server
