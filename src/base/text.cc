// base/text.cc — see text.h.
#include "base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace base {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

utf8proc_ssize_t size_of(std::string_view text) {
  return static_cast<utf8proc_ssize_t>(text.size());
}

// Reads the code point at the start of `rest` and removes it; -1 when it is malformed.
utf8proc_int32_t next(std::string_view& rest) {
  utf8proc_int32_t code_point = -1;
  const auto n = utf8proc_iterate(bytes_of(rest), size_of(rest), &code_point);
  if (n <= 0) return -1;
  rest.remove_prefix(static_cast<std::size_t>(n));
  return code_point;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

int combining_class(utf8proc_int32_t point) {
  return utf8proc_get_property(point)->combining_class;
}

// Canonical ordering: each run of combining marks, by class. utf8proc_map would exchange neighbours
// until it fits, which takes the square of a run's length.
void sort_marks(std::vector<utf8proc_int32_t>& points) {
  const auto is_mark = [](utf8proc_int32_t point) { return combining_class(point) != 0; };
  for (auto begin = points.begin(); begin != points.end();) {
    begin = std::find_if(begin, points.end(), is_mark);
    const auto end = std::find_if_not(begin, points.end(), is_mark);
    std::stable_sort(begin, end, [](utf8proc_int32_t a, utf8proc_int32_t b) {
      return combining_class(a) < combining_class(b);
    });
    begin = end;
  }
}

// What utf8proc_map makes of a text.
std::string map(std::string_view text, int options) {
  const auto chosen = static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  std::vector<utf8proc_int32_t> points;
  points.reserve(text.size());
  while (!text.empty()) {
    const auto point = next(text);
    if (point < 0) throw std::invalid_argument("text is not well-formed UTF-8");
    utf8proc_int32_t parts[32];  // U+FDFA has the most, 18
    int last_boundary = 0;
    const auto n = utf8proc_decompose_char(point, parts, 32, chosen, &last_boundary);
    if (n < 0 || n > 32) throw std::invalid_argument("a character cannot be decomposed");
    points.insert(points.end(), parts, parts + n);
  }
  sort_marks(points);
  const auto size = static_cast<utf8proc_ssize_t>(points.size());
  const auto length = utf8proc_normalize_utf32(points.data(), size, chosen);
  std::string mapped;
  for (utf8proc_ssize_t i = 0; i < length; i++)
    mapped += encode(static_cast<char32_t>(points[static_cast<std::size_t>(i)]));
  return mapped;
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000;
}

// Of the characters that only format, those that are drawn around the digits after them
// (Prepended_Concatenation_Mark).
bool is_drawn_mark(char32_t c) {
  return (c >= 0x600 && c <= 0x605) || c == 0x6dd || c == 0x70f || c == 0x890 || c == 0x891 ||
         c == 0x8e2 || c == 0x110bd || c == 0x110cd;
}

bool is_invisible(char32_t c) {
  if (is_space(c) || is_unseen(c)) return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_CC: return c != 0;
    case UTF8PROC_CATEGORY_CF: return !is_drawn_mark(c);
    default: return false;
  }
}

}  // namespace

bool valid_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  while (!text.empty())
    if (next(text) < 0) return false;
  return true;
}

std::string well_formed(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto before = text;
    if (next(text) < 0) {
      result += encode(U'\ufffd');
      text.remove_prefix(1);
    } else {
      result += before.substr(0, before.size() - text.size());
    }
  }
  return result;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;  // not a continuation byte
  }));
}

std::u32string decode(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    const auto point = next(text);
    if (point < 0) throw std::invalid_argument("text is not well-formed UTF-8");
    points += static_cast<char32_t>(point);
  }
  return points;
}

std::string encode(char32_t code_point) {
  utf8proc_uint8_t bytes[4];
  const auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n)};
}

std::string_view trim(std::string_view text) {
  for (auto rest = text; !rest.empty(); text = rest)
    if (!is_space(static_cast<char32_t>(next(rest)))) break;
  while (!text.empty()) {
    auto start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80) start--;
    auto last = text.substr(start);
    if (!is_space(static_cast<char32_t>(next(last)))) break;
    text = text.substr(0, start);
  }
  return text;
}

std::string nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return map(text, 0);
}

std::string nfkc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return map(text, UTF8PROC_COMPAT);
}

std::string casefold(std::string_view text) {
  return map(text, UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}

std::string lower(std::string_view text) {
  std::string result;
  while (!text.empty()) result += encode(static_cast<char32_t>(utf8proc_tolower(next(text))));
  return result;
}

std::string search_key(std::string_view text) {
  if (is_ascii(text)) return ascii_lower(text);
  return map(nfc(text), UTF8PROC_CASEFOLD);
}

std::string folding_version() { return std::string("1, Unicode ") + utf8proc_unicode_version(); }

bool is_word(char32_t code_point) {
  if (code_point == U'_') return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
  }
}

bool is_mark(char32_t code_point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME: return true;
    default: return false;
  }
}

bool is_unseen(char32_t code_point) {
  // Blank in the charts: Braille's, Egypt's, and a Khitan filler; and joiners of Tifinagh and
  // Brahmi.
  for (const char32_t blank : {0x2800, 0x13441, 0x13442, 0x16fe4, 0x2d7f, 0x1107f})
    if (code_point == blank) return true;
  // utf8proc knows assigned ones only; these are reserved for more by Unicode.
  if (code_point == 0x2065 || (code_point >= 0xfff0 && code_point <= 0xfff8) ||
      (code_point >= 0xe0000 && code_point <= 0xe0fff))
    return true;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(code_point))->ignorable;
}

bool shows_nothing(std::string_view text) {
  while (!text.empty())
    if (!is_invisible(static_cast<char32_t>(next(text)))) return false;
  return true;
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool ascii_iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ascii_lower(a) == ascii_lower(b);
}

}  // namespace base
