// http/html.cc — see html.h.
#include "http/html.h"

namespace http {
namespace {

std::string_view entity_of(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
  }
}

}  // namespace

void append_escaped(std::string& page, std::string_view text) {
  std::size_t written = 0;
  for (std::size_t i = 0; i < text.size(); i++) {
    const auto entity = entity_of(text[i]);
    if (entity.empty()) continue;
    page.append(text.substr(written, i - written)).append(entity);
    written = i + 1;
  }
  page.append(text.substr(written));
}

}  // namespace http
