// app/archive/writer.h — writes the archive of a company (app/archive/format.h), and that of what
// one person has in it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "app/archive/format.h"
#include "base/archive.h"
#include "db/connection.h"

namespace app::archive {

// So far: rows, and bytes of their text.
struct Progress {
  std::int64_t rows = 0, bytes = 0;
};

struct WriteOptions {
  bool with_logins = false;  // an operator's alone
  std::string key = {};      // signs the manifest; "": nobody does
  // Called after each part. What it throws ends the writing.
  std::function<void(const Progress&)> told = {};
};

// Writes all rows of a company as they are at one moment, and finishes the archive; answers what
// its manifest says. Memory: one part and one batch, however large the company is. Throws
// base::Error for the database, and base::ArchiveError.
Manifest write(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company,
               base::ArchiveWriter& out, const WriteOptions& options);

// The same of one user: who they are, what they sent and received, and what the audit has of what
// they did. It is no archive of a company: none can be made of it.
Manifest write_personal(db::Connection& db, const db::Tenant& tenant, const base::Uuid& company,
                        const base::Uuid& user, base::ArchiveWriter& out,
                        const WriteOptions& options);

}  // namespace app::archive
