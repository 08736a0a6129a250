// rest/encode.cc — see encode.h.
#include "rest/encode.h"

#include <cstdlib>

namespace rest {

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
