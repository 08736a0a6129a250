// events/board.cc — see board.h.
#include "events/board.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

#include "base/crypto.h"

namespace events {
namespace {

constexpr std::uint64_t this_form = 0x7077'6576'0000'0002;

// Whether a process that lives has the board. (A lock of the open file, not of the process:
// fcntl(2).)
bool is_taken(int file) {
  struct flock lock {};
  lock.l_type = F_RDLCK;
  return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

int take(int file) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  return fcntl(file, F_OFD_SETLK, &lock) == 0 ? 0 : errno;
}

void refuse_second(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_second = file >= 0 && is_taken(file);
  if (file >= 0) close(file);
  if (is_second)
    throw std::runtime_error(fmt::format("{}: another process holds the streams", path));
}

}  // namespace

const std::array<Board::Named, 6> Board::counters = {{
    {"streams_opened", "Streams that began.", &Board::opened},
    {"streams_refused", "Tickets that opened no stream.", &Board::refused},
    {"streams_full", "Streams that there was no room for.", &Board::full},
    {"streams_ended", "Streams that ended because a right did.", &Board::ended},
    {"changes_heard", "Changes that the process was told of.", &Board::heard},
    {"events_sent", "Events sent.", &Board::sent},
}};

void Board::Unmap::operator()(const Board* board) const {
  munmap(const_cast<Board*>(board), sizeof(Board));
}

std::unique_ptr<Board, Board::Unmap> Board::make(const std::string& path) {
  refuse_second(path);
  unlink(path.c_str());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  // Filled before it is touched: a full file system would end the program then (SIGBUS).
  int error = file < 0 ? errno : posix_fallocate(file, 0, sizeof(Board));
  if (error == 0) error = take(file);
  void* memory = MAP_FAILED;
  if (error == 0)
    memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file >= 0) close(file);  // the memory keeps it open, and with it the lock
  if (memory == MAP_FAILED)
    throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(error ? error : errno)));
  std::unique_ptr<Board, Unmap> board(::new (memory) Board);
  base::random_bytes(board->key.data(), board->key.size());
  board->form = this_form;
  return board;
}

std::unique_ptr<const Board, Board::Unmap> Board::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status {};
  void* memory = MAP_FAILED;
  if (fstat(file, &status) == 0 && status.st_size == static_cast<off_t>(sizeof(Board)))
    memory = mmap(nullptr, sizeof(Board), PROT_READ, MAP_SHARED, file, 0);
  const bool has_gone = !is_taken(file);
  close(file);
  if (memory == MAP_FAILED) return nullptr;
  std::unique_ptr<const Board, Unmap> board(static_cast<const Board*>(memory));
  return board->form == this_form && !has_gone ? std::move(board) : nullptr;
}

}  // namespace events
