// rest/people.h — the people whom a document names, for versions that show who they are.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/fields.h"
#include "base/literal.h"
#include "base/uuid.h"

namespace rest {

class Context;

// Whoever has a link below this path is a person.
inline constexpr base::Literal people_path = "/accounts/users/";

struct Person {
  base::SelfLink<people_path> url;
  base::Uuid id;
  std::string username;
  std::string display_name;  // "": none
  bool removed = false;      // no longer in the company

  FIELDS(Person, url, id, username, display_name, removed)
};

// People who were looked up, by id.
using People = std::map<base::Uuid, Person>;

// Those of these ids whom the caller's company has or had.
using FindPeople = std::vector<Person>(const Context& context, const std::set<base::Uuid>& ids);

}  // namespace rest
