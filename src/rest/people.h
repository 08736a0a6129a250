// rest/people.h — the people whom a document names, for versions that show who they are.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"

namespace rest {

class Context;
class Document;

struct Person {
  base::Uuid id;
  std::string username;
  bool removed = false;  // no longer in the company
};

// Where people are found: whoever has the URLs below `path`.
struct Directory {
  std::string_view path = {};
  // Those of these ids whom the caller's company has or had.
  std::vector<Person> (*find)(const Context& context, const std::set<base::Uuid>& ids) = nullptr;
};

// People who were looked up, by id.
struct People {
  std::string_view path;
  std::map<base::Uuid, Person> by_id = {};

  // nullptr: nobody who was looked up.
  const Person* find(std::string_view below, const base::Uuid& id) const {
    if (below != path) return nullptr;
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : &found->second;
  }
};

}  // namespace rest
