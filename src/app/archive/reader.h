// app/archive/reader.h — reads an archive (app/archive/format.h) into a company that nobody sees.
//
// An archive is hostile: whoever wrote it may have wanted something else than a company. So each
// part has the name that comes next, each line is a row as app/archive/tables.h has it, ids ascend,
// and the database itself refuses a reference to a row that is not there. The names of parts lead
// nowhere. Before any sum was compared nothing of it is seen.
#pragma once
#include <string>

#include "app/archive/format.h"
#include "app/archive/logins.h"
#include "app/archive/tables.h"
#include "app/archive/values.h"
#include "base/archive.h"
#include "db/connection.h"

namespace app::archive {

struct ReadOptions {
  std::string name;          // of the company, in place of its own; "": its own
  std::string key;           // by which the manifest has to be signed; "": nobody looks
  Logins* logins = nullptr;  // gets those of the archive; nullptr: they are left out
};

// Reads from the file descriptor, which is lent. Writes the rows, a transaction for each part, and
// compares them with the manifest. While it runs, companies.importing_until is ten minutes ahead.
// Answers the manifest. Memory: one part, and a line for each part. Throws Refusal with the part
// and the line, or after which part it is where that is between two, and base::Error for the
// database; then what was written stays unseen.
Manifest read(db::Connection& db, const db::Tenant& tenant, int fd, const ReadOptions& options);

// So many seconds are left from here on for what is still to be done. Throws Refusal where it was
// given up meanwhile.
void go_on(db::Connection& db, const db::Tenant& tenant, std::int64_t seconds);

// Makes a company that was read visible, as the last statement but for the audit. Throws Refusal
// where it was given up meanwhile.
void show(db::Connection& db, const db::Tenant& tenant);

}  // namespace app::archive
