// app/archive/parts.cc — see parts.h.
#include "app/archive/parts.h"

#include "base/crypto.h"

namespace app::archive {

PartsWriter::PartsWriter(base::ArchiveWriter& out, const WriteOptions& options, Manifest& manifest)
    : out_(out), options_(options), manifest_(manifest) {
  out_.add(format_part, json_of(manifest_.format));
}

void PartsWriter::begin_table(std::string_view table) {
  manifest_.tables.push_back({std::string(table)});
  parts_of_table_ = 0;
}

void PartsWriter::add_line(const std::string& line) {
  if (text_.size() + line.size() > full_part_bytes) end_part();
  text_ += line;
  rows_of_part_++;
}

void PartsWriter::end_part() {
  if (rows_of_part_ == 0) return;
  auto& table = manifest_.tables.back();
  const auto name = part_name(table.table, ++parts_of_table_);
  if (text_.size() > most_part_bytes || manifest_.parts.size() == most_parts)
    throw base::ArchiveError("would be too large at " + name);
  out_.add(name, text_);
  const auto bytes = static_cast<std::int64_t>(text_.size());
  manifest_.parts.push_back(
      {name, rows_of_part_, bytes, base::hex(base::view(base::sha256(text_)))});
  table.rows += rows_of_part_;
  written_.rows += rows_of_part_;
  written_.bytes += bytes;
  rows_of_part_ = 0;
  text_.clear();
  if (options_.told) options_.told(written_);
}

void PartsWriter::finish() {
  const auto text = json_of(manifest_);
  if (text.size() > most_manifest_bytes) throw base::ArchiveError("has too many parts");
  out_.add(manifest_part, text);
  if (!options_.key.empty())
    out_.add(signature_part, base::hex(base::view(base::hmac_sha256(options_.key, text))) + "\n");
  out_.finish();
}

}  // namespace app::archive
