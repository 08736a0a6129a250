// app/second_factor.h — what setting a second factor up and changing it share.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/noun.h"
#include "db/global_rows.h"

namespace app {

constexpr std::string_view wrong_code =
    "This code is not right, or was used already. Enter the next one.";

struct FactorState {
  bool on = false;
  std::int64_t recovery_codes_left = 0;

  FIELDS(FactorState, on, recovery_codes_left)
};

struct RecoveryCode {
  std::string code;

  FIELDS(RecoveryCode, code)
};

struct RecoveryCodes {
  std::vector<RecoveryCode> recovery_codes;

  FIELDS(RecoveryCodes, recovery_codes)
};

// What a factor looks like to its person.
FactorState factor_state(const db::Factor& factor);

// Makes new recovery codes, to be shown once.
RecoveryCodes renew_recovery_codes(db::Factor& factor);
Answer factor_shown_once(Answer answer);

// Notes in one of their companies what a person did to their second factor.
void audit_factor(Context& context, const auth::Principal& who, const auth::Principal& member,
                  std::string_view event);

// Ends a factor that was set up with a password that an admin gave, and so may be that admin's: in
// `identity` too, which is the caller's and locked. Audited in each of their companies.
void end_factor(Context& context, db::Identity& identity);

}  // namespace app
