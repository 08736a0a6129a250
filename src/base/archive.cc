// base/archive.cc — see archive.h.
#include "base/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace base {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;

using Archive = std::unique_ptr<struct archive, int (*)(struct archive*)>;
using Entry = std::unique_ptr<struct archive_entry, void (*)(struct archive_entry*)>;

// By these two libarchive calls an archive wrong, and they would say nothing more.
bool is_of_system(int number) { return number > 0 && number != EILSEQ && number != EINVAL; }

[[noreturn]] void fail(struct archive* archive, const char* what, const std::string& part = "") {
  std::string text = what;
  if (const char* why = archive_error_string(archive)) text += fmt::format(": {}", why);
  if (const int number = archive_errno(archive); is_of_system(number))
    text += fmt::format(": {}", std::strerror(number));
  throw ArchiveError(text, part);
}

constexpr const char *is_broken = "is broken", *is_not_written = "cannot be written";

void check(struct archive* archive, int status, const char* what) {
  if (status != ARCHIVE_OK) fail(archive, what);
}

}  // namespace

struct ArchiveWriter::Impl {
  Archive archive{archive_write_new(), archive_write_free};
  Entry entry{archive_entry_new(), archive_entry_free};
};

// The time in gzip's own header is left out: two archives of the same parts are the same bytes.
ArchiveWriter::ArchiveWriter(int fd, Time date) : impl_(new Impl) {
  auto* archive = impl_->archive.get();
  check(archive, archive_write_set_format_ustar(archive), is_not_written);
  check(archive, archive_write_add_filter_gzip(archive), is_not_written);
  check(archive, archive_write_set_filter_option(archive, "gzip", "timestamp", nullptr),
        is_not_written);
  check(archive, archive_write_open_fd(archive, fd), is_not_written);
  auto* entry = impl_->entry.get();
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0600);
  archive_entry_set_mtime(entry, date.micros / 1'000'000, 0);
}

// One that was not finished ends where it is.
ArchiveWriter::~ArchiveWriter() { archive_write_fail(impl_->archive.get()); }

void ArchiveWriter::add(std::string_view name, std::string_view content) {
  auto* archive = impl_->archive.get();
  auto* entry = impl_->entry.get();
  archive_entry_set_pathname(entry, std::string(name).c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  check(archive, archive_write_header(archive, entry), is_not_written);
  if (archive_write_data(archive, content.data(), content.size()) !=
      static_cast<la_ssize_t>(content.size()))
    fail(archive, is_not_written);
  check(archive, archive_write_finish_entry(archive), is_not_written);
}

void ArchiveWriter::finish() {
  check(impl_->archive.get(), archive_write_close(impl_->archive.get()), is_not_written);
}

struct ArchiveReader::Impl {
  Archive archive{archive_read_new(), archive_read_free};
  bool began = false;
};

ArchiveReader::ArchiveReader(int fd) : impl_(new Impl) {
  auto* archive = impl_->archive.get();
  check(archive, archive_read_support_filter_gzip(archive), is_broken);
  check(archive, archive_read_support_format_tar(archive), is_broken);
  check(archive, archive_read_open_fd(archive, fd, block_bytes), is_broken);
}

ArchiveReader::~ArchiveReader() = default;

std::optional<ArchivePart> ArchiveReader::next(std::size_t most_bytes) {
  auto* archive = impl_->archive.get();
  struct archive_entry* entry = nullptr;
  const int status = archive_read_next_header(archive, &entry);
  if (status == ARCHIVE_EOF) return std::nullopt;
  check(archive, status, is_broken);
  if (!std::exchange(impl_->began, true) && archive_filter_code(archive, 0) != ARCHIVE_FILTER_GZIP)
    throw ArchiveError("is not compressed by gzip");
  const char* name = archive_entry_pathname(entry);
  ArchivePart part{name ? name : "", {}};
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))
    throw ArchiveError("is no ordinary file", part.name);
  const auto size = archive_entry_size(entry);
  if (size < 0 || static_cast<std::uint64_t>(size) > most_bytes)
    throw ArchiveError(fmt::format("has more than {} bytes", most_bytes), part.name);
  part.content.resize(static_cast<std::size_t>(size));
  const auto read = archive_read_data(archive, part.content.data(), part.content.size());
  if (read < 0) fail(archive, is_broken, part.name);
  if (read != size) throw ArchiveError("is cut off", part.name);
  return part;
}

}  // namespace base
