// auth/caller_memory.cc — see caller_memory.h, and db/marks.h for the order of the steps.
#include "auth/caller_memory.h"

namespace auth {

using Search = CallerMemory::Search;

Search::Search(CallerMemory* memory, const Credential& credential) : memory_(memory) {
  if (!memory_) return;
  entry_.credential = credential;
  entry_.asked_at = memory_->clock_();
  generations_ = memory_->marks_.look(credential.company_id);
  if (generations_) entry_.generations = *generations_;
}

bool Search::fill(Principal& principal) {
  if (!memory_) return false;
  const auto found = generations_ ? memory_->known_.find(entry_.credential) : std::nullopt;
  if (!found || found->generations != *generations_ ||
      memory_->clock_() - found->asked_at >= KnownCallers::good_for_micros ||
      base::Time::now() >= found->caller.ends_at) {
    memory_->slot_.callers_asked++;
    return false;
  }
  found->caller.copy_to(principal);
  principal.via = entry_.credential.via;
  memory_->slot_.callers_known++;
  return true;
}

void Search::keep(const Principal& principal, base::Time ends_at) {
  if (!generations_) return;
  const auto caller = KnownCaller::of(principal, ends_at);
  if (!caller || memory_->marks_.look(entry_.credential.company_id) != generations_ ||
      memory_->clock_() - entry_.asked_at >= KnownCallers::good_for_micros)
    return;
  entry_.caller = *caller;
  memory_->known_.keep(entry_);
}

}  // namespace auth
