// rest/decode.h — a body to a struct, field by field, with the reference's sentences for what is
// wrong.
//
// Members are std::optional (empty: not given) or structs with fields of their own. Everything that
// is wrong is reported at once; what could not be read stays empty.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "auth/role.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "http/json.h"
#include "rest/route.h"
#include "rest/rule.h"

namespace rest {

// How a body is read.
struct DecodeMode {
  bool partial = false;    // PATCH: nothing is required
  bool from_form = false;  // "" for a field that is not required is as good as absent
  bool from_page = false;  // in a PATCH, an empty password is not given: boxes cannot be left out
};

// Where a value stands, by which rule it is judged, and who hears what is wrong with it. Everything
// is lent.
struct Place {
  std::string name;  // "company.name"
  Rule rule;
  const Routes& routes;  // by which a hyperlink is known to be one
  const Version& version;
  base::Problems& problems;

  void add(std::string_view problem) const { problems.add(name, problem); }
};

// Each reads one value that is there and not null; what is malformed is reported and leaves `out`
// empty.
void read(const http::Value& value, const Place& place, std::optional<std::string>& out);
void read(const http::Value& value, const Place& place, std::optional<auth::Role>& out);
void read(const http::Value& value, const Place& place, std::optional<base::Uuid>& out);
void read(const http::Value& value, const Place& place, std::optional<std::int64_t>& out);

// The sentence about a word that is none of those allowed. What is much longer than any of them is
// quoted in part: an answer must not grow as its request does.
std::string not_a_choice(std::string_view word, std::string_view choices, const Version& version);

// A Rule's check: an address that HTML's <input type="email"> would take, with a dot in the domain.
void check_email(std::string& value, std::string_view field, base::Problems& problems);
// RFC 5321 section 4.5.3.1.3 allows a path of 256 octets, with its two brackets.
inline constexpr Rule email_rule{.type = "email", .max_length = 254, .check = check_email};

// Calls visit(word) for each word of a text; words are separated by single blanks.
template <class Visitor>
void for_each_word(std::string_view text, Visitor visit) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// An absolute URL or a path, of any version, that names one thing under `path`: only the path
// counts. Or its id, where the version takes that.
void read_link(const http::Value& value, const Place& place, std::string_view path,
               std::optional<base::Uuid>& out);
template <base::Literal Path>
void read(const http::Value& value, const Place& place, std::optional<base::Link<Path>>& out) {
  std::optional<base::Uuid> id;
  read_link(value, place, base::Link<Path>::path, id);
  if (id) out = base::Link<Path>{*id};
}

// False, and the problem is reported, when `value` is no object.
bool is_object(const http::Value& value, const std::string& prefix, base::Problems& problems);

// Whether a member is to be read at all; reports when it must be there and is not, or is null.
bool is_given(const http::Value* value, const Place& place, DecodeMode mode);

// The members of an object, which `object_at` names, to the fields of a struct that the version
// has.
template <base::HasFields In>
void read_fields(const http::Value& object, DecodeMode mode, const Place& object_at, In& in) {
  const auto& [prefix, none, routes, version, problems] = object_at;
  if (!is_object(object, prefix, problems)) return;
  base::for_each_field<In>([&](const auto& field) {
    if (rule_of(field).since > version.number) return;
    const Place place{prefix + std::string(field.name), rule_of(field), routes, version, problems};
    const auto* value = object.find(field.name);
    if (!is_given(value, place, mode)) return;
    if constexpr (base::HasFields<std::remove_cvref_t<decltype(in.*field.member)>>)
      read_fields(*value, mode, {place.name + ".", {}, routes, version, problems},
                  in.*field.member);
    else
      read(*value, place, in.*field.member);
  });
}

}  // namespace rest
