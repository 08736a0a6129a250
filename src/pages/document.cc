// pages/document.cc — see document.h.
#include "pages/document.h"

namespace pages {
namespace {

// The characters of the string that begins at `text`, both quotes included.
std::string_view string_at(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return text.substr(0, std::min(end + 1, text.size()));
}

// The path of a URL of ours that leads somewhere; "" for anything else.
std::string_view own_path(std::string_view url, const JsonLinks& links) {
  if (links.base.empty() || !url.starts_with(links.base + "/")) return {};
  const auto path = url.substr(links.base.size());
  const auto question = std::min(path.find('?'), path.size());
  if (path.starts_with("/#/")) return path;  // into the web client
  return resolve(links.routes, path.substr(0, question)) ? path.substr(0, question)
                                                         : std::string_view{};
}

void write_link(http::HtmlWriter& page, std::string_view href, std::string_view content) {
  page.raw("<a").attribute("href", href).raw(">").text(content).raw("</a>");
}

void write_string(http::HtmlWriter& page, std::string_view quoted, std::string_view key,
                  const JsonLinks& links) {
  const auto content = quoted.substr(1, quoted.size() - 2);
  const auto path = own_path(content, links);
  const auto below = std::string(links.ids) + std::string(content);
  page.raw("&quot;");
  if (!path.empty() && content.find('\\') == content.npos)
    write_link(page, content, content);
  else if (key == "id" && !links.ids.empty() && resolve(links.routes, below))
    write_link(page, below, content);
  else
    page.text(content);
  page.raw("&quot;");
  const auto name = links.names.find(std::string(path));
  if (name != links.names.end() && key != "url")
    page.raw(" <span class=\"name\">").text(name->second).raw("</span>");
}

}  // namespace

void write_json(http::HtmlWriter& page, std::string_view json, const JsonLinks& links) {
  std::string_view key;
  while (!json.empty()) {
    const auto plain = std::min(json.find('"'), json.size());
    page.text(json.substr(0, plain));
    json.remove_prefix(plain);
    if (json.empty()) break;
    const auto quoted = string_at(json);
    json.remove_prefix(quoted.size());
    if (json.starts_with(':')) {
      key = quoted.substr(1, quoted.size() - 2);
      page.raw("<span class=\"key\">").text(quoted).raw("</span>");
    } else {
      write_string(page, quoted, key, links);
    }
  }
}

}  // namespace pages
