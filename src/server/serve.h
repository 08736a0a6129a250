// server/serve.h — one request from URL to answer; every failure ends here.
//
// The order of the checks is the contract's (README, "One request").
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "app/call.h"
#include "app/view.h"
#include "base/config.h"
#include "base/metrics.h"
#include "db/connection.h"
#include "http/request.h"
#include "http/response.h"

namespace server {

// An answer with what the log says of it.
struct Answer {
  http::Response response;
  std::string_view route = "-";  // the view's path, never the raw URL
  std::string company = "-";
  std::string user = "-";
};

class Service {
 public:
  // Everything is lent for the lifetime. `views` is the route table; tests pass one of their own.
  Service(const base::Config& config, db::Connection& db, base::Board& board,
          base::WorkerSlot& slot, std::span<const app::View* const> views = app::all_views())
      : config_(config), db_(db), board_(board), hasher_(board, slot), views_(views) {}

  // Never throws.
  Answer answer(const http::Request& request);

  // Throws base::Error{unavailable} unless the database is there, with this program's schema.
  void check_database();

 private:
  http::Response dispatch(app::Call& call);
  http::Response run(app::Call& call, const app::Operation& operation);
  http::Response probe(const http::Request& request);
  void check_schema();

  const base::Config& config_;
  db::Connection& db_;
  base::Board& board_;
  auth::Hasher hasher_;
  const std::span<const app::View* const> views_;
};

}  // namespace server
