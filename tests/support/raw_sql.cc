// tests/support/raw_sql.cc — see raw_sql.h.
#include "support/raw_sql.h"

#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include "base/crypto.h"

namespace support {

struct RawSql::Impl {
  std::unique_ptr<sql::Connection> connection;
};

RawSql::RawSql(const base::Config& config, const base::Account& account)
    : impl_(std::make_unique<Impl>()) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString(
      config.db_socket.empty() ? fmt::format("tcp://{}:{}", config.db_host, config.db_port)
                               : fmt::format("unix://{}", config.db_socket));
  options["userName"] = sql::SQLString(account.user);
  options["password"] = sql::SQLString(account.password);
  options["schema"] = sql::SQLString(config.db_name);
  impl_->connection.reset(sql::mysql::get_driver_instance()->connect(options));
}

RawSql::~RawSql() = default;

std::vector<std::vector<std::string>> RawSql::query(const std::string& text) {
  const std::unique_ptr<sql::Statement> statement(impl_->connection->createStatement());
  const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(text));
  const auto columns = result->getMetaData()->getColumnCount();
  std::vector<std::vector<std::string>> rows;
  while (result->next()) {
    auto& row = rows.emplace_back();
    for (unsigned column = 1; column <= columns; column++)
      row.push_back(result->isNull(column) ? "NULL" : std::string(result->getString(column)));
  }
  return rows;
}

int RawSql::execute(const std::string& text) try {
  const std::unique_ptr<sql::Statement> statement(impl_->connection->createStatement());
  // An answer that is not taken would stand in the way of the next statement.
  if (statement->execute(text))
    const std::unique_ptr<sql::ResultSet> answer(statement->getResultSet());
  return 0;
} catch (const sql::SQLException& error) {
  return error.getErrorCode();
}

std::string RawSql::checksum(const base::Uuid& company_id) {
  std::string all;
  for (const auto& table : query("SELECT table_name FROM information_schema.columns WHERE"
                                 " table_schema = DATABASE() AND column_name = 'company_id'"
                                 " ORDER BY table_name"))
    for (const auto& row : query(fmt::format("SELECT * FROM {} WHERE company_id = {} ORDER BY 1, 2",
                                             table[0], literal(company_id))))
      for (const auto& value : row) all += table[0] + '\0' + value + '\0';
  return base::hex(base::view(base::sha256(all)));
}

std::string literal(const base::Uuid& id) { return "x'" + base::hex(id.view()) + "'"; }

}  // namespace support
