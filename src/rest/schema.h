// rest/schema.h — the fields of a resource for OPTIONS and for forms, from the structs themselves.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "rest/filters.h"
#include "rest/route.h"
#include "rest/rule.h"
#include "rest/sink.h"

namespace rest {

template <class T>
struct FieldType {
  static constexpr std::string_view name = base::HasFields<T> ? "nested object" : "string";
};
template <class T>
struct FieldType<std::optional<T>> : FieldType<T> {};
template <>
struct FieldType<std::optional<base::Uuid>> {  // an id that is taken; one that is shown is a string
  static constexpr std::string_view name = "uuid";
};
template <>
struct FieldType<Folded> : FieldType<std::string> {};
template <>
struct FieldType<Prefix> : FieldType<std::string> {};
template <>
struct FieldType<Containing> : FieldType<std::string> {};
template <base::Literal Path>
struct FieldType<base::Link<Path>> {
  static constexpr std::string_view name = "field";
};
template <base::Literal Path>
struct FieldType<base::SelfLink<Path>> {
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

// One field of a resource, as OPTIONS, the raw data and the HTML form show it.
struct FieldInfo {
  std::string_view name;
  std::string_view type;
  Rule rule;
  bool read_only = false;
  std::string_view link = {};  // of a hyperlink: the path of what it leads to
  std::vector<FieldInfo> children = {};
  // Of what is shown (shown_fields): whether it may be null, or be left out; of an object or of a
  // list of objects, their fields.
  bool may_be_null = false;
  bool may_be_absent = false;
  bool is_list = false;
  std::vector<FieldInfo> shape = {};
};
using Fields = std::vector<FieldInfo>;

// The list as OPTIONS shows it: an object with a member for each field.
void write_fields(Sink& sink, const Fields& fields);

// "to_user" → "To user".
std::string label_of(std::string_view name);
inline std::string label_of(const FieldInfo& field) {
  return field.rule.label ? field.rule.label : label_of(field.name);
}

template <class T>
struct LinkPath {
  static constexpr std::string_view path = {};
};
template <base::Literal Path>
struct LinkPath<std::optional<base::Link<Path>>> {
  static constexpr std::string_view path = base::Link<Path>::path;
};

// Adds a field that is shown, and one that is taken: where one of its name is shown, in its place.
void add_shown(Fields& fields, std::string_view name, std::string_view type, const Rule& rule);
FieldInfo& add_taken(Fields& fields, std::string_view name, std::string_view type, const Rule& rule,
                     std::string_view link = {});

// What an answer has, as Out shows it.
template <class Out>
Fields shown_fields();

template <class T>
struct Shown {
  static void describe(FieldInfo& info) {
    if constexpr (base::HasFields<T>) info.shape = shown_fields<T>();
  }
};
template <class T>
struct Shown<std::optional<T>> {
  static void describe(FieldInfo& info) {
    info.may_be_null = !info.may_be_absent;
    Shown<T>::describe(info);
  }
};
template <class T>
struct Shown<std::vector<T>> {
  static void describe(FieldInfo& info) {
    info.is_list = true;
    Shown<T>::describe(info);
  }
};
template <base::Literal Path>
struct Shown<base::Link<Path>> {
  static void describe(FieldInfo& info) { info.link = base::Link<Path>::path; }
};
template <base::Literal Path>
struct Shown<base::SelfLink<Path>> {
  static void describe(FieldInfo& info) { info.type = "url"; }
};
template <>
struct Shown<base::Uuid> {
  static void describe(FieldInfo& info) { info.type = "uuid"; }
};

template <class Out>
Fields shown_fields() {
  Fields fields;
  base::for_each_field<Out>([&]<class F>(const F& field) {
    if constexpr (F::kind != base::Kind::hidden) {
      using Member = base::MemberOf<F>;
      FieldInfo info{.name = field.name,
                     .type = FieldType<Member>::name,
                     .rule = rule_of(field),
                     .read_only = true};
      info.may_be_absent = F::kind == base::Kind::computed;
      Shown<Member>::describe(info);
      fields.push_back(std::move(info));
    }
  });
  return fields;
}

// Each field that Out shows or In takes.
template <class Out, class In>
Fields all_fields() {
  Fields fields;
  base::for_each_field<Out>([&]<class F>(const F& shown) {
    if constexpr (F::kind == base::Kind::column || F::kind == base::Kind::self)
      add_shown(fields, shown.name, FieldType<base::MemberOf<F>>::name, rule_of(shown));
  });
  base::for_each_field<In>([&](const auto& taken) {
    using Taken = base::MemberOf<decltype(taken)>;
    auto& info = add_taken(fields, taken.name, FieldType<Taken>::name, rule_of(taken),
                           LinkPath<Taken>::path);
    if (std::is_same_v<Taken, std::optional<auth::Role>>) info.rule.choices = "admin staff";
    if constexpr (base::HasFields<Taken>)
      base::for_each_field<Out>([&]<class F>(const F& shown) {
        if constexpr (base::HasFields<base::MemberOf<F>>)
          if (shown.name == taken.name) info.children = all_fields<base::MemberOf<F>, Taken>();
      });
  });
  return fields;
}

// Of a person who is named in a document (write_person in rest/encode.h).
Fields person_fields();

// What a form takes and a resource shows (rest/route.h).
template <class Out, class In>
inline constexpr Description describe_fields{all_fields<Out, In>, shown_fields<Out>};

// The parameters that narrow a list.
template <class Filters>
Fields describe_filters() {
  Fields fields;
  base::for_each_field<Filters>([&](const auto& field) {
    using Member = base::MemberOf<decltype(field)>;
    add_taken(fields, field.name, FieldType<Member>::name, rule_of(field));
  });
  return fields;
}

}  // namespace rest
