// admin/mail_text.h — what mails say, and the form in which they are sent (RFC 5322, RFC 2045).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"

namespace admin {

struct Letter {
  std::string subject;  // ASCII, in one line
  std::string body;     // UTF-8, in lines of less than 998 bytes
  std::string recipient = {};
};

// A person whose link for a new password is in a mail.
struct LinkOf {
  std::string username, url;
};

// `site` is where the installation is: "https://chat.example.org".
Letter link_letter(const std::string& site, const std::vector<LinkOf>& links);
// No name is in it: nobody knows yet whose the address is, and a name may say anything.
Letter verify_letter(const std::string& site, const std::string& url);
Letter changing_letter(const std::string& site, const std::string& username);
Letter removed_letter(const std::string& site, const std::string& username);

// The whole mail, as a program reads it that ends lines with LF. Both addresses are ones of
// base::is_email, which is what keeps other headers out. `id` is another one in each
// attempt: each has another link, and of two with one id the second may be dropped.
std::string whole_mail(const Letter& letter, const std::string& from, const std::string& id,
                       base::Time now);

}  // namespace admin
