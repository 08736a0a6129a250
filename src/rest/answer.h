// rest/answer.h — what a handler answers, as a value: status, headers, and a typed document.
//
// Nobody reads text again that somebody wrote: JSON is written from the document (as_response), and
// a page from the same (src/pages).
#pragma once
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

// Something that can be shown; whoever has it owns it.
class Document {
 public:
  Document() = default;  // nothing
  // Whatever write(sink, value) knows (rest/encode.h). What has fields has a state: Sink::What.
  template <class T>
  static Document of(T value) {
    return Document(std::make_unique<Thing<T>>(std::move(value)));
  }
  // What went wrong, as the version says it (rest/problem.h). `request_id` is what the log has.
  Document(base::Error error, std::string request_id);

  explicit operator bool() const { return content_ != nullptr; }
  void write_to(Sink& sink) const { content_->write_to(sink); }
  std::string json(const Urls& urls, int indent) const;
  http::Value value(const Urls& urls) const;
  bool has_state() const { return content_ && content_->has_state(); }
  // In one form a version, however it is shown to whom; "" for what has none, as a list.
  std::string state(const Urls& urls) const;
  // What it tells of, where something went wrong; else nullptr.
  const base::Error* error() const { return content_ ? content_->error() : nullptr; }

 private:
  struct Content {
    virtual ~Content() = default;
    virtual void write_to(Sink& sink) const = 0;
    virtual bool has_state() const { return false; }
    virtual const base::Error* error() const { return nullptr; }
  };
  template <class T>
  struct Thing final : Content {
    explicit Thing(T value) : value(std::move(value)) {}
    void write_to(Sink& sink) const override { write(sink, value); }
    bool has_state() const override { return base::HasFields<T>; }
    const T value;
  };
  struct Failure;

  explicit Document(std::unique_ptr<const Content> content) : content_(std::move(content)) {}

  std::unique_ptr<const Content> content_;
};

// The pages of their own that a browser gets in place of a document.
struct LoginPage {
  std::string csrf_token;
  std::string next;
  std::string username;
  std::string problem;      // what was wrong with the last try; "" on the first
  bool wants_code = false;  // of a second factor
};
struct LogoutPage {
  std::string csrf_token;
  std::string username;  // who is logged in; "": nobody
};
struct PlainPage {
  std::string heading;
  std::string sentence;
  std::string next = "/";  // where its link leads
};
// Asks whether the method is meant, of what is shown there: nothing for a list.
struct ConfirmPage {
  Document thing;
};
// The description of the API, for people.
struct DocsPage {};
using BrowserPage =
    std::variant<std::monostate, LoginPage, LogoutPage, PlainPage, ConfirmPage, DocsPage>;

// A document in a form that is not negotiated.
struct Text {
  std::string content_type;
  std::string body;
};

struct Answer {
  int status = 200;
  http::Headers headers = {};
  Document document = {};
  BrowserPage page = {};
  std::optional<Text> text = {};
  std::string ticket = {};  // of a stream (Route::hands_over_to); for nginx alone

  void set(std::string_view name, std::string_view value) { headers.set(name, value); }
  bool has_page() const { return page.index() != 0; }
};

inline Answer no_content() { return {.status = 204}; }
// See other: a browser goes on there.
Answer redirect(int status, std::string_view location);

// The status, headers and document of an error.
Answer error_answer(const base::Error& error, const std::string& request_id);

// The media type of its document as JSON.
std::string_view media_type_of(const Answer& answer, const Version& version);

// The answer as bytes, the document as JSON.
http::Response as_response(const Answer& answer, const Urls& urls, int indent);

}  // namespace rest
