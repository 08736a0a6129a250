// auth/subscriber.h — what of an address stands for whoever is behind it.
#pragma once
#include <arpa/inet.h>

#include <string>
#include <string_view>

#include "base/crypto.h"

namespace auth {

// A subscriber has a whole /64 of IPv6 addresses (RFC 6177), and of IPv4 the one address.
inline std::string subscriber(std::string_view address) {
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, std::string(address).c_str(), &ipv6) != 1) return std::string(address);
  return base::hex({reinterpret_cast<const char*>(ipv6.s6_addr), 8});
}

}  // namespace auth
