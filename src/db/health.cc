// db/health.cc — see health.h.
#include "db/health.h"

#include "base/error.h"
#include "db/connection.h"
#include "db/migrate.h"

namespace db {

std::string_view to_text(Health::State state) {
  switch (state) {
    case Health::State::away: return "away";
    case Health::State::not_ready: return "not ready";
    case Health::State::up: return "up";
  }
  return "";
}

Health look_at_database(const base::Config& config) {
  Connection db(config);
  Health health;
  try {
    health.problem = schema_problem(db);
    health.state = Health::State::not_ready;
    if (!health.problem.empty()) return health;
    db.check();
    health.state = Health::State::up;
  } catch (const base::Error& error) {
    health.problem = error.cause;
  }
  return health;
}

}  // namespace db
