// db/param.h — the values that fill a statement's placeholders.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/fields.h"
#include "base/text.h"
#include "base/uuid.h"
#include "db/sql.h"

namespace db {

// What one placeholder gets.
struct Param {
  enum class Kind { null, integer, text };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  std::string text = {};
};

inline Param param(const base::Uuid& id) {
  return {.kind = Param::Kind::text, .text = std::string(id.view())};
}
inline Param param(std::string_view text) {
  return {.kind = Param::Kind::text, .text = std::string(text)};
}
inline Param param(std::int64_t number) {
  return {.kind = Param::Kind::integer, .integer = number};
}
inline Param param(base::Time time) { return {.kind = Param::Kind::text, .text = time.sql()}; }
template <base::Literal Path>
Param param(const base::Link<Path>& link) {
  return param(link.id);
}
// An enumeration is stored as a word; its own namespace has to_text(value) and from_text(word,
// value).
template <class E>
requires std::is_enum_v<E> Param param(E value) { return param(std::string_view(to_text(value))); }
template <class T>
Param param(const std::optional<T>& value) {
  return value ? param(*value) : Param{};
}
// What a key's column gets; of no text there is none.
inline Param key_of(const std::string& text) { return param(base::search_key(text)); }
inline Param key_of(const std::optional<std::string>& text) {
  return text ? key_of(*text) : Param{};
}

// Adds what an argument's placeholders get (db/sql.h).
template <class Arg>
void add_params(std::vector<Param>& params, const Arg& arg) {
  if constexpr (HasPlaceholders<Arg>)
    std::apply([&](const auto... members) { (add_params(params, arg.*members), ...); },
               Arg::placeholders());
  else if constexpr (base::HasFields<Arg>) {
    base::for_each_field<Arg>([&](const auto& field) {
      if constexpr (base::is_stored<decltype(field)>) add_params(params, arg.*field.member);
    });
    base::for_each_key<Arg>([&](const auto& key) { params.push_back(key_of(arg.*key.member)); });
  } else
    params.push_back(param(arg));
}
template <class... Args>
std::vector<Param> params_of(const Args&... args) {
  std::vector<Param> params;
  params.reserve((placeholders_of<Args>() + ... + 0));
  (add_params(params, args), ...);
  return params;
}

}  // namespace db
