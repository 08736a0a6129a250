// auth/role.h — what somebody may do in one company.
#pragma once
#include <array>
#include <string_view>

namespace auth {

enum class Role { staff, admin };

// All roles with their words, as the database and the API spell them.
struct RoleName {
  Role role;
  std::string_view word, label;
};
constexpr std::array<RoleName, 2> role_names = {
    {{Role::admin, "admin", "Admin"}, {Role::staff, "staff", "Staff"}}};

inline constexpr const char* role_words = "admin staff";

constexpr std::string_view to_text(Role role) {
  return role == Role::admin ? role_names[0].word : role_names[1].word;
}
// False, and no change, for a word that is no role.
constexpr bool from_text(std::string_view word, Role& role) {
  for (const auto& each : role_names) {
    if (each.word != word) continue;
    role = each.role;
    return true;
  }
  return false;
}

// The least that a route asks for.
enum class Access { anyone, staff, admin };

constexpr std::string_view to_text(Access access) {
  return access == Access::anyone ? "anyone"
                                  : to_text(access == Access::admin ? Role::admin : Role::staff);
}

// Into which companies somebody is let beside those that are open to them.
enum class Admits {
  open,     // none
  erasing,  // admins into one that is to be erased, until its day
  all,      // whatever keeps them out of one that is here: for a way out, or to what is missing
  moved,    // these, and one that has moved, whose session is nobody's elsewhere: to end a login
};

}  // namespace auth
