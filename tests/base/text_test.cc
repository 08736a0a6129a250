// tests/base/text_test.cc — UTF-8, white space, normal forms and case.
#include "base/text.h"

#include <utf8proc.h>

#include <boost/test/unit_test.hpp>

namespace {

using namespace std::string_literals;

// All letters that Unicode gives a meaning.
template <class Work>
void for_each_letter(Work work) {
  for (char32_t c = 1; c <= 0x10ffff; c++)
    if (c < 0xd800 || c > 0xdfff) work(c);
}

std::string nfd(const std::string& text) {
  auto* bytes = utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str()));
  std::string result(reinterpret_cast<const char*>(bytes));
  std::free(bytes);
  return result;
}
std::string upper(char32_t c) {
  return base::encode(static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))));
}

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(knows_well_formed_utf8) {
  for (const auto& good : {""s, "abc"s, "\0"s, "é"s, "€"s, "\U0001f600"s, "\xf4\x8f\xbf\xbf"s,
                           "\xef\xbf\xbf"s, "\xee\x80\x80"s, "\xed\x9f\xbf"s})
    BOOST_TEST(base::valid_utf8(good));
  for (const auto* bad : {"\x80", "\xff", "\xc3", "a\xc3", "\xe2\x82", "\xc0\xaf", "\xc1\xbf",
                          "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf",
                          "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3(", "é\x80"})
    BOOST_TEST(!base::valid_utf8(bad));
}

BOOST_AUTO_TEST_CASE(makes_text_well_formed) {
  BOOST_TEST(base::well_formed("") == "");
  BOOST_TEST(base::well_formed("aé€\U0001f600\0b"s) == "aé€\U0001f600\0b"s);
  BOOST_TEST(base::well_formed("a\xff\xc3z\xe2\x82") == "a\ufffd\ufffdz\ufffd\ufffd");
  BOOST_TEST(base::well_formed("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");
}

BOOST_AUTO_TEST_CASE(counts_and_decodes_code_points) {
  BOOST_TEST(base::code_points("") == 0U);
  BOOST_TEST(base::code_points("aé€\U0001f600") == 4U);
  BOOST_TEST((base::decode("aé€\U0001f600") == U"aé€\U0001f600"));
  std::string encoded;
  for (const char32_t c : U"aé€\U0001f600"s) encoded += base::encode(c);
  BOOST_TEST(encoded == "aé€\U0001f600");
}

BOOST_AUTO_TEST_CASE(trims_what_python_strips) {
  BOOST_TEST(base::trim(" \t\r\n\v\f\x1c\x1f a b \u00a0\u3000\u2028\u0085") == "a b");
  BOOST_TEST(base::trim("\u200ba\u200b") == "\u200ba\u200b");  // zero width is no white space
  BOOST_TEST(base::trim(" \u2003 ") == "");
  BOOST_TEST(base::trim("") == "");
  BOOST_TEST(base::trim("é") == "é");
}

BOOST_AUTO_TEST_CASE(normalises_compatibility_forms) {
  BOOST_TEST(base::nfkc("abc") == "abc");
  BOOST_TEST(base::nfkc("e\u0301") == "é");
  BOOST_TEST(base::nfkc("\ufb01\uff21\u2460") == "fiA1");
  BOOST_TEST(base::nfkc("x\0y\u00e9"s) == "x\0y\u00e9"s);
}

BOOST_AUTO_TEST_CASE(composes_without_changing_compatibility_forms) {
  BOOST_TEST(base::nfc("e\u0301") == "é");
  BOOST_TEST(base::nfc("\u1112\u1161\u11ab") == "한");
  BOOST_TEST(base::nfc("\ufb01\uff21\u2460") == "\ufb01\uff21\u2460");
  BOOST_TEST(base::nfc("x\0y\u212b"s) == "x\0y\u00c5"s);
}

BOOST_AUTO_TEST_CASE(brings_combining_marks_into_their_canonical_order) {
  // Below (class 220) before above (230); equal classes stay as they are; a letter ends a run.
  BOOST_TEST(base::nfc("q\u0301\u0323") == "q\u0323\u0301");
  BOOST_TEST(base::nfc("q\u0301\u0300") == "q\u0301\u0300");
  BOOST_TEST(base::nfc("q\u0301z\u0323") == base::nfc("q\u0301\u1e93"));
  BOOST_TEST(base::nfc("\u0301\u0323") == "\u0323\u0301");
}

BOOST_AUTO_TEST_CASE(normalises_what_can_have_no_more_bytes) {
  // 150 of the letters with the most parts, sent in parts.
  std::string parts, letters;
  for (int i = 0; i < 150; i++) {
    parts += "\u03b1\u0313\u0300\u0345";
    letters += "\u1f82";
  }
  BOOST_TEST(base::nfkc(parts) == letters);
  BOOST_TEST(parts.size() <= 150 * base::most_bytes_a_code_point);
}

BOOST_AUTO_TEST_CASE(folds_case_fully) {
  BOOST_TEST(base::casefold("ADMIN") == base::casefold("admin"));
  BOOST_TEST(base::casefold("Straße") == base::casefold("STRASSE"));
  BOOST_TEST(base::casefold("ΣΑΣ") == base::casefold("σας"));
  BOOST_TEST(base::casefold("\uff21") == "a");
  BOOST_TEST(base::casefold("ädmin") != base::casefold("admin"));
}

BOOST_AUTO_TEST_CASE(has_one_search_key_for_a_letter_whichever_way_it_is_written) {
  std::u32string lost;
  for_each_letter([&](char32_t c) {
    const auto letter = base::encode(c), key = base::search_key(letter);
    for (const auto& written : {nfd(letter), base::lower(letter), upper(c), key})
      if (base::search_key(written) != key) lost += c;
  });
  // The two of Turkish, whose other case is the other language's i.
  BOOST_TEST((lost == U"\u0130\u0131"));
}

BOOST_AUTO_TEST_CASE(has_search_keys_that_fold_fully_and_keep_accents) {
  const std::pair<std::string, std::string> pairs[] = {{"STRA\u1e9eENBAU", "strassenbau"},
                                                       {"\u04c0\u0430", "\u04cf\u0430"},
                                                       {"\u1c90\u1c9c", "\u10d0\u10dc"},
                                                       {"\U0001e900", "\U0001e922"},
                                                       {"\uab70", "\u13a0"},
                                                       {"\u023a", "\u2c65"},
                                                       {"Jose\u0301", "jos\u00e9"},
                                                       {"\u03a3\u03a3", "\u03c3\u03c3"},
                                                       {"\u03b1\u0345\u0301", "\u03ac\u03b9"},
                                                       {"A_%\\", "a_%\\"},
                                                       {"", ""},
                                                       {"x\0Y\u00c9"s, "x\0y\u00e9"s}};
  for (const auto& [text, key] : pairs) BOOST_TEST(base::search_key(text) == key);
  BOOST_TEST(base::search_key("jose") != base::search_key("jos\u00e9"));
}

BOOST_AUTO_TEST_CASE(has_search_keys_of_at_most_three_times_its_letters) {
  for_each_letter([](char32_t c) {
    const auto letter = base::encode(c);
    if (base::code_points(base::search_key(letter + letter)) > 6)
      BOOST_ERROR("U+" << std::hex << static_cast<unsigned>(c));
  });
}

BOOST_AUTO_TEST_CASE(lowers_without_folding) {
  BOOST_TEST(base::lower("ÀB1ß") == "àb1ß");
  BOOST_TEST(base::ascii_lower("ÀBz") == "Àbz");
  BOOST_TEST(base::ascii_iequals("Content-TYPE", "content-type"));
  BOOST_TEST(!base::ascii_iequals("É", "é"));
  BOOST_TEST(!base::ascii_iequals("a", "ab"));
}

BOOST_AUTO_TEST_CASE(knows_word_characters_of_every_script) {
  for (const char32_t c : U"aZ0_é\u03b1\u4e2d\u0660\u00b2"s) BOOST_TEST(base::is_word(c));
  for (const char32_t c : U" -.@+\u0301\u2019\U0001f600"s) BOOST_TEST(!base::is_word(c));
}

BOOST_AUTO_TEST_CASE(knows_what_is_meant_to_be_ignored) {
  for (const char32_t c :
       U"\u00ad\u034f\u115f\u1160\u200b\u200d\u3164\uffa0\ufe0f\u2065\ufff0\U000e0041\U000e0fff"s)
    BOOST_TEST(base::is_unseen(c));
  for (const char32_t c : U"a \u1100\u0301"s) BOOST_TEST(!base::is_unseen(c));
}

BOOST_AUTO_TEST_CASE(knows_a_text_of_nothing_visible) {
  for (const auto& nothing : {""s, " \u3000"s, "\u200b"s, "\u3164\u200d \ufeff"s, "\u2800"s,
                              "\u061c\ufff9"s, "\x01\x7f"s, "\u034f\U000e0041"s})
    BOOST_TEST(base::shows_nothing(nothing));
  for (const auto& something : {"a"s, "\u200ba"s, "\u0301"s, "\u0600"s, "\0"s, "\U0001f600\ufe0f"s})
    BOOST_TEST(!base::shows_nothing(something));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
