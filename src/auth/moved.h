// auth/moved.h — where a company is that has moved to another installation (admin/move.h).
//
// The Authenticator finds nobody in such a company. Before it says so to somebody whose credential
// is otherwise good, it asks here, and they are told the address. Whoever has none learns nothing.
#pragma once
#include <string>

#include "auth/tokens.h"
#include "base/uuid.h"
#include "db/connection.h"

namespace auth {

// base::Error{gone} with the reason "company_moved", and the detail "moved_to".
[[noreturn]] void company_moved(const std::string& address);

// Each throws that where the company has moved and the credential, or the membership, is good.
void check_moved_session(db::Connection& db, const db::Tenant& tenant, const std::string& hash);
void check_moved_api_token(db::Connection& db, const db::Tenant& tenant, const std::string& hash);
void check_moved_family(db::Connection& db, const db::Tenant& tenant, const Claims& claims);
void check_moved_member(db::Connection& db, const db::Tenant& tenant,
                        const base::Uuid& identity_id);

}  // namespace auth
