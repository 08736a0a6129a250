// base/text.h — Unicode text: the only includer of utf8proc. All texts are UTF-8.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool valid_utf8(std::string_view text);
// Each byte that belongs to no well-formed character becomes U+FFFD.
std::string well_formed(std::string_view text);

// The following take well-formed text.

std::size_t code_points(std::string_view text);
std::u32string decode(std::string_view text);
std::string encode(char32_t code_point);

// Without the white space at both ends; white space is what Python's str.strip() takes for it.
std::string_view trim(std::string_view text);

// Normalisation forms C and KC (UAX #15), in time that grows as the text does.
std::string nfc(std::string_view text);
std::string nfkc(std::string_view text);
// No text of n code points in one of these forms was made of more than n times so many bytes: each
// has at most four parts (U+1F82 has four), and what was sent has no more code points than parts.
inline constexpr std::size_t most_bytes_a_code_point = 16;
// For comparing without case: full case folding (Unicode chapter 3.13), then NFKC again.
std::string casefold(std::string_view text);
std::string lower(std::string_view text);
// The one folding of what is found and kept unique without case, whichever way it was typed: NFC,
// full case folding, NFC. Accents stay. It may have three times the code points of the text, and
// depends on which letters this version of Unicode has.
std::string search_key(std::string_view text);
// Changes when search_key or casefold do: then stored keys are made anew (`partywall rebuild`).
std::string folding_version();

// A letter, a number or '_' of any script: \w of Python's re.
bool is_word(char32_t code_point);
// A combining mark: it is drawn with the character before it.
bool is_mark(char32_t code_point);
// Shows nothing, whatever its category says: U+3164 is a letter. Those that are ignorable by
// default (Unicode, section 5.21), and those that are blank by their charts.
bool is_unseen(char32_t code_point);
// Whether a reader would see nothing of it: white space, default-ignorable code points, characters
// that only format, an empty Braille pattern. True for "". A NUL counts as seen.
bool shows_nothing(std::string_view text);

// ASCII only: lower case, equality without case.
std::string ascii_lower(std::string_view text);
bool ascii_iequals(std::string_view a, std::string_view b);

}  // namespace base
