// base/host_name.h — what a host is called, as nginx has it in $hostname, and where a site is.
#pragma once
#include <string>
#include <string_view>

namespace base {

// The name of this host, in lower case.
std::string own_host_name();

// Letters from a to z, digits, dots and dashes, 64 at most, and begins with none of the latter:
// what may stand in a path.
bool is_host_name(std::string_view name);

// Whether it is where a site is: "http(s)://host[:port]", and nothing behind that.
bool is_origin(std::string_view url);

}  // namespace base
