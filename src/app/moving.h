// app/moving.h — what a company's row says of its way to another installation (admin/move.h). Who
// begins or deletes something that would be missed there asks here.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/fields.h"
#include "base/literal.h"

namespace app {

struct Moving {
  std::optional<std::string> moving_to;    // its id there; empty: it is being taken back
  std::optional<base::Time> moving_until;  // so long one that was stopped can go on, with triggers
  std::optional<std::string> moved_to;     // its address there, once it has moved
  std::int64_t can_go_on =
      0;  // by the clock of the database, as its triggers (db/capture.h) have it

  FIELDS(Moving, moving_to, moving_until, moved_to, can_go_on)

  // Nothing of it is begun or deleted here that would be missed there.
  bool is_held() const { return moved_to || can_go_on != 0; }
  // It has moved, and its triggers are gone.
  bool is_finished() const { return moved_to && !moving_until; }
  // It can never go on, and `--back` ends it.
  bool is_given_up() const { return moving_to && !is_held(); }
};
inline constexpr base::Literal moving_columns =
    "moving_to, moving_until, moved_to, IF(moving_until > UTC_TIMESTAMP(6), 1, 0) AS can_go_on";

}  // namespace app
