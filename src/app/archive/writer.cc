// app/archive/writer.cc — see writer.h.
#include "app/archive/writer.h"

#include "app/archive/logins.h"
#include "app/archive/parts.h"
#include "app/archive/statements.h"
#include "auth/identities.h"
#include "base/version.h"
#include "db/migrate.h"

namespace app::archive {
namespace {

constexpr db::Scoped<CompanyRow> select_company{select_company_of};
constexpr db::Scoped<UserRow, db::Batch> select_users{select_users_of + db::in_batches("id")};
constexpr db::Scoped<CustomerRow, db::Batch> select_customers{select_customers_of +
                                                              db::in_batches("id")};
constexpr db::Scoped<MessageRow, db::Batch> select_messages{select_messages_of +
                                                            db::in_batches("id")};
constexpr db::Scoped<AuditRow, db::Batch> select_audit{select_audit_of + db::in_batches("a.id")};

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

class Writer {
 public:
  Writer(db::Connection& db, const db::Tenant& tenant, PartsWriter& parts)
      : db_(db), tenant_(tenant), parts_(parts) {}

  void write_table(const CompanyRow&) {
    parts_.begin_table(CompanyRow::table);
    parts_.add_row(db_.one(select_company, tenant_));
    parts_.end_table();
  }

  template <class Row>
  void write_table(const Row& any) {
    parts_.begin_table(Row::table);
    for_each(select_of(any), [&](const Row& row) { parts_.add_row(row); });
    parts_.end_table();
  }

  void write_table(const AuditRow&) {
    parts_.begin_table(AuditRow::table);
    for_each(select_audit, [&](const AuditRow& row) { parts_.add_row(without_names(row)); });
    parts_.end_table();
  }

  void write_logins() {
    parts_.begin_table(LoginRow::table);
    std::size_t logins = 0;
    for_each(select_login_owners, [&](const LoginOwner& owner) {
      if (const auto person = auth::Identities(db_).find(owner.identity_id))
        parts_.add_row(
            LoginRow{owner.id, person->username, person->password_hash,
                     person->factor.is_on() || person->factor.factor_ended_at.has_value()});
      if (++logins > most_logins) throw base::ArchiveError("would have too many logins");
    });
    parts_.end_table();
  }

 private:
  template <class Row, class Work>
  void for_each(const db::Scoped<Row, db::Batch>& select, Work work) {
    db::for_each_row([&](const auto& batch) { return db_.all(select, tenant_, batch); }, work,
                     db::Batch{{}, rows_at_a_time});
  }

  db::Connection& db_;
  const db::Tenant& tenant_;
  PartsWriter& parts_;
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
  db.snapshot([&] {
    PartsWriter parts(out, options, manifest);
    Writer writer(db, tenant, parts);
    std::apply([&](const auto&... row) { (writer.write_table(row), ...); }, Tables{});
    if (options.with_logins) writer.write_logins();
    parts.finish();
  });
  return manifest;
}

}  // namespace app::archive
