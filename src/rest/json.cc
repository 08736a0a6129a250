// rest/json.cc — see json.h.
#include "rest/json.h"

namespace rest {

// Nothing is added to a list or an object while one of its members is open, so the pointers to
// those that are stay good.
http::Value& ValueSink::add(http::Value value) {
  if (open_.empty()) return root_ = std::move(value);
  auto& around = *open_.back();
  if (around.type == http::Value::Type::list) return around.items.emplace_back(std::move(value));
  return around.members.emplace_back(key_, std::move(value)).second;
}

}  // namespace rest
