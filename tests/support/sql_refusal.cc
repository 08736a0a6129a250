// tests/support/sql_refusal.cc — see sql_refusal.h.
#include "support/sql_refusal.h"

#include <stdexcept>

#include "db/sql.h"

namespace db {

// The product never defines it, so that the compiler refuses; here it throws.
void refuse(const char* why) { throw std::invalid_argument(why); }

}  // namespace db

namespace support {

std::string refusal(std::string_view sql) {
  try {
    db::check::Parser parsed(sql);
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

}  // namespace support
