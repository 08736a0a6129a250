// db/migrate.cc — see migrate.h.
#include "db/migrate.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

#include "base/clock.h"
#include "base/crypto.h"
#include "db/connection.h"
#include "db/unscoped.h"

// src/db/migrations.S
extern "C" const char migrations_start[];
extern "C" const char migrations_end[];

namespace db {
namespace {

constexpr std::string_view marker = "--@ sql/";
constexpr std::int64_t lock_seconds = 60;

}  // namespace

std::vector<Migration> split_migrations(std::string_view text) {
  std::vector<Migration> migrations;
  for (auto start = text.find(marker); start != text.npos;) {
    const auto name_start = start + marker.size();
    const auto line_end = text.find('\n', name_start);
    const auto next = text.find(marker, name_start);
    Migration migration;
    migration.name = text.substr(name_start, text.rfind(".sql", line_end) - name_start);
    migration.sql = text.substr(line_end + 1, next == text.npos ? next : next - line_end - 1);
    migration.checksum = base::hex(base::view(base::sha256(migration.sql)));
    std::from_chars(migration.name.data(), migration.name.data() + 4, migration.number);
    migrations.push_back(std::move(migration));
    start = next;
  }
  return migrations;
}

std::vector<Migration> all_migrations() {
  return split_migrations(
      {migrations_start, static_cast<std::size_t>(migrations_end - migrations_start)});
}

// The only user of SQL that is not a constant in the code: the embedded files.
class Migrator {
 public:
  explicit Migrator(const base::Config& config) : db_(as_owner(config)) {}

  std::vector<std::string> run() {
    const auto lock = db_.find(Exempt::lock_schema, std::string("partywall_schema"), lock_seconds);
    if (!lock || lock->value != 1)
      throw std::runtime_error("another migration is running and did not end within a minute");
    db_.execute("CREATE TABLE IF NOT EXISTS schema_migrations ("
                " number INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL,"
                " checksum CHAR(64) NOT NULL, applied_at DATETIME(6) NOT NULL)"
                " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    const auto done = db_.all(Exempt::applied_migrations);
    const auto wanted = all_migrations();
    check(done, wanted);
    std::vector<std::string> names;
    for (auto i = done.size(); i < wanted.size(); i++) names.push_back(apply(wanted[i]));
    return names;
  }

 private:
  static base::Config as_owner(base::Config config) {
    if (!config.owner_account.user.empty()) config.db_account = config.owner_account;
    return config;
  }

  static void check(const std::vector<AppliedMigration>& done,
                    const std::vector<Migration>& wanted) {
    if (done.size() > wanted.size())
      throw std::runtime_error(fmt::format("the schema is newer than this program: {} is not known",
                                           done[wanted.size()].name));
    for (std::size_t i = 0; i < done.size(); i++)
      if (done[i].name != wanted[i].name || done[i].checksum != wanted[i].checksum)
        throw std::runtime_error(fmt::format(
            "{} was changed after it was applied; write a new migration instead", wanted[i].name));
  }

  std::string apply(const Migration& migration) {
    try {
      db_.execute(std::string(migration.sql));
    } catch (const base::Error&) {
      throw std::runtime_error(
          fmt::format("{} failed (the database's error is in the line above); nothing after it was "
                      "applied. Mend the cause and run migrate again",
                      migration.name));
    }
    db_.run(Exempt::record_migration, migration.number, std::string(migration.name),
            migration.checksum, base::Time::now());
    return std::string(migration.name);
  }

  Connection db_;
};

std::vector<std::string> migrate(const base::Config& config) { return Migrator(config).run(); }

}  // namespace db
