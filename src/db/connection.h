// db/connection.h — one database connection with its prepared statements.
//
// Every statement is prepared once per connection and its parameters are cleared before each use.
// A tenant statement takes the Tenant first and binds the company itself; one without a company is
// run for the class that it names, whose key comes first: db.find({}, …). The other arguments
// follow in the order of their placeholders. Rows come back as structs, column by field.
//
// Failures are base::Error: unavailable when the database is away, takes no writes, is too slow,
// keeps a lock for too long, or deadlocked three times; DuplicateKey; invalid for a reference to a
// row that is not there; Refused for the rest. What the database said, and where it is, stands in
// the Error's cause.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/pass_key.h"
#include "base/uuid.h"
#include "db/announcer.h"
#include "db/marks.h"
#include "db/param.h"
#include "db/rows.h"
#include "db/sql.h"
#include "db/tenant.h"

namespace db {

// A row with this value in a unique key is there already. `key` is the key's name in the schema.
class DuplicateKey : public base::Error {
 public:
  explicit DuplicateKey(std::string key)
      : Error(base::Code::conflict, "Already exists."), key(std::move(key)) {}
  std::string key;
};

// The database refused a statement for a reason of its own. `number` is that reason's.
class Refused : public base::Error {
 public:
  Refused(int number, std::string why)
      : Error(base::Code::internal, "Internal server error."), number(number) {
    cause = std::move(why);
  }
  int number;
};

// The account has no right to anything in the database: nobody has migrated it yet.
class NoRights : public base::Error {
 public:
  explicit NoRights(std::string why)
      : Error(base::Code::unavailable, "Service is temporarily unavailable.") {
    cause = std::move(why);
  }
};

struct Link;

class Connection {
 public:
  // Does not connect yet: the first statement does, and every statement after a loss. The marker
  // sees to it that whoever's rights are changed is not taken for who they were (db/marks.h), and
  // the announcer, which is lent, tells streams of events (db/announcer.h); nullptr: none is told.
  explicit Connection(const base::Config& config, Marker marker = {},
                      Announcer* announcer = nullptr);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // All rows, in the statement's order. The statement has a LIMIT or a natural bound.
  template <class Row, class... Args>
  std::vector<Row> all(const Scoped<Row, Args...>& statement, const Tenant& tenant,
                       const std::type_identity_t<Args>&... args) {
    return read_all<Row>(query(statement, bind(statement.slots, tenant.company_id_, args...)));
  }
  template <class Runner, class Row, class... Args>
  std::vector<Row> all(base::PassKey<Runner>, const Unscoped<Runner, Row, Args...>& statement,
                       const std::type_identity_t<Args>&... args) {
    return read_all<Row>(query(statement, params_of(args...)));
  }

  // The first row, if there is one.
  template <class Row, class... Args>
  std::optional<Row> find(const Scoped<Row, Args...>& statement, const Tenant& tenant,
                          const std::type_identity_t<Args>&... args) {
    return read_first<Row>(query(statement, bind(statement.slots, tenant.company_id_, args...)));
  }
  template <class Runner, class Row, class... Args>
  std::optional<Row> find(base::PassKey<Runner>, const Unscoped<Runner, Row, Args...>& statement,
                          const std::type_identity_t<Args>&... args) {
    return read_first<Row>(query(statement, params_of(args...)));
  }

  // The first row; base::not_found() without one.
  template <class Row, class... Args>
  Row one(const Scoped<Row, Args...>& statement, const Tenant& tenant,
          const std::type_identity_t<Args>&... args) {
    if (auto row = find(statement, tenant, args...)) return *std::move(row);
    base::not_found();
  }

  // Runs a write; answers how many rows it matched, changed or not.
  template <class... Args>
  int run(const Scoped<void, Args...>& statement, const Tenant& tenant,
          const std::type_identity_t<Args>&... args) {
    return update(statement, bind(statement.slots, tenant.company_id_, args...),
                  &tenant.company_id_);
  }
  template <class Runner, class... Args>
  int run(base::PassKey<Runner>, const Unscoped<Runner, void, Args...>& statement,
          const std::type_identity_t<Args>&... args) {
    return update(statement, params_of(args...), nullptr);
  }

  // Runs `work` as one transaction: all of it is written, or nothing. After a deadlock the whole of
  // it runs again, at most three times, with jitter; so `work` must be repeatable. Any exception
  // rolls back. Inside another transaction it is a part of that one.
  template <class Work>
  void transaction(Work&& work) {
    if (in_transaction()) return work();
    for (int attempt = 1; !attempt_transaction(work, attempt);) attempt++;
  }
  // Runs `work`, which only reads, on the database as it is at one moment, however long it takes
  // and whatever is written meanwhile. Nothing is run again: when the connection is lost, it
  // throws.
  template <class Work>
  void snapshot(Work&& work) {
    begin_snapshot();
    try {
      work();
    } catch (...) {
      roll_back();
      throw;
    }
    roll_back();
  }
  bool in_transaction() const;

  // Says, in a transaction, what it changes for whom of the company. Aborts outside of one.
  void note(const Tenant& tenant, Change change);

  // Asks the database whether it is there, has a schema and takes writes. A server that does not is
  // left: the next connection may find another. Throws base::Error{unavailable}.
  void check();

  // Waits until a second is over since a right was last changed here: until then it may not have
  // acted in other pools, or in the pool where this is a command.
  void wait_until_it_acts() const;

  // The sessions that this account has on the server that this connection has reached, which is
  // itself one of them.
  std::vector<SessionId> sessions();

  // What was done since the last call, for the log and the counters.
  struct Usage {
    int statements = 0;
    std::int64_t micros = 0;
    int connects = 0;
    int deadlocks = 0;
    int full = 0;  // statements that found no room
    int writes = 0;
    int dropped = 0;  // datagrams
  };
  Usage take_usage() { return std::exchange(usage_, {}); }

 private:
  template <class... Args>
  static std::vector<Param> bind(const Slots& slots, const base::Uuid& company_id,
                                 const Args&... args) {
    auto rest = params_of(args...);
    std::vector<Param> params;
    params.reserve(rest.size() + slots.size());
    auto next = rest.begin();
    for (std::size_t place = 1; place <= rest.size() + slots.size(); place++)
      params.push_back(slots.contains(place) ? param(company_id) : std::move(*next++));
    return params;
  }
  template <class Row>
  static std::vector<Row> read_all(Rows rows) {
    std::vector<Row> all;
    while (rows.next()) all.push_back(read_row<Row>(rows));
    return all;
  }
  template <class Row>
  static std::optional<Row> read_first(Rows rows) {
    if (!rows.next()) return std::nullopt;
    return read_row<Row>(rows);
  }
  template <class Work>
  bool attempt_transaction(Work& work, int attempt) {
    begin();
    try {
      work();
      commit();
      return true;
    } catch (const Conflict&) {
      roll_back();
      if (attempt == attempts_) throw;
      wait_with_jitter(attempt);
      return false;
    } catch (...) {
      roll_back();
      throw;
    }
  }

  // Two transactions stood in each other's way: this one was rolled back and may be run again.
  struct Conflict : base::Error {
    explicit Conflict(std::string why) : Error(base::Code::unavailable, unavailable_text) {
      cause = std::move(why);
    }
  };
  static constexpr const char* unavailable_text = "Service is temporarily unavailable.";
  static constexpr int attempts_ = 3;

  friend class Migrator;  // the embedded files are its statements
  void execute(const std::string& sql);
  friend class References;  // makes its reads of the schema's names
  template <class Row>
  std::vector<Row> all_made(const std::string& sql) {
    return read_all<Row>(query_made(sql));
  }
  Rows query_made(const std::string& sql);
  Rows query(const Statement& statement, const std::vector<Param>& params);
  // `company_id` is the tenant's; nullptr: the statement names no company.
  int update(const Statement& statement, const std::vector<Param>& params,
             const base::Uuid* company_id);
  int write(const Statement& statement, const std::vector<Param>& params);
  void begin();
  void begin_snapshot();
  void write_changes();
  void commit();
  void roll_back() noexcept;
  void wait_with_jitter(int attempt);
  template <class Work>
  auto guarded(bool repeatable, Work&& work);
  template <class Work>
  auto marked(const base::Uuid* company_id, Work&& work);
  [[noreturn]] void fail(int number, const char* said);

  std::unique_ptr<Link> link_;
  Marker marker_;
  Announcer* const announcer_;
  Usage usage_;
};

}  // namespace db
