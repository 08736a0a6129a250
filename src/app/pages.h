// app/pages.h — the HTML that a person needs to log in and out and to read an answer.
#pragma once
#include <string>
#include <string_view>

#include "app/call.h"

namespace app {

// An API answer: its status, headers and JSON, with links to log in or out.
std::string api_page(const Call& call, const http::Response& response);

struct LoginPage {
  std::string csrf_token;
  std::string next;
  std::string username;
  std::string_view problem;  // what was wrong with the last try; "" on the first
};
std::string login_page(const LoginPage& page);

std::string logout_page(std::string_view csrf_token);

// A page that holds one sentence: "Not Found".
std::string plain_page(std::string_view title, std::string_view heading);

}  // namespace app
