// app/invitations.h — an invitation for somebody who is in the company already and cannot log in,
// as an import leaves people. Tests: tests/app/imported_people_test.cc.
#pragma once
#include <string>

#include "app/noun.h"
#include "app/users/users.h"

namespace app {

struct MadeInvitation {
  std::string token;  // shown once
  Time expires_at;
};

// Where an invitation opens in the web client.
std::string invitation_path(const std::string& token);

// Makes one, inside a transaction that has locked the user of the path (lock_to_administer), and
// ends the one that there was for them. Whoever accepts it becomes that user.
MadeInvitation invite_user(Context& context, const StoredUser& user);

}  // namespace app
