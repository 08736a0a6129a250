// tests/support/raw_sql.h — any SQL, for tests only: what the schema says, what a table holds.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/config.h"
#include "base/uuid.h"

namespace support {

class RawSql {
 public:
  // Connects as the schema's owner.
  explicit RawSql(const base::Config& config) : RawSql(config, config.owner_account) {}
  RawSql(const base::Config& config, const base::Account& account);
  ~RawSql();

  // The rows of a query, each a list of texts; NULL is "NULL".
  std::vector<std::vector<std::string>> query(const std::string& sql);
  // Runs a statement; answers MySQL's error number, 0 when it went well.
  int execute(const std::string& sql);

  // A digest of all rows of a company, over every table that has a company_id.
  std::string checksum(const base::Uuid& company_id);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// x'0123...' for a statement.
std::string literal(const base::Uuid& id);

}  // namespace support
