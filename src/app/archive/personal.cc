// app/archive/personal.cc — the archive of what one person has in a company. See writer.h.
//
// Of others it has what the person sees of them: the name that they are shown by, beside each
// message.
#include "app/archive/parts.h"
#include "app/archive/tables.h"
#include "base/version.h"
#include "db/migrate.h"

namespace app::archive {
namespace {

using base::Time;
using base::Uuid;

constexpr std::string_view personal_format = "partywall personal";

struct SentRow {
  Uuid id, to_user;
  std::string to_name, text;
  Time date;
  std::optional<Time> read_at;

  static constexpr std::string_view table = "messages_sent";
  static constexpr std::size_t most_statement_bytes = 640;  // a join
  FIELDS(SentRow, id, to_user, to_name, text, date, read_at)
};

struct ReceivedRow {
  Uuid id, from_user;
  std::string from_name, text;
  Time date;
  std::optional<Time> read_at;

  static constexpr std::string_view table = "messages_received";
  static constexpr std::size_t most_statement_bytes = 640;
  FIELDS(ReceivedRow, id, from_user, from_name, text, date, read_at)
};

// What the audit has of what the person did, in the words of AuditRow.
struct OwnAuditRow {
  Uuid id;
  Time date;
  std::string event, detail, address;

  static constexpr std::string_view table = "audit";
  FIELDS(OwnAuditRow, id, date, event, detail, address)
};

// The rows after one, by their date and id.
struct After {
  Time date = Time::lowest();
  Uuid id;
  std::int64_t rows = rows_at_a_time;

  static constexpr auto placeholders() {
    return std::tuple{&After::date, &After::date, &After::id, &After::rows};
  }
};
constexpr base::Literal after =
    " AND m.date >= ? AND (m.date > ? OR m.id > ?) ORDER BY m.date, m.id LIMIT ?";

constexpr db::Scoped<UserRow, Uuid> select_person{
    "SELECT id, IF(LENGTH(display_name) > 0, display_name, username) AS name, role, created_at,"
    " removed_at FROM users WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<SentRow, Uuid, After> select_sent{
    "SELECT m.id, m.to_user, IF(LENGTH(u.display_name) > 0, u.display_name, u.username) AS to_name,"
    " m.text, m.date, m.read_at FROM user_messages m FORCE INDEX (sent)"
    " JOIN users u ON u.company_id = m.company_id AND u.id = m.to_user"
    " WHERE m.company_id = ? AND m.from_user = ?" +
    after};
constexpr db::Scoped<ReceivedRow, Uuid, After> select_received{
    "SELECT m.id, m.from_user,"
    " IF(LENGTH(u.display_name) > 0, u.display_name, u.username) AS from_name,"
    " m.text, m.date, m.read_at FROM user_messages m FORCE INDEX (received)"
    " JOIN users u ON u.company_id = m.company_id AND u.id = m.from_user"
    " WHERE m.company_id = ? AND m.to_user = ?" +
    after};
constexpr db::Scoped<OwnAuditRow, Uuid, db::Batch> select_audit{
    "SELECT id, date, event, detail, address FROM audit WHERE company_id = ? AND actor_id = ?" +
    db::in_batches("id")};

// Calls work(row) for each, the oldest first.
template <class Row>
void write_messages(db::Connection& db, const db::Tenant& tenant, const Uuid& user,
                    const db::Scoped<Row, Uuid, After>& select, PartsWriter& parts) {
  parts.begin_table(Row::table);
  After place;
  for (bool more = true; more;) {
    const auto rows = db.all(select, tenant, user, place);
    for (const auto& row : rows) parts.add_row(row);
    more = static_cast<std::int64_t>(rows.size()) == place.rows;
    if (more) place.date = rows.back().date, place.id = rows.back().id;
  }
  parts.end_table();
}

void write_audit(db::Connection& db, const db::Tenant& tenant, const Uuid& user,
                 PartsWriter& parts) {
  parts.begin_table(OwnAuditRow::table);
  db::for_each_row([&](const auto& batch) { return db.all(select_audit, tenant, user, batch); },
                   [&](const OwnAuditRow& row) { parts.add_row(without_names(row)); },
                   db::Batch{{}, rows_at_a_time});
  parts.end_table();
}

}  // namespace

Manifest write_personal(db::Connection& db, const db::Tenant& tenant, const Uuid& company,
                        const Uuid& user, base::ArchiveWriter& out, const WriteOptions& options) {
  Manifest manifest;
  manifest.format.format = personal_format;
  manifest.format.product = base::version;
  manifest.format.schema = db::all_migrations().back().number;
  manifest.company = company;
  manifest.made_at = Time::now();
  db.snapshot([&] {
    PartsWriter parts(out, options, manifest);
    parts.begin_table(UserRow::table);
    parts.add_row(db.one(select_person, tenant, user));
    parts.end_table();
    write_messages(db, tenant, user, select_sent, parts);
    write_messages(db, tenant, user, select_received, parts);
    write_audit(db, tenant, user, parts);
    parts.finish();
  });
  return manifest;
}

}  // namespace app::archive
