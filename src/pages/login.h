// pages/login.h — the pages on which one logs in and out.
#pragma once
#include <string>
#include <string_view>

#include "http/response.h"

namespace pages {

struct LoginPage {
  std::string csrf_token;
  std::string next;
  std::string username;
  std::string_view problem;  // what was wrong with the last try; "" on the first
};
http::Response login_page(const LoginPage& login);

struct LogoutPage {
  std::string csrf_token;
  std::string username;  // who is logged in; "": nobody
};
http::Response logout_page(const LogoutPage& logout);

}  // namespace pages
