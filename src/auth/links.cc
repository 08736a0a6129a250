// auth/links.cc — the part of authenticator.h that opens links: invitations, and those for a new
// password. A link carries its company as a claim, which the row that is found confirms.
#include "auth/authenticator.h"
#include "auth/identities.h"
#include "auth/rows.h"
#include "auth/tokens.h"
#include "base/clock.h"

namespace auth {

using base::Time;

std::unique_ptr<const Principal> Authenticator::by_invitation(std::string_view token,
                                                              Invitation& invitation) {
  const auto claim = read_secret(token);
  if (!claim) return nullptr;
  auto principal = mint(claim->company_id);
  auto row = db_.find(select_invitation, principal->tenant, claim->hash, Time::now(), Role::admin);
  if (!row) return nullptr;
  if (row->moved_to) company_moved(*row->moved_to);
  principal->suspended = row->suspended_at.has_value();
  principal->erase_at = row->erase_at;
  check_open(*principal);
  invitation = std::move(row->invitation);
  return principal;
}

std::unique_ptr<const Principal> Authenticator::by_password_link(std::string_view token,
                                                                 PasswordLink& link) {
  const auto claim = read_secret(token);
  if (!claim) return nullptr;
  auto principal = mint(claim->company_id);
  const auto now = Time::now();
  auto row = db_.find(select_password_link, principal->tenant, claim->hash, now, now, Role::admin);
  if (!row) return nullptr;
  if (row->member.moved_to) {  // who is in another company wants a link of that one
    const auto person = Identities(db_).find(row->member.identity_id);
    const auto elsewhere = person ? home(*person) : nullptr;
    if (elsewhere && elsewhere->company_id != claim->company_id) return nullptr;
    company_moved(*row->member.moved_to);
  }
  principal->user_id = row->member.user_id;
  principal->identity_id = row->member.identity_id;
  principal->username = std::move(row->member.username);
  link = row->link;
  return principal;
}

}  // namespace auth
