// db/link.cc — see link.h.
#include "db/link.h"

#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <cstring>

#include "base/crypto.h"

namespace db {
namespace {

void execute(sql::Connection& connection, const std::string& sql) {
  const std::unique_ptr<sql::Statement> statement(connection.createStatement());
  statement->execute(sql);
}

// What a query answers, the first two columns of each row.
Link::Pairs ask(sql::Connection& connection, const std::string& sql) {
  const std::unique_ptr<sql::Statement> statement(connection.createStatement());
  const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(sql));
  Link::Pairs rows;
  while (result->next()) rows.emplace_back(result->getUInt64(1), result->getString(2));
  return rows;
}

// Another server, behind the same name, gives the same numbers to other connections; and of other
// accounts an account sees none.
SessionId own_session(sql::Connection& connection) {
  const auto [number, server] =
      ask(connection,
          "SELECT CONNECTION_ID(), CONCAT(CURRENT_USER(), ' ', @@hostname, ' ', @@port, ' ',"
          " @@server_id, ' ', @@datadir)")
          .at(0);
  SessionId session{.number = number};
  std::memcpy(&session.server, base::sha256(server).data(), sizeof session.server);
  return session;
}

}  // namespace

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

// OPT_RECONNECT stays off: it silently loses the first half of a transaction. CLIENT_FOUND_ROWS is
// on: an UPDATE that changes nothing must not look like a missing row. A table that is locked, as
// by an ALTER, is waited for for a second; a row for two, because people do take turns there.
void Link::connect(Marker& marker) {
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
  if (marker.in_pool()) marker.note_session(db::own_session(*made));
  connection = std::move(made);
}

void Link::drop() {
  statements.clear();
  connection.reset();
  in_transaction = false;
}

void Link::execute(const std::string& sql) { db::execute(*connection, sql); }
Link::Pairs Link::ask(const std::string& sql) { return db::ask(*connection, sql); }
SessionId Link::own_session() { return db::own_session(*connection); }

sql::PreparedStatement& Link::bound(const Statement& checked, const std::vector<Param>& params) {
  auto& statement = statements[&checked];
  if (!statement) statement.reset(connection->prepareStatement(checked.sql));
  statement->clearParameters();
  unsigned place = 0;
  for (const auto& param : params) {
    place++;
    switch (param.kind) {
      case Param::Kind::null: statement->setNull(place, 0); break;
      case Param::Kind::integer: statement->setInt64(place, param.integer); break;
      case Param::Kind::text: statement->setString(place, param.text); break;
    }
  }
  return *statement;
}

}  // namespace db
