// auth/known_callers.h — who a credential was a moment ago: a table in memory that the pool's
// processes share, so that a burst of requests of one caller asks the database once.
//
// What is known is good for one second from before its row was asked for, and only while no mark
// and no generation says that a right of the company was changed since (db/marks.h).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "auth/authenticator.h"
#include "base/crypto.h"
#include "base/shared_mutex.h"
#include "base/uuid.h"
#include "db/marks.h"

namespace auth {

// What somebody has shown. All of it is compared.
struct Credential {
  base::Uuid company_id;
  Principal::Via via = Principal::Via::session;
  base::Digest digest{};  // of a secret as it is stored, or of all of a web token

  bool operator==(const Credential&) const = default;
};

// A Principal in memory that processes share.
struct KnownCaller {
  base::Uuid user_id, identity_id;
  Role role = Role::staff;
  std::int64_t token_generation = 0;
  base::Time login_ends_at;  // Principal::ends_at
  base::Time ends_at;        // when the credential does, by itself
  bool may_write = true, suspended = false, has_factor = false, needs_factor = false;
  std::optional<base::Time> erase_at;
  std::uint8_t username_size = 0, credential_size = 0;
  std::array<char, 150> username{};
  std::array<char, 32> credential{};

  // nullopt: a name is longer than there is room for, or the company has moved.
  static std::optional<KnownCaller> of(const Principal& principal, base::Time ends_at);
  void copy_to(Principal& principal) const;
};

// Nobody waits for anybody here: what is locked is as good as not there.
class KnownCallers {
 public:
  static constexpr std::size_t size = 8192;
  static constexpr std::int64_t good_for_micros = 1'000'000;

  // Maps the memory; by the master, before it forks. Throws std::bad_alloc.
  static KnownCallers& make();

  struct Entry {
    Credential credential;
    std::int64_t asked_at = 0;           // before its row was: base::boottime_micros(); 0: no entry
    db::Marks::Generations generations;  // before its row was asked for
    KnownCaller caller;
  };

  // What was last kept, however long ago.
  std::optional<Entry> find(const Credential& credential);
  // Takes the place of the same credential's entry, or of the oldest of those that could be there.
  void keep(const Entry& entry);

 private:
  // A company's credentials have a sixteenth of all buckets, so that none can take all.
  static constexpr std::size_t entries_a_bucket = 8, buckets = size / entries_a_bucket,
                               buckets_a_company = buckets / 16;

  class Bucket;
  static std::size_t bucket_of(const Credential& credential);

  KnownCallers() = default;

  // Apart from the entries, whose memory is touched when they are filled only.
  std::array<base::SharedMutex, buckets> mutexes_;
  struct Entries {
    std::array<Entry, entries_a_bucket> entry;
  };
  Entries* entries() { return reinterpret_cast<Entries*>(this + 1); }
};

}  // namespace auth
