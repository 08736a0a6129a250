// http/etag.h — entity tags (RFC 9110 section 8.8.3), and the two headers that name them.
//
// A tag has two parts, "state.form". The state is a digest of the thing itself, whatever
// representation it was read in: If-Match asks for it, so that a change is not refused because the
// tag was read with an indent or under another of the site's names. The form is a digest of the
// answer's bytes and Link: If-None-Match asks for both, so that no 304 confirms other bytes. A list
// has no state of its own: its tag is one part.
#pragma once
#include <string>
#include <string_view>

namespace http {

// The tag, with its quotes, of a thing in this state, or of a list, which has none (""), that is
// shown in this form.
std::string etag(std::string_view state, std::string_view form);

// Whether a header names the tag: If-Match by its state, If-None-Match by all of it. "*" names
// every tag. What is malformed names none. A W/ in front is not looked at, since our proxies may
// weaken a tag when they compress the body.
bool names_any(std::string_view header);  // it is "*"
bool if_match_names(std::string_view header, std::string_view etag);
bool if_none_match_names(std::string_view header, std::string_view etag);

}  // namespace http
