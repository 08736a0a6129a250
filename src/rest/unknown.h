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

// So many unknown names are told, and so many characters of each: an answer must not grow as its
// request does.
inline constexpr std::size_t most_unknown_told = 10, most_name_told = 40;

class UnknownNames {
 public:
  // Notes `name` unless it is one of those known; `prefix` is where it stands: "", "user.".
  void look_at(std::string_view name, std::string_view prefix,
               const std::vector<std::string_view>& known);

  bool empty() const { return count_ == 0; }
  // Adds a problem for each, which says what may have been meant; `kind` is what it is: "field".
  void report(std::string_view kind, base::Problems& problems) const;
  // The value of X-Ignored, of bounded length: how many there were, and the first of them:
  // `2; first="nmae"`. What is no letter, digit, or one of "_.-" is a "?" in it.
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

// The keys of an object that no field of In is called, where the version has it.
template <base::HasFields In>
void look_at_keys(const http::Value& object, const Version& version, bool from_form,
                  const std::string& prefix, UnknownNames& unknown) {
  std::vector<std::string_view> known;
  base::for_each_field<In>([&](const auto& field) {
    if (rule_of(field).since > version.number) return;
    known.push_back(field.name);
    if constexpr (base::HasFields<base::MemberOf<decltype(field)>>)
      if (const auto* value = object.find(field.name))
        look_at_keys<base::MemberOf<decltype(field)>>(
            *value, version, from_form, prefix + std::string(field.name) + ".", unknown);
  });
  for (const auto& [name, value] : object.members)
    if (!from_form || !is_of_page(name)) unknown.look_at(name, prefix, known);
}

}  // namespace rest
