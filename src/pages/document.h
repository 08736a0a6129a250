// pages/document.h — a document on a page: as its JSON looks, with links where one can go.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/html.h"
#include "rest/json.h"

namespace pages {

// What a document's links lead to.
struct Links {
  rest::Urls urls = {};
  std::string ids = {};  // the path below which an object without a URL is a page; "": nowhere
  // What to say beside a link; "" for nothing.
  std::function<std::string(std::string_view path, const base::Uuid& id)> name_of = {};
};

class DocumentView final : public rest::Sink {
 public:
  // Both are lent for the lifetime.
  DocumentView(http::HtmlWriter& page, const Links& links)
      : Sink(links.urls), page_(page), links_(links) {}

  void begin_object() override { begin("{"); }
  void end_object() override { end("}"); }
  void begin_list() override { begin("[", true); }
  void end_list() override { end("]"); }
  void key(std::string_view name) override;
  void string(std::string_view text) override;
  void integer(std::int64_t number) override { word(std::to_string(number)); }
  void boolean(bool value) override { word(value ? "true" : "false"); }
  void null() override { word("null"); }
  void id(const base::Uuid& id) override;
  void self_link(std::string_view path, const base::Uuid& id) override;
  void link(std::string_view path, const base::Uuid& id) override;
  void site_link(std::string_view path) override;

 private:
  struct Level {
    bool is_list = false;
    bool is_empty = true;
    bool has_url = false;  // of an object
  };

  void begin(std::string_view bracket, bool is_list = false);
  void end(std::string_view bracket);
  void word(std::string_view text);
  void before_value();
  void new_line();
  void write_link(std::string_view href, std::string_view content);

  http::HtmlWriter& page_;
  const Links& links_;
  std::vector<Level> levels_;
  std::string key_;
};

}  // namespace pages
