// pages/login.h — the pages on which one logs in and out.
#pragma once
#include "http/response.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace pages {

http::Response login_page(const rest::Context& context, int status, const rest::LoginPage& content);
http::Response logout_page(const rest::Context& context, int status,
                           const rest::LogoutPage& content);

}  // namespace pages
