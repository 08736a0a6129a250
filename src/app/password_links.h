// app/password_links.h — what a mail needs of links for a new password (app/password_links.cc).
#pragma once
#include <string>

#include "auth/authenticator.h"
#include "base/clock.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace app {

// Where a link leads that has this token, below the site.
std::string password_link_path(const std::string& token);

// Makes the link of a person who asked for it themselves, as a user of one of their companies, in
// the place of one that there is; answers its token. Inside a transaction that has locked the
// person and ended their links in all companies.
std::string make_own_link(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company,
                          const base::Uuid& user_id, base::Time expires_at);

}  // namespace app
