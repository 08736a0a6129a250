// app/me.h — the document about oneself, which login and a switch answer as well.
#pragma once
#include <string_view>

#include "app/noun.h"
#include "db/unscoped.h"

namespace app {

// The companies that the caller sees as their own: all of the person's, but for an API token its
// own alone.
std::vector<db::OwnCompany> own_companies(const Context& context, const auth::Principal& who);

// What each login tells for 14 days, however many there are, for the first one may be a thief's:
// the second factor was ended without the person's doing.
inline constexpr std::string_view factor_ended = "second_factor_ended";
inline constexpr std::int64_t notice_seconds = 14 * base::day_seconds;
inline constexpr int notice_since = 2;  // the version

Fields me_fields(const rest::Version& version);
// The user, the company, the number of unread messages, all memberships of `who`, and a notice.
Answer about(Context& context, const auth::Principal& who,
             const std::optional<std::string>& notice = {});

// The caller in another of their companies. Reports under `field`, by throwing, a company that the
// person is not in; one that does not exist gives the same answer.
std::unique_ptr<const auth::Principal> check_is_member(Context& context,
                                                       const base::Uuid& company_id,
                                                       std::string_view field);

}  // namespace app
