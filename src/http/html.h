// http/html.h — writing HTML so that text can never become markup.
#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace http {

// Adds text to a page, in which & < > " ' become entities: safe in text and in quoted attribute
// values.
void append_escaped(std::string& page, std::string_view text);

// A page piece by piece. raw() takes only literals, so that data cannot get in unescaped.
class HtmlWriter {
 public:
  template <std::size_t N>
  HtmlWriter& raw(const char (&literal)[N]) {
    page_.append(literal, N - 1);
    return *this;
  }
  // ` name="value"`.
  template <std::size_t N>
  HtmlWriter& attribute(const char (&name)[N], std::string_view value) {
    return raw(" ").raw(name).raw("=\"").text(value).raw("\"");
  }
  HtmlWriter& text(std::string_view text) {
    append_escaped(page_, text);
    return *this;
  }
  std::string take() { return std::move(page_); }

 private:
  std::string page_;
};

}  // namespace http
