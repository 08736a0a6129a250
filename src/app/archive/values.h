// app/archive/values.h — the structs of an archive read from its JSON, strictly: each field is
// there once, has its type and its length, and there is nothing else. (One that is not required may
// be missing: it came later.)
#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "http/json.h"
#include "rest/rule.h"

namespace app::archive {

// What is read is refused; says why, and where.
struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A name of the archive's as it may be printed: a terminal obeys some characters.
std::string printable(std::string_view name);
// The same of what a part is called, or a release, without quotes where it is called as ours are.
std::string named(std::string_view part);

bool read_value(const http::Value& value, base::Uuid& into);
bool read_value(const http::Value& value, std::string& into);
bool read_value(const http::Value& value, std::int64_t& into);
bool read_value(const http::Value& value, bool& into);
bool read_value(const http::Value& value, base::Time& into);
bool read_value(const http::Value& value, auth::Role& into);
template <base::HasFields Row>
bool read_value(const http::Value& value, Row& into);
template <class T>
bool read_value(const http::Value& value, std::optional<T>& into) {
  return value.type == http::Value::Type::null || read_value(value, into.emplace());
}
template <class T>
bool read_value(const http::Value& value, std::vector<T>& into) {
  if (value.type != http::Value::Type::list) return false;
  for (const auto& item : value.items)
    if (!read_value(item, into.emplace_back())) return false;
  return true;
}

bool fits(const std::string& text, const rest::Rule& rule);
inline bool fits(std::int64_t number, const rest::Rule& rule) {
  return rule.most == 0 || (number >= rule.least && number <= rule.most);
}
template <class T>
bool fits(const T&, const rest::Rule&) {
  return true;
}

// Throws Refusal for an object that is not this struct.
template <base::HasFields Row>
bool read_value(const http::Value& value, Row& into) {
  if (value.type != http::Value::Type::object) return false;
  std::size_t known = 0;
  base::for_each_field<Row>([&](const auto& field) {
    const auto* member = value.find(field.name);
    if (!member && !rest::rule_of(field).required) return;
    if (!member) throw Refusal("there is no " + std::string(field.name));
    auto& target = into.*field.member;
    if (!read_value(*member, target) || !fits(target, rest::rule_of(field)))
      throw Refusal(std::string(field.name) + " is not what it should be, or too long");
    known++;
  });
  if (known == value.members.size()) return true;
  for (const auto& [name, member] : value.members) {
    bool is_known = false;
    base::for_each_field<Row>([&](const auto& field) { is_known |= field.name == name; });
    if (!is_known) throw Refusal("nobody knows what " + printable(name) + " is");
  }
  return true;
}

// Of one line or part. Throws Refusal, also for what is no JSON.
template <base::HasFields Row>
Row read_struct(std::string_view json, http::JsonLimits limits) {
  Row row;
  try {
    if (!read_value(http::parse_json(json, limits), row)) throw Refusal("is no object");
  } catch (const base::Error& error) {
    throw Refusal(error.message);
  }
  return row;
}

}  // namespace app::archive
