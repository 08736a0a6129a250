// rest/encode.cc — see encode.h.
#include "rest/encode.h"

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

}  // namespace rest
