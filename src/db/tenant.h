// db/tenant.h — proof that this request may touch the rows of one company.
//
// A handler can pass a Tenant on by reference and nothing else: it can neither make one, nor learn
// the company's id from it, nor keep a copy. So the company of a statement is always the one that
// the Authenticator verified for this request.
#pragma once
#include "base/pass_key.h"
#include "base/uuid.h"

namespace auth {
class Authenticator;
}

namespace db {

class Tenant {
 public:
  // Minted from a verified session, token or sign-up: only the Authenticator has the key.
  Tenant(base::PassKey<auth::Authenticator>, const base::Uuid& company_id)
      : company_id_(company_id) {}

  // Neither copied nor moved, so it cannot outlive or leave its request.
  Tenant(const Tenant&) = delete;
  Tenant& operator=(const Tenant&) = delete;

  // Not trivial, so std::bit_cast can neither read nor make one.
  ~Tenant() {}

 private:
  friend class Connection;      // binds it, and is the only reader
  friend struct TenantForTest;  // defined in tests/support, never in src

  explicit Tenant(const base::Uuid& company_id) : company_id_(company_id) {}

  base::Uuid company_id_;
};

}  // namespace db
