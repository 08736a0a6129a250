// app/describe.h — the fields of a resource for OPTIONS and for forms, from the structs themselves.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "http/json.h"

namespace app {

template <class T>
struct FieldType {
  static constexpr std::string_view name = base::HasFields<T> ? "nested object" : "string";
};
template <class T>
struct FieldType<std::optional<T>> : FieldType<T> {};
template <base::Literal Path>
struct FieldType<base::Link<Path>> {
  static constexpr std::string_view name = "field";
};
template <>
struct FieldType<std::int64_t> {
  static constexpr std::string_view name = "integer";
};
template <>
struct FieldType<bool> {
  static constexpr std::string_view name = "boolean";
};
template <class T>
struct FieldType<std::vector<T>> {
  static constexpr std::string_view name = "list";
};
template <>
struct FieldType<base::Time> {
  static constexpr std::string_view name = "datetime";
};
template <>
struct FieldType<auth::Role> {
  static constexpr std::string_view name = "choice";
};

// Writes the members common to all fields into the open object.
void describe_field(http::JsonWriter& json, std::string_view name, std::string_view type,
                    const base::Rule& rule, bool read_only);
template <class Out, class In>
void describe_fields(http::JsonWriter& json);

// Writes one field: as In has it, if In has one of this name; else as read-only.
template <class In, class OutField>
void describe_one(http::JsonWriter& json, const OutField& out, std::string_view name) {
  using OutMember =
      std::remove_cvref_t<decltype(std::declval<typename OutField::Struct>().*out.member)>;
  bool written = false;
  base::for_each_field<In>([&](const auto& field) {
    if (field.name != name) return;
    written = true;
    using InMember = std::remove_cvref_t<decltype(std::declval<In>().*field.member)>;
    json.begin_object();
    auto rule = field.rule;
    if (std::is_same_v<InMember, std::optional<auth::Role>>) rule.choices = "admin staff";
    describe_field(json, name, FieldType<InMember>::name, rule, false);
    if constexpr (base::HasFields<InMember> && base::HasFields<OutMember>) {
      json.key("children");
      describe_fields<OutMember, InMember>(json);
    }
    json.end_object();
  });
  if (written) return;
  json.begin_object();
  describe_field(json, name, FieldType<OutMember>::name, out.rule, true);
  json.end_object();
}

// An object with a member for each field that Out shows or In takes.
template <class Out, class In>
void describe_fields(http::JsonWriter& json) {
  json.begin_object();
  base::for_each_field<Out>([&](const auto& field) {
    if (field.kind != base::Kind::column) return;
    json.key(field.name);
    describe_one<In>(json, field, field.name);
  });
  base::for_each_field<In>([&](const auto& field) {
    bool shown = false;
    base::for_each_field<Out>([&](const auto& out) { shown = shown || out.name == field.name; });
    if (shown) return;
    json.key(field.name);
    describe_one<In>(json, field, field.name);
  });
  json.end_object();
}

}  // namespace app
