// rest/answer.cc — see answer.h.
#include "rest/answer.h"

#include <algorithm>

#include "rest/problem.h"

namespace rest {
namespace {

bool is_redirect(int status) { return status > 300 && status < 400 && status != 304; }

}  // namespace

struct Document::Failure final : Content {
  Failure(base::Error error, std::string request_id)
      : what(std::move(error)), request_id(std::move(request_id)) {}
  void write_to(Sink& sink) const override {
    if (sink.version().errors_are_problems)
      write_problem(sink, what, request_id);
    else
      write_error(sink, what);
  }
  const base::Error* error() const override { return &what; }
  const base::Error what;
  const std::string request_id;
};

Document::Document(base::Error error, std::string request_id)
    : content_(std::make_unique<Failure>(std::move(error), std::move(request_id))) {}

std::string Document::json(const Urls& urls, int indent) const {
  JsonSink sink(urls, indent);
  write_to(sink);
  auto text = sink.take();
  if (urls.version->ends_with_newline) text += '\n';
  return text;
}

http::Value Document::value(const Urls& urls) const {
  ValueSink sink(urls);
  if (content_) write_to(sink);
  return sink.take();
}

std::string Document::state(const Urls& urls) const {
  if (!has_state()) return "";
  // A link is of the thing; who is behind it, and what they are called, is not.
  JsonSink sink({.version = urls.version}, 0, Sink::What::stored);
  write_to(sink);
  return sink.take();
}

Answer redirect(int status, std::string_view location) {
  Answer answer{.status = status};
  answer.set("Location", location);
  return answer;
}

Answer error_answer(const base::Error& error, const std::string& request_id) {
  Answer answer{.status = static_cast<int>(error.code), .document = Document(error, request_id)};
  if (error.code == base::Code::unauthorized)
    answer.set("WWW-Authenticate", "Bearer realm=\"api\"");
  if (const auto address = moved_to(error); !address.empty()) answer.set("Location", address);
  const int retry = error.code == base::Code::unavailable ? std::max(1, error.retry_after_seconds)
                                                          : error.retry_after_seconds;
  if (retry > 0) answer.set("Retry-After", std::to_string(retry));
  return answer;
}

std::string_view media_type_of(const Answer& answer, const Version& version) {
  const bool is_problem = answer.document.error() && version.errors_are_problems;
  return is_problem ? "application/problem+json" : "application/json";
}

http::Response as_response(const Answer& answer, const Urls& urls, int indent) {
  http::Response response{.status = answer.status, .headers = answer.headers};
  if (answer.document) {
    response.content_type = media_type_of(answer, *urls.version);
    response.body = answer.document.json(urls, indent);
  } else if (answer.text) {
    response.content_type = answer.text->content_type;
    response.body = answer.text->body;
  } else if (is_redirect(answer.status)) {
    response.content_type = "text/html; charset=utf-8";  // for a browser that goes nowhere
  }
  return response;
}

}  // namespace rest
