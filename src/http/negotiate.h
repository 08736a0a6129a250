// http/negotiate.h — which of the two representations, JSON or HTML, the client gets.
#pragma once
#include <optional>
#include <string_view>

namespace http {

enum class Format { json, html };

// Picks by Accept (RFC 9110 section 12.5.1) as the reference does: the most specific media range
// that fits one of our types decides; at equal specificity JSON goes before HTML; q is ignored.
// Without an Accept header: JSON. `only` is what ?format= narrows the choice to. has_problems:
// application/problem+json counts as JSON, too. nullopt: nothing fits (406).
std::optional<Format> negotiate(std::string_view accept, std::optional<Format> only,
                                bool has_problems = true);

// Whether a browser is asking: HTML fits and fits better than JSON. For answers of unknown URLs,
// which are never 406.
bool prefers_html(std::string_view accept);

// The indentation asked for by "application/json; indent=4": 0 to 8, 0 by default.
int json_indent(std::string_view accept);

}  // namespace http
