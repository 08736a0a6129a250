// tests/support/client.h — a caller of the service, in the same process: one database connection
// serves all clients, as one worker does.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "app/routes.h"
#include "auth/caller_memory.h"
#include "base/scoreboard.h"
#include "db/connection.h"
#include "http/json.h"
#include "http/request.h"
#include "http/response.h"
#include "server/serve.h"

namespace support {

// The configuration of the database that the unit tests have to themselves.
const base::Config& config();

// What the workers of this process share, as those of a pool do. Each has a row for itself.
struct Pool {
  db::Marks& marks = db::Marks::make();
  auth::KnownCallers& callers = auth::KnownCallers::make();

  static Pool& get();
  int next_row();
};

// One worker without the process around it. A test that changes rows behind the program's back
// switches settings.remember_callers off.
struct Worker {
  base::Config settings = config();
  db::Announcer announcer{settings.changes_socket(), settings.several_hosts};
  db::Connection db{settings, {Pool::get().marks, Pool::get().next_row()}, &announcer};
  base::Scoreboard& board = base::Scoreboard::make(1);
  auth::CallerMemory memory{Pool::get().callers, Pool::get().marks, board.slot(0)};
  server::Service service{settings, db, board, board.slot(0), app::all_routes(), &memory};
};

// The value at "a.b.0" in a JSON answer. Fails the test when it is not there.
http::Value at(const http::Response& response, std::string_view path);
std::string text_at(const http::Response& response, std::string_view path);
std::string header(const http::Response& response, std::string_view name);

// Calls visit(route, its path) for each route, in the first version that has it.
template <class Visit>
void for_each_route(Visit visit) {
  const auto& routes = app::all_routes();
  for (const auto* route : routes)
    for (const auto& version : routes.versions)
      if (version.number == route->since)
        visit(*route, std::string(version.prefix) + std::string(route->path));
}

// An Authorization header of HTTP Basic (RFC 7617).
std::string basic(std::string_view username, std::string_view password);

class Client {
 public:
  explicit Client(server::Service& service) : service_(&service) {}

  http::Response get(std::string_view url) { return send("GET", url, ""); }
  http::Response post(std::string_view url, std::string_view json) {
    return send("POST", url, json);
  }
  http::Response put(std::string_view url, std::string_view json) { return send("PUT", url, json); }
  http::Response patch(std::string_view url, std::string_view json) {
    return send("PATCH", url, json);
  }
  http::Response remove(std::string_view url) { return send("DELETE", url, ""); }
  // Sends with the client's headers, cookies and CSRF token; keeps the cookies that come back.
  http::Response send(std::string_view method, std::string_view url, std::string_view json);
  // The same in two steps, for what is no JSON or has headers of its own.
  http::Request request(std::string_view method, std::string_view url);
  http::Response send(const http::Request& request);

  // Fails the test unless the login succeeds.
  void log_in(std::string_view username, std::string_view password);

  // Sent with every request, beside the cookies; names in lower case.
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> cookies;
  std::string remote_address, request_id;

 private:
  server::Service* service_;
};

}  // namespace support
