// tests/support/two_companies.h — the fixture of most tests: two companies side by side, each with
// an admin and two members of staff, all logged in, and messages between them.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "support/client.h"

namespace support {

constexpr std::string_view users_url = "/api/v1/accounts/users/";
constexpr std::string_view messages_url = "/api/v1/user-messages/";
constexpr std::string_view company_url = "/api/v1/accounts/company";
constexpr std::string_view customers_url = "/api/v1/customers/";
constexpr std::string_view invitations_url = "/api/v1/accounts/invitations/";
constexpr std::string_view api_tokens_url = "/api/v1/auth/api-tokens/";
constexpr std::string_view sessions_url = "/api/v1/auth/sessions/";
constexpr std::string_view accept_url = "/api/v1/auth/invitation/accept/";
constexpr std::string_view switch_url = "/api/v1/auth/company/";
constexpr std::string_view me_url = "/api/v1/auth/me";
constexpr std::string_view password = "Faced-0483-Bead!";

// A name that no other test has.
std::string unique_name(std::string_view stem);

struct Person {
  explicit Person(server::Service& service) : client(service) {}
  Client client;
  std::string username;
  base::Uuid id;
  std::string url() const { return std::string(users_url) + id.text(); }
};

struct Company {
  explicit Company(server::Service& service) : admin(service), staff(service), other(service) {}
  base::Uuid id;
  Person admin, staff, other;
  base::Uuid message;  // from admin to staff, unread
  base::Uuid customer;
  base::Uuid invitation;
  std::string invitation_token;
  base::Uuid api_token;  // of staff
  base::Uuid session;    // of staff

  // Its rows by what stands for them: a route's {parameter}, a field that takes an id.
  std::map<std::string_view, base::Uuid> ids() const;
};

// Signs a company up, and its people in.
Company make_company(server::Service& service);

// Another colleague, logged in.
Person hire(Company& company, server::Service& service, std::string_view role = "staff");

struct TwoCompanies : Worker {
  Company a = make_company(service);
  Company b = make_company(service);
};

}  // namespace support
