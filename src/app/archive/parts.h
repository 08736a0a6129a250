// app/archive/parts.h — writes rows into an archive: lines into parts, parts into the manifest.
#pragma once
#include <string>
#include <string_view>

#include "app/archive/format.h"
#include "app/archive/writer.h"
#include "base/archive.h"
#include "db/batch.h"
#include "rest/encode.h"
#include "rest/json.h"

namespace app::archive {

template <class Document>
std::string json_of(const Document& document) {
  rest::JsonSink sink;
  rest::write(sink, document);
  return sink.take() + "\n";
}

// The batches in which rows are read: of the longest texts that any release took, 1 MiB, some 64
// MiB (with what the connector keeps of each).
inline constexpr std::int64_t rows_at_a_time = 32;

// Memory: one part, and a line for each part.
class PartsWriter {
 public:
  // All is lent. Writes what the manifest says of the format.
  PartsWriter(base::ArchiveWriter& out, const WriteOptions& options, Manifest& manifest);

  void begin_table(std::string_view table);
  template <class Row>
  void add_row(const Row& row) {
    add_line(json_of(row));
  }
  // A table without rows has no part.
  void end_table() { end_part(); }
  // The manifest, its signature where there is a key, and the end.
  void finish();

 private:
  void add_line(const std::string& line);
  void end_part();

  base::ArchiveWriter& out_;
  const WriteOptions& options_;
  Manifest& manifest_;
  std::size_t parts_of_table_ = 0;
  std::string text_;  // of the part that is being made
  std::int64_t rows_of_part_ = 0;
  Progress written_;
};

}  // namespace app::archive
