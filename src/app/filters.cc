// app/filters.cc — see filters.h.
#include "app/filters.h"

#include "base/text.h"

namespace app {

void read(const http::Value& value, const base::Rule& rule, const std::string& field,
          base::Problems& problems, Folded& out) {
  Filter<std::string> given;
  read(value, rule, field, problems, given);
  if (given.value) out.value = base::search_key(*given.value);
}

void read(const http::Value& value, const base::Rule& rule, const std::string& field,
          base::Problems& problems, Prefix& out) {
  Folded given;
  read(value, rule, field, problems, given);
  if (!given.value) return;
  std::string pattern;
  for (const char c : *given.value) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  out.value = pattern + '%';
}

}  // namespace app
