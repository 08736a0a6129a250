// rest/answer.h — what a handler answers, as a value: status, headers, and a typed document.
//
// Nobody reads text again that somebody wrote: JSON is written from the document (as_response), and
// a page from the same (src/pages).
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/fields.h"
#include "http/response.h"
#include "rest/encode.h"
#include "rest/json.h"

namespace rest {

// Something that can be shown.
class Document {
 public:
  Document() = default;  // nothing
  // Whatever write(sink, value) knows. What has fields has a state, too: see Sink::What.
  template <class T>
  static Document of(T value) {
    Document document([value = std::move(value)](Sink& sink) { rest::write(sink, value); });
    document.has_state_ = base::HasFields<T>;
    return document;
  }
  explicit Document(std::function<void(Sink&)> write) : write_(std::move(write)) {}

  explicit operator bool() const { return write_ != nullptr; }
  void write(Sink& sink) const { write_(sink); }
  std::string json(Urls urls, int indent) const;
  http::Value value(Urls urls) const;
  // In one form, however it is shown to whom; "" for what has none, as a list.
  std::string state() const;

 private:
  std::function<void(Sink&)> write_;
  bool has_state_ = false;
};

// The pages of their own that a browser gets in place of a document.
struct LoginPage {
  std::string csrf_token;
  std::string next;
  std::string username;
  std::string problem;  // what was wrong with the last try; "" on the first
};
struct LogoutPage {
  std::string csrf_token;
  std::string username;  // who is logged in; "": nobody
};
struct PlainPage {
  std::string heading;
  std::string sentence;
};
struct ConfirmPage {};  // asks whether a DELETE is meant
using BrowserPage = std::variant<std::monostate, LoginPage, LogoutPage, PlainPage, ConfirmPage>;

struct Answer {
  int status = 200;
  http::Headers headers = {};
  Document document = {};
  BrowserPage page = {};
  std::optional<base::Error> error = {};  // what the document tells, where something went wrong

  void set(std::string_view name, std::string_view value) { headers.set(name, value); }
  bool has_page() const { return page.index() != 0; }
};

inline Answer no_content() { return {.status = 204}; }
// See other: a browser goes on there.
Answer redirect(int status, std::string_view location);

// {"detail": ...} or, for bad fields, {"field": ["sentence", ...]}, nested along the dots.
Answer error_answer(const base::Error& error);

// The answer as bytes, the document as JSON.
http::Response as_response(const Answer& answer, Urls urls, int indent);

}  // namespace rest
