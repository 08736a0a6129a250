// server/queue.h — how many connections wait for a worker.
#pragma once
#include <optional>
#include <string>

namespace server {

// The length of the queue of a listening unix socket, as sock_diag(7) has it. nullopt: no socket
// listens at this path, or it is out of sight (another network namespace, no netlink).
std::optional<int> queue_length(const std::string& socket_path);

}  // namespace server
