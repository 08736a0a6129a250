// rest/filters.cc — see filters.h.
#include "rest/filters.h"

#include "base/text.h"

namespace rest {

void read(const http::Value& value, const Place& place, Folded& out) {
  Filter<std::string> given;
  read(value, place, given);
  if (given.value) out.value = base::search_key(*given.value);
}

void read(const http::Value& value, const Place& place, Prefix& out) {
  Folded given;
  read(value, place, given);
  if (!given.value) return;
  std::string pattern;
  for (const char c : *given.value) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  out.value = pattern + '%';
}

}  // namespace rest
