// rest/problem.cc — see problem.h. Tests: tests/rest/answer_test.cc.
#include "rest/problem.h"

#include <algorithm>
#include <vector>

#include "http/response.h"

namespace rest {
namespace {

// What is left of a problem's field after the part that is already open.
struct Pending {
  std::string_view field;
  std::string_view message;
};

std::string_view head(std::string_view field) { return field.substr(0, field.find('.')); }

// Writes a member for each first part of the problems' fields, in order of appearance.
void write_problems(Sink& sink, const std::vector<Pending>& problems) {
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
      sink.object([&] { write_problems(sink, nested); });
      continue;
    }
    sink.begin_list();
    for (const auto message : messages) sink.string(message);
    sink.end_list();
  }
}

void write_rest(Sink& sink, const base::Error& error) {
  if (const auto address = moved_to(error); !address.empty()) sink.text("moved_to", address);
  if (!error.hint.empty()) sink.text("hint", error.hint);
}

void write_detail(Sink& sink, const base::Error& error) {
  sink.text("detail", error.message);
  if (!error.reason.empty()) sink.text("code", error.reason);
  if (!error.details.empty() && moved_to(error).empty()) {
    sink.list("messages", [&] {
      sink.object([&] {
        for (const auto& [name, text] : error.details) sink.text(name, text);
      });
    });
  }
}

}  // namespace

std::string_view moved_to(const base::Error& error) {
  const bool has = error.code == base::Code::gone && !error.details.empty();
  return has ? std::string_view(error.details.front().second) : "";
}

void write_error(Sink& sink, const base::Error& error) {
  sink.object([&] {
    if (error.problems.empty()) {
      write_detail(sink, error);
    } else {
      std::vector<Pending> problems;
      for (const auto& problem : error.problems)
        problems.push_back({problem.field, problem.message});
      write_problems(sink, problems);
    }
    write_rest(sink, error);
  });
}

void write_problem(Sink& sink, const base::Error& error, const std::string& request_id) {
  const auto status = static_cast<int>(error.code);
  const auto code = error.reason.empty() ? std::string(code_of(error.code)) : error.reason;
  sink.object([&] {
    sink.text("type", "/docs/#error-" + code);  // relative, so that it is the same everywhere
    sink.text("title", http::status_line(status).substr(4));
    sink.number("status", status);
    sink.text("detail", error.message);
    sink.text("code", code);
    if (!error.problems.empty()) {
      sink.list("errors", [&] {
        for (const auto& problem : error.problems) {
          sink.object([&] {
            sink.text("field", problem.field);
            sink.text("detail", problem.message);
          });
        }
      });
    }
    write_rest(sink, error);
    sink.text("request_id", request_id);
  });
}

std::span<const ErrorCode> error_codes() {
  static constexpr ErrorCode codes[] = {
      {400, "invalid",
       "The body, a header or the query is malformed. Where fields are wrong, errors names them."},
      {401, "unauthorized", "Log in, or the credentials are wrong."},
      {401, "token_not_valid",
       "The token has ended, or is none for this: refresh it, or get a new one."},
      {401, "user_not_found", "The token was ended: by logging out, a new password, or a removal."},
      {401, "second_factor_required",
       "The password is right, and the person has a second factor: send a code of it as well."},
      {401, "second_factor_wrong", "The password is right; the code is not, or was used already."},
      {401, "bad_authorization_header",
       "The header is: Authorization: Bearer, a blank, and the token."},
      {403, "forbidden",
       "Your role or your token may not do that; or this site is for https alone."},
      {403, "csrf_failed", "With a session, send the cookie csrftoken in the header X-CSRFToken."},
      {403, "untrusted_origin", "The header Origin is none of this site's addresses."},
      {403, "company_suspended", "An operator has suspended the company."},
      {403, "company_erasing",
       "The company will be erased: until then its admins may keep it or export it."},
      {403, "second_factor_missing",
       "The company wants a second factor of its admins: set one up first."},
      {404, "not_found", "There is no such thing, or it is not yours to see."},
      {405, "method_not_allowed", "The header Allow has the methods that there are."},
      {406, "not_acceptable", "Answers are JSON or HTML; Accept asks for something else."},
      {409, "conflict", "You work in another company; or the id is taken."},
      {410, "gone", "What the Idempotency-Key made was deleted."},
      {410, "company_moved",
       "The company is at another address, which moved_to and the header Location say."},
      {412, "precondition_failed", "It was changed meanwhile: read it again."},
      {413, "too_large", "A body may have 1 MiB."},
      {414, "uri_too_long", "The URL is too long."},
      {415, "unsupported_media_type", "Send JSON, with the header Content-Type: application/json."},
      {421, "misdirected", "This host is not served here."},
      {422, "unprocessable", "The Idempotency-Key was used for another request."},
      {429, "too_many_requests", "Too many tries: wait for as many seconds as Retry-After says."},
      {431, "headers_too_large", "The headers are too large."},
      {500, "internal", "An error of Partywall. Tell the operator the request_id."},
      {501, "not_implemented", "Send a body with Content-Length, or chunked."},
      {503, "unavailable",
       "Busy, or the database is away: wait for as many seconds as Retry-After says."},
      {505, "http_version", "Speak HTTP/1.1 or HTTP/2."}};
  return codes;
}

std::string_view code_of(base::Code code) {
  using enum base::Code;
  switch (code) {
    case invalid: return "invalid";
    case unauthorized: return "unauthorized";
    case forbidden: return "forbidden";
    case not_found: return "not_found";
    case method_not_allowed: return "method_not_allowed";
    case not_acceptable: return "not_acceptable";
    case conflict: return "conflict";
    case gone: return "gone";
    case precondition_failed: return "precondition_failed";
    case too_large: return "too_large";
    case unsupported_media_type: return "unsupported_media_type";
    case misdirected: return "misdirected";
    case unprocessable: return "unprocessable";
    case too_many_requests: return "too_many_requests";
    case internal: return "internal";
    case unavailable: return "unavailable";
  }
  return "internal";
}

}  // namespace rest
