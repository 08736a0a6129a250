// app/archive/writer.h — writes the archive of a company (app/archive/format.h).
#pragma once
#include <string>

#include "app/archive/format.h"
#include "base/archive.h"
#include "db/connection.h"

namespace app::archive {

struct WriteOptions {
  bool with_logins = false;  // an operator's alone
  std::string key;           // signs the manifest; "": nobody does
};

// Writes all rows of a company as they are at one moment, and finishes the archive; answers what
// its manifest says. Memory: one part and one batch, however large the company is. Throws
// base::Error for the database, and base::ArchiveError.
Manifest write(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company,
               base::ArchiveWriter& out, const WriteOptions& options);

}  // namespace app::archive
