// base/error.h — the one exception type: what went wrong, as the client may be told.
//
// Thrown anywhere, caught once, in server/serve. Texts are sent to the client as they are, so they
// never hold SQL, paths or secrets; `cause` alone is for the log and the operator's terminal.
#pragma once
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

// The values are HTTP status codes (RFC 9110 section 15; 422, 429: RFC 4918, 6585).
enum class Code {
  invalid = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  not_acceptable = 406,
  conflict = 409,
  gone = 410,
  precondition_failed = 412,
  too_large = 413,
  unsupported_media_type = 415,
  misdirected = 421,
  unprocessable = 422,
  too_many_requests = 429,
  internal = 500,
  unavailable = 503,
};

// One sentence about one field. A dot in `field` means nesting: "user.username".
struct Problem {
  std::string field;
  std::string message;
};

class Error : public std::exception {
 public:
  Error(Code code, std::string message) : code(code), message(std::move(message)) {}
  explicit Error(std::vector<Problem> problems)
      : code(Code::invalid), message("Invalid input."), problems(std::move(problems)) {}

  const char* what() const noexcept override { return message.c_str(); }

  Code code;
  std::string message;            // answered as {"detail": message} when there are no problems
  std::vector<Problem> problems;  // answered as {"field": ["message", ...], ...}
  std::string reason;             // a word for programs, answered as "code" when not empty
  std::string hint;               // what to do about it; "": nothing that one could say
  // Names and texts for programs, answered as the one item of "messages" when not empty.
  std::vector<std::pair<std::string, std::string>> details;
  int retry_after_seconds = 0;  // a Retry-After header when not 0
  std::string cause;            // never answered; empty: there is no more to say
};

// Collects what is wrong with a body or a query, so that all of it is told at once.
class Problems {
 public:
  void add(std::string_view field, std::string_view message) {
    list_.push_back({std::string(field), std::string(message)});
  }
  bool empty() const { return list_.empty(); }
  bool has(std::string_view field) const {
    for (const auto& problem : list_)
      if (problem.field == field) return true;
    return false;
  }
  // Throws an Error with everything collected; does nothing when there is nothing.
  void throw_if_any() {
    if (!list_.empty()) throw Error(std::move(list_));
  }

 private:
  std::vector<Problem> list_;
};

// Throws the Error for a single bad field.
[[noreturn]] inline void invalid(std::string_view field, std::string_view message) {
  Problems problems;
  problems.add(field, message);
  problems.throw_if_any();
  std::terminate();  // not reached: there is a problem
}

[[noreturn]] inline void not_found() { throw Error(Code::not_found, "Not found."); }

[[noreturn]] inline void forbidden() {
  throw Error(Code::forbidden, "You do not have permission to perform this action.");
}

}  // namespace base
