// auth/csrf.h — an unsafe request must prove that a page of ours sent it.
//
// Double submit (OWASP CSRF Prevention Cheat Sheet): the csrftoken cookie must come back in the
// X-CSRFToken header or, for POST, in the form field csrfmiddlewaretoken. And an Origin header,
// when there is one, must be one of the configured public URLs.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace auth {

constexpr std::string_view csrf_cookie = "csrftoken";
constexpr std::string_view csrf_field = "csrfmiddlewaretoken";
constexpr std::string_view csrf_failed = "csrf_failed";

// The token that the client's cookie holds, or "" when there is none of the right form.
std::string csrf_token(const http::Request& request, bool https);

std::string new_csrf_token();
void set_csrf_cookie(http::Headers& headers, const std::string& token, bool https);

// Whether the request says that a page of ours sent it, or does not say where it is from.
bool is_from_us(const http::Request& request, const std::vector<std::string>& public_urls);

// Throws base::Error{forbidden} with the reason untrusted_origin where it says that it is from
// elsewhere: what another site must not have a visitor's browser do for nobody who is logged in.
void check_origin(const http::Request& request, const std::vector<std::string>& public_urls);

// Throws base::Error{forbidden} with the reference's sentence: with the reason csrf_failed for a
// token that is missing or wrong, else untrusted_origin.
void check_csrf(const http::Request& request, const std::vector<std::string>& public_urls);

}  // namespace auth
