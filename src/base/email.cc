// base/email.cc — see email.h.
#include "base/email.h"

#include <algorithm>
#include <cstddef>

namespace base {
namespace {

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_local_part(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.back() != '.' &&
         text.find("..") == text.npos && std::all_of(text.begin(), text.end(), [](char c) {
           return is_alnum(c) ||
                  std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
         });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
  std::size_t labels = 1;
  for (; text.find('.') != text.npos; labels++) {
    if (!is_label(text.substr(0, text.find('.')))) return false;
    text.remove_prefix(text.find('.') + 1);
  }
  return labels > 1 && is_label(text);
}

}  // namespace

bool is_email(std::string_view text) {
  const auto at = text.rfind('@');
  return at != text.npos && is_local_part(text.substr(0, at)) && is_domain(text.substr(at + 1));
}

bool is_recipient(std::string_view text) {
  return is_email(text) && text.front() != '-' &&
         text.substr(0, text.rfind('@')).find_first_of("|/!%") == text.npos;
}

}  // namespace base
