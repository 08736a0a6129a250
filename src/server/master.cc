// server/master.cc — see master.h.
#include "server/master.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/scoreboard.h"
#include "server/change_reader.h"
#include "server/left_marks.h"
#include "server/listener.h"
#include "server/service_manager.h"
#include "server/status.h"
#include "server/worker.h"

namespace server {
namespace {

constexpr std::int64_t tick_micros = 100'000;       // far below half of any sensible WatchdogSec
constexpr std::int64_t healthy_micros = 5'000'000;  // a worker that lived so long died by accident
constexpr std::int64_t longest_pause = 10'000'000;

sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int each : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, each);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

class Master {
 public:
  Master(const std::string& config_path, const base::Config& config)
      : config_path_(config_path),
        config_(config),
        signals_(block_signals()),
        listener_(config.socket),
        board_(base::Scoreboard::make(config.workers, board_path(config))),
        marks_(db::Marks::make()),
        callers_(auth::KnownCallers::make()),
        left_marks_(marks_),
        workers_(static_cast<std::size_t>(config.workers)) {}

  int run() {
    base::log_event(base::Severity::notice,
                    fmt::format("serving {} with {} workers", listener_.name(), config_.workers));
    manager_.status("Waiting for the database");
    board_.master = getpid();
    board_.started_at = base::Time::now().micros;
    while (!stopping_) {
      manager_.sign_of_life();
      start_missing();
      handle(next_signal());
      reap();
      kill_stuck();
      left_marks_.tend(config_);
      change_reader_.tend(config_);
      go_on_reloading();
      announce();
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
    if (signal == SIGHUP) reload();
  }

  // systemd hears of a reload only after it heard that we are ready; announce() ends it.
  void reload() {
    reloading_ = ready_;
    if (reloading_) manager_.reloading("Replacing the workers");
    try {
      change(base::read_config(config_path_));
    } catch (const std::runtime_error& error) {
      trouble_ = fmt::format("the configuration stays as it was: {}", error.what());
      return base::log_event(base::Severity::error, trouble_);
    }
    trouble_.clear();
    base::log_event(base::Severity::notice, "replacing the workers");
    for (auto& worker : workers_) worker.old = worker.pid != 0;
    change_reader_.stop();
  }

  // The workers that run keep the configuration that they were started with.
  void change(base::Config next) {
    if (next.socket != config_.socket)
      base::log_event(base::Severity::warning, "[server] socket changes with a restart only");
    next.socket = config_.socket;
    if (next.events_socket != config_.events_socket)
      base::log_event(base::Severity::warning, "[events] socket changes with a restart only");
    next.events_socket = config_.events_socket;
    board_.resize(next.workers);
    config_ = std::move(next);
    base::log_as_json(config_.log_json);
    if (workers_.size() < wanted()) workers_.resize(wanted());
  }

  std::size_t wanted() const { return static_cast<std::size_t>(config_.workers); }

  void start_missing() {
    const auto now = base::monotonic_micros();
    for (std::size_t i = 0; i < wanted(); i++)
      if (workers_[i].pid == 0 && now >= workers_[i].start_after) start(i);
  }

  void start(std::size_t i) {
    const auto number = static_cast<int>(i);
    auto& slot = board_.slot(number);
    marks_.make_rows(number + 1);
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
      _exit(run_worker(config_, listener_.descriptor(), {board_, marks_, callers_}, number));
    }
    slot.pid = pid;
    workers_[i].pid = pid;
    workers_[i].started = base::monotonic_micros();
    workers_[i].old = workers_[i].told = false;
  }

  void reap() {
    int status = 0;
    for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (left_marks_.reap(pid) || change_reader_.reap(pid)) continue;
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
    const auto number = static_cast<int>(&worker - workers_.data());
    board_.slot(number).vacate();
    marks_.leave(number);
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

  bool all_accept() const {
    for (std::size_t i = 0; i < workers_.size(); i++) {
      if (i >= wanted() && workers_[i].pid == 0) continue;  // a reload made the pool smaller
      if (workers_[i].pid == 0 || workers_[i].told || !board_.slot(static_cast<int>(i)).ready)
        return false;
    }
    return true;
  }

  auto first_old() {
    return std::find_if(workers_.begin(), workers_.end(),
                        [](const auto& worker) { return worker.pid != 0 && worker.old; });
  }

  // One at a time: the next worker is told to end when all others are accepting again.
  void go_on_reloading() {
    const auto old = first_old();
    if (old == workers_.end() || !all_accept()) return;
    old->told = true;
    kill(old->pid, SIGTERM);
  }

  // Once all accept and a worker has the database; and again at the end of each reload.
  void announce() {
    if (first_old() != workers_.end() || !all_accept()) return;
    if (ready_ ? !reloading_ : !board_.any_connected()) return;
    ready_ = true;
    reloading_ = false;
    manager_.ready(trouble_.empty() ? fmt::format("Serving with {} workers", config_.workers)
                                    : trouble_);
  }

  int shut_down() {
    base::log_event(base::Severity::notice, "stopping");
    manager_.stopping("Finishing what is under way");
    change_reader_.stop();
    for (auto& worker : workers_) {
      worker.told = true;
      if (worker.pid != 0) kill(worker.pid, SIGTERM);
    }
    const auto all_ended = [&] {
      return std::all_of(workers_.begin(), workers_.end(),
                         [](const auto& worker) { return worker.pid == 0; });
    };
    for (reap(); !all_ended(); reap()) {
      manager_.sign_of_life();
      next_signal();
      kill_stuck();
    }
    listener_.remove();
    unlink(board_path(config_).c_str());
    return 0;
  }

  const std::string config_path_;
  base::Config config_;
  const sigset_t signals_;
  const Listener listener_;
  base::Scoreboard& board_;
  db::Marks& marks_;
  auth::KnownCallers& callers_;
  LeftMarks left_marks_;
  ChangeReader change_reader_;
  std::vector<Worker> workers_;  // as many as wanted(), or more after a reload made it smaller
  ServiceManager manager_;
  bool stopping_ = false;
  bool ready_ = false;      // the service manager was told so
  bool reloading_ = false;  // and that it is to wait until we are so again
  std::string trouble_;     // with the last reload; empty: none
};

}  // namespace

int run_master(const std::string& config_path, const base::Config& config) {
  return Master(config_path, config).run();
}

}  // namespace server
