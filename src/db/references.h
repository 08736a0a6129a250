// db/references.h — the foreign keys that the schema has, and rows that refer to what is not there.
//
// The database refuses such a row; where it was told to look away (foreign_key_checks = 0, as in
// the restoring of a dump), there can be some. The keys are read from the schema, so that those of
// a new table are looked at without being told. That makes the text of these reads no constant:
// they are made of names that the schema gives and of ids, and yield ids alone.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/uuid.h"
#include "db/connection.h"

namespace db {

class References {
 public:
  // Reads the keys. The connection is lent for the lifetime. Throws std::runtime_error for a key
  // that neither leads within a company nor from a row to its company, nor from a user to the
  // identity: nobody would look at it.
  explicit References(Connection& db);

  // Calls found(table, what) for each id that rows of the company refer to where there is none:
  // "user_id refers to users 0198…, which is not there". Reads an index that begins with the
  // company and the referring column, and of its entries at most 200 for each id that is referred
  // to.
  using Found = std::function<void(std::string_view table, const std::string& what)>;
  void find_dangling(const base::Uuid& company_id, const Found& found);

  // Calls found(table, company) for each company that rows have and that is not there. Steps in
  // each table's primary key from one company to the next, however many rows each has.
  using FoundCompany = std::function<void(std::string_view table, const base::Uuid& company_id)>;
  void find_lost_companies(const FoundCompany& found);

 private:
  // A column whose values are ids of another table's rows, in the same company.
  struct Key {
    std::string table, column, parent, parent_column;
    std::string index;  // begins with company_id and the column
  };

  void find_dangling(const Key& key, const base::Uuid& company_id, const Found& found);

  Connection& db_;
  std::vector<Key> keys_;
  std::vector<std::string> tables_;  // those whose primary key begins with the company
};

}  // namespace db
