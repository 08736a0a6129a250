// app/archive/writer.cc — see writer.h.
#include "app/archive/writer.h"

#include "app/archive/tables.h"
#include "auth/identities.h"
#include "base/crypto.h"
#include "base/version.h"
#include "db/batch.h"
#include "db/migrate.h"
#include "rest/encode.h"
#include "rest/json.h"

namespace app::archive {
namespace {

// Of the longest texts a few MiB.
constexpr std::int64_t rows_at_a_time = 200;

constexpr db::Scoped<CompanyRow> select_company{
    "SELECT name, address, created_at, suspended_at FROM companies WHERE company_id = ?"};
constexpr db::Scoped<UserRow, db::Batch> select_users{
    "SELECT id, IF(LENGTH(display_name) > 0, display_name, username) AS name, role, created_at,"
    " removed_at FROM users WHERE company_id = ?" +
    db::in_batches("id")};
constexpr db::Scoped<CustomerRow, db::Batch> select_customers{
    "SELECT id, name, email, phone, notes, created_at, updated_at FROM customers"
    " WHERE company_id = ?" +
    db::in_batches("id")};
constexpr db::Scoped<MessageRow, db::Batch> select_messages{
    "SELECT id, from_user, to_user, text, date, read_at FROM user_messages"
    " WHERE company_id = ?" +
    db::in_batches("id")};
constexpr db::Scoped<AuditRow, db::Batch> select_audit{
    "SELECT a.id, a.date, a.event, a.actor_id, IF(a.actor_id IS NULL, a.actor,"
    " IF(LENGTH(u.display_name) > 0, u.display_name, u.username)) AS actor, a.user_id, a.detail,"
    " a.address FROM audit a"
    " LEFT JOIN users u ON u.company_id = a.company_id AND u.id = a.actor_id"
    " WHERE a.company_id = ?" +
    db::in_batches("a.id")};

constexpr const auto& select_of(const UserRow&) { return select_users; }
constexpr const auto& select_of(const CustomerRow&) { return select_customers; }
constexpr const auto& select_of(const MessageRow&) { return select_messages; }
constexpr const auto& select_of(const AuditRow&) { return select_audit; }

struct LoginOwner {
  base::Uuid id, identity_id;

  FIELDS(LoginOwner, id, identity_id)
};
constexpr db::Scoped<LoginOwner, db::Batch> select_login_owners{
    "SELECT id, identity_id FROM users WHERE company_id = ? AND identity_id IS NOT NULL" +
    db::in_batches("id")};

template <class Document>
std::string json_of(const Document& document) {
  rest::JsonSink sink;
  rest::write(sink, document);
  return sink.take() + "\n";
}

class Writer {
 public:
  Writer(db::Connection& db, const db::Tenant& tenant, base::ArchiveWriter& out,
         const WriteOptions& options, Manifest& manifest)
      : db_(db), tenant_(tenant), out_(out), options_(options), manifest_(manifest) {}

  void write_all() {
    out_.add(format_part, json_of(manifest_.format));
    std::apply([&](const auto&... row) { (write_table(row), ...); }, Tables{});
    if (options_.with_logins) write_logins();
    const auto text = json_of(manifest_);
    if (text.size() > most_manifest_bytes) throw base::ArchiveError("has too many parts");
    out_.add(manifest_part, text);
    if (!options_.key.empty())
      out_.add(signature_part, base::hex(base::view(base::hmac_sha256(options_.key, text))) + "\n");
    out_.finish();
  }

 private:
  void write_table(const CompanyRow&) {
    begin_table(CompanyRow::table);
    add_row(db_.one(select_company, tenant_));
    end_part();
  }

  template <class Row>
  void write_table(const Row& any) {
    begin_table(Row::table);
    for_each(select_of(any), [&](const Row& row) { add_row(row); });
    end_part();
  }

  void write_table(const AuditRow&) {
    begin_table(AuditRow::table);
    for_each(select_audit, [&](AuditRow row) {
      if (!keeps_detail(row.event)) row.detail.clear();
      add_row(row);
    });
    end_part();
  }

  void write_logins() {
    begin_table(LoginRow::table);
    for_each(select_login_owners, [&](const LoginOwner& owner) {
      if (const auto person = auth::Identities(db_).find(owner.identity_id))
        add_row(LoginRow{owner.id, person->username, person->password_hash});
    });
    end_part();
  }

  template <class Row, class Work>
  void for_each(const db::Scoped<Row, db::Batch>& select, Work work) {
    db::for_each_row([&](const auto& batch) { return db_.all(select, tenant_, batch); }, work,
                     db::Batch{{}, rows_at_a_time});
  }

  void begin_table(std::string_view table) {
    manifest_.tables.push_back({std::string(table)});
    parts_of_table_ = 0;
  }

  template <class Row>
  void add_row(const Row& row) {
    const auto line = json_of(row);
    if (text_.size() + line.size() > full_part_bytes) end_part();
    text_ += line;
    rows_of_part_++;
  }

  // A table without rows has no part.
  void end_part() {
    if (rows_of_part_ == 0) return;
    auto& table = manifest_.tables.back();
    const auto name = part_name(table.table, ++parts_of_table_);
    if (text_.size() > most_part_bytes || manifest_.parts.size() == most_parts)
      throw base::ArchiveError("would be too large at " + name);
    out_.add(name, text_);
    manifest_.parts.push_back({name, rows_of_part_, static_cast<std::int64_t>(text_.size()),
                               base::hex(base::view(base::sha256(text_)))});
    table.rows += rows_of_part_;
    rows_of_part_ = 0;
    text_.clear();
  }

  db::Connection& db_;
  const db::Tenant& tenant_;
  base::ArchiveWriter& out_;
  const WriteOptions& options_;
  Manifest& manifest_;
  std::size_t parts_of_table_ = 0;
  std::string text_;  // of the part that is being made
  std::int64_t rows_of_part_ = 0;
};

}  // namespace

Manifest write(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company,
               base::ArchiveWriter& out, const WriteOptions& options) {
  Manifest manifest;
  manifest.format.product = base::version;
  manifest.format.schema = db::all_migrations().back().number;
  manifest.format.logins = options.with_logins;
  manifest.company = company;
  manifest.made_at = base::Time::now();
  db.snapshot([&] { Writer(db, tenant, out, options, manifest).write_all(); });
  return manifest;
}

}  // namespace app::archive
