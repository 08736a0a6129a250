// auth/throttle.cc — see throttle.h.
#include "auth/throttle.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/subscriber.h"
#include "base/crypto.h"
#include "db/unscoped.h"

namespace auth {
namespace {

using base::Time;

constexpr std::int64_t login_window_seconds = 300;
constexpr std::int64_t hour_seconds = 3600;
constexpr std::int64_t mails_to_one = 3, mails_from_one = 30, mails_by_one = 5;
constexpr std::int64_t codes_window_seconds = base::day_seconds, codes_limit = 10;
constexpr std::int64_t name_here_limit = 5, credential_limit = 5;
constexpr std::int64_t name_limit = 50, address_limit = 100;
constexpr std::int64_t lately_seconds = 30 * base::day_seconds;
constexpr std::int64_t exact_seconds = base::day_seconds;  // the date of a known address

std::string key(std::string_view kind, std::string_view subject) {
  return std::string(base::view(base::sha256(fmt::format("{}\n{}", kind, subject))));
}

// The clocks of several hosts differ by less than a second.
Time soon(Time now) { return now.plus_seconds(1); }

std::string codes_of(const base::Uuid& person) { return key("codes", person.text()); }

constexpr const char* later = "Too many tries. Try again later.";
constexpr const char* recovery = "Too many wrong codes. Enter a recovery code, or try again later.";

[[noreturn]] void too_many(Time started_at, std::int64_t window_seconds,
                           const char* message = later) {
  base::Error error(base::Code::too_many_requests, message);
  const auto wait = started_at.plus_seconds(window_seconds).micros - Time::wall().micros;
  error.retry_after_seconds =
      static_cast<int>(std::clamp<std::int64_t>(wait / 1'000'000 + 1, 1, window_seconds));
  throw error;
}

}  // namespace

void Throttle::add(db::Connection& db, const std::string& id, std::int64_t window_seconds) {
  const auto now = Time::wall();
  const auto start = now.plus_seconds(-window_seconds);
  db.run({}, db::Exempt::count_try, id, now, start, soon(now), start, soon(now), now);
}

Throttle Throttle::for_login(db::Connection& db, std::string_view name_key,
                             std::string_view subscriber, const std::optional<base::Uuid>& person) {
  return {db,
          {{key("login name here", fmt::format("{}\n{}", name_key, subscriber)), name_here_limit},
           {key("login name", name_key), name_limit, true},
           {key("login address", subscriber), address_limit}},
          subscriber,
          person};
}

Throttle Throttle::for_credential(db::Connection& db, std::string_view credential,
                                  std::string_view subscriber, const base::Uuid& person) {
  return {db, {{key("credential", credential), credential_limit}}, subscriber, person};
}

Throttle Throttle::for_links(db::Connection& db, std::string_view subscriber) {
  return {db, {{key("link address", subscriber), address_limit}}, subscriber, std::nullopt};
}

Throttle::Throttle(db::Connection& db, std::vector<Limit> limits, std::string_view subscriber,
                   const std::optional<base::Uuid>& person)
    : db_(db),
      limits_(std::move(limits)),
      place_(
          key("known address", fmt::format("{}\n{}", person ? person->text() : "", subscriber))) {}

void Throttle::check() {
  const auto now = Time::wall();
  const auto id = [&](std::size_t i) { return limits_[std::min(i, limits_.size() - 1)].id; };
  const auto tries =
      db_.all({}, db::Exempt::tries, id(0), id(1), id(2), now.plus_seconds(-login_window_seconds),
              soon(now), place_, now.plus_seconds(-lately_seconds));
  for (const auto& each : tries)
    if (each.id == place_) known_since_ = each.started_at;
  for (const auto& limit : limits_) {
    if (limit.elsewhere && is_known()) continue;
    for (const auto& each : tries) {
      if (each.id != limit.id) continue;
      if (each.count >= limit.most) too_many(each.started_at, login_window_seconds);
      if (&limit == &limits_.front()) has_failed_ = true;
    }
  }
}

void Throttle::failed() {
  for (const auto& limit : limits_) add(db_, limit.id, login_window_seconds);
}

void Throttle::succeeded() {
  if (has_failed_) db_.run({}, db::Exempt::forget_tries, limits_.front().id);
  const auto now = Time::wall();
  if (known_since_ && now < known_since_->plus_seconds(exact_seconds)) return;
  db_.run({}, db::Exempt::know_address, place_, now, now);
}

void Throttle::check_count(db::Connection& db, const std::string& id, std::int64_t most,
                           std::int64_t window_seconds, const char* message) {
  const auto now = Time::wall();
  for (const auto& tries : db.all({}, db::Exempt::tries, id, id, id,
                                  now.plus_seconds(-window_seconds), soon(now), std::string(), now))
    if (tries.count >= most) too_many(tries.started_at, window_seconds, message);
}

void Throttle::count_signup(db::Connection& db, std::string_view address, int limit) {
  const auto id = key("signup address", subscriber(address));
  check_count(db, id, limit, hour_seconds, later);
  add(db, id, hour_seconds);
}

std::vector<Throttle::Limit> Throttle::limits_of_mail(std::string_view recipient_key,
                                                      std::string_view subscriber,
                                                      const std::optional<base::Uuid>& person) {
  std::vector<Limit> limits{{key(person ? "mail to" : "link to", recipient_key), mails_to_one},
                            {key("mail address", subscriber), mails_from_one}};
  if (person) limits.push_back({key("mail by", person->text()), mails_by_one});
  return limits;
}

void Throttle::check_mail(db::Connection& db, std::string_view recipient_key,
                          std::string_view subscriber, const std::optional<base::Uuid>& person) {
  for (const auto& limit : limits_of_mail(recipient_key, subscriber, person))
    check_count(db, limit.id, limit.most, hour_seconds, later);
}

void Throttle::count_mail(db::Connection& db, std::string_view recipient_key,
                          std::string_view subscriber, const std::optional<base::Uuid>& person) {
  check_mail(db, recipient_key, subscriber, person);
  for (const auto& limit : limits_of_mail(recipient_key, subscriber, person))
    add(db, limit.id, hour_seconds);
}

void Throttle::check_codes(db::Connection& db, const base::Uuid& person) {
  check_count(db, codes_of(person), codes_limit, codes_window_seconds, recovery);
}

void Throttle::count_wrong_code(db::Connection& db, const base::Uuid& person) {
  add(db, codes_of(person), codes_window_seconds);
}

void Throttle::forget_wrong_codes(db::Connection& db, const base::Uuid& person) {
  db.run({}, db::Exempt::forget_tries, codes_of(person));
}

int Throttle::forget_tries(db::Connection& db, Time before) {
  return db.run({}, db::Exempt::forget_old_tries, before);
}

int Throttle::forget_addresses(db::Connection& db, Time before) {
  return db.run({}, db::Exempt::forget_old_addresses, before);
}

}  // namespace auth
