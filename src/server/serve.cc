// server/serve.cc — see serve.h.
#include "server/serve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "app/conversations.h"
#include "auth/csrf.h"
#include "auth/sessions.h"
#include "base/log.h"
#include "db/migrate.h"
#include "http/form.h"
#include "http/negotiate.h"
#include "http/protect.h"
#include "rest/answer.h"
#include "rest/options.h"
#include "rest/preconditions.h"
#include "server/checks.h"
#include "server/hints.h"
#include "server/metrics.h"
#include "server/override.h"
#include "server/queue.h"
#include "server/respond.h"

namespace server {
namespace {

using base::Code;
using base::Error;
using http::Format;
using http::Method;
using http::Response;

// For fairness only: two companies whose tags are equal by chance share their turns, nothing else.
std::uint64_t tag_of(const base::Uuid& company_id) {
  std::uint64_t tag = 0;  // the last eight bytes, which are random, and never 0 (RFC 9562)
  std::memcpy(&tag, company_id.view().data() + 8, sizeof tag);
  return tag;
}

Error unavailable() { return {Code::unavailable, "Service is temporarily unavailable."}; }

[[noreturn]] void not_logged_in(const http::Request& request) {
  Error error(Code::unauthorized, "Authentication credentials were not provided.");
  if (!request.header("authorization") && !request.header("cookie"))
    error.hint =
        "Send Authorization: Bearer with an access token of POST auth/token/. See /docs/#login.";
  throw error;
}

constexpr std::array<std::string_view, 3> probes = {"/healthz", "/readyz", "/metrics"};

bool is_open(const rest::Route& route) {
  return std::any_of(route.operations.begin(), route.operations.end(), [](const auto& operation) {
    return operation.handle && operation.access == auth::Access::anyone;
  });
}

// Of a document or a stream Accept chooses nothing; a browser that goes to a stream gets a page.
Format format_of(const rest::Context& context) {
  const auto& request = context.request;
  const auto& route = context.route;
  if (route.is_document()) return route.is_page() ? Format::html : Format::json;
  if (!route.is_stream()) return choose_format(request, context.version);
  return http::prefers_html(accept_of(request)) ? Format::html : Format::json;
}

// The page that asks first. A list that is emptied is not shown: its name says enough.
rest::Answer confirmation(rest::Context& context) {
  const auto* get = context.route.operation(Method::get);
  rest::ConfirmPage page;
  if (get && context.route.path.back() == '}') page.thing = get->handle(context).document;
  return {.page = std::move(page)};
}

// Whichever way an answer came about.
Answer protected_answer(Answer answer) {
  http::protect(answer.response);
  return answer;
}

}  // namespace

std::vector<std::string> route_names(const rest::Routes& routes) {
  auto names = rest::names_of(routes);
  names.insert(names.end(), probes.begin(), probes.end());
  return names;
}

void Service::check_database() {
  check_schema();
  are_counts_kept();
  db_.check();
  if (board_.was_full_lately()) throw unavailable();
}

bool Service::is_database_up() try {
  check_database();
  return true;
} catch (const Error& error) {
  told(error);
  return false;
}

// Once in the life of a pool: `partywall serve` looks as well, but the database may be away then.
void Service::check_schema() {
  if (board_.schema_seen) return;
  const auto problem = db::schema_problem(db_);
  if (!problem.empty()) {
    base::log_event(base::Severity::error, problem);
    throw unavailable();
  }
  board_.schema_seen = true;
}

// Asks at a worker's start, and then at most every few seconds in the whole pool, until it is so.
bool Service::are_counts_kept() {
  constexpr std::int64_t pause_micros = 3'000'000;
  if (board_.counts_are_kept) return true;
  const auto now = base::monotonic_micros();
  auto asked_at = board_.counts_asked_at.load();
  if (asked_at != 0 && now - asked_at < pause_micros) return false;
  if (!board_.counts_asked_at.compare_exchange_strong(asked_at, now)) return false;
  if (app::are_counts_kept(db_)) board_.counts_are_kept = true;
  return board_.counts_are_kept;
}

// What the client hears of an error, and the log its cause. Where a table is gone, or the right to
// it, all may be: the schema is looked at again.
Error Service::told(const Error& error) {
  constexpr int no_right_to_table = 1142, no_such_table = 1146;
  base::log_cause(error);
  const auto* refused = dynamic_cast<const db::Refused*>(&error);
  if (!refused || (refused->number != no_such_table && refused->number != no_right_to_table))
    return error;
  board_.schema_seen = false;
  return unavailable();
}

// Fairness: where requests wait and few workers are free, a company that has had more than its
// share gets no more while others are there. Who was verified is told so, and nobody else.
void Service::refuse_crowd() {
  constexpr std::int64_t long_wait_micros = 5000;
  if (queued_micros_ < long_wait_micros) return;
  if (board_.idle() >= std::max(1, board_.workers() / 4)) return;
  auto& fairness = board_.fairness;
  if (!fairness.has_others(board_, slot_) || !fairness.is_over_share(board_, slot_)) return;
  slot_.crowded++;
  throw Error(Code::unavailable, "Your company has many requests under way. Try again soon.");
}

void Service::authenticate(rest::Context& context) {
  const auto* operation = context.route.operation(context.request.method);
  auto access = is_open(context.route) ? auth::Access::anyone : auth::Access::staff;
  if (operation) access = operation->access;
  context.caller = context.authenticator.identify(
      context.request, access, operation ? operation->admits : auth::Admits::open);
  const bool by_session = context.caller.principal &&
                          context.who().via == auth::Principal::Via::session &&
                          !http::is_safe(context.request.method);
  if (context.from_page || by_session)
    auth::check_csrf(context.request, context.config.public_urls);
  if (!context.caller.principal) return;
  slot_.company = tag_of(context.who().company_id);
  refuse_crowd();
  check_company(context);
}

rest::Answer Service::dispatch(rest::Context& context) {
  const auto& request = context.request;
  check_transport(request, context.config.https());
  check_schema();
  context.counts_are_kept = are_counts_kept();
  if (context.route.guard == rest::Guard::credential) {
    context.format = http::prefers_html(accept_of(request)) ? Format::html : Format::json;
    if (context.from_page) auth::check_csrf(request, context.config.public_urls);
  } else {
    context.format = format_of(context);
    authenticate(context);
  }
  if (!context.caller.principal && !is_open(context.route)) not_logged_in(request);
  context.check_parameters();
  if (request.method == Method::options) {
    check_key(context);
    check_no_body(context);
    return rest::options(context);
  }
  const auto* operation = context.route.operation(request.method);
  if (!operation) {
    if (request.method == Method::get && context.route.page && context.format == Format::html) {
      check_key(context);
      return context.route.page(context);
    }
    throw Error(Code::method_not_allowed,
                fmt::format("Method \"{}\" not allowed.", request.method_name));
  }
  if (!context.has(operation->access)) base::forbidden();
  check_key(context);
  if (auto refusal = context.refusal_of(*operation)) throw *std::move(refusal);
  check_no_body(context);
  if (context.asks_first && context.format == Format::html) return confirmation(context);
  return run(context, *operation);
}

// A lost race for a unique name or an Idempotency-Key shows as a duplicate key: run again, the
// handler sees the winner's row and answers as a later request would have been answered. Where it
// loses again, the key is the id of a row that was not made with it, or too long ago to tell.
rest::Answer Service::run(rest::Context& context, const rest::Operation& operation) {
  const auto& request = context.request;
  if (!http::is_safe(request.method) && rest::has_condition(request)) {
    if (context.route.lock)
      context.condition = rest::check_locked;
    else
      rest::check_without_lock(context);
  }
  const auto handle = [&] {
    if (!context.condition || operation.looks_at_condition) return operation.handle(context);
    rest::Answer answer;
    context.transaction([&] { answer = operation.handle(context); });
    return answer;
  };
  try {
    return handle();
  } catch (const db::DuplicateKey&) {
  }
  try {
    return handle();
  } catch (const db::DuplicateKey& duplicate) {
    if (duplicate.key != "PRIMARY" || !request.header("idempotency-key")) throw;
    rest::key_is_taken();
  }
}

// For load balancers and Prometheus. nginx shows /metrics to this machine only.
Response Service::probe(const http::Request& request) {
  Response response{.content_type = "text/plain; charset=utf-8", .body = "ok\n"};
  response.set("Cache-Control", "no-store");
  if (request.path == "/metrics")
    response.body = metrics_text(board_, names_, events::Board::open(config_.events_board()).get(),
                                 queue_length(config_.socket), is_database_up());
  if (request.path == "/readyz") check_database();
  return response;
}

Answer Service::answer(const http::Request& sent, std::int64_t queued_micros) {
  queued_micros_ = queued_micros;
  Answer answer;
  try {
    std::optional<http::Request> form;
    std::optional<Override> meant;
    if (http::has_form(sent)) {
      http::read_form(form.emplace(sent));
      meant = override_request(*form);
    }
    const auto& request = form ? *form : sent;
    if (const auto probe_at = std::find(probes.begin(), probes.end(), request.path);
        probe_at != probes.end()) {
      answer.route = *probe_at;
      answer.route_number =
          names_.size() - probes.size() + static_cast<std::size_t>(probe_at - probes.begin());
      answer.response = probe(request);
      return protected_answer(std::move(answer));
    }
    const auto match = rest::resolve(routes_, request.path);
    if (!match) {
      answer.response = unknown_url(routes_, request);
      return protected_answer(std::move(answer));
    }
    answer.route = names_[match->place];
    answer.route_number = match->place;
    rest::Context context(request, *match, routes_, config_, db_, hasher_,
                          match->route->is_stream() ? nullptr : memory_);
    context.from_page = meant.has_value();
    context.asks_first = meant && meant->asks_first;
    rest::Answer made;
    try {
      made = dispatch(context);
    } catch (const Error& error) {
      made = rest::error_answer(with_hint(told(error), request), request.id);
    }
    if (context.caller.principal) {
      answer.company = context.who().company_id.text();
      answer.user = context.who().user_id.text();
    }
    answer.response = respond(context, made);
  } catch (const Error& error) {
    answer.response = error_response(routes_, sent, told(error));
  } catch (const std::exception& error) {
    base::log_event(base::Severity::error,
                    fmt::format("request {} failed: {}", sent.id, error.what()));
    answer.response =
        error_response(routes_, sent, Error(Code::internal, "Internal server error."));
  }
  return protected_answer(std::move(answer));
}

}  // namespace server
