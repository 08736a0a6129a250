// admin/password.h — a password from whoever sits at the terminal, or from a program's pipe.
#pragma once
#include <string>

namespace admin {

// Asks at the terminal, twice and without showing it; from anything else it is the first line.
// Throws std::runtime_error when the two differ or nothing comes.
std::string read_password();

}  // namespace admin
