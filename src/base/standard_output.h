// base/standard_output.h — what a command prints arrives, or the command has failed.
#pragma once
#include <string_view>

namespace base {

// To be called before anything is opened. Where standard input, output or error is closed, the next
// file or socket would take its place and get what is printed: an end that fails stands there from
// here on. A pipe that nobody reads any more is an error like another (no SIGPIPE).
void guard_standard_streams();

// Writes what is still in the buffers. Throws std::runtime_error when not all that was printed
// could be written.
void flush_standard_output();

// Says something to whoever typed the command, on standard error. Where nobody can hear it, that is
// no further trouble.
void complain(std::string_view line);

}  // namespace base
