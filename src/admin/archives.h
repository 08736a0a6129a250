// admin/archives.h — what the commands that write and read archives share.
#pragma once
#include <string>

#include "admin/command.h"

namespace admin {

// A file that is closed again; `path` "-" is standard input or output, which stays open.
class ArchiveFile {
 public:
  // A new file that only its owner may read; one that is there is never overwritten. Throws
  // std::runtime_error.
  static ArchiveFile to_write(const std::string& path);
  static ArchiveFile to_read(const std::string& path);
  ~ArchiveFile();
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;

  int fd() const { return fd_; }
  // What was written is on the disk, and stays. Without it the file is removed again.
  void keep();

 private:
  ArchiveFile(std::string path, int fd, bool is_new)
      : path_(std::move(path)), fd_(fd), is_new_(is_new) {}

  const std::string path_;
  const int fd_;
  bool is_new_;
};

// The key of --key: the first line of that file, of 32 bytes at least; "" where none was typed.
// Throws std::runtime_error.
std::string read_archive_key(const Typed& typed);

}  // namespace admin
