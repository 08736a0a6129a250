// rest/context.h — one request on its way through a handler: what it asks, who asks, the database.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/audit.h"
#include "auth/authenticator.h"
#include "base/config.h"
#include "db/connection.h"
#include "http/form.h"
#include "http/negotiate.h"
#include "http/request.h"
#include "rest/answer.h"
#include "rest/decode.h"
#include "rest/filters.h"
#include "rest/idempotency.h"
#include "rest/paging.h"
#include "rest/route.h"
#include "rest/unknown.h"

namespace rest {

class Context {
 public:
  // All is lent for the lifetime.
  Context(const http::Request& request, const Match& match, const Routes& routes,
          const base::Config& config, db::Connection& db, auth::Hasher& hasher,
          auth::CallerMemory* memory = nullptr)
      : request(request),
        route(*match.route),
        version(*match.version),
        id(match.id),
        routes(routes),
        config(config),
        db(db),
        asked_at(base::boottime_micros()),
        authenticator(db, config, hasher, memory),
        hasher_(hasher) {}

  const http::Request& request;
  const Route& route;
  const Version& version;
  const base::Uuid id;   // the id in the path
  const Routes& routes;  // the table that the route is from
  const base::Config& config;
  db::Connection& db;
  const std::int64_t asked_at;  // base::boottime_micros(), before the database was asked anything
  auth::Authenticator authenticator;

  http::Format format = http::Format::json;
  auth::Caller caller;
  bool from_page = false;    // a form of one of our pages sent it (server/override.h)
  bool asks_first = false;   // that page wants to be asked whether this is meant
  bool by_operator = false;  // a command of src/admin: the caller is nobody's user, and an admin
  bool counts_are_kept = false;  // of unread messages, by every host (app/conversations.h)
  // What the service has to look at when the change is made: If-Match. nullptr: nothing.
  void (*condition)(Context&) = nullptr;

  // The member who asks. Only for operations whose access is not anyone.
  const auth::Principal& who() const { return *caller.principal; }
  bool is_admin() const { return caller.principal && who().role == auth::Role::admin; }
  // Whether the caller has at least this role.
  bool has(auth::Access access) const;
  // Whether the caller may use a method here, as far as can be told before it is tried.
  bool may(http::Method method);
  bool by_api_token() const;
  // Why the caller's credential cannot do it, whatever their role (403); nullopt: it can.
  std::optional<base::Error> refusal_of(const Operation& operation) const;

  // Inside a transaction: locks the caller and what they are known by (auth/lock.h), and answers
  // the role that they have now. Throws base::Error{unauthorized} when either has ended meanwhile.
  auth::Role lock_caller();
  // The same for what admins alone may do: throws base::Error{forbidden} for who is none any more.
  void lock_admin();

  // The body, parsed once; throws what http::read_body throws.
  const http::Body& body() const;
  // The body as In; reports what is wrong, and what In::validate(context, problems) adds where
  // there is one: what the fields' own rules cannot say. PATCH asks for nothing.
  template <class In>
  In read(base::Problems& problems) const {
    auto in = read_by_rules<In>(problems);
    validate(in, problems);
    return in;
  }
  // The same where nothing else is left to check.
  template <class In>
  In read() const {
    base::Problems problems;
    auto in = read<In>(problems);
    problems.throw_if_any();
    return in;
  }

  // The hash of a password that is to be set. Takes 30 ms: never inside a transaction.
  std::string hash(std::string_view password);

  // Notes a security event in the audit of the caller's company, by the caller; `about` is the user
  // whom it concerns. It is the last statement of the transaction that makes it so.
  void audit(std::string_view event, const std::optional<base::Uuid>& about = {},
             std::string detail = {});
  // The same for what a user did to themselves, in whichever company. elsewhere: they did it in
  // another one; neither the address nor the request is noted then, which would tell of that.
  void audit_own(const db::Tenant& tenant, const base::Uuid& user, std::string_view username,
                 std::string_view event, std::string detail = {}, bool elsewhere = false);

  // Who a row is said to be made by; empty: an operator.
  std::optional<base::Uuid> maker() const;

  // Runs `work` as one transaction, in which the condition of the request is looked at first; for
  // handlers that have more to do before it (Operation::looks_at_condition).
  template <class Work>
  void transaction(Work&& work) {
    db.transaction([&] {
      if (condition) condition(*this);
      work();
    });
  }

  // A create. The client may name the row, by an Idempotency-Key: it is its id, and the same
  // request again finds it. For idempotency_days a key stands for one request: one route, one user,
  // and the fields that were given, but for passwords.
  std::optional<base::Uuid> idempotency_key() const;
  // The id for a row to be created now.
  base::Uuid new_id() const;
  // Reads the body of a create; throws what is wrong with it, or 422 for another request's key.
  // When this one comes again it has an answer: the row as it is now, which `find` looks for by its
  // id (a statement, or a function), or 410 when it was deleted. Uniqueness is looked at before the
  // key: whoever comes second in a race then sees all that the first one wrote.
  template <class In, class Find>
  Creation<In> read_new(const Find& find) const {
    base::Problems problems;
    Creation<In> made{read_by_rules<In>(problems)};
    const bool is_whole = problems.empty();
    validate(made.in, problems);
    if (is_whole && was_asked(fields_given(made.in))) {
      made.answer = again(look_up(find, *idempotency_key()));
      return made;
    }
    // What it made once may be what it now collides with.
    if (is_whole && !problems.empty() && idempotency_key() && look_up(find, *idempotency_key()))
      key_is_taken();
    problems.throw_if_any();
    return made;
  }
  // Notes the key, where there is one, inside the transaction that makes the row. Where two do so
  // at once one of them meets a db::DuplicateKey and runs again (server/serve).
  template <class In>
  void remember(const In& in) const {
    if (idempotency_key()) remember_fields(fields_given(in));
  }

  // Makes the row that the body asks for, once for a key. `made` has what the body does not say.
  template <class In, class Find, class Row>
  Answer create(const Find& find, const db::Scoped<void, Row>& insert_one, Row made) {
    auto [in, earlier] = read_new<In>(find);
    if (earlier) return *std::move(earlier);
    base::fill(made, in);
    const auto insert = [&] { db.run(insert_one, who().tenant, made); };
    if (!idempotency_key()) {
      insert();
    } else {
      db.transaction([&] {
        remember(in);
        insert();
      });
    }
    return created(made);
  }

  template <class T>
  Answer ok(T value) const {
    return {.document = Document::of(std::move(value))};
  }
  // 201 for what has no URL of its own.
  template <class T>
  Answer made(T value) const {
    return {.status = 201, .document = Document::of(std::move(value))};
  }
  // 201 with a Location header.
  template <class T>
  Answer created(T value) const {
    const auto url = urls().to(value.url.path, value.id);
    auto answer = made(std::move(value));
    answer.set("Location", url);
    return answer;
  }

  // The query's parameters as Filters; what is malformed is reported and not answered. Empty is
  // malformed, but for a page: a browser sends the empty boxes of a form, too.
  template <base::HasFields Filters>
  Filters read_filters(base::Problems& problems) const {
    Filters filters;
    base::for_each_field<Filters>([&](const auto& field) {
      if (rule_of(field).since > version.number) return;
      const auto given = parameter(field.name);
      if (given)
        read_filter(http::Value::string(*given),
                    {std::string(field.name), rule_of(field), routes, version, problems},
                    filters.*field.member);
    });
    return filters;
  }
  // Reads `limit`, `cursor` and what the timeline of the route's list names, if it has one, after
  // all other parameters; throws what is wrong with any. A search comes newest first, unless asked.
  Page read_page(base::Problems& problems, bool searches = false) const;
  Page read_page() const;
  // Answers the rows that a page asked for, with a Link to the next page when there is one. A page
  // that was ended at a place, perhaps behind its last row, goes on after that; Link says its time.
  template <class Row>
  Answer list(std::vector<Row> rows, const Page& page,
              const std::optional<Position>& place = {}) const {
    const bool more = take_next(rows, page);
    return list(std::move(rows), more, place);
  }
  // The same for rows after which the list goes on, or ends; early, at most_page_bytes.
  template <class Row>
  Answer list(std::vector<Row> rows, bool more, const std::optional<Position>& place = {}) const {
    const auto fitting = count_fitting(
        rows, [&] { return JsonSink(urls_of([&](Sink& sink) { write(sink, rows); }), indent()); });
    more = more || fitting < rows.size();
    rows.resize(fitting);
    Answer answer;
    List<Row> list{std::move(rows)};
    if (more && !list.rows.empty())
      list.next = link_next(answer, position_of(list.rows.back()), "");
    else if (place)
      list.next = link_next(answer, *place, "; reached=\"" + place->time.iso() + "\"");
    answer.document = Document::of(std::move(list));
    return answer;
  }

  // Throws 400 for a parameter of the query that nothing reads, where the version refuses that.
  void check_parameters();
  // What was passed over of the query and the body.
  UnknownNames ignored() const;

  Urls urls() const;
  // The same for a document, whose people have been looked up where the version shows them.
  Urls urls_of(const Document& document) const;
  std::string path_of(std::string_view path) const;  // in this version: "/api/v2/customers/"
  int indent() const;

 private:
  Urls urls_of(const std::function<void(Sink&)>& write_document) const;
  // Throws 400 for a form that is none, or has files, where the version refuses what it ignores.
  void check_is_form() const;
  template <class In>
  In read_by_rules(base::Problems& problems) const {
    check_is_form();
    In in;
    read_fields(body().value, {request.method == http::Method::patch, body().from_form, from_page},
                {"", {}, routes, version, problems}, in);
    unknown_keys_ = {};
    const bool has_secrets = has_secret<In>() || route.guard == Guard::credential;
    const auto tell = has_secrets && body().from_form ? Tell::near : Tell::all;
    look_at_keys<In>(body().value, version, body().from_form, tell, "", unknown_keys_);
    if (version.refuses_unknown) unknown_keys_.report("field", problems);
    return in;
  }
  template <class In>
  void validate(const In& in, base::Problems& problems) const {
    if constexpr (requires { in.validate(*this, problems); }) in.validate(*this, problems);
  }

  std::string digest_of(const std::string& fields) const;
  // Whether the key is remembered for this request; throws when it is for another.
  bool was_asked(const std::string& fields) const;
  void remember_fields(const std::string& fields) const;
  template <class Row>
  std::optional<Row> look_up(const db::Scoped<Row, base::Uuid>& select_one,
                             const base::Uuid& key) const {
    return db.find(select_one, who().tenant, key);
  }
  template <class Find>
  auto look_up(const Find& find, const base::Uuid& key) const {
    return find(key);
  }
  template <class Row>
  Answer again(const std::optional<Row>& row) const {
    if (!row) throw base::Error(base::Code::gone, "What this Idempotency-Key made was deleted.");
    return ok(*row);
  }

  std::optional<std::string> parameter(std::string_view name) const;
  std::optional<base::Time> time(std::string_view name, base::Problems& problems) const;
  // Sets the Link to the page after a place, and answers its URL; `reached` ends the Link.
  std::string link_next(Answer& answer, const Position& place, const std::string& reached) const;

  auth::Hasher& hasher_;
  mutable std::optional<http::Body> body_;
  mutable People people_;
  UnknownNames unknown_parameters_;
  mutable UnknownNames unknown_keys_;
};

}  // namespace rest
