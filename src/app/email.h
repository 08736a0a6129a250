// app/email.h — what other nouns need of people's e-mail addresses.
#pragma once
#include "app/noun.h"

namespace app {

// So many people with one address are told of in a mail to it, and may have it.
inline constexpr std::int64_t most_people_of_address = 5;

// For how long the links in mails are good, from when they are sent.
inline constexpr std::int64_t mailed_link_seconds = 3600;

// Of an address that we write to (base::is_recipient).
void check_recipient(std::string& value, std::string_view field, base::Problems& problems);
inline constexpr Rule recipient_rule{.type = "email", .max_length = 254, .check = check_recipient};

// Throws base::Error{unavailable}, with the reason "no_mail", where the installation sends none.
void check_sends_mail(const Context& context);

// Ends an address that was set with a password that an admin gave, and so may be that admin's: of
// the caller, who is locked. Audited in each of their companies. Nobody is written to: whose
// address it is may not learn of the further company.
void end_email(Context& context);

}  // namespace app
