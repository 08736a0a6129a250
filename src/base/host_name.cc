// base/host_name.cc — see host_name.h.
#include "base/host_name.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"

namespace base {
namespace {

constexpr std::size_t most_bytes = 64;  // Linux's HOST_NAME_MAX

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string own_host_name() {
  std::string name(most_bytes + 1, '\0');
  if (gethostname(name.data(), name.size()) != 0) return "";
  return ascii_lower(name.substr(0, name.find('\0')));
}

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= most_bytes && is_letter_or_digit(name.front()) &&
         std::ranges::all_of(name,
                             [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

bool is_origin(std::string_view url) {
  const auto scheme = url.starts_with("https://") ? 8U : url.starts_with("http://") ? 7U : 0U;
  return scheme != 0 && url.size() > scheme && url.find_first_of("/?#@ ", scheme) == url.npos;
}

}  // namespace base
