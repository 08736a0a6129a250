// rest/idempotency.cc — what is remembered of a create with an Idempotency-Key; see context.h.
// Table: sql/0022_idempotency_keys.sql. Tests: tests/rest/idempotency_test.cc.
#include "base/crypto.h"
#include "rest/context.h"

namespace rest {
namespace {

using base::Time;
using base::Uuid;

struct Earlier {
  std::string digest;
  Time created_at;

  FIELDS(Earlier, digest, created_at)
};

constexpr db::Scoped<Earlier, Uuid> select_one{
    "SELECT digest, created_at FROM idempotency_keys WHERE company_id = ? AND id = ?"};
constexpr db::Scoped<void, Uuid, Earlier> insert_one{
    "INSERT INTO idempotency_keys (company_id, id, digest, created_at) VALUES (?, ?, ?, ?)"};
constexpr db::Scoped<void, Uuid, Time> delete_old{
    "DELETE FROM idempotency_keys WHERE company_id = ? AND id = ? AND created_at < ?"};

// Keys that were used before this moment are forgotten.
Time horizon() { return Time::now().plus_seconds(-idempotency_days * base::day_seconds); }

}  // namespace

void key_is_taken() {
  throw base::Error(base::Code::conflict,
                    "This Idempotency-Key is the id of something that is there.");
}

std::optional<Uuid> Context::idempotency_key() const {
  const auto header = request.header("idempotency-key");
  if (!header) return std::nullopt;
  const auto key = Uuid::parse_any_case(*header);
  if (!key) base::invalid("Idempotency-Key", "Must be a valid UUID.");
  return key;
}

// No value of one part can be read as another: a path and an id hold no line break. The path is
// that of version 1, whichever is asked: it was so before there were others.
std::string Context::digest_of(const std::string& fields) const {
  const auto path = std::string(version_1.prefix) + std::string(route.path);
  const auto digest = base::sha256(path + "\n" + who().user_id.text() + "\n" + fields);
  return std::string(base::view(digest));
}

bool Context::was_asked(const std::string& fields) const {
  const auto key = idempotency_key();
  if (!key) return false;
  const auto earlier = db.find(select_one, who().tenant, *key);
  if (!earlier) return false;
  if (earlier->created_at < horizon()) return false;
  if (earlier->digest != digest_of(fields))
    throw base::Error(base::Code::unprocessable,
                      "This Idempotency-Key was used for a different request.");
  return true;
}

void Context::remember_fields(const std::string& fields) const {
  const auto key = *idempotency_key();
  db.run(delete_old, who().tenant, key, horizon());
  db.run(insert_one, who().tenant, key, Earlier{digest_of(fields), Time::now()});
}

}  // namespace rest
