// base/metrics.cc — see metrics.h.
#include "base/metrics.h"

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
#include "base/version.h"

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
  turn_place.state = TurnPlace::State::none;
  company = 0;
  busy_since = 0;
}

Board& Board::make(int workers, const std::string& path) {
  const int file = make_file(path, bytes());
  if (const int error = fill(file, bytes(workers)); error != 0) {
    unlink(path.c_str());
    no_room(error);
  }
  void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                      file < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *::new (memory) Board(workers, file);
}

const Board& Board::open(const std::string& path) {
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
  return *static_cast<const Board*>(memory);
}

void Board::resize(int workers) {
  if (const int error = fill(file_, bytes(workers)); error != 0) no_room(error);
  workers_ = workers;
  for (; slots_used_ < workers; slots_used_++) ::new (first() + slots_used_) WorkerSlot;
}

bool Board::any_connected() const {
  return std::any_of(first(), first() + workers_,
                     [](const auto& slot) { return slot.ready && slot.connected; });
}

int Board::busy() const {
  return count_workers(slots(), [](const auto& slot) { return slot.busy_since != 0; });
}

int Board::idle() const {
  return count_workers(slots(),
                       [](const auto& slot) { return slot.ready && slot.busy_since == 0; });
}

bool Board::was_full_lately() const {
  constexpr std::int64_t lately_micros = 10'000'000;
  const auto at = full_at.load();
  return at != 0 && monotonic_micros() - at < lately_micros;
}

void Board::release(WorkerSlot& slot) {
  if (slot.company != 0)
    shares.charge(slot.company, monotonic_micros() - slot.busy_since, workers_);
  slot.company = 0;
  slot.busy_since = 0;
}

bool Board::is_over_share(const WorkerSlot& asking) {
  int others = 0;  // of the company's requests under way
  std::int64_t held = 0;
  for (const auto& slot : slots()) {
    const auto since = slot.busy_since.load();
    if (&slot == &asking || since == 0 || slot.company != asking.company) continue;
    others++;
    held += monotonic_micros() - since;
  }
  const bool crowds = others > workers_ / Shares::count(workers_);
  return shares.is_over(asking.company, crowds ? held : 0, workers_);
}

bool Board::has_others(const WorkerSlot& asking) {
  const auto is_another = [&](const auto& slot) {
    return slot.busy_since != 0 && slot.company != 0 && slot.company != asking.company;
  };
  return std::ranges::any_of(slots(), is_another) || shares.has_others(asking.company);
}

std::uint64_t Board::sum(Counter WorkerSlot::*counter) const {
  std::uint64_t total = 0;
  for (const auto& slot : slots()) total += slot.*counter;
  return total;
}

void count_response(WorkerSlot& slot, std::size_t route, int status) {
  const auto place = std::find(counted_statuses.begin(), counted_statuses.end(), status);
  slot.responses[std::min(route, no_route)]
                [static_cast<std::size_t>(place - counted_statuses.begin())]++;
}

std::string Board::prometheus(std::span<const std::string> routes, std::optional<int> queue,
                              bool is_database_up) const {
  std::string text;
  const auto header = [&](std::string_view name, std::string_view type, std::string_view help) {
    text += fmt::format("# HELP partywall_{0} {2}\n# TYPE partywall_{0} {1}\n", name, type, help);
  };
  const auto single = [&](std::string_view name, std::string_view type, std::string_view help,
                          auto value) {
    header(name, type, help);
    text += fmt::format("partywall_{} {}\n", name, value);
  };
  const auto seconds = [](std::uint64_t micros) { return static_cast<double>(micros) / 1e6; };

  header("build_info", "gauge", "1, with the version of the program that runs.");
  text += fmt::format("partywall_build_info{{version=\"{}\"}} 1\n", version);
  single("database_up", "gauge",
         "Whether the database answers, has this program's schema and takes writes: 1, else 0.",
         is_database_up ? 1 : 0);
  header("requests_total", "counter", "Requests answered, by route and status.");
  for (std::size_t route = 0; route < max_routes; route++)
    for (std::size_t status = 0; status <= counted_statuses.size(); status++) {
      std::uint64_t count = 0;
      for (const auto& slot : slots()) count += slot.responses[route][status];
      if (count != 0)
        text += fmt::format(
            "partywall_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
            route < routes.size() ? routes[route] : "other",
            status < counted_statuses.size() ? std::to_string(counted_statuses[status]) : "other",
            count);
    }
  header("request_duration_seconds", "histogram", "Time from the request's arrival to its answer.");
  std::uint64_t below = 0;
  for (std::size_t i = 0; i <= latency_bounds.size(); i++) {
    for (const auto& slot : slots()) below += slot.latency[i];
    const auto bound =
        i < latency_bounds.size() ? fmt::format("{}", seconds(latency_bounds[i])) : "+Inf";
    text +=
        fmt::format("partywall_request_duration_seconds_bucket{{le=\"{}\"}} {}\n", bound, below);
  }
  text += fmt::format("partywall_request_duration_seconds_sum {}\n",
                      seconds(sum(&WorkerSlot::latency_micros)));
  text += fmt::format("partywall_request_duration_seconds_count {}\n", below);
  single("queue_seconds_total", "counter", "Time that requests waited for a worker.",
         seconds(sum(&WorkerSlot::queued_micros)));
  single("requests_abandoned_total", "counter", "Requests whose client was gone before they began.",
         sum(&WorkerSlot::abandoned));
  single("requests_crowded_total", "counter",
         "Requests refused because their company held too much of the pool.",
         sum(&WorkerSlot::crowded));
  single("password_hashes_total", "counter", "Passwords hashed, to keep or to compare.",
         sum(&WorkerSlot::hashes));
  single("wrong_passwords_total", "counter", "Logins and the like with a wrong name or password.",
         sum(&WorkerSlot::wrong_passwords));
  single("database_statements_total", "counter", "Statements sent to the database.",
         sum(&WorkerSlot::statements));
  single("database_seconds_total", "counter", "Time spent waiting for the database.",
         seconds(sum(&WorkerSlot::statement_micros)));
  single("database_connects_total", "counter", "Connections opened to the database.",
         sum(&WorkerSlot::connects));
  single("database_deadlocks_total", "counter", "Transactions that lost against another one.",
         sum(&WorkerSlot::deadlocks));
  single("worker_restarts_total", "counter", "Workers replaced after they died.", restarts.load());
  single("workers", "gauge", "Workers configured.", workers());
  single("workers_idle", "gauge", "Workers that wait for a request.", idle());
  single("workers_busy", "gauge", "Workers with a request under way.", busy());
  if (queue) single("queue_length", "gauge", "Connections that wait for a worker.", *queue);
  return text;
}

}  // namespace base
