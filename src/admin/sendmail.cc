// admin/sendmail.cc — see sendmail.h. Tests: tests/api/mail_sending_test.py.
#include "admin/sendmail.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace admin {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(std::string_view what, int error) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(error)));
}

// The text as a file that has no name: it is whole before the program starts, which may read it or
// not, and nobody waits for that.
class Input {
 public:
  explicit Input(std::string_view text) : fd_(memfd_create("mail", MFD_CLOEXEC)) {
    if (fd_ < 0) fail("memfd_create", errno);
    while (!text.empty()) {
      const auto written = write(fd_, text.data(), text.size());
      if (written < 0) fail("a mail cannot be kept", errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    lseek(fd_, 0, SEEK_SET);
  }
  ~Input() { close(fd_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  int fd() const { return fd_; }

 private:
  const int fd_;
};

// While it lives the end of a child is a signal that waits to be taken. Where whoever started us
// ignores it, and so we do, there would be none, and nothing to wait for.
class ChildSignal {
 public:
  ChildSignal() {
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &action, &action_before_);
    sigemptyset(&set_);
    sigaddset(&set_, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set_, &before_);
  }
  ~ChildSignal() {
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    sigaction(SIGCHLD, &action_before_, nullptr);
  }
  ChildSignal(const ChildSignal&) = delete;
  ChildSignal& operator=(const ChildSignal&) = delete;

  void await(Clock::duration most) const {
    const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(most).count();
    const timespec time{nanos / 1'000'000'000, nanos % 1'000'000'000};
    sigtimedwait(&set_, nullptr, &time);
  }

 private:
  sigset_t set_, before_;
  struct sigaction action_before_ {};
};

// How a process starts: in a group of its own, with the text, and with nothing else of ours.
class Start {
 public:
  explicit Start(const Input& input) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, input.fd(), STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t none, of_ours;
    sigemptyset(&none);
    sigemptyset(&of_ours);
    sigaddset(&of_ours, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &of_ours);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Start() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  // Answers 0 or what errno would be.
  int run(pid_t& pid, const std::string& program, char* const* words) const {
    static std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    const std::array<char*, 2> environment{path.data(), nullptr};
    return posix_spawn(&pid, program.c_str(), &files_, &attributes_, words, environment.data());
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

// How the process ended; nullopt: it did not, and was killed.
std::optional<int> await(pid_t pid, int seconds, const ChildSignal& child) {
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  int status = 0;
  for (;;) {
    const auto ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 && errno != EINTR) fail("waitpid", errno);
    const auto left = end - Clock::now();
    if (left <= Clock::duration::zero()) break;
    child.await(left);
  }
  kill(-pid, SIGKILL);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return std::nullopt;
}

}  // namespace

std::string problem_of_program(const std::string& program) {
  struct stat status {};
  if (stat(program.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    errno = EISDIR;
  else if (access(program.c_str(), X_OK) == 0)
    return "";
  return std::strerror(errno);
}

HandedOver hand_over(const std::string& program, const std::string& from,
                     const std::string& recipient, std::string_view text, int seconds) {
  std::array<std::string, 6> typed{program, "-i", "-f", from, "--", recipient};
  std::array<char*, typed.size() + 1> words{};
  for (std::size_t i = 0; i < typed.size(); i++) words[i] = typed[i].data();
  const Input input(text);
  const ChildSignal child;
  pid_t pid = 0;
  if (const int error = Start(input).run(pid, program, words.data()); error != 0)
    return {.why = fmt::format("{} cannot be started: {}", program, std::strerror(error))};
  const auto status = await(pid, seconds, child);
  if (!status) return {.why = fmt::format("{} took longer than {} s", program, seconds)};
  if (WIFSIGNALED(*status))
    return {.why = fmt::format("{} was ended by signal {}", program, WTERMSIG(*status))};
  const int code = WEXITSTATUS(*status);
  if (code == 0) return {.done = true};
  return {.for_good = code == EX_DATAERR || code == EX_NOUSER || code == EX_NOHOST,
          .why = fmt::format("{} ended with {}", program, code)};
}

}  // namespace admin
