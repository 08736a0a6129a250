// server/stream_server.cc — see stream_server.h.
#include "server/stream_server.h"

#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/datagram.h"
#include "base/log.h"
#include "events/board.h"
#include "events/door.h"
#include "events/remembered.h"
#include "events/stay.h"
#include "events/streams.h"
#include "server/held_stream.h"
#include "server/listener.h"
#include "server/service_manager.h"

namespace server {
namespace {

using events::Streams;

constexpr std::int64_t second = 1'000'000;
// Who reads the rows may tell those of ten minutes again, after a restart of the pool.
constexpr std::int64_t longest_known = 1200 * second;
constexpr std::size_t most_known = 100'000;
constexpr int most_at_a_time = 1000;  // datagrams, before anything else has its turn
// And one that was refused may ask again: where its ticket was too old, and where there is no room.
constexpr int soon_seconds = 1, later_seconds = 30;

template <auto release>
struct Releaser {
  void operator()(auto* thing) const { release(thing); }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, Releaser<release>>;

class StreamServer {
 public:
  explicit StreamServer(const base::Config& config)
      : listener_(config.events_socket),
        board_(events::Board::make(config.events_board())),
        reader_(config.changes_socket()),
        base_(event_base_new()),
        http_(evhttp_new(base_.get())),
        streams_(static_cast<std::size_t>(config.most_streams)) {
    evhttp_set_allowed_methods(http_.get(), EVHTTP_REQ_GET);
    evhttp_set_max_headers_size(http_.get(), 16 * 1024);
    evhttp_set_max_body_size(http_.get(), 0);
    // libevent's own would end a stream on which the client says nothing.
    evhttp_set_timeout(http_.get(), static_cast<int>(2 * events::Stay::longest_micros / second));
    evhttp_set_gencb(http_.get(), on_request, this);
    auto* bound = evhttp_accept_socket_with_handle(http_.get(), listener_.descriptor());
    if (!bound) throw std::runtime_error("the socket for streams cannot be listened on");
    accepting_ = evhttp_bound_socket_get_listener(bound);
    evconnlistener_set_error_cb(accepting_, on_no_accept);
    constexpr timeval each_second{1, 0};
    watch(reader_.descriptor(), EV_READ, on_datagrams);
    watch(-1, 0, on_tick, &each_second);
    for (const int signal : {SIGTERM, SIGINT}) watch(signal, EV_SIGNAL, on_stop);
  }

  int run() {
    base::log_event(base::Severity::notice,
                    fmt::format("holding streams that come by {}", listener_.name()));
    manager_.ready("Holding streams");
    event_base_dispatch(base_.get());
    base::log_event(base::Severity::notice, "stopping");
    manager_.stopping("Ending the streams");
    board_->beat_at = 0;  // nobody is let in any more
    held_.clear();
    // What says so goes out: nginx would log each as cut off.
    for (int i = 0; i < 10; i++) event_base_loop(base_.get(), EVLOOP_NONBLOCK);
    listener_.remove();
    return 0;
  }

 private:
  using Callback = void (*)(evutil_socket_t, short, void*);

  static StreamServer& self(void* server) { return *static_cast<StreamServer*>(server); }
  static void on_request(evhttp_request* request, void* server) { self(server).open(request); }
  static void on_datagrams(evutil_socket_t, short, void* server) { self(server).hear(); }
  static void on_tick(evutil_socket_t, short, void* server) { self(server).tick(); }
  static void on_stop(evutil_socket_t, short, void* server) {
    event_base_loopbreak(self(server).base_.get());
  }

  // Where there are no more files it pauses until the next tick.
  static void on_no_accept(evconnlistener* listener, void*) { evconnlistener_disable(listener); }

  void watch(evutil_socket_t what, int how, Callback callback, const timeval* pause = nullptr) {
    watches_.emplace_back(
        event_new(base_.get(), what, static_cast<short>(how | EV_PERSIST), callback, this));
    event_add(watches_.back().get(), pause);
  }

  void tick() {
    manager_.sign_of_life();
    evconnlistener_enable(accepting_);
    const bool hears = board_->hears(base::boottime_micros());
    if (hears != hears_)
      base::log_event(hears ? base::Severity::notice : base::Severity::warning,
                      hears ? "the pool says what changes"
                            : "the pool does not say what changes: nobody is let in");
    hears_ = hears;
  }

  // A change that has a row is heard of twice: from the worker that wrote it, and from the process
  // that reads the rows.
  bool is_new(const db::Change& change, std::int64_t now) {
    if (change.id == base::Uuid{}) return true;
    auto& rows = change.is_ending() ? endings_ : messages_;
    return rows.note(std::string(change.id.view()), now);
  }

  void hear() {
    std::string datagram;
    for (int i = 0; i < most_at_a_time && reader_.read(datagram); i++) {
      const auto now = base::boottime_micros();
      const auto change = db::decode(datagram);
      if (change && change->what == db::Change::What::beat)
        board_->beat_at = now;
      else if (change && is_new(*change, now))
        apply(*change, now);
    }
  }

  void apply(const db::Change& change, std::int64_t now) {
    board_->heard++;
    if (change.is_ending()) door_.note(change, now);
    for (const auto id : streams_.ended_by(change)) {
      board_->ended++;
      end(id);
    }
    for (const auto& [id, topic] : streams_.woken_by(change)) held_.at(id)->tell(topic);
  }

  void open(evhttp_request* request) {
    const auto now = base::boottime_micros();
    const auto* text =
        evhttp_find_header(evhttp_request_get_input_headers(request), "X-Partywall-Ticket");
    const auto ticket = events::read_ticket(text ? text : "", board_->key_view());
    if (!ticket || !board_->hears(now) || !door_.opens(*ticket, now)) {
      board_->refused++;
      return refuse(request, soon_seconds);
    }
    const auto added = streams_.add(*ticket);
    if (added.replaced != 0) {
      held_.at(added.replaced)->say_end("too_many_streams");
      end(added.replaced);
    }
    if (added.made_room != 0) end(added.made_room);
    if (added.id == 0) {
      board_->full++;
      return refuse(request, later_seconds);
    }
    held_[added.id] = std::make_unique<HeldStream>(
        base_.get(), request, stay_.ends_at(now, ticket->ends_at), stay_.retry_millis(),
        board_->sent, [this, id = added.id] { end(id); });
    board_->opened++;
    board_->streams = std::ssize(held_);
  }

  // The client asks again through the pool, which knows why.
  void refuse(evhttp_request* request, int retry_seconds) {
    evhttp_add_header(evhttp_request_get_output_headers(request), "Retry-After",
                      std::to_string(retry_seconds).c_str());
    evhttp_send_reply(request, 503, nullptr, nullptr);
  }

  void end(Streams::Id id) {
    streams_.remove(id);
    const auto ended = held_.extract(id);  // so that it is there while it ends
    board_->streams = std::ssize(held_);
  }

  const Listener listener_;  // first: where another one holds the streams, its board must stay
  const std::unique_ptr<events::Board, events::Board::Unmap> board_;
  const base::DatagramReader reader_;
  ServiceManager manager_;
  const Owned<event_base, event_base_free> base_;
  const Owned<evhttp, evhttp_free> http_;
  evconnlistener* accepting_ = nullptr;  // of http_
  std::vector<Owned<event, event_free>> watches_;
  events::Door door_{base::boottime_micros()};
  // The rows of `changes` that were heard of. Many messages do not have endings forgotten.
  events::Remembered endings_{longest_known, most_known}, messages_{longest_known, most_known};
  Streams streams_;
  std::unordered_map<Streams::Id, std::unique_ptr<HeldStream>> held_;
  bool hears_ = false;  // of the pool, lately
  events::Stay stay_;
};

}  // namespace

int run_stream_server(const base::Config& config) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;  // a stream takes one
  setrlimit(RLIMIT_NOFILE, &files);
  constexpr rlim_t others = 64;
  if (files.rlim_cur < static_cast<rlim_t>(config.most_streams) + others)
    base::log_event(base::Severity::warning,
                    fmt::format("[events] most_streams is {}, and there may be {} open files",
                                config.most_streams, files.rlim_cur));
  std::signal(SIGPIPE, SIG_IGN);
  event_set_log_callback([](int, const char*) {});  // what it says of one client is no news
  return StreamServer(config).run();
}

}  // namespace server
