// app/archive/format.h — what an archive of a company looks like, and how large it may be.
//
//   format.json              what this is, by which release, of which schema
//   companies/000001.jsonl   the rows of a table, in the order of their ids, each a line of JSON
//   users/000001.jsonl
//   …
//   manifest.json            the company, when, how many rows, and the SHA-256 of each part
//   manifest.hmac            with a key: HMAC-SHA256 of manifest.json, in hexadecimal
//
// Tar says how long a part is before it comes. So a table is cut into parts that fit into memory,
// however many rows it has. Which tables there are, and with which columns: app/archive/tables.h.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"

namespace app::archive {

inline constexpr std::string_view format_part = "format.json", manifest_part = "manifest.json",
                                  signature_part = "manifest.hmac";
inline constexpr std::string_view format_name = "partywall company";
inline constexpr std::int64_t format_version = 1;

// A part is full before it has more than that, unless it is one row.
inline constexpr std::size_t full_part_bytes = 1024 * 1024;
// The longest text of a row is that of the longest request, 1 MiB, of which JSON makes six times as
// much at most.
inline constexpr std::size_t most_part_bytes = 8 * 1024 * 1024;
inline constexpr std::size_t most_parts = 20'000;  // 20 GB
inline constexpr std::size_t most_manifest_bytes = 4 * 1024 * 1024;
// A key that is shorter is not worth the name.
inline constexpr std::size_t least_key_bytes = 32;

// "users/000001.jsonl"; numbers count from 1.
inline std::string part_name(std::string_view table, std::size_t number) {
  return fmt::format("{}/{:06}.jsonl", table, number);
}

struct Format {
  std::string format{format_name};
  std::int64_t version = format_version;
  std::string product;      // the release that wrote it
  std::int64_t schema = 0;  // the number of the last migration that it knew
  bool logins = false;      // whether it has names to log in with, and password hashes

  FIELDS(Format, format, version, product, schema, logins)
  bool operator==(const Format&) const = default;
};

struct Part {
  std::string part;
  std::int64_t rows = 0, bytes = 0;
  std::string sha256;  // hexadecimal

  FIELDS(Part, part, rows, bytes, sha256)
  bool operator==(const Part&) const = default;
};

struct Count {
  std::string table;
  std::int64_t rows = 0;

  FIELDS(Count, table, rows)
  bool operator==(const Count&) const = default;
};

struct Manifest {
  Format format;
  base::Uuid company;
  base::Time made_at;
  std::vector<Count> tables;
  std::vector<Part> parts;

  FIELDS(Manifest, format, company, made_at, tables, parts)
};

}  // namespace app::archive
