// app/archive/logins.cc — see logins.h.
#include "app/archive/logins.h"

#include <algorithm>

#include "app/users/users.h"
#include "auth/identities.h"
#include "base/clock.h"
#include "rest/crud.h"

namespace app::archive {
namespace {

struct Shown {
  std::string username;

  FIELDS(Shown, username)
};
constexpr db::Scoped<Shown, base::Uuid> select_person{R"(
    SELECT username FROM users WHERE company_id = ? AND id = ? AND removed_at IS NULL)"};

bool is_base64(std::string_view text, std::size_t length) {
  return text.size() == length && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '+' || c == '/';
         });
}

// Answers false where somebody has the name.
bool insert_identity(db::Connection& db, const base::Uuid& id, const LoginRow& row,
                     const base::Uuid& company) {
  auth::Identities identities(db);
  if (identities.by_key(auth::username_key(row.username))) return false;
  try {
    identities.insert({.id = id,
                       .username = row.username,
                       .password_hash = row.password_hash,
                       .password_given = 1,
                       .default_company_id = company});
    if (row.had_second_factor)  // from here on the password is enough, and they are told
      identities.set_factor(id, {.factor_ended_at = base::Time::now()});
    return true;
  } catch (const db::DuplicateKey&) {  // somebody was faster
    return false;
  }
}

}  // namespace

bool is_password_hash(std::string_view text) {
  constexpr std::string_view cost = "$argon2id$v=19$m=19456,t=2,p=1$";
  constexpr std::size_t salt = 22, hash = 43;  // 16 and 32 bytes in base64
  if (!text.starts_with(cost)) return false;
  text.remove_prefix(cost.size());
  return text.size() == salt + 1 + hash && text[salt] == '$' &&
         is_base64(text.substr(0, salt), salt) && is_base64(text.substr(salt + 1), hash);
}

void Logins::add(db::Connection& db, const db::Tenant& tenant, LoginRow row) {
  while (!rows_.empty() && row.id <= rows_.back().id) {  // a deadlock has the part read again
    keys_.erase(auth::username_key(rows_.back().username));
    rows_.pop_back();
  }
  if (rows_.size() == most_logins) throw Refusal("there are too many logins");
  auto name = row.username;
  base::Problems problems;
  check_username(name, "username", problems);
  if (!problems.empty() || name != row.username)
    throw Refusal("username is none that could be chosen here");
  if (!is_password_hash(row.password_hash))
    throw Refusal("password_hash is none that this release makes");
  if (!db.find(select_person, tenant, row.id)) throw Refusal("there is no user of this id");
  if (!keys_.insert(auth::username_key(name)).second)
    throw Refusal("somebody else in the archive has this username");
  rows_.push_back(std::move(row));
}

GivenLogins Logins::give(db::Connection& db, const db::Tenant& tenant,
                         const base::Uuid& company) const {
  GivenLogins result;
  for (const auto& row : rows_) {
    const auto shown = db.one(select_person, tenant, row.id).username;
    const auto id = base::Uuid::make(base::Time::now());
    if (!insert_identity(db, id, row, company)) {
      result.taken.push_back(row.username);
      continue;
    }
    give_login(db, tenant, id, {row.id, row.username, kept_display_name(shown, row.username), {}});
    result.given++;
  }
  return result;
}

}  // namespace app::archive
