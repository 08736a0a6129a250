// server/service_manager.cc — see service_manager.h.
#include "server/service_manager.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <string>

#include "base/clock.h"

namespace server {
namespace {

void tell(const std::string& state) { sd_notify(0, state.c_str()); }

// A line of its own for each variable, so none may have two.
std::string status_line(std::string_view text) {
  auto line = fmt::format("STATUS={}", text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

ServiceManager::ServiceManager() {
  std::uint64_t micros = 0;
  if (sd_watchdog_enabled(0, &micros) > 0) pause_ = static_cast<std::int64_t>(micros / 2);
}

void ServiceManager::status(std::string_view status) const { tell(status_line(status)); }

void ServiceManager::ready(std::string_view status) const {
  tell(fmt::format("READY=1\n{}", status_line(status)));
}

void ServiceManager::reloading(std::string_view status) const {
  tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n{}", base::monotonic_micros(),
                   status_line(status)));
}

void ServiceManager::stopping(std::string_view status) const {
  tell(fmt::format("STOPPING=1\n{}", status_line(status)));
}

void ServiceManager::sign_of_life() {
  const auto now = base::monotonic_micros();
  if (pause_ == 0 || now - last_ < pause_) return;
  last_ = now;
  tell("WATCHDOG=1");
}

}  // namespace server
