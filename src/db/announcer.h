// db/announcer.h — tells what a transaction changed (db/changes.h) when it has ended, and never
// before.
//
// Streams of this host are told by a datagram, and those of another one by a row of `changes`,
// which every host reads each second (server/change_reader.h). What ends a right always has a row:
// a datagram may be lost, and a command sends none.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/datagram.h"
#include "base/uuid.h"
#include "db/changes.h"

namespace db {

// One process's side of it.
class Announcer {
 public:
  // What is changed gets rows alone; or also datagrams to `socket`, and then a message gets a row
  // only where there are `several_hosts`.
  Announcer() = default;
  Announcer(const std::string& socket, bool several_hosts)
      : rows_for_messages_(several_hosts), sender_(std::in_place, socket) {}

  // The following are for the Connection, of one transaction.
  void begin() { changes_.clear(), unsaid_.clear(); }
  void note(Change change) { changes_.push_back(std::move(change)); }
  // Something ended in the company. Where no change says for whom, it is for all of the company.
  void note_ending(const base::Uuid& company_id) { unsaid_.push_back(company_id); }
  // Before the commit, once: the changes that want a row, which get their ids, by company.
  std::vector<Change> make_rows();
  // After it. Answers how many were dropped.
  int send();

 private:
  bool rows_for_messages_ = true;
  std::optional<base::DatagramSender> sender_;
  std::vector<Change> changes_;
  std::vector<base::Uuid> unsaid_;
};

}  // namespace db
