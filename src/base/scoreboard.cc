// base/scoreboard.cc — see scoreboard.h.
#include "base/scoreboard.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

#include "base/clock.h"

namespace base {
namespace {

// A new file, so that the board of a pool that is ending is not written over. -1: none.
int make_file(const std::string& path, std::size_t bytes) {
  if (path.empty()) return -1;
  unlink(path.c_str());
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (file < 0 || ftruncate(file, static_cast<off_t>(bytes)) == 0) return file;
  close(file);
  unlink(path.c_str());
  return -1;
}

// The file has holes. Where its file system is full, touching one would end the program (SIGBUS),
// so the first `bytes` are filled before. Answers the error's number, or 0.
int fill(int file, std::size_t bytes) {
  return file < 0 ? 0 : posix_fallocate(file, 0, static_cast<off_t>(bytes));
}

[[noreturn]] void no_room(int error) {
  throw std::runtime_error(fmt::format(
      "there is no room for the pool's counters beside its socket: {}", strerror(error)));
}

int count_workers(std::span<const WorkerSlot> slots, auto condition) {
  return static_cast<int>(std::count_if(slots.begin(), slots.end(), condition));
}

}  // namespace

void WorkerSlot::vacate() {
  pid = 0;
  ready = connected = false;
  gate_place.state = GatePlace::State::none;
  company = 0;
  busy_since = 0;
}

Scoreboard& Scoreboard::make(int workers, const std::string& path) {
  const int file = make_file(path, bytes());
  if (const int error = fill(file, bytes(workers)); error != 0) {
    unlink(path.c_str());
    no_room(error);
  }
  void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                      file < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *::new (memory) Scoreboard(workers, file);
}

const Scoreboard& Scoreboard::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    throw std::runtime_error(fmt::format("{}: no pool is to be seen: {}", path, strerror(errno)));
  struct stat status {};
  fstat(file, &status);
  void* memory = MAP_FAILED;
  if (status.st_size == static_cast<off_t>(bytes()))
    memory = mmap(nullptr, bytes(), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED)
    throw std::runtime_error(path + ": the pool that runs is of another version");
  return *static_cast<const Scoreboard*>(memory);
}

void Scoreboard::resize(int workers) {
  if (const int error = fill(file_, bytes(workers)); error != 0) no_room(error);
  workers_ = workers;
  for (; slots_used_ < workers; slots_used_++) ::new (first() + slots_used_) WorkerSlot;
}

bool Scoreboard::any_connected() const {
  return std::any_of(first(), first() + workers_,
                     [](const auto& slot) { return slot.ready && slot.connected; });
}

int Scoreboard::busy() const {
  return count_workers(slots(), [](const auto& slot) { return slot.busy_since != 0; });
}

int Scoreboard::idle() const {
  return count_workers(slots(),
                       [](const auto& slot) { return slot.ready && slot.busy_since == 0; });
}

bool Scoreboard::was_full_lately() const {
  constexpr std::int64_t lately_micros = 10'000'000;
  const auto at = full_at.load();
  return at != 0 && monotonic_micros() - at < lately_micros;
}

std::uint64_t Scoreboard::sum(Counter WorkerSlot::*counter) const {
  std::uint64_t total = 0;
  for (const auto& slot : slots()) total += slot.*counter;
  return total;
}

void count_response(WorkerSlot& slot, std::size_t route, int status) {
  const auto place = std::find(counted_statuses.begin(), counted_statuses.end(), status);
  slot.responses[std::min(route, no_route)]
                [static_cast<std::size_t>(place - counted_statuses.begin())]++;
}

}  // namespace base
