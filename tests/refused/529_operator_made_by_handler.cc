// refused: is private within this context
// A handler that enters a company as its operator.
#include "auth/authenticator.h"

namespace admin {
#ifdef PARTYWALL_FIXED
class Task {
#else
class Handler {
#endif
 public:
  static void enter(auth::Authenticator& authenticator, const base::Uuid& company) {
    authenticator.as_operator(base::PassKey<Task>(), company);
  }
};
}  // namespace admin
