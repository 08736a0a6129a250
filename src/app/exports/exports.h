// app/exports/exports.h — files that people asked for, with all of their company or with what is
// their own in it: asked for in exports.cc, fetched by files.cc, made and taken away by
// admin/exports.cc. Table: sql/0039_exports.sql.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "auth/role.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/uuid.h"

namespace app::exported {

// What is in it, and how far it is, as the table has them.
inline constexpr const char* kind_words = "company personal";
inline constexpr std::string_view of_company = "company";
inline constexpr const char* state_words = "queued running done failed";
inline constexpr std::string_view queued = "queued", running = "running", done = "done",
                                  failed = "failed";

// From when it was asked for, when its maker was last heard of, and when it was done.
inline constexpr std::int64_t lives_for_seconds = base::day_seconds;

// What the file is called. An id is unique within its company only, and a client may choose it.
inline std::string file_name(const base::Uuid& company, const base::Uuid& id) {
  return fmt::format("{}.{}.tar.gz", company.text(), id.text());
}

// A company's is for its admins, and a person's own for whoever it is.
inline void check_role(std::string_view kind, auth::Role role) {
  if (kind == of_company && role != auth::Role::admin) base::forbidden();
}

}  // namespace app::exported
