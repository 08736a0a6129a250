// rest/problem.h — an error as a document, in either of two forms.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "rest/sink.h"

namespace rest {

// Where that is which is gone, an address; "" where nobody knows. It stands beside the sentence in
// both forms, and in the header Location.
std::string_view moved_to(const base::Error& error);

// As Django REST framework writes it: {"detail": ...} or, for bad fields, {"field": ["sentence",
// ...]}, nested along the dots. A hint stands beside them.
void write_error(Sink& sink, const base::Error& error);

// Problem details (RFC 9457): type, title, status, detail; and `code`, a word for programs that
// stays, `errors`, a list of {"field", "detail"}, `hint`, and `request_id`, which the log has too.
void write_problem(Sink& sink, const base::Error& error, const std::string& request_id);

// The word for programs that an error has where it has none of its own.
std::string_view code_of(base::Code code);

// Each word that an error may have, by its status: the application's, and nginx's
// (nginx/errors_partywall.conf). None is ever taken away, nor changes its meaning.
struct ErrorCode {
  int status;
  std::string_view code;
  std::string_view meaning;  // and what to do, in a sentence
};
std::span<const ErrorCode> error_codes();

}  // namespace rest
