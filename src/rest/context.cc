// rest/context.cc — see context.h.
#include "rest/context.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "auth/hasher.h"
#include "auth/lock.h"
#include "auth/subscriber.h"
#include "base/text.h"
#include "rest/schema.h"

namespace rest {
namespace {

constexpr std::size_t cursor_size = 24;  // 8 bytes of time, 16 of id

std::string write_cursor(const Position& position) {
  std::string bytes(8, '\0');
  const auto micros = static_cast<std::uint64_t>(position.time.micros);
  for (std::size_t i = 0; i < 8; i++) bytes[i] = static_cast<char>(micros >> (8 * (7 - i)));
  return base::base64url(bytes + std::string(position.id.view()));
}

std::optional<Position> read_cursor(std::string_view text) {
  const auto bytes = base::from_base64url(text);
  if (!bytes || bytes->size() != cursor_size) return std::nullopt;
  std::uint64_t micros = 0;
  for (std::size_t i = 0; i < 8; i++)
    micros = micros << 8 | static_cast<unsigned char>((*bytes)[i]);
  const base::Time time{static_cast<std::int64_t>(micros)};
  if (time < base::Time::lowest() || time > base::Time::highest()) return std::nullopt;
  return Position{time, base::Uuid::from_bytes(std::string_view(*bytes).substr(8))};
}

// Whether it is the second of the two orders; it must be one of them.
bool read_order(const std::string& order, std::string_view orders, const Version& version,
                base::Problems& problems) {
  const auto blank = orders.find(' ');
  const bool newest_first = order == orders.substr(blank + 1);
  if (!newest_first && order != orders.substr(0, blank))
    problems.add("order", not_a_choice(order, orders, version));
  return newest_first;
}

// Whom a document has links to.
struct LinkedPeople final : Sink {
  explicit LinkedPeople(const Version& version) : Sink({.version = &version}) {}
  void id(const base::Uuid&) override {}
  void self_link(std::string_view, const base::Uuid&) override {}
  void link(std::string_view path, const base::Uuid& id) override {
    if (path == people_path.view()) ids.insert(id);
  }
  std::set<base::Uuid> ids;
};

// How many rows a page has.
std::int64_t read_limit(const http::Request& request, base::Problems& problems) {
  std::int64_t limit = default_rows;
  const auto given = request.parameter("limit");
  if (!given) return limit;
  const auto* end = given->data() + given->size();
  const auto result = std::from_chars(given->data(), end, limit);
  const bool is_long = given->size() > 20;  // zeros, which the next page's Link would repeat
  if (result.ec != std::errc() || result.ptr != end || is_long || limit < 1 || limit > most_rows)
    problems.add("limit", "Enter a whole number from 1 to 100.");
  return limit;
}

}  // namespace

const http::Body& Context::body() const {
  if (!body_) body_ = http::read_body(request);
  return *body_;
}

std::string Context::hash(std::string_view password) {
  if (db.in_transaction()) std::abort();  // others would wait for its locks meanwhile
  const auto name = caller.principal ? auth::username_key(who().username) : "";
  const auto address = auth::subscriber(request.remote_address);
  return hasher_.hash({name, address, password, caller.principal != nullptr});
}

bool Context::has(auth::Access access) const {
  return access == auth::Access::anyone || is_admin() ||
         (access == auth::Access::staff && caller.principal);
}

bool Context::may(http::Method method) {
  const auto* operation = route.operation(method);
  return operation && has(operation->access) && !refusal_of(*operation) &&
         (!operation->permitted || operation->permitted(*this));
}

std::optional<base::Error> Context::refusal_of(const Operation& operation) const {
  using base::Code;
  if (!caller.principal) return std::nullopt;
  if (!who().may_write && !http::is_safe(operation.method))
    return base::Error(Code::forbidden, "This token may only read.");
  if (operation.by == By::session && who().via != auth::Principal::Via::session) {
    base::Error error(Code::forbidden, "You do not have permission to perform this action.");
    error.hint = "Only a session does this: POST auth/login/ begins one.";
    return error;
  }
  if (!operation.takes_api_tokens() && by_api_token())
    return base::Error(Code::forbidden, "An API token cannot do this.");
  return std::nullopt;
}

bool caller_is_admin(Context& context) { return context.is_admin(); }

bool Context::by_api_token() const {
  return caller.principal && who().via == auth::Principal::Via::api_token;
}

void Context::lock_admin() {
  if (lock_caller() != auth::Role::admin) base::forbidden();
}

auth::Role Context::lock_caller() {
  return by_operator ? auth::Role::admin : auth::lock_caller(db, who()).role;
}

void Context::audit(std::string_view event, const std::optional<base::Uuid>& about,
                    std::string detail) {
  const auto actor = by_operator ? auth::operator_actor(request)
                                 : auth::user_actor(who().user_id, who().username, request);
  auth::note(db, who().tenant, actor, {event, about, std::move(detail)});
}

void Context::audit_own(const db::Tenant& tenant, const base::Uuid& user, std::string_view username,
                        std::string_view event, std::string detail, bool elsewhere) {
  auto actor =
      by_operator ? auth::operator_actor(request) : auth::user_actor(user, username, request);
  if (elsewhere && !by_operator) actor.address = actor.request_id = "";
  auth::note(db, tenant, actor, {event, user, std::move(detail)});
}

std::optional<base::Uuid> Context::maker() const {
  return by_operator ? std::nullopt : std::optional(who().user_id);
}

base::Uuid Context::new_id() const {
  return idempotency_key().value_or(base::Uuid::make(base::Time::now()));
}

// A form of a page has the page's address, with all that narrowed the list there.
void Context::check_parameters() {
  if (request.query.empty()) return;
  const auto method = from_page ? http::Method::get : request.method;
  std::vector<std::string_view> known, seen;
  for (const auto& field : parameters_of(route, version, method)) known.push_back(field.name);
  base::Problems problems;
  for (const auto& [name, value] : http::parse_urlencoded(request.query)) {
    const auto place = std::ranges::find(known, name);
    if (place == known.end())
      unknown_parameters_.look_at(name, "", known);
    else if (std::ranges::find(seen, name) == seen.end())
      seen.push_back(*place);
    else if (!problems.has(name))
      problems.add(name, "This parameter may come only once.");
  }
  if (!version.refuses_unknown) return;
  unknown_parameters_.report("parameter", problems);
  problems.throw_if_any();
}

void Context::check_is_form() const {
  if (!version.refuses_unknown) return;
  if (http::looks_like_json(request))
    base::invalid("Content-Type", "The body looks like JSON: send application/json.");
  if (body().has_files)
    throw base::Error(base::Code::invalid, "Files are not taken: send each field as text.");
}

std::string Context::path_of(std::string_view path) const {
  return std::string(version.prefix) + std::string(path);
}

UnknownNames Context::ignored() const {
  auto all = unknown_parameters_;
  all.add(unknown_keys_);
  return all;
}

Urls Context::urls() const {
  Urls urls{.base = config.public_urls.front(), .version = &version};
  const auto host = request.header("host").value_or("");
  for (const auto& url : config.public_urls)
    if (url.substr(url.find("//") + 2) == host) urls.base = url;
  if (!version.takes_format) return urls;
  if (const auto format = request.parameter("format"); format == "json" || format == "api")
    urls.suffix = "?format=" + *format;
  return urls;
}

Urls Context::urls_of(const std::function<void(Sink&)>& write_document) const {
  auto urls = this->urls();
  if (!version.people_are_objects || !routes.find_people || !caller.principal) return urls;
  LinkedPeople linked(version);
  write_document(linked);
  std::erase_if(linked.ids, [&](const auto& id) { return people_.contains(id); });
  if (!linked.ids.empty())
    for (auto& person : routes.find_people(*this, linked.ids))
      people_.emplace(person.id, std::move(person));
  urls.people = &people_;
  return urls;
}

Urls Context::urls_of(const Document& document) const {
  return urls_of([&](Sink& sink) {
    if (document) document.write_to(sink);
  });
}

int Context::indent() const {
  return format == http::Format::html ? 4
                                      : http::json_indent(request.header("accept").value_or(""));
}

std::optional<std::string> Context::parameter(std::string_view name) const {
  auto given = request.parameter(name);
  if (given && given->empty() && format == http::Format::html) return std::nullopt;
  return given;
}

std::optional<base::Time> Context::time(std::string_view name, base::Problems& problems) const {
  const auto given = parameter(name);
  if (!given) return std::nullopt;
  const auto parsed = base::Time::parse_iso(*given);
  if (!parsed)
    problems.add(name, version.errors_are_problems ? "Enter a time as 2026-11-27T10:00:00Z."
                                                   : "Enter a valid date-time.");
  return parsed;
}

Page Context::read_page() const {
  base::Problems problems;
  return read_page(problems);
}

Page Context::read_page(base::Problems& problems, bool searches) const {
  const auto* timeline = route.list.timeline;
  std::optional<base::Time> since, until;
  Page page;
  page.newest_first = searches || route.list.newest_first;
  if (timeline) {
    since = time(timeline->since, problems);
    until = time(timeline->until, problems);
    if (const auto order = parameter("order"))
      page.newest_first = read_order(*order, timeline->orders, version, problems);
  }
  const Position first{base::Time::lowest(), base::Uuid::lowest()};
  const Position last{base::Time::highest(), base::Uuid::highest()};
  page.after = page.newest_first ? last : first;
  page.last = page.newest_first ? first : last;
  // All of the moment `since`, whatever the ids, and nothing of the moment `until`. (Not so at the
  // first moment that there is, in the year 1000; no row is that old.)
  const auto end_before = [&](base::Time time) {
    return Position{std::max(base::Time{time.micros - 1}, first.time), base::Uuid::highest()};
  };
  if (page.newest_first) {
    if (until) page.start_after({*until, base::Uuid::lowest()});
    if (since) page.end_at({*since, base::Uuid::lowest()});
  } else {
    if (since) page.start_after(end_before(*since));
    if (until) page.end_at(end_before(*until));
  }
  page.rows = read_limit(request, problems) + 1;
  if (const auto cursor = request.parameter("cursor")) {
    const auto position = read_cursor(*cursor);
    if (!position)
      problems.add("cursor", "Invalid cursor.");
    else
      page.start_after(*position);
  }
  problems.throw_if_any();
  return page;
}

// Nothing is repeated but what the route reads, once: the header must not grow with the request.
std::string Context::link_next(Answer& answer, const Position& place,
                               const std::string& reached) const {
  const auto fields = parameters_of(route, version, http::Method::get);
  http::Pairs kept;
  for (auto& [name, value] : http::parse_urlencoded(request.query)) {
    const bool is_read = std::ranges::find(fields, name, &FieldInfo::name) != fields.end();
    if (!is_read || name == "cursor") continue;
    std::erase_if(kept, [&name = name](const auto& earlier) { return earlier.first == name; });
    kept.emplace_back(std::move(name), std::move(value));
  }
  kept.emplace_back("cursor", write_cursor(place));
  auto url = urls().base + request.path + "?" + http::write_urlencoded(kept);
  answer.set("Link", "<" + url + ">; rel=\"next\"" + reached);
  return url;
}

}  // namespace rest
