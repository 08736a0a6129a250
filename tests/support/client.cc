// tests/support/client.cc — see client.h.
#include "support/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

#include "base/crypto.h"
#include "base/text.h"

namespace support {

const base::Config& config() {
  static const auto config = [] {
    const char* path = std::getenv("PARTYWALL_UNIT_CONFIG");
    BOOST_REQUIRE_MESSAGE(path, "PARTYWALL_UNIT_CONFIG must name a configuration file");
    return base::read_config(path, base::Use::migrate);
  }();
  return config;
}

Pool& Pool::get() {
  static Pool pool;
  return pool;
}

int Pool::next_row() {
  constexpr int at_once = 16;  // no test has more workers
  static int next = 0;
  marks.make_rows(at_once);
  return next++ % at_once;
}

http::Value at(const http::Response& response, std::string_view path) {
  auto value = http::parse_json(response.body);
  while (!path.empty()) {
    const auto part = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (value.type == http::Value::Type::list) {
      const auto index = static_cast<std::size_t>(std::stoi(std::string(part)));
      BOOST_REQUIRE_MESSAGE(index < value.items.size(), part << " is not in " << response.body);
      value = http::Value(value.items[index]);
    } else {
      const auto* member = value.find(part);
      BOOST_REQUIRE_MESSAGE(member, part << " is not in " << response.body);
      value = http::Value(*member);
    }
  }
  return value;
}

std::string text_at(const http::Response& response, std::string_view path) {
  return at(response, path).text;
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

std::string basic(std::string_view username, std::string_view password) {
  auto pair = base::base64url(fmt::format("{}:{}", username, password));
  std::replace(pair.begin(), pair.end(), '-', '+');
  std::replace(pair.begin(), pair.end(), '_', '/');
  while (pair.size() % 4 != 0) pair += '=';
  return "Basic " + pair;
}

http::Response Client::send(std::string_view method, std::string_view url, std::string_view json) {
  auto made = request(method, url);
  made.body = json;
  if (!json.empty()) made.content_type = "application/json";
  return send(made);
}

http::Request Client::request(std::string_view method, std::string_view url) {
  http::Request request;
  request.method = http::method_of(method);
  request.method_name = method;
  // Takes absolute URLs too, as answers hold them.
  if (url.starts_with("http")) url.remove_prefix(url.find('/', url.find("//") + 2));
  const auto question = std::min(url.find('?'), url.size());
  request.path = url.substr(0, question);
  request.query = url.substr(std::min(question + 1, url.size()));
  request.remote_address = remote_address;
  request.id = request_id;
  for (const auto& [name, value] : headers) request.headers.emplace_back(name, value);
  std::string cookie;
  for (const auto& [name, value] : cookies) cookie += fmt::format("{}={}; ", name, value);
  if (!cookie.empty()) request.headers.emplace_back("cookie", cookie);
  if (cookies.contains("csrftoken"))
    request.headers.emplace_back("x-csrftoken", cookies["csrftoken"]);
  return request;
}

// For tests/answers/check.py, which looks whether the API's description has the answer.
void note_answer(const http::Request& request, const http::Response& response) {
  static const char* path = std::getenv("PARTYWALL_ANSWERS");
  if (!path || request.method != http::method_of(request.method_name)) return;
  http::JsonWriter line;
  line.begin_object();
  for (const auto& [name, text] :
       {std::pair<const char*, std::string_view>{"method", request.method_name},
        {"url", request.path},
        {"type", response.content_type},
        {"body", response.body}}) {
    line.key(name);
    line.string(base::well_formed(text));
  }
  line.key("headers");
  line.begin_list();
  for (const auto& [name, value] : response.headers) line.string(base::ascii_lower(name));
  line.end_list();
  line.key("status");
  line.integer(response.status);
  line.end_object();
  std::ofstream(path, std::ios::app) << line.take() + "\n";
}

http::Response Client::send(const http::Request& request) {
  auto response = service_->answer(request).response;
  // Routes that a test adds are described nowhere.
  const bool is_ours = service_->routes().begin() == app::all_routes().begin();
  if (is_ours && request.method != http::Method::head) note_answer(request, response);
  for (const auto& [name, value] : response.headers) {
    if (name != "Set-Cookie") continue;
    const auto equals = value.find('=');
    const auto content = value.substr(equals + 1, value.find(';') - equals - 1);
    if (content.empty())
      cookies.erase(value.substr(0, equals));
    else
      cookies[value.substr(0, equals)] = content;
  }
  return response;
}

void Client::log_in(std::string_view username, std::string_view password) {
  const auto response =
      post("/api/v1/auth/login/",
           fmt::format(R"({{"username":"{}","password":"{}"}})", username, password));
  BOOST_REQUIRE_MESSAGE(response.status == 200, response.body);
}

}  // namespace support
