// base/email.h — which texts are e-mail addresses.
#pragma once
#include <string_view>

namespace base {

// Whether it is an address that HTML's <input type="email"> would take, with a dot in the domain:
// local part and domain as RFC 5321 writes them, without quoting. So it is ASCII, and has neither
// white space nor what ends a line or a header.
bool is_email(std::string_view text);

// Whether it is one to which a mail is sent, whatever program sends it. Some take a local part that
// begins with "-" for an option, "|" and "/" for a program and a file, and "!" and "%" for the way
// over another host.
bool is_recipient(std::string_view text);

}  // namespace base
