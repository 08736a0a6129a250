// tests/fuzz/accept.cc — negotiation by any Accept header.
#include <string>

#include "http/header_value.h"
#include "http/negotiate.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using http::Format;
  const auto text = text_of(data, size);

  const auto free = http::negotiate(text, {});
  const auto json = http::negotiate(text, Format::json);
  const auto html = http::negotiate(text, Format::html);
  require(!json || *json == Format::json);
  require(!html || *html == Format::html);
  require(free.has_value() == (json.has_value() || html.has_value()));
  require(!free || free == (*free == Format::json ? json : html));
  require(http::prefers_html(text) == (free == Format::html));
  const int indent = http::json_indent(text);
  require(indent >= 0 && indent <= 8 && (json || indent == 0));
  // A range before all others is well-formed whatever follows.
  require(http::negotiate("*/*," + std::string(text), {}).has_value());

  if (const auto item = http::parse_header_value(text))
    for (const auto& [name, value] : item->parameters)
      require(*item->find(name) == value && !name.empty());
  return 0;
}
