// db/unscoped_mail.h — the part of db/unscoped.h that is about people's e-mail addresses, and the
// mails that wait to be sent.
//
// A person has one address in all of their companies, and whoever asks for a mail is nobody yet.
#pragma once
#include "db/unscoped.h"

namespace auth {
class Outbox;
}  // namespace auth

namespace db {

struct Exempt::Mail {
  static constexpr Unscoped<auth::Identities, Email, base::Uuid> address{
      "a person's e-mail address is the same in each of their companies",
      "SELECT email, email_verified_at, new_email, new_email_token, new_email_ends_at"
      " FROM identities WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, void, Email, std::optional<std::string>, base::Uuid>
      set_address{"a person's e-mail address is the same in each of their companies",
                  "UPDATE identities SET email = ?, email_verified_at = ?, new_email = ?,"
                  " new_email_token = ?, new_email_ends_at = ?, email_key = ? WHERE id = ?"};

  static constexpr Unscoped<auth::Identities, IdentityId, std::string, std::int64_t> people{
      "a mail for whoever has an address is for people, whatever companies they are in",
      "SELECT id FROM identities WHERE email_key = ? ORDER BY email_verified_at, id LIMIT ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Uuid, std::string, std::string, std::string,
                            base::Uuid, base::Time, base::Time>
      add{"a mail is for a person, or for whoever has an address",
          "INSERT INTO mails (id, kind, recipient, recipient_key, identity_id, attempts,"
          " next_at, created_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?)"
          " ON DUPLICATE KEY UPDATE next_at = VALUES(next_at), created_at = VALUES(created_at)"};

  static constexpr Unscoped<auth::Outbox, Number> count{
      "how many mails wait is bounded over all companies", "SELECT COUNT(*) AS value FROM mails"};

  static constexpr Unscoped<auth::Outbox, db::Mail, base::Time, std::int64_t> due{
      "a timer's command sends what waits, whomever it is for",
      "SELECT id, kind, recipient, identity_id, attempts, created_at FROM mails"
      " FORCE INDEX (by_turn) WHERE next_at <= ? ORDER BY next_at, id LIMIT ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Time, base::Uuid, std::int64_t> begin{
      "of two commands one sends it",
      "UPDATE mails SET attempts = attempts + 1, next_at = ? WHERE id = ? AND attempts = ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Uuid, std::int64_t> end{
      "a mail that was sent, or given up, is gone",
      "DELETE FROM mails WHERE id = ? AND attempts = ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Uuid, std::string> forget_kind{
      "what waits for a person ends with what it is about",
      "DELETE FROM mails WHERE identity_id = ? AND kind = ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Uuid> forget{
      "a person who is nobody any more gets no mail", "DELETE FROM mails WHERE identity_id = ?"};

  static constexpr Unscoped<auth::Outbox, void, base::Time> forget_old{
      "what was not sent within a day is given up",
      "DELETE FROM mails WHERE created_at < ? LIMIT 100"};
};

}  // namespace db
