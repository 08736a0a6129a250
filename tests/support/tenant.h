// tests/support/tenant.h — the back door that only tests have: a Tenant without authentication.
#pragma once
#include "base/uuid.h"
#include "db/tenant.h"

namespace db {

struct TenantForTest {
  static Tenant make(const base::Uuid& company_id) { return Tenant(company_id); }
};

}  // namespace db
