// rest/encode.cc — see encode.h.
#include "rest/encode.h"

#include <cstdlib>

namespace rest {

void write_person(Sink& sink, std::string_view path, const Person& person) {
  sink.begin_object();
  sink.key("id");
  sink.string(person.id.text());  // of nothing that is at this address
  sink.key("url");
  sink.self_link(path, person.id);
  sink.key("username");
  sink.string(person.username);
  sink.key("removed");
  sink.boolean(person.removed);
  sink.end_object();
}

void write_value(Sink& sink, const http::Value& value) {
  using enum http::Value::Type;
  switch (value.type) {
    case null: return sink.null();
    case boolean: return sink.boolean(value.boolean);
    case integer: return sink.integer(std::atoll(value.text.c_str()));
    case real:
    case string: return sink.string(value.text);
    case list:
      sink.begin_list();
      for (const auto& item : value.items) write_value(sink, item);
      return sink.end_list();
    case object:
      sink.begin_object();
      for (const auto& [name, member] : value.members) {
        sink.key(name);
        write_value(sink, member);
      }
      return sink.end_object();
  }
}

}  // namespace rest
