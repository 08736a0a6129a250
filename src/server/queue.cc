// server/queue.cc — see queue.h.
#include "server/queue.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>

#pragma GCC diagnostic ignored "-Wold-style-cast"  // in the kernel's macros

namespace server {
namespace {

struct Question {
  nlmsghdr header{};
  unix_diag_req request{};
};

bool ask(int netlink) {
  Question question;
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  question.request.sdiag_family = AF_UNIX;
  question.request.udiag_states = 1U << TCP_LISTEN;
  question.request.udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN;
  return send(netlink, &question, sizeof question, 0) == sizeof question;
}

// What one socket of the answer says, if it is the one at `path`.
std::optional<int> read_one(const nlmsghdr* header, std::string_view path) {
  const auto* message = static_cast<const unix_diag_msg*>(NLMSG_DATA(header));
  auto left = static_cast<int>(header->nlmsg_len - NLMSG_LENGTH(sizeof *message));
  std::string_view name;
  int length = 0;
  for (auto* attribute = reinterpret_cast<const rtattr*>(message + 1); RTA_OK(attribute, left);
       attribute = RTA_NEXT(attribute, left)) {
    const auto* data = reinterpret_cast<const char*>(attribute) + RTA_LENGTH(0);
    const auto size = attribute->rta_len - RTA_LENGTH(0);
    if (attribute->rta_type == UNIX_DIAG_NAME) name = {data, strnlen(data, size)};
    if (attribute->rta_type == UNIX_DIAG_RQLEN && size >= sizeof(unix_diag_rqlen)) {
      unix_diag_rqlen queue{};
      std::memcpy(&queue, data, sizeof queue);
      length = static_cast<int>(queue.udiag_rqueue);
    }
  }
  return name == path ? std::optional(length) : std::nullopt;
}

std::optional<int> find(int netlink, std::string_view path) {
  alignas(nlmsghdr) std::array<char, 16384> buffer{};
  for (;;) {
    const auto got = recv(netlink, buffer.data(), buffer.size(), 0);
    if (got <= 0) return std::nullopt;
    auto left = static_cast<unsigned>(got);
    for (const auto* header = reinterpret_cast<const nlmsghdr*>(buffer.data());
         NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
      if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;  // the end, or an error
      if (const auto length = read_one(header, path)) return length;
    }
  }
}

}  // namespace

std::optional<int> queue_length(const std::string& socket_path) {
  const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return std::nullopt;
  const auto length = ask(netlink) ? find(netlink, socket_path) : std::nullopt;
  close(netlink);
  return length;
}

}  // namespace server
