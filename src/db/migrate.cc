// db/migrate.cc — see migrate.h.
#include "db/migrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "base/crypto.h"
#include "base/version.h"
#include "db/connection.h"
#include "db/grants.h"
#include "db/history.h"
#include "db/owner.h"

// src/db/migrations.S
extern "C" const char migrations_start[];
extern "C" const char migrations_end[];

namespace db {
namespace {

using State = Step::State;

constexpr std::string_view marker = "--@ sql/";
constexpr std::int64_t lock_seconds = 60;
constexpr int longest_statement_seconds = 24 * 3600;

// What the database says to a statement that has been executed before: a table, column or key that
// is there (1050, 1060, 1061, 1826) or that is not there any more (1051, 1091).
bool is_done_already(int number) {
  constexpr std::array numbers = {1050, 1051, 1060, 1061, 1091, 1826};
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Both lists as one, by number; what only the database knows comes last.
std::vector<Step> compare(const std::vector<AppliedMigration>& done, const Migrations& wanted) {
  std::vector<Step> steps;
  for (const auto& each : wanted) {
    auto& step = steps.emplace_back(Step{std::string(each.name), State::pending, {}, each.sql});
    for (const auto& row : done) {
      if (row.number != each.number) continue;
      step.applied_at = row.applied_at;
      step.state = row.name != each.name || row.checksum != each.checksum ? State::changed
                   : row.applied_at                                       ? State::applied
                                                                          : State::begun;
    }
  }
  for (const auto& row : done)
    if (std::none_of(wanted.begin(), wanted.end(),
                     [&](const auto& each) { return each.number == row.number; }))
      steps.push_back({row.name, State::unknown, row.applied_at, {}});
  return steps;
}

const Step* find(const std::vector<Step>& steps, State state) {
  const auto step = std::find_if(steps.begin(), steps.end(),
                                 [&](const auto& each) { return each.state == state; });
  return step == steps.end() ? nullptr : &*step;
}

// Why the schema is too new for this program; "" when it is not, or has room for it.
std::string too_new(History& history, const std::vector<Step>& steps) {
  if (!find(steps, State::unknown)) return "";
  for (const auto& [name, oldest] : history.rooms()) {
    const bool is_known = std::none_of(steps.begin(), steps.end(), [&](const auto& step) {
      return step.state == State::unknown && step.name == name;
    });
    if (is_known || (!oldest.empty() && !base::is_older(base::version, oldest))) continue;
    return fmt::format(
        "the schema is newer than this program: it does not know {}{}. Install the program that "
        "the schema was migrated with, or a newer one",
        name,
        oldest.empty() ? "" : fmt::format(", which needs {} and not {}", oldest, base::version));
  }
  return "";
}

}  // namespace

Migrations split_migrations(std::string_view text) {
  Migrations migrations;
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

Migrations all_migrations() {
  return split_migrations(
      {migrations_start, static_cast<std::size_t>(migrations_end - migrations_start)});
}

std::string_view to_text(State state) {
  switch (state) {
    case State::applied: return "applied";
    case State::pending: return "pending";
    case State::begun: return "begun";
    case State::changed: return "changed";
    case State::unknown: return "unknown";
  }
  return "";
}

base::Config as_owner(base::Config config) {
  if (!config.owner_account.user.empty()) config.db_account = config.owner_account;
  config.read_timeout_seconds = longest_statement_seconds;
  return config;
}

// The only user of SQL that is not a constant in the code and writes: the embedded files, grants,
// and what comes and goes between migrations (db/owner.h).
class Migrator {
 public:
  static void execute(Connection& owner, const std::string& sql) { owner.execute(sql); }

  explicit Migrator(const base::Config& config)
      : db_(as_owner(config)), history_(db_), config_(config) {}
  ~Migrator() {
    if (has_applied_) db_.wait_until_it_acts();
  }

  void run(const Migrations& wanted, const std::function<void(std::string_view)>& done) {
    // A statement that waits for a table makes all wait that want it later.
    db_.execute("SET SESSION lock_wait_timeout = 10");
    // A foreign key is added without a stop only where the database does not look at the rows that
    // are there. Of a new column none has a value.
    db_.execute("SET SESSION foreign_key_checks = 0");
    // Somebody has gone on to the next release, or is at it: that migrates, and gives the rights.
    if (is_newer(wanted)) return;
    lock();
    make_history();
    if (is_newer(wanted)) return;
    const auto steps = compare(history_.migrations(), wanted);
    if (const auto* step = find(steps, State::changed))
      throw std::runtime_error(fmt::format(
          "{} was changed after it was applied; write a new migration instead", step->name));
    for (std::size_t i = 0; i < wanted.size(); i++) {
      if (steps[i].state == State::applied) continue;
      apply(wanted[i], steps[i].state == State::begun);
      done(wanted[i].name);
    }
    give_rights();
  }

 private:
  // Whether the schema has all that is wanted, and more. Throws when it is too new.
  bool is_newer(const Migrations& wanted) {
    const auto steps = compare(history_.migrations(), wanted);
    if (const auto problem = too_new(history_, steps); !problem.empty())
      throw std::runtime_error(problem);
    return find(steps, State::unknown) &&
           std::all_of(steps.begin(), steps.end(), [](const auto& step) {
             return step.state == State::applied || step.state == State::unknown;
           });
  }

  // The table of what was applied, also where an older program has made it: without room for a
  // migration that has only begun, or for the name of a program.
  void make_history() {
    db_.execute("CREATE TABLE IF NOT EXISTS schema_migrations ("
                " number INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL,"
                " checksum CHAR(64) NOT NULL, applied_at DATETIME(6) NULL,"
                " oldest_program VARCHAR(20) NOT NULL DEFAULT '')"
                " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    if (!history_.has_column("oldest_program"))
      db_.execute("ALTER TABLE schema_migrations MODIFY applied_at DATETIME(6) NULL,"
                  " ADD COLUMN oldest_program VARCHAR(20) NOT NULL DEFAULT ''");
  }

  // Held by this connection, so also until a statement ends that a killed run has left behind.
  void lock() {
    const auto name = "partywall " + base::hex(base::view(base::sha256(config_.db_name)));
    if (!history_.lock(name.substr(0, 42), lock_seconds))
      throw TryAgain("another migration is running and did not end within a minute");
  }

  void give_rights() try {
    for (const auto& statement : grants(db_, config_)) db_.execute(statement);
  } catch (const Refused& refused) {
    throw std::runtime_error(fmt::format(
        "the account {} may not give the others their rights (the database's error {}): it needs "
        "GRANT OPTION on `{}`.*",
        config_.owner_account.user, refused.number, config_.db_name));
  }

  // A statement on rows and its record are one transaction; DDL commits by itself.
  void execute(const Migration& migration) {
    db_.transaction([&] {
      db_.execute(std::string(migration.sql));
      history_.end(migration.number);
    });
  }

  void apply(const Migration& migration, bool begun) {
    has_applied_ = true;
    if (!begun) history_.begin(migration.number, migration.name, migration.checksum);
    try {
      execute(migration);
    } catch (const base::Error& error) {
      const auto* refused = dynamic_cast<const Refused*>(&error);
      if (begun && refused && is_done_already(refused->number))
        return history_.end(migration.number);
      if (error.code == base::Code::unavailable)
        throw TryAgain(fmt::format("{} while {} ran; nothing after it was applied. Run migrate "
                                   "again: it finds out how far that one came",
                                   error.cause, migration.name));
      if (!begun) history_.forget(migration.number);
      throw std::runtime_error(fmt::format(
          "{} failed ({}); nothing of it and nothing after it was applied. Mend the cause and run "
          "migrate again",
          migration.name,
          refused ? fmt::format("the database's error {}", refused->number) : error.message));
    }
  }

  Connection db_;
  History history_;
  const base::Config& config_;
  bool has_applied_ = false;
};

std::vector<Step> migration_status(const base::Config& config, const Migrations& wanted) {
  Connection db(as_owner(config));
  return migration_status(db, wanted);
}

std::vector<Step> migration_status(Connection& db, const Migrations& wanted) {
  return compare(History(db).migrations(), wanted);
}

void migrate(const base::Config& config, const std::function<void(std::string_view)>& done,
             const Migrations& wanted) {
  Migrator(config).run(wanted, done);
}

std::string schema_problem(Connection& db) try {
  History history(db);
  const auto steps = compare(history.migrations(), all_migrations());
  if (const auto problem = too_new(history, steps); !problem.empty()) return problem;
  for (const auto state : {State::pending, State::begun})
    if (const auto* step = find(steps, state))
      return fmt::format("the schema is older than this program: {} is {}. Run `partywall migrate`",
                         step->name, to_text(state));
  return "";
} catch (const NoRights&) {
  return "the account of [database] has no rights there yet. Run `partywall migrate`";
}

void execute_as_owner(Connection& owner, const std::string& sql) { Migrator::execute(owner, sql); }

}  // namespace db
