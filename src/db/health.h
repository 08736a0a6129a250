// db/health.h — the database as an operator sees it, who is told why it does not serve.
#pragma once
#include <string>
#include <string_view>

#include "base/config.h"

namespace db {

struct Health {
  enum class State { away, not_ready, up };
  State state = State::away;
  std::string problem;  // a sentence; "" where it is up
};
std::string_view to_text(Health::State state);

// Connects as the account of [database] and looks: whether it answers, holds this program's schema
// and takes writes. Never throws base::Error.
Health look_at_database(const base::Config& config);

}  // namespace db
