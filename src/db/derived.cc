// db/derived.cc — see derived.h.
#include "db/derived.h"

#include "base/clock.h"
#include "db/unscoped.h"

namespace db {

std::string Derived::rules(const std::string& what) {
  const auto found = db_.find({}, Exempt::rules_of_derived, what);
  return found ? found->value : "";
}

void Derived::set(const std::string& what, const std::string& rules) {
  const auto now = base::Time::now();
  db_.run({}, Exempt::set_rules_of_derived, what, rules, now, rules, now);
}

}  // namespace db
