// base/new_file.cc — see new_file.h.
#include "base/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/no_end.h"

namespace base {
namespace {

// Of the file that a signal removes; nullptr: there is none.
std::atomic<const char*> part_of_process = nullptr;
static_assert(std::atomic<const char*>::is_always_lock_free);

// The process then ends by the signal, as whoever started it can see.
extern "C" void remove_and_end(int signal) {
  if (const char* part = part_of_process.load()) unlink(part);
  std::raise(signal);  // which does what it ever did: SA_RESETHAND
}

// What is ignored, as by nohup, stays so.
void listen_to_ends() {
  struct sigaction before {
  }, action{};
  action.sa_handler = remove_and_end;
  action.sa_flags = SA_RESETHAND;
  for (const int signal : ends)
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_DFL)
      sigaction(signal, &action, nullptr);
}

[[noreturn]] void fail(const std::string& path, int number) {
  throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(number)));
}

// Never over a file that is there. Where a file system cannot rename so (NFS), it can link.
bool give_name(const std::string& part, const std::string& path) {
  if (renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return true;
  return errno == EINVAL && link(part.c_str(), path.c_str()) == 0 && unlink(part.c_str()) == 0;
}

}  // namespace

NewFile::NewFile(std::string path, mode_t mode)
    : path_(std::move(path)), part_(path_ + std::string(being_written)) {
  struct stat status {};
  if (lstat(path_.c_str(), &status) == 0) fail(path_, EEXIST);
  const NoEnd until_it_is_known;
  fd_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd_ < 0) fail(part_, errno);
  fchmod(fd_, mode);  // some file systems have no permissions
  part_of_process = part_.c_str();
  listen_to_ends();
}

NewFile::~NewFile() {
  if (!is_kept_) unlink(part_.c_str());
  part_of_process = nullptr;
  close(fd_);
}

std::int64_t NewFile::keep() {
  struct stat status {};
  if (fsync(fd_) != 0 || fstat(fd_, &status) != 0) fail(part_, errno);
  if (!give_name(part_, path_)) fail(path_, errno);
  is_kept_ = true;
  return status.st_size;
}

}  // namespace base
