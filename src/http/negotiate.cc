// http/negotiate.cc — see negotiate.h.
#include "http/negotiate.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "http/header_value.h"

namespace http {
namespace {

struct Range {
  std::string type, subtype;
  int precedence = 0;  // 0: */*, 1: type/*, 2: type/subtype, 3: with parameters other than q
  int indent = 0;

  bool fits(std::string_view our_type, std::string_view our_subtype) const {
    return (type == "*" || type == our_type) && (subtype == "*" || subtype == our_subtype);
  }
  bool fits(Format format, bool has_problems) const {
    if (format == Format::html) return fits("text", "html");
    return fits("application", "json") || (has_problems && fits("application", "problem+json"));
  }
};

// Up to the next ',' that is not within quotes; takes it off `rest`.
std::string_view take_item(std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ','); end++) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == '\\' && quoted && end + 1 < rest.size()) end++;
  }
  const auto item = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return item;
}

int indent_of(const HeaderValue& item) {
  const auto* text = item.find("indent");
  if (!text) return 0;
  int indent = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), indent);
  if (end != text->data() + text->size() || error == std::errc::invalid_argument) return 0;
  if (error == std::errc::result_out_of_range) return text->starts_with('-') ? 0 : 8;
  return std::clamp(indent, 0, 8);
}

int precedence_of(const Range& range, const HeaderValue& item) {
  if (range.type == "*") return 0;
  if (range.subtype == "*") return 1;
  const bool plain = std::all_of(item.parameters.begin(), item.parameters.end(),
                                 [](const auto& parameter) { return parameter.first == "q"; });
  return plain ? 2 : 3;
}

// nullopt: the item is malformed.
std::optional<Range> read_range(std::string_view text) {
  const auto item = parse_header_value(text);
  const auto slash = item ? item->value.find('/') : std::string::npos;
  if (slash == std::string::npos) return std::nullopt;
  Range range{.type = item->value.substr(0, slash), .subtype = item->value.substr(slash + 1)};
  range.precedence = precedence_of(range, *item);
  range.indent = indent_of(*item);
  return range;
}

struct Choice {
  Format format;
  int indent;
};

// One pass: of the ranges that fit, the first of those with the highest rank.
std::optional<Choice> choose(std::string_view accept, std::optional<Format> only,
                             bool has_problems) {
  if (accept.find_first_not_of(" \t") == accept.npos) accept = "*/*";
  std::optional<Choice> best;
  int highest = -1;
  while (!accept.empty()) {
    const auto range = read_range(take_item(accept));
    if (!range) continue;
    for (const auto format : {Format::json, Format::html}) {
      const int rank = range->precedence * 2 + (format == Format::json ? 1 : 0);
      if (only.value_or(format) != format || !range->fits(format, has_problems) || rank <= highest)
        continue;
      highest = rank;
      best = Choice{format, range->indent};
    }
  }
  return best;
}

}  // namespace

std::optional<Format> negotiate(std::string_view accept, std::optional<Format> only,
                                bool has_problems) {
  const auto choice = choose(accept, only, has_problems);
  if (!choice) return std::nullopt;
  return choice->format;
}

bool prefers_html(std::string_view accept) { return negotiate(accept, {}) == Format::html; }

int json_indent(std::string_view accept) {
  const auto choice = choose(accept, Format::json, true);
  return choice ? choice->indent : 0;
}

}  // namespace http
