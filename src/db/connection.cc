// db/connection.cc — see connection.h.
#include "db/connection.h"

#include <cppconn/exception.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "db/failures.h"
#include "db/link.h"

namespace db {
namespace {

constexpr Scoped<void, Change> insert_change{R"(
    INSERT INTO changes (company_id, id, what, user_id, other_id, login, date)
    VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6)))"};

constexpr int access_to_database_denied = 1044, access_denied = 1045;

[[noreturn]] void throw_unavailable(std::string why) {
  base::Error error(base::Code::unavailable, "Service is temporarily unavailable.");
  error.cause = std::move(why);
  throw error;
}

[[noreturn]] void throw_closed() {
  base::Error error(base::Code::unavailable,
                    "Your company is being moved, and nothing can be changed for a moment.");
  error.retry_after_seconds = 2;
  throw error;
}

}  // namespace

Connection::Connection(const base::Config& config, Marker marker, Announcer* announcer)
    : link_(new Link{.config = config}), marker_(marker), announcer_(announcer) {}
Connection::~Connection() = default;

// Runs one exchange with the database: connects first if need be, counts and times it, and
// translates what it throws. A lost connection is dropped; a repeatable exchange is tried once more
// on a new one, but not when the time for an answer is spent: a database that hangs is not asked
// twice.
template <class Work>
auto Connection::guarded(bool repeatable, Work&& work) {
  const auto start = base::monotonic_micros();
  struct Timer {
    Usage& usage;
    std::int64_t start;
    ~Timer() { usage.micros += base::monotonic_micros() - start; }
  } timer{usage_, start};
  link_->is_in_doubt = false;
  for (bool again = repeatable && !link_->in_transaction;; again = false) {
    try {
      if (!link_->connection) {
        if (link_->in_transaction) throw_unavailable("the connection was lost in a transaction");
        usage_.connects++;
        link_->connect(marker_);
      }
      usage_.statements++;
      link_->is_in_doubt = true;
      return work();
    } catch (const sql::SQLException& error) {
      const int number = error.getErrorCode();
      const bool is_lost = link_->connection && failure_of(number) == Failure::lost;
      if (!is_lost) link_->is_in_doubt = false;
      const bool at_once = base::monotonic_micros() - start < 500'000;
      if (!is_lost || !again || !at_once) fail(number, error.what());
      link_->drop();
    }
  }
}

// Says in our words what the database said. A server that is away or takes no writes is left, so
// that the next connection finds the one that has taken its place.
void Connection::fail(int number, const char* said) {
  const auto failure = link_->connection ? failure_of(number) : Failure::lost;
  const auto why = [&](std::string_view what) {
    return fmt::format("{} ({}): {} (error {})", what, link_->config.db_place(), said, number);
  };
  switch (failure) {
    case Failure::lost:
      link_->drop();
      if (number == access_to_database_denied) throw NoRights(why("the database refuses us"));
      if (number == access_denied) throw_unavailable(why("the database refuses us"));
      throw_unavailable(why("the database is away"));
    case Failure::unwritable: link_->drop(); throw_unavailable(why("the database takes no writes"));
    case Failure::full:
      link_->drop();
      usage_.full++;
      throw_unavailable(why("the database is full"));
    case Failure::deadlock: usage_.deadlocks++; throw Conflict(why("deadlock"));
    case Failure::locked: throw_unavailable(why("a row or a table stayed locked"));
    case Failure::slow: throw_unavailable(why("a statement took too long"));
    case Failure::duplicate: throw DuplicateKey(name_of_key(said));
    case Failure::no_reference:
      throw base::Error(base::Code::invalid, "A row that is referred to does not exist.");
    case Failure::closed: throw_closed();
    case Failure::other: break;
  }
  throw Refused(number, fmt::format("database error {}", number));
}

// A read may be sent again after a loss; a write of unknown fate never is.
Rows Connection::query(const Statement& statement, const std::vector<Param>& params) {
  return guarded(statement.reads && !statement.locks, [&] {
    auto rows = std::make_unique<Rows::Impl>();
    rows->result.reset(link_->bound(statement, params).executeQuery());
    return Rows(std::move(rows));
  });
}

Rows Connection::query_made(const std::string& sql) {
  return guarded(true, [&] {
    auto rows = std::make_unique<Rows::Impl>();
    const std::unique_ptr<sql::Statement> statement(link_->connection->createStatement());
    rows->result.reset(statement->executeQuery(sql));
    return Rows(std::move(rows));
  });
}

// Runs what can change a right under a mark, which in a transaction stays until that ends.
template <class Work>
auto Connection::marked(const base::Uuid* company_id, Work&& work) {
  marker_.set(company_id);
  if (link_->in_transaction) return work();
  struct End {
    Connection& db;
    ~End() { db.link_->is_in_doubt ? db.marker_.leave() : db.marker_.lift(); }
  } end{*this};
  auto answer = work();
  link_->is_in_doubt = false;
  return answer;
}

int Connection::update(const Statement& statement, const std::vector<Param>& params,
                       const base::Uuid* company_id) {
  if (!statement.changes_rights) return write(statement, params);
  if (announcer_ && company_id && statement.ends_streams) {
    if (!in_transaction()) {  // its row of `changes` is written with it
      int rows = 0;
      transaction([&] { rows = update(statement, params, company_id); });
      return rows;
    }
    announcer_->note_ending(*company_id);
  }
  return marked(company_id, [&] { return write(statement, params); });
}

// A statement by itself is a transaction of its own, so it is run again as one is.
int Connection::write(const Statement& statement, const std::vector<Param>& params) {
  for (int attempt = 1;; attempt++) {
    try {
      const int rows =
          guarded(false, [&] { return link_->bound(statement, params).executeUpdate(); });
      usage_.writes++;
      return rows;
    } catch (const Conflict&) {
      if (link_->in_transaction || attempt == attempts_) throw;
    }
    wait_with_jitter(attempt);
  }
}

void Connection::execute(const std::string& sql) {
  marked(nullptr, [&] {
    guarded(false, [&] { link_->execute(sql); });
    return 0;
  });
}

bool Connection::in_transaction() const { return link_->in_transaction; }

void Connection::note(const Tenant& tenant, Change change) {
  if (!in_transaction()) std::abort();  // it would be lost
  if (!announcer_) return;
  change.company_id = tenant.company_id_;
  announcer_->note(std::move(change));
}

void Connection::begin() {
  if (announcer_) announcer_->begin();
  guarded(true, [&] { link_->execute("START TRANSACTION"); });
  link_->in_transaction = true;
}

// Every other transaction reads what was committed last.
void Connection::begin_snapshot() {
  guarded(true, [&] {
    link_->execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    link_->execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  });
  link_->in_transaction = true;
}

// The last statements of a transaction, so that a row is there no later than it can be read.
void Connection::write_changes() {
  if (!announcer_) return;
  for (const auto& change : announcer_->make_rows())
    write(insert_change, bind(insert_change.slots, change.company_id, change));
}

void Connection::commit() {
  write_changes();
  try {
    guarded(false, [&] { link_->execute("COMMIT"); });
  } catch (...) {
    if (link_->is_in_doubt) marker_.leave();
    throw;
  }
  link_->in_transaction = false;
  marker_.lift();
  if (announcer_) usage_.dropped += announcer_->send();
}

// Without an answer to ROLLBACK the state is unknown: the connection goes, and with it the rest.
// Nothing will come of the transaction either way.
void Connection::roll_back() noexcept {
  try {
    if (link_->connection) link_->execute("ROLLBACK");
    link_->in_transaction = false;
  } catch (...) {
    link_->drop();
  }
  marker_.lift();
}

void Connection::wait_with_jitter(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<int> millis(5, 20 << attempt);
  std::this_thread::sleep_for(std::chrono::milliseconds(millis(random)));
}

void Connection::wait_until_it_acts() const {
  constexpr std::int64_t second = 1'000'000;
  const auto since = base::boottime_micros() - marker_.changed_at();
  if (since < second) std::this_thread::sleep_for(std::chrono::microseconds(second - since));
}

std::vector<SessionId> Connection::sessions() {
  return guarded(true, [&] {
    const auto server = link_->own_session().server;
    std::vector<SessionId> sessions;
    for (const auto& [number, user] :
         link_->ask("SELECT id, user FROM information_schema.processlist"))
      sessions.push_back({server, number});
    return sessions;
  });
}

// Any account may read that variable, which is "ON" or 1 where a server is a replica, or was
// demoted to one.
void Connection::check() {
  constexpr const char* read_only =
      "SELECT number, CONCAT(@@GLOBAL.read_only) FROM schema_migrations LIMIT 1";
  const auto answer = guarded(true, [&] {
    const auto rows = link_->ask(read_only);
    return rows.empty() ? "nothing" : rows[0].second;
  });
  if (answer == "0" || answer == "OFF") return;
  link_->drop();
  throw_unavailable(fmt::format(
      "the database {} ({})", answer == "nothing" ? "has no schema" : "takes no writes: read-only",
      link_->config.db_place()));
}

}  // namespace db
