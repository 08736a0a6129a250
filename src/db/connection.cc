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

#include "base/log.h"

namespace db {
namespace {

// After these the connection and its statements are gone, or of unknown state (traps: 2006, 2013,
// 1243, 2030, 1927; 2002, 2003, 2055: could not connect; 1040, 1053, 1158 to 1161: the server is
// full, stopping, or lost us).
bool is_loss(int code) {
  switch (code) {
    case 1040:
    case 1053:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1203:
    case 1243:
    case 1927:
    case 2002:
    case 2003:
    case 2005:
    case 2006:
    case 2013:
    case 2026:
    case 2030:
    case 2055: return true;
    default: return false;
  }
}

constexpr int access_to_database_denied = 1044;

bool is_conflict(int code) { return code == 1205 || code == 1213; }
bool is_timeout(int code) { return code == 1969 || code == 3024 || code == 1317; }

// "Duplicate entry 'x' for key 'users.username'" → "username". The entry may hold anything; the
// key's name comes last.
std::string name_of_key(std::string_view message) {
  const auto end = message.rfind('\'');
  if (end == message.npos || end == 0) return {};
  const auto start = message.rfind('\'', end - 1);
  auto key = message.substr(start + 1, end - start - 1);
  return std::string(key.substr(key.rfind('.') + 1));
}

// Reads may be sent again after a loss; a write of unknown fate never is.
bool is_read(std::string_view sql) {
  const auto start = sql.find_first_not_of(" \n(");
  return start != sql.npos && sql.substr(start, 6) == "SELECT" && sql.find("UPDATE") == sql.npos &&
         sql.find("LOCK") == sql.npos;
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
  std::unordered_map<const char*, std::unique_ptr<sql::PreparedStatement>> statements = {};
  bool in_transaction = false;

  void connect();
  void drop() {
    statements.clear();
    connection.reset();
    in_transaction = false;
  }
  void execute(const std::string& sql) {
    const std::unique_ptr<sql::Statement> statement(connection->createStatement());
    statement->execute(sql);
  }
  sql::PreparedStatement& prepare(const char* sql) {
    auto& statement = statements[sql];
    if (!statement) statement.reset(connection->prepareStatement(sql));
    statement->clearParameters();
    return *statement;
  }
  sql::PreparedStatement& bound(const char* sql, const std::vector<Param>& params) {
    auto& statement = prepare(sql);
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
// on: an UPDATE that changes nothing must not look like a missing row.
void Connection::Impl::connect() {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(
      config.db_socket.empty() ? fmt::format("tcp://{}:{}", config.db_host, config.db_port)
                               : fmt::format("unix://{}", config.db_socket));
  options["userName"] = sql::SQLString(config.db_account.user);
  options["password"] = sql::SQLString(config.db_account.password);
  options["schema"] = sql::SQLString(config.db_name);
  options["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
  options["CLIENT_FOUND_ROWS"] = true;
  options["OPT_CONNECT_TIMEOUT"] = config.connect_timeout_seconds;
  options["OPT_READ_TIMEOUT"] = config.read_timeout_seconds;
  options["OPT_WRITE_TIMEOUT"] = config.read_timeout_seconds;
  connection.reset(sql::mysql::get_driver_instance()->connect(options));
  execute("SET NAMES utf8mb4 COLLATE utf8mb4_bin");
  execute("SET SESSION time_zone = '+00:00',"
          " sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',"
          " innodb_lock_wait_timeout = 1");
  execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
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
        if (impl_->in_transaction) throw base::Error(base::Code::unavailable, unavailable_text);
        usage_.connects++;
        impl_->connect();
      }
      usage_.statements++;
      return work();
    } catch (const sql::SQLException& error) {
      const int code = error.getErrorCode();
      if (is_loss(code) || !impl_->connection) {
        const bool had_connection = impl_->connection != nullptr;
        const bool at_once = base::monotonic_micros() - start < 500'000;
        impl_->drop();
        if (had_connection && again && at_once) continue;
        base::log_event(base::Severity::warning, fmt::format("database away: error {}", code));
        if (code == access_to_database_denied) throw NoRights();
        throw base::Error(base::Code::unavailable, unavailable_text);
      }
      if (is_conflict(code)) {
        usage_.deadlocks++;
        throw Conflict();
      }
      if (is_timeout(code)) throw base::Error(base::Code::unavailable, unavailable_text);
      if (code == 1062) throw DuplicateKey(name_of_key(error.what()));
      if (code == 1452)
        throw base::Error(base::Code::invalid, "A row that is referred to does not exist.");
      base::log_event(base::Severity::error,
                      fmt::format("database error {} ({})", code, error.getSQLState().c_str()));
      throw Refused(code);
    }
  }
}

Rows Connection::query(const char* sql, const std::vector<Param>& params) {
  return guarded(is_read(sql), [&] {
    auto rows = std::make_unique<Rows::Impl>();
    rows->result.reset(impl_->bound(sql, params).executeQuery());
    return Rows(std::move(rows));
  });
}

// A statement by itself is a transaction of its own, so it is run again as one is.
int Connection::update(const char* sql, const std::vector<Param>& params) {
  for (int attempt = 1;; attempt++) {
    try {
      return guarded(false, [&] { return impl_->bound(sql, params).executeUpdate(); });
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

void Connection::ping() {
  guarded(true, [&] { impl_->execute("DO 1"); });
}

}  // namespace db
