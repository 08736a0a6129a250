// db/link.h — the link to the database: Connector/C++, and what of it is kept for one connection.
// With connection.cc the only includer of it.
#pragma once
#include <cppconn/connection.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/connection.h"

namespace db {

// All of it throws sql::SQLException.
struct Link {
  // The first two columns of each row of an answer.
  using Pairs = std::vector<std::pair<std::uint64_t, std::string>>;

  const base::Config config;
  std::unique_ptr<sql::Connection> connection = {};
  std::unordered_map<const Statement*, std::unique_ptr<sql::PreparedStatement>> statements = {};
  bool in_transaction = false;
  bool is_in_doubt = false;  // no answer came to what was last sent

  // The marker is told which session it is, before anything else can be sent.
  void connect(Marker& marker);
  void drop();
  void execute(const std::string& sql);
  Pairs ask(const std::string& sql);
  SessionId own_session();
  // The statement, prepared, with its parameters filled.
  sql::PreparedStatement& bound(const Statement& checked, const std::vector<Param>& params);
};

struct Rows::Impl {
  std::unique_ptr<sql::ResultSet> result;
  sql::SQLString text = {};  // the last one read
};

}  // namespace db
