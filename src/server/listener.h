// server/listener.h — the socket that nginx connects to.
#pragma once
#include <string>

namespace server {

class Listener {
 public:
  // The socket that the service manager has opened and hands over (sd_listen_fds); without one, a
  // unix socket of our own at `path`, which the owner and the group may connect to. Throws
  // std::runtime_error, also when it is handed several, or one that is no listening stream socket.
  explicit Listener(const std::string& path);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Non-blocking.
  int descriptor() const { return descriptor_; }
  // For people.
  const std::string& name() const { return name_; }
  // Removes a socket's file that is ours. One that was handed over stays, and with it the
  // connections that wait for the next start.
  void remove() const;

 private:
  void adopt();
  void open(const std::string& path);

  int descriptor_ = -1;
  std::string name_;
  std::string own_path_;  // empty: it was handed over
};

}  // namespace server
