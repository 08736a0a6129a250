// app/me.h — the document about oneself, which login and a switch answer as well.
#pragma once
#include <string_view>

#include "app/login_notices.h"
#include "app/noun.h"
#include "db/unscoped.h"

namespace app {

// The companies that the caller sees as their own: all of the person's, but for an API token its
// own alone.
std::vector<db::OwnCompany> own_companies(const Context& context, const auth::Principal& who);

Fields me_fields(const rest::Version& version);
// The user, the company, the number of unread messages, all memberships of `who`; and what a login
// tells.
Answer about(Context& context, const auth::Principal& who, const LoginNotices& notices = {});

// The caller in another of their companies. Reports under `field`, by throwing, a company that the
// person is not in; one that does not exist gives the same answer.
std::unique_ptr<const auth::Principal> check_is_member(Context& context,
                                                       const base::Uuid& company_id,
                                                       std::string_view field);

}  // namespace app
