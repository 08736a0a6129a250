// auth/outbox.cc — see outbox.h.
#include "auth/outbox.h"

#include "base/error.h"
#include "base/text.h"
#include "db/unscoped_mail.h"

namespace auth {

using base::Time;
using base::Uuid;
using db::Exempt;

void Outbox::add(std::string_view kind, const std::string& recipient, const Uuid& about) {
  const bool is_asked_for = kind == mail_verify || about == Uuid{};
  if (is_asked_for) check_room();
  const auto now = Time::now();
  db_.run({}, Exempt::Mail::add, Uuid::make(now), std::string(kind), recipient,
          base::search_key(recipient), about, now, now);
}

void Outbox::check_room() {
  if (db_.find({}, Exempt::Mail::count)->value >= most_mails)
    throw base::Error(base::Code::unavailable, "Too many mails wait to be sent. Try again later.");
}

void Outbox::forget(const Uuid& person, std::string_view kind) {
  db_.run({}, Exempt::Mail::forget_kind, person, std::string(kind));
}

void Outbox::forget(const Uuid& person) { db_.run({}, Exempt::Mail::forget, person); }

std::vector<db::Mail> Outbox::due(Time now, std::int64_t most) {
  return db_.all({}, Exempt::Mail::due, now, most);
}

bool Outbox::begin(db::Mail& mail, Time next_at) {
  if (db_.run({}, Exempt::Mail::begin, next_at, mail.id, mail.attempts) != 1) return false;
  mail.attempts++;
  return true;
}

void Outbox::end(const db::Mail& mail) { db_.run({}, Exempt::Mail::end, mail.id, mail.attempts); }

int Outbox::forget_old(db::Connection& db, Time before) {
  return db.run({}, Exempt::Mail::forget_old, before);
}

}  // namespace auth
