// rest/unknown.h — what a request names that nothing here has: parameters of its query, keys of its
// body. A version refuses it, or passes over it and says so (Version::refuses_unknown).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/fields.h"
#include "http/json.h"
#include "rest/rule.h"
#include "rest/version.h"

namespace rest {

// So many unknown names are told, and none that is longer: an answer must not grow as its request
// does.
inline constexpr std::size_t most_unknown_told = 10, most_name_told = 40;

// Which names may be told. Of a form that has a password what is no name at all may be a part of
// it: `password=a&b`, or JSON that was sent as a form.
enum class Tell { all, near };  // near: those that may stand for a known one

class UnknownNames {
 public:
  // Notes `name` unless it is one of those known; `prefix` is where it stands: "", "user.". One
  // that is not told, or has something else in it than letters, digits and "_.-", is "?".
  void look_at(std::string_view name, std::string_view prefix,
               const std::vector<std::string_view>& known, Tell tell = Tell::all);

  bool empty() const { return count_ == 0; }
  // Adds a problem for each, which says what may have been meant; `kind` is what it is: "field".
  void report(std::string_view kind, base::Problems& problems) const;
  // The value of X-Ignored, of bounded length: how many there were, and the first of them:
  // `2; first="nmae"`. Not for none.
  std::string header() const;
  void add(const UnknownNames& other);

 private:
  struct Unknown {
    std::string name, advice;
  };
  std::size_t count_ = 0;
  std::vector<Unknown> told_;
};

// What a form may hold beside the fields of a resource: what its page needs.
bool is_of_page(std::string_view name);

// Whether In has a field that is never shown, or an object with one.
template <base::HasFields In>
constexpr bool has_secret() {
  bool found = false;
  base::for_each_field<In>([&](const auto& field) {
    using Member = base::MemberOf<decltype(field)>;
    found = found || rule_of(field).secret;
    if constexpr (base::HasFields<Member>) found = found || has_secret<Member>();
  });
  return found;
}

// The keys of an object that no field of In is called, where the version has it.
template <base::HasFields In>
void look_at_keys(const http::Value& object, const Version& version, bool from_form, Tell tell,
                  const std::string& prefix, UnknownNames& unknown) {
  std::vector<std::string_view> known;
  base::for_each_field<In>([&](const auto& field) {
    if (rule_of(field).since > version.number) return;
    known.push_back(field.name);
    if constexpr (base::HasFields<base::MemberOf<decltype(field)>>)
      if (const auto* value = object.find(field.name))
        look_at_keys<base::MemberOf<decltype(field)>>(
            *value, version, from_form, tell, prefix + std::string(field.name) + ".", unknown);
  });
  for (const auto& [name, value] : object.members)
    if (!from_form || !is_of_page(name)) unknown.look_at(name, prefix, known, tell);
}

}  // namespace rest
