// db/capture.cc — see capture.h. Tests: tests/db/capture_test.cc.
#include "db/capture.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/crypto.h"
#include "db/history.h"
#include "db/owner.h"

namespace db {
namespace {

// Whoever reads or writes the table keeps a trigger from being made until their transaction ends,
// and whoever comes meanwhile waits behind it, for a second at most (db/link.cc). So it is tried
// again, between which the others go on.
constexpr int tries = 30;
constexpr std::chrono::seconds pause{2};

// A command that was killed holds the name until its last statement has ended.
constexpr std::int64_t hold_seconds = 5;

constexpr int denied = 1142, denied_privilege = 1227, no_trust = 1419;  // of <mysqld_error.h>

struct Event {
  std::string_view name;
  std::string_view row;  // whose key is noted
};
constexpr std::array events = {Event{"INSERT", "NEW"}, Event{"UPDATE", "NEW"},
                               Event{"DELETE", "OLD"}};

std::string literal(const base::Uuid& id) { return "0x" + base::hex(id.view()); }

// Of the company alone, so that two companies may be moved at a time.
std::string trigger_name(const base::Uuid& company_id, const Captured& table, const Event& event) {
  return fmt::format("move_{}_{}_{}", base::hex(company_id.view()), table.name, event.name);
}

std::string refusal_if(std::string_view condition) {
  return fmt::format(
      "IF {} THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the company is read-only'; END IF; ",
      condition);
}

std::string is_closed(std::string_view row) {
  return fmt::format(
      "({0}moved_to IS NOT NULL OR {0}read_only_since > UTC_TIMESTAMP(6) - INTERVAL 10 SECOND)",
      row);
}

std::string is_moving(std::string_view row) {
  return fmt::format("({0}moving_to <> '' AND {0}moving_until > UTC_TIMESTAMP(6))", row);
}

std::string note_if(std::string_view condition, std::string_view row, const Captured& table) {
  std::string key = table.key.empty() ? "''" : fmt::format("{}.{}", row, table.key);
  if (!table.more_key.empty()) key = fmt::format("CONCAT({}, {}.{})", key, row, table.more_key);
  return fmt::format(
      "IF {} THEN INSERT INTO move_notes (company_id, table_name, number, row_key)"
      " VALUES ({}.company_id, '{}', UUID_SHORT() & 9223372036854775807, {}); END IF; ",
      condition, row, table.name, key);
}

// The company's own row: what the move itself writes there is neither noted nor refused.
std::string body_of_company(const base::Uuid& company_id, const Captured& table) {
  return fmt::format(
      "IF NEW.company_id = {} AND NEW.moving_to <=> OLD.moving_to"
      " AND NEW.moving_until <=> OLD.moving_until"
      " AND NEW.read_only_since <=> OLD.read_only_since AND NEW.moved_to <=> OLD.moved_to"
      " THEN {}{}END IF; ",
      literal(company_id), refusal_if(is_closed("NEW.")), note_if(is_moving("NEW."), "NEW", table));
}

std::string body(const base::Uuid& company_id, const Captured& table, const Event& event) {
  if (table.key.empty()) return body_of_company(company_id, table);
  const auto fence = fmt::format("SELECT {}, {} INTO is_closed, is_moving FROM companies"
                                 " WHERE company_id = {}.company_id LOCK IN SHARE MODE; ",
                                 is_closed(""), is_moving(""), event.row);
  return fmt::format("IF {}.company_id = {} THEN {}{}{}END IF; ", event.row, literal(company_id),
                     fence, table.closes ? refusal_if("is_closed") : "",
                     note_if("is_moving", event.row, table));
}

// A company's row is neither made nor deleted while it is moved.
bool is_captured(const Captured& table, const Event& event) {
  return !table.key.empty() || event.name == "UPDATE";
}

}  // namespace

Capture::Capture(const base::Config& config) : owner_(as_owner(config)) {}

void Capture::hold(const base::Uuid& company_id) {
  if (!History(owner_).lock("partywall move " + base::hex(company_id.view()), hold_seconds))
    throw std::runtime_error("another command has the company to move, and must end first");
}

void Capture::begin(const base::Uuid& company_id, std::span<const Captured> tables) {
  for (const auto& table : tables)
    for (const auto& event : events)
      if (is_captured(table, event))
        execute(table.name,
                fmt::format("CREATE TRIGGER IF NOT EXISTS {} AFTER {} ON {} FOR EACH ROW"
                            " BEGIN DECLARE is_closed, is_moving INT DEFAULT 0; {}END",
                            trigger_name(company_id, table, event), event.name, table.name,
                            body(company_id, table, event)));
}

void Capture::end(const base::Uuid& company_id, std::span<const Captured> tables) {
  for (const auto& table : tables)
    for (const auto& event : events)
      execute(table.name, "DROP TRIGGER IF EXISTS " + trigger_name(company_id, table, event));
}

void Capture::execute(std::string_view table, const std::string& sql) try {
  for (int attempt = 1;; attempt++) {
    try {
      return execute_as_owner(owner_, sql);
    } catch (const base::Error& error) {
      if (error.code != base::Code::unavailable || attempt == tries) throw;
    }
    std::this_thread::sleep_for(pause);
  }
} catch (const Refused& refused) {
  if (refused.number == no_trust)
    throw std::runtime_error("the database has a binary log and lets nobody make triggers: set"
                             " log_bin_trust_function_creators = 1 there");
  if (refused.number == denied || refused.number == denied_privilege)
    throw std::runtime_error(
        "the account of [migrations] may make no triggers: GRANT TRIGGER on the schema to it");
  throw;
} catch (const base::Error& error) {
  throw std::runtime_error(
      fmt::format("no trigger could be made or taken away on {}: {}", table, error.cause));
}

}  // namespace db
