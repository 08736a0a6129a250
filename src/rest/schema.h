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

struct FieldInfo;
using FieldList = std::vector<FieldInfo>;

// One field of a resource, as OPTIONS, the raw data and the HTML form show it.
struct FieldInfo {
  std::string_view name;
  std::string_view type;
  Rule rule;
  bool read_only = false;
  std::string_view link = {};  // of a hyperlink: the path of what it leads to
  bool or_url = false;         // of an id that is taken: or a URL in its place
  FieldList children = {};
  // Of what is shown (shown_fields): whether it may be null, or be left out; of an object or of a
  // list of objects, their fields.
  bool may_be_null = false;
  bool may_be_absent = false;
  bool is_list = false;
  FieldList shape = {};
  std::string_view shape_of = {};  // the name of their struct
};

struct Fields : FieldList {
  std::string_view of = {};  // the name of the struct that shows them
};

// The list as OPTIONS shows it: an object with a member for each field.
void write_fields(Sink& sink, const FieldList& fields);

// "to_user" → "To user".
std::string label_of(std::string_view name);
inline std::string label_of(const FieldInfo& field) {
  return field.rule.label ? field.rule.label : label_of(field.name);
}

// Whether it is an id or, in its place, a URL (rest/reference.h).
template <class T>
inline constexpr bool takes_url = false;

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
Fields shown_fields(const Version& version);

template <class T>
struct Shown {
  static void describe(FieldInfo& info, const Version& version) {
    if constexpr (base::HasFields<T>) {
      info.shape = shown_fields<T>(version);
      info.shape_of = base::struct_name<T>();
    }
  }
};
template <class T>
struct Shown<std::optional<T>> {
  static void describe(FieldInfo& info, const Version& version) {
    info.may_be_null = !info.may_be_absent;
    Shown<T>::describe(info, version);
  }
};
template <class T>
struct Shown<std::vector<T>> {
  static void describe(FieldInfo& info, const Version& version) {
    info.is_list = true;
    Shown<T>::describe(info, version);
  }
};
template <base::Literal Path>
struct Shown<base::Link<Path>> {
  static void describe(FieldInfo& info, const Version&) { info.link = base::Link<Path>::path; }
};
template <base::Literal Path>
struct Shown<base::SelfLink<Path>> {
  static void describe(FieldInfo& info, const Version&) { info.type = "url"; }
};
template <>
struct Shown<base::Uuid> {
  static void describe(FieldInfo& info, const Version&) { info.type = "uuid"; }
};

template <class Out>
Fields shown_fields(const Version& version) {
  Fields fields{{}, base::struct_name<Out>()};
  base::for_each_field<Out>([&]<class F>(const F& field) {
    if constexpr (F::kind != base::Kind::hidden) {
      if (rule_of(field).since > version.number) return;
      using Member = base::MemberOf<F>;
      FieldInfo info{.name = field.name,
                     .type = FieldType<Member>::name,
                     .rule = rule_of(field),
                     .read_only = true};
      info.may_be_absent = F::kind == base::Kind::computed;
      Shown<Member>::describe(info, version);
      fields.push_back(std::move(info));
    }
  });
  return fields;
}

// Each field that Out shows or In takes.
template <class Out, class In>
Fields all_fields(const Version& version) {
  Fields fields;
  base::for_each_field<Out>([&]<class F>(const F& shown) {
    if (rule_of(shown).since > version.number) return;
    if constexpr (F::kind == base::Kind::column || F::kind == base::Kind::self)
      add_shown(fields, shown.name, FieldType<base::MemberOf<F>>::name, rule_of(shown));
  });
  base::for_each_field<In>([&](const auto& taken) {
    using Taken = base::MemberOf<decltype(taken)>;
    if (rule_of(taken).since > version.number) return;
    auto& info = add_taken(fields, taken.name, FieldType<Taken>::name, rule_of(taken),
                           LinkPath<Taken>::path);
    info.or_url = takes_url<Taken>;
    if (std::is_same_v<Taken, std::optional<auth::Role>>) info.rule.choices = auth::role_words;
    if constexpr (base::HasFields<Taken>)
      base::for_each_field<Out>([&]<class F>(const F& shown) {
        if constexpr (base::HasFields<base::MemberOf<F>>)
          if (shown.name == taken.name)
            info.children = all_fields<base::MemberOf<F>, Taken>(version);
      });
  });
  return fields;
}

// What a form takes and a resource shows (rest/route.h).
template <class Out, class In>
inline constexpr Description describe_fields{all_fields<Out, In>, shown_fields<Out>};

// The parameters that narrow a list.
template <class Filters>
Fields describe_filters(const Version& version) {
  Fields fields;
  base::for_each_field<Filters>([&](const auto& field) {
    using Member = base::MemberOf<decltype(field)>;
    if (rule_of(field).since > version.number) return;
    add_taken(fields, field.name, FieldType<Member>::name, rule_of(field)).or_url =
        takes_url<Member>;
  });
  return fields;
}

// What narrows and orders a list: its filters, and what its timeline names. And all that may stand
// in the query of a method: these; which page; and where the version takes it, `format`.
Fields narrowing_of(const Route& route, const Version& version);
Fields parameters_of(const Route& route, const Version& version, http::Method method);

}  // namespace rest
