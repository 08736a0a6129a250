// tests/support/browser.h — a browser with scripts switched off, in the same process.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"
#include "server/serve.h"

namespace support {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

inline bool holds(const http::Response& response, std::string_view text) {
  return response.body.find(text) != std::string::npos;
}

inline std::string encoded(const http::Pairs& fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += http::encode_percent(name) + "=" + http::encode_percent(value) + "&";
  return body;
}

// The first hidden or typed value of a name on a page.
inline std::string value_of(const http::Response& page, std::string_view name) {
  const auto start = fmt::format(R"(name="{}" value=")", name);
  const auto at = page.body.find(start);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, name << " is not in " << page.body);
  const auto value = at + start.size();
  return page.body.substr(value, page.body.find('"', value) - value);
}

// A browser with scripts switched off, with somebody's cookies.
struct Browser {
  server::Service& service;
  std::map<std::string, std::string> cookies;

  http::Response send(http::Method method, std::string_view url, std::string body = "",
                      std::string_view type = form_type) {
    http::Request request;
    request.method = method;
    request.method_name = http::name_of(method);
    const auto question = std::min(url.find('?'), url.size());
    request.path = url.substr(0, question);
    request.query = url.substr(std::min(question + 1, url.size()));
    request.headers = {{"accept", "text/html"}};
    std::string cookie;
    for (const auto& [name, value] : cookies) cookie += name + "=" + value + "; ";
    if (!cookie.empty()) request.headers.emplace_back("cookie", cookie);
    if (!body.empty()) request.content_type = type;
    request.body = std::move(body);
    return service.answer(request).response;
  }
  http::Response get(std::string_view url) { return send(http::Method::get, url); }
  // As the form of a page sends it.
  http::Response submit(std::string_view url, http::Pairs fields) {
    fields.emplace_back("csrfmiddlewaretoken", cookies["csrftoken"]);
    return send(http::Method::post, url, encoded(fields));
  }
};

}  // namespace support
