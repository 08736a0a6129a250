// admin/move_state.h — what each side knows of a move (admin/move.h), in the company's own row.
#pragma once
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "app/moving.h"
#include "base/clock.h"
#include "base/fields.h"
#include "base/uuid.h"
#include "db/global_rows.h"
#include "db/sql.h"

namespace admin::moved {

// For so long a move that was stopped can go on, before its triggers note nothing any more here,
// and `partywall clean` there takes it for given up.
inline constexpr std::int64_t stopped_for_seconds = 7 * base::day_seconds;

// ---- where it comes from ----

struct State {
  app::Moving move;
  std::optional<base::Time> erase_at;

  FIELDS(State, move, erase_at)
};
inline constexpr base::Literal select_move =
    "SELECT " + app::moving_columns + ", erase_at FROM companies WHERE company_id = ?";
inline constexpr db::Scoped<State> select_state{select_move};
inline constexpr db::Scoped<State> lock_state{select_move + " FOR UPDATE"};
// The words are states of app/exports/exports.h.
inline constexpr db::Scoped<db::CompanyId, std::string_view, std::string_view> select_export{
    "SELECT id FROM exports WHERE company_id = ? AND (state = ? OR state = ?) LIMIT 1"};
inline constexpr db::Scoped<void, std::optional<std::string>, std::optional<base::Time>>
    set_moving_to{"UPDATE companies SET moving_to = ?, moving_until = ? WHERE company_id = ?"};
// For a move that was not given up.
inline constexpr db::Scoped<void, base::Time> set_moving_until{
    "UPDATE companies SET moving_until = ?"
    " WHERE company_id = ? AND moving_until > UTC_TIMESTAMP(6)"};
// How far it is, for who looks after it; nullopt: there is no move, or it is over.
inline std::optional<std::string> phase(const app::Moving& move) {
  if (!move.moving_to || move.is_finished()) return std::nullopt;
  if (move.is_given_up()) return "given up";
  return move.moving_to->empty() ? "being taken back" : "under way";
}
inline std::string given_up(const base::Uuid& company) {
  return fmt::format("a move stood still for a week and was given up; `partywall company move {}"
                     " --back` takes its triggers away",
                     company.text());
}

inline constexpr db::Scoped<void> close_company{
    "UPDATE companies SET read_only_since = UTC_TIMESTAMP(6) WHERE company_id = ?"};
inline constexpr db::Scoped<void> open_company{
    "UPDATE companies SET read_only_since = NULL WHERE company_id = ?"};
inline constexpr db::Scoped<void, std::string, base::Time> set_moved_to{
    "UPDATE companies SET moved_to = ?, moving_until = ?, read_only_since = NULL"
    " WHERE company_id = ?"};
// It is here again, unless it had moved and will be erased.
inline constexpr db::Scoped<void, std::string> set_returning{
    "UPDATE companies SET moving_to = ?, moved_to = NULL, read_only_since = NULL"
    " WHERE company_id = ? AND (moved_to IS NULL OR erase_at IS NULL)"};

// ---- where it goes to ----

// Until when the move has to go on; NULL: everybody sees it.
struct There {
  std::optional<base::Time> importing_until;

  FIELDS(There, importing_until)
};
inline constexpr db::Scoped<There> select_there{
    "SELECT importing_until FROM companies WHERE company_id = ?"};
inline constexpr db::Scoped<void, std::optional<base::Time>> set_importing_until{
    "UPDATE companies SET importing_until = ? WHERE company_id = ?"};
inline constexpr db::Scoped<void> delete_invitations{
    "DELETE FROM invitations WHERE company_id = ?"};
inline constexpr db::Scoped<void> delete_links{"DELETE FROM password_links WHERE company_id = ?"};

}  // namespace admin::moved
