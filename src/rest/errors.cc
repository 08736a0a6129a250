// rest/errors.cc — see errors.h.
#include "rest/errors.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "http/json.h"

namespace rest {
namespace {

// What is left of a problem's field after the part that is already open.
struct Pending {
  std::string_view field;
  std::string_view message;
};

std::string_view head(std::string_view field) { return field.substr(0, field.find('.')); }

// Writes the problems as one object: a member for each first part, in order of appearance.
void write_problems(http::JsonWriter& json, const std::vector<Pending>& problems) {
  json.begin_object();
  std::vector<std::string_view> written;
  for (const auto& problem : problems) {
    const auto name = head(problem.field);
    if (std::find(written.begin(), written.end(), name) != written.end()) continue;
    written.push_back(name);
    json.key(name);
    std::vector<Pending> nested;
    std::vector<std::string_view> messages;
    for (const auto& each : problems) {
      if (head(each.field) != name) continue;
      if (each.field.size() > name.size())
        nested.push_back({each.field.substr(name.size() + 1), each.message});
      else
        messages.push_back(each.message);
    }
    if (!nested.empty()) {
      write_problems(json, nested);
      continue;
    }
    json.begin_list();
    for (const auto message : messages) json.string(message);
    json.end_list();
  }
  json.end_object();
}

}  // namespace

http::Response error_response(const base::Error& error, int indent) {
  http::JsonWriter json(indent);
  if (error.problems.empty()) {
    json.begin_object();
    json.key("detail");
    json.string(error.message);
    if (!error.reason.empty()) {
      json.key("code");
      json.string(error.reason);
    }
    json.end_object();
  } else {
    std::vector<Pending> problems;
    for (const auto& problem : error.problems) problems.push_back({problem.field, problem.message});
    write_problems(json, problems);
  }
  http::Response response{.status = static_cast<int>(error.code),
                          .content_type = "application/json",
                          .body = error.json.empty() ? json.take() : error.json};
  if (error.code == base::Code::unauthorized)
    response.set("WWW-Authenticate", "Bearer realm=\"api\"");
  const int retry = error.code == base::Code::unavailable ? std::max(1, error.retry_after_seconds)
                                                          : error.retry_after_seconds;
  if (retry > 0) response.set("Retry-After", std::to_string(retry));
  return response;
}

}  // namespace rest
