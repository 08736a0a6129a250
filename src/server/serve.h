// server/serve.h — one request from URL to answer; every failure ends here.
//
// The order of the checks is the contract's (README.md, "One request").
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/hasher.h"
#include "base/config.h"
#include "base/scoreboard.h"
#include "db/connection.h"
#include "http/request.h"
#include "http/response.h"
#include "rest/context.h"
#include "rest/route.h"

namespace server {

// An answer with what the log says of it.
struct Answer {
  http::Response response;
  std::string route = "-";                    // its path in this version, never the raw URL
  std::size_t route_number = base::no_route;  // its place among route_names()
  std::string company = "-";
  std::string user = "-";
};

// The paths of the routes as the counters number them: those of the table, then the probes.
std::vector<std::string> route_names(const rest::Routes& routes);

class Service {
 public:
  // Everything is lent for the lifetime. Without a memory the database is asked who asks every
  // time.
  Service(const base::Config& config, db::Connection& db, base::Scoreboard& board,
          base::WorkerSlot& slot, const rest::Routes& routes, auth::CallerMemory* memory = nullptr)
      : config_(config),
        db_(db),
        board_(board),
        slot_(slot),
        hasher_(board, slot),
        routes_(routes),
        names_(route_names(routes)),
        memory_(memory) {}

  // Never throws. `queued_micros` is how long the request waited for a worker.
  Answer answer(const http::Request& sent, std::int64_t queued_micros = 0);

  // Throws base::Error{unavailable} unless the database is there, with this program's schema, and
  // takes writes.
  void check_database();

  const rest::Routes& routes() const { return routes_; }

 private:
  rest::Answer dispatch(rest::Context& context);
  rest::Answer run(rest::Context& context, const rest::Operation& operation);
  http::Response probe(const http::Request& request);
  void check_schema();
  bool are_counts_kept();
  bool is_database_up();
  base::Error told(const base::Error& error);
  void authenticate(rest::Context& context);
  void refuse_crowd();

  const base::Config& config_;
  db::Connection& db_;
  base::Scoreboard& board_;
  base::WorkerSlot& slot_;
  std::int64_t queued_micros_ = 0;  // of the request under way
  auth::Hasher hasher_;
  const rest::Routes routes_;
  const std::vector<std::string> names_;
  auth::CallerMemory* const memory_;
};

}  // namespace server
