// db/references.cc — see references.h. Tests: tests/api/check_test.py.
#include "db/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "base/crypto.h"
#include "db/batch.h"
#include "db/unscoped.h"

namespace db {
namespace {

using base::Uuid;

constexpr std::int64_t entries_at_a_time = 200;

// An id that is referred to; `parent` is empty where there is no such row.
struct Referred {
  Uuid id;
  std::optional<Uuid> parent;

  FIELDS(Referred, id, parent)
};

// A name of letters, digits and _ alone. Between back ticks, as it stands in the texts, it is a
// name and no word of SQL.
const std::string& plain(const std::string& name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!std::ranges::all_of(name, is_plain))
    throw std::runtime_error(fmt::format("the schema has an odd name, \"{}\"", name));
  return name;
}

std::string literal(const Uuid& id) { return "0x" + base::hex(id.view()); }

// " AND column > …" from the second batch on.
std::string after(const Batch& batch, std::string_view column) {
  return batch.after ? fmt::format(" AND {} > {}", column, literal(*batch.after)) : "";
}

using Columns = std::vector<std::pair<std::string, std::string>>;  // a column and its parent's

bool is_to_company(const std::string& parent, const Columns& columns) {
  return parent == "companies" && columns == Columns{{"company_id", "company_id"}};
}
// Followed by whoever looks at people: the one table of no company that others refer to.
bool is_to_identity(const std::string& parent, const Columns& columns) {
  return parent == "identities" && columns == Columns{{"identity_id", "id"}};
}
bool is_within_company(const Columns& columns) {
  return columns.size() == 2 &&
         columns[0] == std::pair<std::string, std::string>("company_id", "company_id");
}

// The first two columns of each index of a table, by its name.
using Indexes = std::map<std::string, std::vector<std::string>>;

}  // namespace

References::References(Connection& db) : db_(db) {
  std::map<std::string, Indexes> indexes;
  for (const auto& row : db_.all({}, Exempt::index_columns))
    indexes[row.table_name][row.index_name].push_back(row.column_name);
  for (const auto& [table, of_table] : indexes) {
    const auto primary = of_table.find("PRIMARY");
    if (primary != of_table.end() && primary->second[0] == "company_id" && table != "companies")
      tables_.push_back(plain(table));
  }
  std::map<std::pair<std::string, std::string>, std::pair<std::string, Columns>> references;
  for (const auto& row : db_.all({}, Exempt::reference_columns)) {
    auto& [parent, columns] = references[{row.table_name, row.constraint_name}];
    parent = row.referenced_table;
    columns.emplace_back(row.column_name, row.referenced_column);
  }
  for (const auto& [name, to] : references) {
    const auto& [table, constraint] = name;
    const auto& [parent, columns] = to;
    if (is_to_company(parent, columns) || is_to_identity(parent, columns)) continue;
    const auto& of_table = indexes[table];
    const auto index = std::ranges::find_if(of_table, [&](const auto& each) {
      return is_within_company(columns) &&
             each.second == std::vector<std::string>{"company_id", columns[1].first};
    });
    if (index == of_table.end())
      throw std::runtime_error(
          fmt::format("there is no way to look at the key {} of {}", constraint, table));
    keys_.push_back({plain(table), plain(columns[1].first), plain(parent), plain(columns[1].second),
                     plain(index->first)});
  }
}

void References::find_dangling(const Uuid& company_id, const Found& found) {
  for (const auto& key : keys_) find_dangling(key, company_id, found);
}

// A batch is the next entries of the index. The one after it begins with the next id, and so leaves
// out the other entries of the last.
void References::find_dangling(const Key& key, const Uuid& company_id, const Found& found) {
  const auto column = "c.`" + key.column + "`";
  const auto read = [&](const Batch& batch) {
    return db_.all_made<Referred>(
        fmt::format("SELECT {0} AS id, p.`{1}` AS parent FROM `{2}` c FORCE INDEX (`{3}`)"
                    " LEFT JOIN `{4}` p ON p.company_id = c.company_id AND p.`{1}` = {0}"
                    " WHERE c.company_id = {5} AND {0} IS NOT NULL{6} ORDER BY {0} LIMIT {7}",
                    column, key.parent_column, key.table, key.index, key.parent,
                    literal(company_id), after(batch, column), batch.rows));
  };
  std::optional<Uuid> last;
  const Batch batch{{}, entries_at_a_time};
  for_each_row(
      read,
      [&](const Referred& row) {
        if (!row.parent && last != row.id)
          found(key.table, fmt::format("{} refers to {} {}, which is not there", key.column,
                                       key.parent, row.id.text()));
        last = row.id;
      },
      batch);
}

void References::find_lost_companies(const FoundCompany& found) {
  for (const auto& table : tables_) {
    const auto read = [&](const Batch& batch) {
      return db_.all_made<Referred>(
          fmt::format("SELECT c.company_id AS id, p.company_id AS parent FROM `{}` c FORCE INDEX "
                      "(PRIMARY) LEFT JOIN companies p ON p.company_id = c.company_id"
                      " WHERE TRUE{} ORDER BY c.company_id LIMIT {}",
                      table, after(batch, "c.company_id"), batch.rows));
    };
    const Batch one_company{{}, 1};
    for_each_row(
        read,
        [&](const Referred& row) {
          if (!row.parent) found(table, row.id);
        },
        one_company);
  }
}

}  // namespace db
