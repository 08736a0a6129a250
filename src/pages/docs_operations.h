// pages/docs_operations.h — the operations of the reference (pages/docs.h), and what they answer.
#pragma once
#include <array>
#include <string_view>

#include "http/html.h"
#include "pages/description.h"

namespace pages {

// What nearly every operation may answer; the chapter on errors says so once.
inline constexpr std::array<std::string_view, 12> common_refusals = {
    "400", "401", "403", "406", "409", "410", "412", "413", "415", "429", "500", "503"};

// `<section id=…>` with its heading; whoever begins one ends it.
void begin_section(http::HtmlWriter& page, std::string_view id, std::string_view title);
// To a place on the page.
void write_link(http::HtmlWriter& page, std::string_view id, std::string_view title);

// A section for each tag, with its operations, and one with all that is answered.
void write_operations(http::HtmlWriter& page, const Description& description);

}  // namespace pages
