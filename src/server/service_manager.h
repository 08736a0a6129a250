// server/service_manager.h — what systemd is told (sd_notify): readiness, reloads, the end, and
// signs of life for its watchdog. Without $NOTIFY_SOCKET nobody listens, and all of this does
// nothing.
#pragma once
#include <cstdint>
#include <string_view>

namespace server {

// Each `status` is one line for people: `systemctl status` shows the last one.
class ServiceManager {
 public:
  ServiceManager();

  void status(std::string_view status) const;
  void ready(std::string_view status) const;
  // A reload begins; ready() ends it.
  void reloading(std::string_view status) const;
  void stopping(std::string_view status) const;
  // To be called often: when half of $WATCHDOG_USEC is over, it says that we are alive.
  void sign_of_life();

 private:
  std::int64_t pause_ = 0;  // microseconds between signs of life; 0: nobody wants them
  std::int64_t last_ = 0;
};

}  // namespace server
