// tests/support/walk.cc — see walk.h.
#include "support/walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "http/json.h"
#include "rest/json.h"
#include "rest/schema.h"
#include "support/client.h"

namespace support {
namespace {

// Every occurrence of `from` becomes `to`.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// An answer as bytes, but for what differs from request to request: cookies that are set anew.
std::string bytes(const http::Response& response) {
  std::string text = std::to_string(response.status) + "\n";
  for (const auto& [name, value] : response.headers)
    if (name != "Set-Cookie") text += name + ": " + value + "\n";
  return text + "\n" + response.body;
}

}  // namespace

Walk::Walk(Company& a, std::vector<WalkCaller> callers)
    : a_(a),
      callers_(std::move(callers)),
      raw_(config()),
      nobody_(base::Uuid::make(base::Time::now()).text()),
      a_rows_(raw_.checksum(a.id)) {}

// An answer may repeat the id that it was asked for.
std::string Walk::without_ids(std::string text) const {
  for (const auto& id :
       {a_.staff.id, a_.message, a_.id, a_.customer, a_.invitation, a_.api_token, a_.session})
    text = replaced(std::move(text), id.text(), nobody_);
  return text;
}

std::vector<std::string> Walk::findings(const rest::Routes& routes) {
  findings_.clear();
  routes_.assign(routes.begin(), routes.end());
  made_in_ = &routes.versions.back();
  const auto in_version = [&](const rest::Route& route, const rest::Version& version) {
    for (const auto method : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
      if (route.operation(http::method_of(method)) || method == std::string_view("OPTIONS"))
        for (auto& caller : callers_) walk(route, version, method, caller);
  };
  for (const auto& version : routes.versions)
    for (const auto* route : routes)
      if (route->is_in(version)) in_version(*route, version);
  return findings_;
}

// What a name in a path, in a body or in a query stands for. A new kind of reference is entered
// here, or made by a POST to the list; otherwise the walk, and so the test, fails.
std::string Walk::id_for(std::string_view what, bool foreign) {
  const auto ids = a_.ids();
  if (!foreign) return nobody_;
  if (const auto known = ids.find(what); known != ids.end()) return known->second.text();
  const auto made = made_.find(what);
  return made != made_.end() ? made->second : make(what);
}

// A row of A for a parameter that the walk does not know: where "/x/{id}" is a route, POST to "/x/"
// should make one.
std::string Walk::make(std::string_view parameter) {
  for (const auto* detail : routes_) {
    const auto at = detail->path.find(parameter);
    if (at == detail->path.npos || !parameter.starts_with('{')) continue;
    for (const auto* list : routes_) {
      if (list->path != detail->path.substr(0, at) || !list->form.fields.all) continue;
      const auto response =
          a_.admin.client.post(std::string(made_in_->prefix) + std::string(list->path),
                               body_for(*list, *made_in_, "POST", true));
      if (response.status != 201) continue;
      a_rows_ = raw_.checksum(a_.id);
      return made_[std::string(parameter)] = text_at(response, "id");
    }
  }
  report(fmt::format("the walk cannot fill in {}", parameter));
  return nobody_;
}

// A body with a value for every field that the route describes for this method.
std::string Walk::body_for(const rest::Route& route, const rest::Version& version,
                           std::string_view method, bool foreign) {
  if (method != "POST" && method != "PUT" && method != "PATCH") return "";
  if (!route.form.fields.all) return "{}";
  rest::ValueSink described;
  rest::write_fields(described, route.form.fields.all(version));
  const auto fields = described.take();
  http::JsonWriter body;
  const std::function<void(const http::Value&)> write = [&](const http::Value& object) {
    body.begin_object();
    for (const auto& [name, field] : object.members) {
      if (field.find("read_only")->boolean) continue;
      body.key(name);
      const auto& type = field.find("type")->text;
      if (const auto* children = field.find("children"))
        write(*children);
      else if (type == "field")
        body.string(std::string(users_url) + id_for(name, foreign));
      else if (type == "uuid")
        body.string(id_for(name, foreign));
      else if (const auto* choices = field.find("choices"))
        body.string(choices->items.back().find("value")->text);
      else if (type == "integer")
        body.integer(1);
      else if (type == "email")
        body.string("walk@walk.example");
      else
        body.string(name == "username" ? a_.staff.username + "_x" : std::string(password));
    }
    body.end_object();
  };
  write(fields);
  return body.take();
}

void Walk::walk(const rest::Route& route, const rest::Version& version, std::string_view method,
                WalkCaller& caller) {
  const auto open = route.path.find('{');
  const auto path = std::string(version.prefix) + std::string(route.path);
  const auto url = [&](bool foreign) {
    if (open == route.path.npos) return path;
    const auto name = route.path.substr(open, route.path.find('}') - open + 1);
    return replaced(path, std::string(name), id_for(name, foreign));
  };
  const auto body = [&](bool foreign) { return body_for(route, version, method, foreign); };
  // Where nothing in the request can name another company's row, one request is enough: its answer
  // must not hold anything of A.
  compare(method, caller, url, body);
  for (const auto& filter : route.list.filters ? route.list.filters(version) : rest::Fields()) {
    if (filter.type != "uuid" || method != std::string_view("GET")) continue;
    compare(
        method, caller,
        [&](bool foreign) {
          return fmt::format("{}?{}={}", url(false), filter.name, id_for(filter.name, foreign));
        },
        body);
  }
}

void Walk::compare(std::string_view method, WalkCaller& caller,
                   const std::function<std::string(bool)>& url,
                   const std::function<std::string(bool)>& body) {
  const auto where = fmt::format("{} {} as {}", method, url(true), caller.name);
  const bool names_an_id = url(true) != url(false) || body(true) != body(false);
  const auto foreign = caller.client.send(method, url(true), body(true));
  check_a(where);
  if (names_an_id) {
    const auto random = caller.client.send(method, url(false), body(false));
    if (without_ids(bytes(foreign)) != without_ids(bytes(random)))
      report(fmt::format("{}: another company's id is answered {}, a random one {}", where,
                         foreign.status, random.status));
  }
  for (const auto& secret :
       {a_.admin.id.text(), a_.staff.id.text(), a_.message.text(), a_.id.text(), a_.admin.username})
    if (foreign.status < 300 && foreign.body.find(secret) != std::string::npos)
      report(where + ": the answer holds something of the other company");
  compared_++;
  if (caller.client.get(me_url).status == 401) caller.client = caller.make();
  // Alternate the companies on the one connection: a stale binding would show here.
  const auto own = a_.admin.client.get(a_.staff.url());
  if (own.status != 200 || text_at(own, "id") != a_.staff.id.text())
    report(where + ": afterwards the other company does not see its own row");
}

void Walk::check_a(const std::string& where) {
  const auto now = raw_.checksum(a_.id);
  if (now != a_rows_) report(where + ": rows of the other company changed");
  a_rows_ = now;
}

}  // namespace support
