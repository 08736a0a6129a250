// server/master.cc — see master.h.
#include "server/master.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "server/worker.h"

namespace server {
namespace {

constexpr int backlog = 511;  // what nginx uses itself; a full backlog is an instant 502
constexpr std::int64_t tick_micros = 100'000;
constexpr std::int64_t healthy_micros = 5'000'000;  // a worker that lived so long died by accident
constexpr std::int64_t longest_pause = 10'000'000;

[[noreturn]] void fail(std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

bool is_in_use(const sockaddr_un& address) {
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answered =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return answered;
}

// A socket that nobody listens on is left over from a master that was killed. Anything else at that
// path is not ours to remove.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode)) throw std::runtime_error(path + ": is no socket");
  if (is_in_use(address)) throw std::runtime_error(path + ": another server is listening there");
  unlink(path.c_str());
}

// Only the owner and the group (nginx's) may connect.
int open_listener(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error(path + ": the path of a socket may have at most 107 bytes");
  std::copy(path.begin(), path.end(), address.sun_path);
  remove_stale(path, address);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) fail("socket");
  const auto mask = umask(0117);
  const int bound = bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  umask(mask);
  if (bound != 0) fail(path);
  if (listen(listener, backlog) != 0) fail(path);
  return listener;
}

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, each);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

class Master {
 public:
  explicit Master(const base::Config& config)
      : config_(config),
        signals_(block_signals()),
        listener_(open_listener(config.socket)),
        board_(base::Board::make(config.workers)),
        workers_(static_cast<std::size_t>(config.workers)) {}

  int run() {
    base::log_event(base::Severity::notice,
                    fmt::format("serving {} with {} workers", config_.socket, workers_.size()));
    while (!stopping_) {
      start_missing();
      handle(next_signal());
      reap();
      kill_stuck();
      go_on_reloading();
    }
    return shut_down();
  }

 private:
  struct Worker {
    pid_t pid = 0;  // 0: none
    std::int64_t started = 0;
    std::int64_t start_after = 0;  // not before, when it keeps dying
    std::int64_t pause = 0;
    bool old = false;   // SIGHUP came after it was started
    bool told = false;  // SIGTERM was sent
  };

  int next_signal() const {
    const timespec tick{0, tick_micros * 1000};
    return sigtimedwait(&signals_, nullptr, &tick);
  }

  void handle(int signal) {
    if (signal == SIGTERM || signal == SIGINT) stopping_ = true;
    if (signal != SIGHUP) return;
    base::log_event(base::Severity::notice, "replacing the workers");
    for (auto& worker : workers_) worker.old = worker.pid != 0;
  }

  void start_missing() {
    const auto now = base::monotonic_micros();
    for (std::size_t i = 0; i < workers_.size(); i++)
      if (workers_[i].pid == 0 && now >= workers_[i].start_after) start(i);
  }

  void start(std::size_t i) {
    auto& slot = board_.slot(static_cast<int>(i));
    slot.ready = false;
    slot.busy_since = 0;
    slot.hashing = false;
    const auto master = getpid();
    const auto pid = fork();
    if (pid < 0) {
      workers_[i].start_after = base::monotonic_micros() + 1'000'000;
      return;
    }
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      if (getppid() != master) _exit(0);  // it died before prctl
      sigprocmask(SIG_UNBLOCK, &signals_, nullptr);
      _exit(run_worker(config_, listener_, board_, slot));
    }
    slot.pid = pid;
    workers_[i].pid = pid;
    workers_[i].started = base::monotonic_micros();
    workers_[i].old = workers_[i].told = false;
  }

  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto worker = std::find_if(workers_.begin(), workers_.end(),
                                       [&](const auto& each) { return each.pid == pid; });
      if (worker != workers_.end()) ended(*worker, status);
    }
  }

  // A worker that was told to end is replaced silently; one that died is replaced at once, and
  // after a growing pause when it keeps dying.
  void ended(Worker& worker, int status) {
    const auto now = base::monotonic_micros();
    if (!worker.told) {
      board_.restarts++;
      const bool was_healthy = now - worker.started > healthy_micros;
      worker.pause = was_healthy ? 0 : std::min(longest_pause, worker.pause * 2 + 50'000);
      worker.start_after = now + worker.pause;
      base::log_event(base::Severity::error,
                      fmt::format("worker {} died ({} {}), the next starts in {} ms", worker.pid,
                                  WIFSIGNALED(status) ? "signal" : "status",
                                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
                                  worker.pause / 1000));
    }
    worker.pid = 0;
  }

  void kill_stuck() {
    const auto now = base::monotonic_micros();
    for (std::size_t i = 0; i < workers_.size(); i++) {
      const auto since = board_.slot(static_cast<int>(i)).busy_since.load();
      const auto limit = config_.request_timeout_seconds * std::int64_t{1'000'000};
      if (workers_[i].pid == 0 || since == 0 || now - since < limit) continue;
      base::log_event(base::Severity::error,
                      fmt::format("worker {} was busy for {} s and is killed", workers_[i].pid,
                                  (now - since) / 1'000'000));
      kill(workers_[i].pid, SIGKILL);
    }
  }

  // One at a time: the next worker is told to end when all others are accepting again.
  void go_on_reloading() {
    for (std::size_t i = 0; i < workers_.size(); i++)
      if (workers_[i].pid == 0 || workers_[i].told || !board_.slot(static_cast<int>(i)).ready)
        return;
    const auto old = std::find_if(workers_.begin(), workers_.end(),
                                  [](const auto& worker) { return worker.old; });
    if (old == workers_.end()) return;
    old->told = true;
    kill(old->pid, SIGTERM);
  }

  int shut_down() {
    base::log_event(base::Severity::notice, "stopping");
    for (auto& worker : workers_) {
      worker.told = true;
      if (worker.pid != 0) kill(worker.pid, SIGTERM);
    }
    const auto all_ended = [&] {
      return std::all_of(workers_.begin(), workers_.end(),
                         [](const auto& worker) { return worker.pid == 0; });
    };
    for (reap(); !all_ended(); reap()) {
      next_signal();
      kill_stuck();
    }
    unlink(config_.socket.c_str());
    return 0;
  }

  const base::Config& config_;
  const sigset_t signals_;
  const int listener_;
  base::Board& board_;
  std::vector<Worker> workers_;
  bool stopping_ = false;
};

}  // namespace

int run_master(const std::string&, const base::Config& config) { return Master(config).run(); }

}  // namespace server
