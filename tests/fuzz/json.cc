// tests/fuzz/json.cc — what JSON was read, written and read again is the same; and a limit of items
// changes nothing outside of lists.
#include "http/json.h"
#include "base/error.h"
#include "base/text.h"
#include "require.h"

namespace {

using http::Value;
using Type = Value::Type;

bool is_number(const Value& value) {
  return value.type == Type::integer || value.type == Type::real;
}

// Numbers are written as strings: JsonWriter has no call for a number that is a text.
void write(http::JsonWriter& json, const Value& value) {
  switch (value.type) {
    case Type::null: json.null(); break;
    case Type::boolean: json.boolean(value.boolean); break;
    case Type::integer:
    case Type::real:
    case Type::string: json.string(value.text); break;
    case Type::list:
      json.begin_list();
      for (const auto& item : value.items) write(json, item);
      json.end_list();
      break;
    case Type::object:
      json.begin_object();
      for (const auto& [name, member] : value.members) {
        json.key(name);
        write(json, member);
      }
      json.end_object();
  }
}

void require_same(const Value& first, const Value& again) {
  require(again.type == (is_number(first) ? Type::string : first.type));
  require(again.boolean == first.boolean && again.text == first.text);
  require(base::valid_utf8(first.text));
  require(again.items.size() == first.items.size());
  require(again.members.size() == first.members.size());
  for (std::size_t i = 0; i < first.items.size(); i++) require_same(first.items[i], again.items[i]);
  for (std::size_t i = 0; i < first.members.size(); i++) {
    require(again.members[i].first == first.members[i].first);
    require(first.find(first.members[i].first) == &first.members[i].second);  // keys are unique
    require_same(first.members[i].second, again.members[i].second);
  }
}

// A number's text is a number of the same text, unless it is infinite.
void require_stable(const Value& value) {
  if (is_number(value) && !value.text.ends_with("inf")) {
    const auto again = http::parse_json(value.text);
    require(again.type == value.type && again.text == value.text);
  }
  for (const auto& item : value.items) require_stable(item);
  for (const auto& member : value.members) require_stable(member.second);
}

void require_same_members(const Value& all, const Value& few) {
  require(few.type == all.type && few.text == all.text);
  require(few.items.empty() == all.items.empty() && few.items.size() <= all.items.size());
  require(few.members.size() == all.members.size());
  for (std::size_t i = 0; i < all.members.size(); i++) {
    require(few.members[i].first == all.members[i].first);
    require_same_members(all.members[i].second, few.members[i].second);
  }
}

// The value; nullopt when it is refused.
std::optional<Value> read(std::string_view text, http::JsonLimits limits) {
  try {
    return http::parse_json(text, limits);
  } catch (const base::Error& error) {
    require(base::valid_utf8(error.message));
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  const auto value = read(text, {});
  const auto few = read(text, {.items = 2});
  require(few.has_value() == value.has_value());
  if (!value) return 0;
  require_same_members(*value, *few);
  require_stable(*value);
  for (const int indent : {0, 3}) {
    http::JsonWriter json(indent);
    write(json, *value);
    require_same(*value, http::parse_json(json.take()));
  }
  return 0;
}
