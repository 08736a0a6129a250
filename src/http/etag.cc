// http/etag.cc — see etag.h.
#include "http/etag.h"

#include <algorithm>
#include <functional>

#include "base/crypto.h"

namespace http {
namespace {

// 128 bits of it: nobody finds two things of one tag.
std::string digest_of(std::string_view text) {
  return base::hex(base::view(base::sha256(text)).substr(0, 16));
}

// A character between the quotes of a tag (RFC 9110: etagc).
bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte <= 0x7e) || byte >= 0x80;
}

// Takes a tag with its quotes off the front of `list`, without the W/. Empty: there is none.
std::string_view take_tag(std::string_view& list) {
  if (list.starts_with("W/")) list.remove_prefix(2);
  if (!list.starts_with('"')) return {};
  std::size_t end = 1;
  while (end < list.size() && is_tag_character(list[end])) end++;
  if (end == list.size() || list[end] != '"') return {};
  const auto tag = list.substr(0, end + 1);
  list.remove_prefix(end + 1);
  return tag;
}

void skip_blanks(std::string_view& list) {
  list.remove_prefix(std::min(list.find_first_not_of(" \t"), list.size()));
}

// Whether a list of tags, well-formed to its end, holds one that is wanted. Elements may be empty
// (RFC 9110 section 5.6.1.2).
bool holds(std::string_view list, const std::function<bool(std::string_view)>& wanted) {
  bool found = false;
  for (skip_blanks(list); !list.empty(); skip_blanks(list)) {
    if (!list.starts_with(',')) {
      const auto tag = take_tag(list);
      if (tag.empty()) return false;
      found = wanted(tag) || found;
      skip_blanks(list);
      if (!list.empty() && !list.starts_with(',')) return false;
    }
    if (!list.empty()) list.remove_prefix(1);
  }
  return found;
}

// What is before the point, without the quotes.
std::string_view state_of(std::string_view tag) {
  return tag.substr(1, std::min(tag.find('.'), tag.size() - 1) - 1);
}

}  // namespace

std::string etag(std::string_view state, std::string_view form) {
  return '"' + (state.empty() ? "" : digest_of(state) + '.') + digest_of(form) + '"';
}

bool names_any(std::string_view header) {
  skip_blanks(header);
  if (!header.starts_with('*')) return false;
  header.remove_prefix(1);
  skip_blanks(header);
  return header.empty();
}

bool if_match_names(std::string_view header, std::string_view etag) {
  return names_any(header) ||
         holds(header, [&](std::string_view tag) { return state_of(tag) == state_of(etag); });
}

bool if_none_match_names(std::string_view header, std::string_view etag) {
  return names_any(header) || holds(header, [&](std::string_view tag) { return tag == etag; });
}

}  // namespace http
