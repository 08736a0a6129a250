// pages/document.h — JSON on a page: the text as it is, with links where it names our own URLs.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "http/html.h"
#include "rest/route.h"

namespace pages {

struct JsonLinks {
  std::string
      base;  // "https://host": a text that is a URL below it, of one of our routes, is a link
  std::string_view ids = {};  // the path under which a value of "id" is a page; "": nowhere
  std::map<std::string, std::string> names = {};  // what to say beside a link, by its path
  rest::Routes routes = {};
};

// `json` must be what http::JsonWriter wrote.
void write_json(http::HtmlWriter& page, std::string_view json, const JsonLinks& links);

}  // namespace pages
