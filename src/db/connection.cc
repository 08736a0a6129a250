// db/connection.cc — see connection.h.
#include "db/connection.h"

#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <chrono>
#include <random>
#include <thread>
#include <unordered_map>

#include "db/failures.h"

namespace db {
namespace {

constexpr int access_to_database_denied = 1044, access_denied = 1045;

// "Duplicate entry 'x' for key 'users.username'" → "username". The entry may hold anything; the
// key's name comes last.
std::string name_of_key(std::string_view message) {
  const auto end = message.rfind('\'');
  if (end == message.npos || end == 0) return {};
  const auto start = message.rfind('\'', end - 1);
  auto key = message.substr(start + 1, end - start - 1);
  return std::string(key.substr(key.rfind('.') + 1));
}

[[noreturn]] void throw_unavailable(std::string why) {
  base::Error error(base::Code::unavailable, "Service is temporarily unavailable.");
  error.cause = std::move(why);
  throw error;
}

void execute(sql::Connection& connection, const std::string& sql) {
  const std::unique_ptr<sql::Statement> statement(connection.createStatement());
  statement->execute(sql);
}

}  // namespace

struct Rows::Impl {
  std::unique_ptr<sql::ResultSet> result;
  sql::SQLString text = {};  // the last one read
};

Rows::Rows(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Rows::~Rows() = default;
Rows::Rows(Rows&&) noexcept = default;
bool Rows::next() { return impl_->result->next(); }
bool Rows::is_null(unsigned column) const { return impl_->result->isNull(column); }
std::string_view Rows::text(unsigned column) const {
  impl_->text = impl_->result->getString(column);
  return impl_->text.asStdString();
}
std::int64_t Rows::integer(unsigned column) const { return impl_->result->getInt64(column); }

void get(const Rows& rows, unsigned column, base::Uuid& value) {
  value = base::Uuid::from_bytes(rows.text(column));
}
void get(const Rows& rows, unsigned column, std::string& value) { value = rows.text(column); }
void get(const Rows& rows, unsigned column, std::int64_t& value) { value = rows.integer(column); }
void get(const Rows& rows, unsigned column, base::Time& value) {
  const auto time = base::Time::parse_sql(rows.text(column));
  if (!time) throw base::Error(base::Code::internal, "A stored time is not readable.");
  value = *time;
}

struct Connection::Impl {
  const base::Config config;
  std::unique_ptr<sql::Connection> connection = {};
  std::unordered_map<const Statement*, std::unique_ptr<sql::PreparedStatement>> statements = {};
  bool in_transaction = false;

  void connect();
  void drop() {
    statements.clear();
    connection.reset();
    in_transaction = false;
  }
  void execute(const std::string& sql) { db::execute(*connection, sql); }
  sql::PreparedStatement& prepare(const Statement& checked) {
    auto& statement = statements[&checked];
    if (!statement) statement.reset(connection->prepareStatement(checked.sql));
    statement->clearParameters();
    return *statement;
  }
  sql::PreparedStatement& bound(const Statement& checked, const std::vector<Param>& params) {
    auto& statement = prepare(checked);
    unsigned place = 0;
    for (const auto& param : params) {
      place++;
      switch (param.kind) {
        case Param::Kind::null: statement.setNull(place, 0); break;
        case Param::Kind::integer: statement.setInt64(place, param.integer); break;
        case Param::Kind::text: statement.setString(place, param.text); break;
      }
    }
    return statement;
  }
};

// OPT_RECONNECT stays off: it silently loses the first half of a transaction. CLIENT_FOUND_ROWS is
// on: an UPDATE that changes nothing must not look like a missing row. A table that is locked, as
// by an ALTER, is waited for for a second; a row for two, because people do take turns there.
void Connection::Impl::connect() {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(
      config.db_socket.empty() ? fmt::format("tcp://{}:{}", config.db_host, config.db_port)
                               : fmt::format("unix://{}", config.db_socket));
  // Of this build's ways to ask for TLS it is the only one that insists on it, and that compares
  // the certificate with the host's name or address.
  if (!config.db_tls_ca.empty()) {
    options["sslCA"] = sql::SQLString(config.db_tls_ca);
    options["sslVerify"] = true;
  }
  options["userName"] = sql::SQLString(config.db_account.user);
  options["password"] = sql::SQLString(config.db_account.password);
  options["schema"] = sql::SQLString(config.db_name);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["CLIENT_FOUND_ROWS"] = true;
  options["OPT_CONNECT_TIMEOUT"] = config.connect_timeout_seconds;
  options["OPT_READ_TIMEOUT"] = config.read_timeout_seconds;
  options["OPT_WRITE_TIMEOUT"] = config.read_timeout_seconds;
  std::unique_ptr<sql::Connection> made(sql::mysql::get_driver_instance()->connect(options));
  db::execute(*made, "SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  db::execute(*made,
              "SET SESSION time_zone = '+00:00',"
              " sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',"
              " innodb_lock_wait_timeout = 2, lock_wait_timeout = 1");
  db::execute(*made, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  connection = std::move(made);
}

Connection::Connection(const base::Config& config) : impl_(new Impl{.config = config}) {}
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
  for (bool again = repeatable && !impl_->in_transaction;; again = false) {
    try {
      if (!impl_->connection) {
        if (impl_->in_transaction) throw_unavailable("the connection was lost in a transaction");
        usage_.connects++;
        impl_->connect();
      }
      usage_.statements++;
      return work();
    } catch (const sql::SQLException& error) {
      const int number = error.getErrorCode();
      const bool is_lost = impl_->connection && failure_of(number) == Failure::lost;
      const bool at_once = base::monotonic_micros() - start < 500'000;
      if (!is_lost || !again || !at_once) fail(number, error.what());
      impl_->drop();
    }
  }
}

// Says in our words what the database said. A server that is away or takes no writes is left, so
// that the next connection finds the one that has taken its place.
void Connection::fail(int number, const char* said) {
  const auto failure = impl_->connection ? failure_of(number) : Failure::lost;
  const auto why = [&](std::string_view what) {
    return fmt::format("{} ({}): {} (error {})", what, impl_->config.db_place(), said, number);
  };
  switch (failure) {
    case Failure::lost:
      impl_->drop();
      if (number == access_to_database_denied) throw NoRights(why("the database refuses us"));
      if (number == access_denied) throw_unavailable(why("the database refuses us"));
      throw_unavailable(why("the database is away"));
    case Failure::unwritable: impl_->drop(); throw_unavailable(why("the database takes no writes"));
    case Failure::full:
      impl_->drop();
      usage_.full++;
      throw_unavailable(why("the database is full"));
    case Failure::deadlock: usage_.deadlocks++; throw Conflict(why("deadlock"));
    case Failure::locked: throw_unavailable(why("a row or a table stayed locked"));
    case Failure::slow: throw_unavailable(why("a statement took too long"));
    case Failure::duplicate: throw DuplicateKey(name_of_key(said));
    case Failure::no_reference:
      throw base::Error(base::Code::invalid, "A row that is referred to does not exist.");
    case Failure::other: break;
  }
  throw Refused(number, fmt::format("database error {}", number));
}

// A read may be sent again after a loss; a write of unknown fate never is.
Rows Connection::query(const Statement& statement, const std::vector<Param>& params) {
  return guarded(statement.reads && !statement.locks, [&] {
    auto rows = std::make_unique<Rows::Impl>();
    rows->result.reset(impl_->bound(statement, params).executeQuery());
    return Rows(std::move(rows));
  });
}

// A statement by itself is a transaction of its own, so it is run again as one is.
int Connection::update(const Statement& statement, const std::vector<Param>& params) {
  for (int attempt = 1;; attempt++) {
    try {
      const int rows =
          guarded(false, [&] { return impl_->bound(statement, params).executeUpdate(); });
      usage_.writes++;
      return rows;
    } catch (const Conflict&) {
      if (impl_->in_transaction || attempt == attempts_) throw;
    }
    wait_with_jitter(attempt);
  }
}

void Connection::execute(const std::string& sql) {
  guarded(false, [&] { impl_->execute(sql); });
}

bool Connection::in_transaction() const { return impl_->in_transaction; }

void Connection::begin() {
  guarded(true, [&] { impl_->execute("START TRANSACTION"); });
  impl_->in_transaction = true;
}

void Connection::commit() {
  guarded(false, [&] { impl_->execute("COMMIT"); });
  impl_->in_transaction = false;
}

// Without an answer to ROLLBACK the state is unknown: the connection goes, and with it the rest.
void Connection::roll_back() noexcept {
  try {
    if (impl_->connection) impl_->execute("ROLLBACK");
    impl_->in_transaction = false;
  } catch (...) {
    impl_->drop();
  }
}

void Connection::wait_with_jitter(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<int> millis(5, 20 << attempt);
  std::this_thread::sleep_for(std::chrono::milliseconds(millis(random)));
}

// Any account may read that variable, which is "ON" or 1 where a server is a replica, or was
// demoted to one.
void Connection::check() {
  constexpr const char* read_only =
      "SELECT CONCAT(@@GLOBAL.read_only) FROM schema_migrations LIMIT 1";
  const auto answer = guarded(true, [&] {
    const std::unique_ptr<sql::Statement> statement(impl_->connection->createStatement());
    const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(read_only));
    return result->next() ? std::string(result->getString(1)) : "nothing";
  });
  if (answer == "0" || answer == "OFF") return;
  impl_->drop();
  throw_unavailable(fmt::format(
      "the database {} ({})", answer == "nothing" ? "has no schema" : "takes no writes: read-only",
      impl_->config.db_place()));
}

}  // namespace db
