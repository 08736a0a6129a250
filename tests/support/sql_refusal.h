// tests/support/sql_refusal.h — the checker of tenant statements, run at run time.
#pragma once
#include <string>
#include <string_view>

namespace support {

// The reason for which a statement is refused; empty if it passes.
std::string refusal(std::string_view sql);

}  // namespace support
