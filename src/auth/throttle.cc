// auth/throttle.cc — see throttle.h.
#include "auth/throttle.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/crypto.h"
#include "db/unscoped.h"

namespace auth {
namespace {

using base::Time;

constexpr std::int64_t login_window_seconds = 300;
constexpr std::int64_t signup_window_seconds = 3600;
constexpr std::int64_t name_here_limit = 5, name_limit = 50, address_limit = 100;

std::string key(std::string_view kind, std::string_view subject) {
  return std::string(base::view(base::sha256(fmt::format("{}\n{}", kind, subject))));
}

// A subscriber has a whole /64 of IPv6 addresses.
std::string subscriber(std::string_view address) {
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, std::string(address).c_str(), &ipv6) != 1) return std::string(address);
  return base::hex({reinterpret_cast<const char*>(ipv6.s6_addr), 8});
}

[[noreturn]] void too_many(Time started_at, std::int64_t window_seconds) {
  base::Error error(base::Code::too_many_requests, "Too many tries. Try again later.");
  const auto wait = started_at.plus_seconds(window_seconds).micros - Time::now().micros;
  error.retry_after_seconds = static_cast<int>(std::max<std::int64_t>(1, wait / 1'000'000 + 1));
  throw error;
}

void add(db::Connection& db, const std::string& id, std::int64_t window_seconds) {
  const auto now = Time::now();
  const auto start = now.plus_seconds(-window_seconds);
  db.run(db::Exempt::count_try, id, now, start, start, now);
}

}  // namespace

LoginThrottle::LoginThrottle(db::Connection& db, std::string_view username_key,
                             std::string_view address)
    : db_(db),
      name_here_(key("login name here", fmt::format("{}\n{}", username_key, subscriber(address)))),
      name_(key("login name", username_key)),
      address_(key("login address", subscriber(address))) {}

void LoginThrottle::check() {
  const auto start = Time::now().plus_seconds(-login_window_seconds);
  for (const auto& tries : db_.all(db::Exempt::tries, name_here_, name_, address_, start)) {
    const auto limit = tries.id == name_here_ ? name_here_limit
                       : tries.id == name_    ? name_limit
                                              : address_limit;
    if (tries.count >= limit) too_many(tries.started_at, login_window_seconds);
  }
}

void LoginThrottle::failed() {
  for (const auto& id : {name_here_, name_, address_}) add(db_, id, login_window_seconds);
}

void LoginThrottle::forget_old() {
  db_.run(db::Exempt::forget_old_tries, Time::now().plus_seconds(-signup_window_seconds));
}

void LoginThrottle::succeeded() { db_.run(db::Exempt::forget_tries, name_here_); }

void count_signup(db::Connection& db, std::string_view address, int limit) {
  const auto id = key("signup address", subscriber(address));
  const auto start = Time::now().plus_seconds(-signup_window_seconds);
  for (const auto& tries : db.all(db::Exempt::tries, id, id, id, start))
    if (tries.count >= limit) too_many(tries.started_at, signup_window_seconds);
  add(db, id, signup_window_seconds);
}

}  // namespace auth
