// auth/known_callers.cc — see known_callers.h.
#include "auth/known_callers.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <type_traits>

#include "base/shared_memory.h"

namespace auth {

static_assert(std::is_trivially_copyable_v<KnownCallers::Entry>);

std::optional<KnownCaller> KnownCaller::of(const Principal& principal, base::Time ends_at) {
  KnownCaller known;
  if (principal.moved_to || principal.username.size() > known.username.size() ||
      principal.credential.size() > known.credential.size())
    return std::nullopt;
  known.user_id = principal.user_id;
  known.identity_id = principal.identity_id;
  known.role = principal.role;
  known.token_generation = principal.token_generation;
  known.login_ends_at = principal.ends_at;
  known.ends_at = ends_at;
  known.may_write = principal.may_write;
  known.suspended = principal.suspended;
  known.erase_at = principal.erase_at;
  known.has_factor = principal.has_factor;
  known.needs_factor = principal.needs_factor;
  known.username_size = static_cast<std::uint8_t>(principal.username.size());
  known.credential_size = static_cast<std::uint8_t>(principal.credential.size());
  std::ranges::copy(principal.username, known.username.begin());
  std::ranges::copy(principal.credential, known.credential.begin());
  return known;
}

void KnownCaller::copy_to(Principal& principal) const {
  principal.user_id = user_id;
  principal.identity_id = identity_id;
  principal.role = role;
  principal.token_generation = token_generation;
  principal.ends_at = login_ends_at;
  principal.may_write = may_write;
  principal.suspended = suspended;
  principal.erase_at = erase_at;
  principal.has_factor = has_factor;
  principal.needs_factor = needs_factor;
  principal.username.assign(username.data(), username_size);
  principal.credential.assign(credential.data(), credential_size);
}

// A bucket that nobody else has now. What a dead process had locked may be half written: it is
// emptied.
class KnownCallers::Bucket {
 public:
  Bucket(KnownCallers& all, std::size_t number)
      : mutex_(all.mutexes_[number]),
        entries_(all.entries()[number].entry),
        got_(mutex_.try_lock()) {
    if (got_ == base::SharedMutex::Got::mutex_of_the_dead) entries_.fill({});
  }
  ~Bucket() {
    if (is_ours()) mutex_.unlock();
  }
  Bucket(const Bucket&) = delete;
  Bucket& operator=(const Bucket&) = delete;

  bool is_ours() const { return got_ != base::SharedMutex::Got::nothing; }
  // nullptr: there is none.
  Entry* of(const Credential& credential) {
    for (auto& entry : entries_)
      if (entry.asked_at != 0 && entry.credential == credential) return &entry;
    return nullptr;
  }
  // An empty one, where there is one.
  Entry& oldest() { return *std::ranges::min_element(entries_, {}, &Entry::asked_at); }

 private:
  base::SharedMutex& mutex_;
  std::array<Entry, entries_a_bucket>& entries_;
  const base::SharedMutex::Got got_;
};

KnownCallers& KnownCallers::make() {
  return *::new (base::map_shared(sizeof(KnownCallers) + buckets * sizeof(Entries))) KnownCallers;
}

std::size_t KnownCallers::bucket_of(const Credential& credential) {
  std::uint32_t random = 0;
  std::memcpy(&random, credential.digest.data(), sizeof random);
  return (db::Marks::slot_of(credential.company_id) + random % buckets_a_company) % buckets;
}

std::optional<KnownCallers::Entry> KnownCallers::find(const Credential& credential) {
  Bucket bucket(*this, bucket_of(credential));
  const auto* entry = bucket.is_ours() ? bucket.of(credential) : nullptr;
  return entry ? std::optional(*entry) : std::nullopt;
}

void KnownCallers::keep(const Entry& entry) {
  Bucket bucket(*this, bucket_of(entry.credential));
  if (!bucket.is_ours()) return;
  auto* place = bucket.of(entry.credential);
  if (!place) place = &bucket.oldest();
  if (place->asked_at < entry.asked_at) *place = entry;
}

}  // namespace auth
