// rest/encode.h — structs into a sink, field by field.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "http/json.h"
#include "rest/rule.h"
#include "rest/sink.h"

namespace rest {

// A URL of this site, by its path: "/#/invitation/…" is a place in the web client.
struct SiteLink {
  std::string path;
};

inline void write(Sink& sink, const base::Uuid& id) { sink.id(id); }
inline void write(Sink& sink, const std::string& text) { sink.string(text); }
inline void write(Sink& sink, std::int64_t number) { sink.integer(number); }
inline void write(Sink& sink, bool value) { sink.boolean(value); }
inline void write(Sink& sink, base::Time time) { sink.string(time.iso()); }
inline void write(Sink& sink, auth::Role role) { sink.string(to_text(role)); }
inline void write(Sink& sink, const SiteLink& link) { sink.site_link(link.path); }
template <base::HasFields T>
void write(Sink& sink, const T& row);
// Of a person who was looked up, who it is.
template <base::Literal Path>
void write(Sink& sink, const base::Link<Path>& link) {
  if constexpr (Path.view() == people_path.view())
    if (const auto* people = sink.urls().people)
      if (const auto person = people->find(link.id); person != people->end())
        return write(sink, person->second);
  sink.link(link.path, link.id);
}

template <class T>
void write(Sink& sink, const std::optional<T>& value) {
  if (value)
    write(sink, *value);
  else
    sink.null();
}
template <class T>
void write(Sink& sink, const std::vector<T>& rows) {
  sink.begin_list();
  for (const auto& row : rows) write(sink, row);
  sink.end_list();
}

template <class T>
bool is_left_out(const T&) {
  return false;
}
template <class T>
bool is_left_out(const std::optional<T>& value) {
  return !value;
}

template <class Row, class Member>
void write_member(Sink& sink, const Row&, const Member& member) {
  write(sink, member);
}
template <class Row, base::Literal Path>
void write_member(Sink& sink, const Row& row, const base::SelfLink<Path>& link) {
  sink.self_link(link.path, row.id);
}

template <base::HasFields T>
void write(Sink& sink, const T& row) {
  sink.begin_object();
  base::for_each_field<T>([&]<class F>(const F& field) {
    constexpr bool is_computed = F::kind == base::Kind::computed;
    if constexpr (F::kind == base::Kind::hidden) return;
    if (rule_of(field).since > sink.version().number) return;
    if (is_computed && (sink.what() == Sink::What::stored || is_left_out(row.*field.member)))
      return;
    sink.key(field.name);
    write_member(sink, row, row.*field.member);
  });
  sink.end_object();
}

// Rows of a list, and the URL of its next page; "": there is none.
template <class Row>
struct List {
  std::vector<Row> rows;
  std::string next = {};
};

template <class Row>
void write(Sink& sink, const List<Row>& list) {
  if (!sink.version().lists_are_objects) return write(sink, list.rows);
  sink.begin_object();
  sink.key("items");
  write(sink, list.rows);
  sink.key("next");
  if (list.next.empty())
    sink.null();
  else
    sink.string(list.next);
  sink.end_object();
}

// A value whose leaves are what they were, an integer a number.
void write_value(Sink& sink, const http::Value& value);

// Of a body: the fields that it gave, but for what is secret.
template <base::HasFields In>
void write_given(Sink& sink, const In& in) {
  sink.begin_object();
  base::for_each_field<In>([&](const auto& field) {
    if (rule_of(field).secret || !(in.*field.member)) return;
    sink.key(field.name);
    write(sink, *(in.*field.member));
  });
  sink.end_object();
}

}  // namespace rest
