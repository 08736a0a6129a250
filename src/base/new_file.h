// base/new_file.h — a file that gets its name only when all of it is written.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

// Until it is kept it is called so, beside the name that it will have.
inline constexpr std::string_view being_written = ".part";

// A file that is being written, and removed again where it is not kept: where something fails, and
// where SIGHUP, SIGINT or SIGTERM end the process, unless that process does something else then. A
// process that is killed leaves it. There is one at a time in a process.
class NewFile {
 public:
  // With these permissions, whatever the umask. Throws std::runtime_error where a file is there of
  // this name or of the one meanwhile.
  NewFile(std::string path, mode_t mode);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  int fd() const { return fd_; }
  // Puts it on the disk, and gives it its name. Answers its size in bytes. Throws
  // std::runtime_error where that fails, or a file of that name has come meanwhile.
  std::int64_t keep();

 private:
  const std::string path_, part_;
  int fd_ = -1;
  bool is_kept_ = false;
};

}  // namespace base
