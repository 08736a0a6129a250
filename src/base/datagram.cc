// base/datagram.cc — see datagram.h.
#include "base/datagram.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace base {
namespace {

int open_socket() { return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// False: a unix socket's path may have at most 107 bytes.
bool fill(sockaddr_un& address, const std::string& path) {
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::copy(path.begin(), path.end(), address.sun_path);
  return true;
}

}  // namespace

DatagramSender::DatagramSender(std::string path)
    : path_(std::move(path)), descriptor_(open_socket()) {}

DatagramSender::~DatagramSender() { close(descriptor_); }

// By the path each time: whoever reads may be another process by now.
bool DatagramSender::send(std::string_view datagram) const {
  sockaddr_un address{};
  if (!fill(address, path_)) return false;
  return sendto(descriptor_, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0;
}

bool DatagramSender::is_heard() const {
  sockaddr_un address{};
  if (!fill(address, path_)) return false;
  const int probe = open_socket();
  const auto* place = reinterpret_cast<const sockaddr*>(&address);
  const bool is_there = connect(probe, place, sizeof address) == 0;
  if (probe >= 0) close(probe);
  return is_there;
}

DatagramReader::DatagramReader(std::string path)
    : path_(std::move(path)), descriptor_(open_socket()) {
  sockaddr_un address{};
  const auto fail = [&](std::string_view why) {
    close(descriptor_);
    throw std::runtime_error(fmt::format("{}: {}", path_, why));
  };
  if (!fill(address, path_)) fail("the path of a socket may have at most 107 bytes");
  unlink(path_.c_str());
  const auto mask = umask(0177);
  const int bound = bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  umask(mask);
  if (bound != 0) fail(std::strerror(errno));
}

DatagramReader::~DatagramReader() {
  close(descriptor_);
  unlink(path_.c_str());
}

bool DatagramReader::read(std::string& datagram) const {
  datagram.resize(most_datagram_bytes);
  const auto size = recv(descriptor_, datagram.data(), datagram.size(), MSG_DONTWAIT);
  datagram.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return size >= 0;
}

}  // namespace base
