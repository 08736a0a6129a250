// auth/password.cc — see password.h.
#include "auth/password.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"

// src/auth/common_passwords.S: one lower-case password a line, sorted by bytes.
extern "C" const char common_passwords_start[];
extern "C" const char common_passwords_end[];

namespace auth {
namespace {

constexpr double max_similarity = 0.7;
constexpr std::size_t min_length = 8;

// difflib's SequenceMatcher.quick_ratio(): shared characters, whatever their order.
double quick_ratio(const std::u32string& a, const std::u32string& b) {
  std::map<char32_t, int> available;
  for (const auto c : b) available[c]++;
  int matches = 0;
  for (const auto c : a) matches += available[c]-- > 0;
  return 2.0 * matches / static_cast<double>(a.size() + b.size());
}

// Parts so much shorter than the password are not compared, as in Django.
bool is_much_longer(const std::u32string& password, const std::u32string& part) {
  return password.size() >= 10 * part.size() &&
         static_cast<double>(part.size()) <
             max_similarity / 2 * static_cast<double>(password.size());
}

bool is_similar(std::string_view password, std::string_view username) {
  const auto wanted = base::decode(base::lower(password));
  const auto name = base::decode(base::lower(username));
  std::vector<std::u32string> parts{name, {}};
  for (const auto c : name) {
    if (base::is_word(c))
      parts.back() += c;
    else
      parts.emplace_back();
  }
  return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
    return !part.empty() && !is_much_longer(wanted, part) &&
           quick_ratio(wanted, part) >= max_similarity;
  });
}

// A binary search over the lines of the sorted list.
bool is_common(std::string_view password) {
  const auto wanted = base::lower(base::trim(password));
  std::string_view list(common_passwords_start,
                        static_cast<std::size_t>(common_passwords_end - common_passwords_start));
  while (!list.empty()) {
    // Never the last line end, so the line found is never empty.
    const auto middle = list.rfind('\n', (list.size() - 1) / 2);
    const auto start = middle == list.npos ? 0 : middle + 1;
    const auto end = std::min(list.find('\n', start), list.size());
    const auto line = list.substr(start, end - start);
    if (line == wanted) return true;
    list = wanted < line ? list.substr(0, start) : list.substr(std::min(end + 1, list.size()));
  }
  return false;
}

// Python's str.isdigit() counts digits of every script; other numbers do not occur in practice.
bool is_numeric(std::string_view password) {
  return !password.empty() &&
         std::all_of(password.begin(), password.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

void check_password(std::string_view typed, std::string_view username, std::string_view field,
                    base::Problems& problems) {
  const auto password = base::nfc(typed);
  if (is_similar(password, username))
    problems.add(field, "The password is too similar to the username.");
  if (base::code_points(password) < min_length)
    problems.add(field, "This password is too short. It must contain at least 8 characters.");
  if (is_common(password)) problems.add(field, "This password is too common.");
  if (is_numeric(password)) problems.add(field, "This password is entirely numeric.");
}

}  // namespace auth
