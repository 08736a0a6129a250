// base/archive.h — a tar archive under gzip, written or read from its beginning to its end; the
// only includer of libarchive. What is in an archive is called a part: a name and some bytes.
//
// Nothing is ever unpacked into the file system: the name of a part is text and no more.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace base {

// The archive could not be written, or what is read is none; says why, in a sentence's half.
struct ArchiveError : std::runtime_error {
  explicit ArchiveError(const std::string& why, std::string part = "")
      : std::runtime_error(why), part(std::move(part)) {}

  std::string part;  // that was being read, as the archive calls it; "": none had begun
};

class ArchiveWriter {
 public:
  // Writes to the file descriptor, which is lent. `date` is that of all parts, in whole seconds.
  ArchiveWriter(int fd, Time date);
  ~ArchiveWriter();

  void add(std::string_view name, std::string_view content);
  // Writes the end. What was not finished is no archive.
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct ArchivePart {
  std::string name, content;
};

class ArchiveReader {
 public:
  // Reads from the file descriptor, which is lent. Throws ArchiveError for what is no tar.gz.
  explicit ArchiveReader(int fd);
  ~ArchiveReader();

  // The next part, which may have that many bytes; nullopt: there is none. Throws ArchiveError for
  // what is broken or cut off, for a larger part, and for what is no ordinary file.
  std::optional<ArchivePart> next(std::size_t most_bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace base
