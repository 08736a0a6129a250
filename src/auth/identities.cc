// auth/identities.cc — see identities.h. Table: sql/0002_identities.sql.
#include "auth/identities.h"

#include "auth/authenticator.h"
#include "auth/outbox.h"
#include "base/clock.h"
#include "base/text.h"
#include "db/unscoped_mail.h"

namespace auth {

using base::Uuid;
using db::Exempt;

std::optional<db::Identity> Identities::by_key(const std::string& name_key) {
  return db_.find({}, Exempt::identity_by_username, name_key);
}

std::optional<db::Identity> Identities::find(const Uuid& id) {
  return db_.find({}, Exempt::identity, id);
}

std::vector<db::IdentityLine> Identities::with_companies(const db::Batch& batch) {
  return db_.all({}, Exempt::identities_with_companies, batch);
}

std::optional<db::Identity> Identities::lock(const Uuid& id) {
  return db_.find({}, Exempt::lock_identity, id);
}

std::vector<db::Membership> Identities::memberships(const Uuid& id) {
  return db_.all({}, Exempt::memberships, id);
}

std::vector<db::Membership> Identities::lock_memberships(const Uuid& id) {
  return db_.all({}, Exempt::lock_memberships, id);
}

std::vector<db::OwnCompany> Identities::own_companies(const Uuid& id, bool counts_are_kept) {
  if (counts_are_kept) return db_.all({}, Exempt::own_companies, id);
  return db_.all({}, Exempt::own_companies_counted, id);
}

void Identities::insert(const db::Identity& identity) {
  db_.run({}, Exempt::create_identity, identity.id, username_key(identity.username),
          identity.username, identity.password_hash, identity.password_given,
          identity.default_company_id, base::Time::now());
}

void Identities::rename(const Uuid& id, const std::string& username) {
  db_.run({}, Exempt::set_username, username_key(username), username, id);
}

void Identities::set_password(const Uuid& id, const std::string& password_hash, bool given) {
  db_.run({}, Exempt::set_password, password_hash, given, id);
}

void Identities::set_factor(const Uuid& id, const db::Factor& factor) {
  db_.run({}, Exempt::set_factor, factor, id);
}

db::Email Identities::email(const Uuid& id) {
  return db_.find({}, Exempt::Mail::address, id).value_or(db::Email{});
}

void Identities::set_email(const Uuid& id, const db::Email& email) {
  const auto key = email.email ? std::optional(base::search_key(*email.email)) : std::nullopt;
  db_.run({}, Exempt::Mail::set_address, email, key, id);
}

std::vector<db::IdentityId> Identities::with_email(std::string_view address, std::int64_t most) {
  return db_.all({}, Exempt::Mail::people, base::search_key(address), most);
}

void Identities::set_default_company(const Uuid& id, const Uuid& company_id) {
  db_.run({}, Exempt::set_default_company, company_id, id);
}

void Identities::erase(const Uuid& id) {
  Outbox(db_).forget(id);
  db_.run({}, Exempt::delete_identity, id);
}

void Identities::lock_alone(const Uuid& id) { db_.find({}, Exempt::lock_identity_alone, id); }

bool Identities::erase_if_nowhere(const Uuid& id) {
  if (!memberships(id).empty()) return false;
  erase(id);
  return true;
}

}  // namespace auth
