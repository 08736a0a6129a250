// server/listener.cc — see listener.h.
#include "server/listener.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace server {
namespace {

// What the kernel allows by default (net.core.somaxconn): room for a second's requests. A
// connection that finds it full is refused at once.
constexpr int backlog = 4096;

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

}  // namespace

Listener::Listener(const std::string& path) {
  constexpr int forget_the_variables = 1;
  const int handed = sd_listen_fds(forget_the_variables);
  if (handed > 1)
    throw std::runtime_error(fmt::format("{} sockets were handed over, not one", handed));
  handed == 1 ? adopt() : open(path);
}

void Listener::adopt() {
  constexpr int is_listening = 1;
  descriptor_ = SD_LISTEN_FDS_START;
  if (sd_is_socket(descriptor_, AF_UNSPEC, SOCK_STREAM, is_listening) != 1)
    throw std::runtime_error("what was handed over is no listening stream socket");
  if (fcntl(descriptor_, F_SETFL, fcntl(descriptor_, F_GETFL) | O_NONBLOCK) != 0) fail("fcntl");
  name_ = "the socket that was handed over";
}

void Listener::open(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error(path + ": the path of a socket may have at most 107 bytes");
  std::copy(path.begin(), path.end(), address.sun_path);
  remove_stale(path, address);
  descriptor_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) fail("socket");
  const auto mask = umask(0117);
  const int bound = bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  umask(mask);
  if (bound != 0) fail(path);
  if (listen(descriptor_, backlog) != 0) fail(path);
  own_path_ = name_ = path;
}

void Listener::remove() const {
  if (!own_path_.empty()) unlink(own_path_.c_str());
}

}  // namespace server
