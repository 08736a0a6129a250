// rest/answer.cc — see answer.h.
#include "rest/answer.h"

#include <algorithm>
#include <vector>

namespace rest {
namespace {

// What is left of a problem's field after the part that is already open.
struct Pending {
  std::string_view field;
  std::string_view message;
};

std::string_view head(std::string_view field) { return field.substr(0, field.find('.')); }

// Writes the problems as one object: a member for each first part, in order of appearance.
void write_problems(Sink& sink, const std::vector<Pending>& problems) {
  sink.begin_object();
  std::vector<std::string_view> written;
  for (const auto& problem : problems) {
    const auto name = head(problem.field);
    if (std::find(written.begin(), written.end(), name) != written.end()) continue;
    written.push_back(name);
    sink.key(name);
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
      write_problems(sink, nested);
      continue;
    }
    sink.begin_list();
    for (const auto message : messages) sink.string(message);
    sink.end_list();
  }
  sink.end_object();
}

void write_text(Sink& sink, std::string_view name, std::string_view text) {
  sink.key(name);
  sink.string(text);
}

void write_detail(Sink& sink, const base::Error& error) {
  sink.begin_object();
  write_text(sink, "detail", error.message);
  if (!error.reason.empty()) write_text(sink, "code", error.reason);
  if (!error.details.empty()) {
    sink.key("messages");
    sink.begin_list();
    sink.begin_object();
    for (const auto& [name, text] : error.details) write_text(sink, name, text);
    sink.end_object();
    sink.end_list();
  }
  sink.end_object();
}

void write_error(Sink& sink, const base::Error& error) {
  if (error.problems.empty()) return write_detail(sink, error);
  std::vector<Pending> problems;
  for (const auto& problem : error.problems) problems.push_back({problem.field, problem.message});
  write_problems(sink, problems);
}

bool is_redirect(int status) { return status > 300 && status < 400 && status != 304; }

}  // namespace

struct Document::Failure final : Content {
  explicit Failure(base::Error error) : what(std::move(error)) {}
  void write_to(Sink& sink) const override { write_error(sink, what); }
  const base::Error* error() const override { return &what; }
  const base::Error what;
};

Document::Document(base::Error error) : content_(std::make_unique<Failure>(std::move(error))) {}

std::string Document::json(Urls urls, int indent) const {
  JsonSink sink(std::move(urls), indent);
  write_to(sink);
  return sink.take();
}

http::Value Document::value(Urls urls) const {
  ValueSink sink(std::move(urls));
  if (content_) write_to(sink);
  return sink.take();
}

std::string Document::state() const {
  if (!has_state()) return "";
  JsonSink sink({}, 0, Sink::What::stored);
  write_to(sink);
  return sink.take();
}

Answer redirect(int status, std::string_view location) {
  Answer answer{.status = status};
  answer.set("Location", location);
  return answer;
}

Answer error_answer(const base::Error& error) {
  Answer answer{.status = static_cast<int>(error.code), .document = Document(error)};
  if (error.code == base::Code::unauthorized)
    answer.set("WWW-Authenticate", "Bearer realm=\"api\"");
  const int retry = error.code == base::Code::unavailable ? std::max(1, error.retry_after_seconds)
                                                          : error.retry_after_seconds;
  if (retry > 0) answer.set("Retry-After", std::to_string(retry));
  return answer;
}

http::Response as_response(const Answer& answer, Urls urls, int indent) {
  http::Response response{.status = answer.status, .headers = answer.headers};
  if (answer.document) {
    response.content_type = "application/json";
    response.body = answer.document.json(std::move(urls), indent);
  } else if (is_redirect(answer.status)) {
    response.content_type = "text/html; charset=utf-8";  // for a browser that goes nowhere
  }
  return response;
}

}  // namespace rest
