// rest/route.h — one URL: its name, its methods with the least role for each, and its form; and
// the table of all of them, which is handed down from app/routes.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/role.h"
#include "base/uuid.h"
#include "http/request.h"
#include "rest/people.h"
#include "rest/version.h"

namespace rest {

class Context;
struct Answer;
struct Fields;
using Handler = Answer (*)(Context&);

// For Operation::permitted, where the handler is delete_by_admin (rest/crud.h).
bool caller_is_admin(Context& context);

// The fields of a resource: those that are shown or taken, and those that are shown alone, as a
// version has them (rest/schema.h, describe_fields).
using DescribeFields = Fields(const Version& version);

// With which credentials an operation can be done, whatever the role. session: where access is not
// anyone.
enum class By { any_credential, no_api_token, session };

struct Operation {
  http::Method method = http::Method::other;
  auth::Access access = auth::Access::admin;
  Handler handle = nullptr;  // nullptr: this place in the array is not used
  // Whether this caller may do it to this object, as far as a page can tell; the handler checks for
  // itself. nullptr: whoever has the role may.
  bool (*permitted)(Context&) = nullptr;
  // Whether the handler does its work in Context::transaction, which looks at If-Match; the others
  // are run in such a transaction as a whole.
  bool looks_at_condition = false;
  By by = By::any_credential;
  // Where it is done beside companies that are open: one that an operator has suspended, that is to
  // be erased, or that keeps an admin out who has no second factor, is not.
  auth::Admits admits = auth::Admits::open;
  // The handler refuses others than admins itself, when they know whether the thing is there.
  bool for_admins = permitted == caller_is_admin;
  // What its body has, where that is not what the route's form says: a DELETE that asks for more
  // than a confirmation.
  DescribeFields* takes = nullptr;
  int answers = 0;                // with which status; 0: 200, or 201 for POST, or 204 for DELETE
  std::string_view summary = {};  // what it does, in a sentence; "": see summary_of

  constexpr bool takes_api_tokens() const { return by == By::any_credential; }
  // The least role that it takes.
  constexpr auth::Access needs() const { return for_admins ? auth::Access::admin : access; }
  constexpr int status() const {
    if (answers != 0) return answers;
    return method == http::Method::post ? 201 : method == http::Method::delete_ ? 204 : 200;
  }
};

struct Description {
  DescribeFields* all = nullptr;
  DescribeFields* shown = nullptr;
};

// What POST, PUT or PATCH takes: shown by OPTIONS and, as a form, by the page.
struct Form {
  http::Method method = http::Method::other;
  Description fields = {};
};

// The time that a list goes by, and the query parameters that ask for an order and a range of it.
struct Timeline {
  const char* orders;      // the two values of `order`: oldest first, newest first
  std::string_view since;  // inclusive
  std::string_view until;  // exclusive
};
inline constexpr Timeline by_creation{"created_at -created_at", "created_since", "created_until"};
inline constexpr Timeline by_date{"date -date", "since", "until"};

// The query parameters that a route reads: by which a list is narrowed and ordered.
struct Listing {
  DescribeFields* filters = nullptr;
  const Timeline* timeline = nullptr;  // nullptr: all of it, in one order
  bool newest_first = false;           // where no other order is asked for
};

enum class Guard {
  standard,    // negotiation, authentication, CSRF, role: everything, in that order
  credential,  // where one gets credentials: the handler reads and checks what it is sent
};

// A route that will go: since when nobody should begin to use it, when it goes (both in seconds
// since 1970; RFC 9745, RFC 8594), and the path of what one uses instead in the newest version.
struct Farewell {
  std::int64_t deprecated = 0;
  std::int64_t sunset = 0;  // 0: not yet decided
  std::string_view successor;
};

struct Route {
  std::string_view name;
  std::string_view path;  // below the version's prefix; may hold one {parameter}, which is an id
  int since = 2;          // the first version that has it
  int until = 0;          // the last; 0: all that come after
  const Farewell* farewell = nullptr;  // of the versions that have it
  int poll_seconds = 0;                // how often one may ask for news; 0: nobody does
  std::string_view summary;
  std::array<Operation, 4> operations;
  Form form = {};
  DescribeFields* shows = nullptr;  // what it answers, where its form does not say that
  Listing list = {};
  Guard guard = Guard::standard;
  bool describes = false;  // it is about the API itself, and there without logging in
  // Of what GET answers: where it is not JSON, Accept chooses nothing. text/html: a page (is_page).
  std::string_view media_type = "application/json";
  // What its GET answers is a stream, which another process holds, or a file: nginx is told to hand
  // the connection over to this internal location of its own, with the ticket of the answer. Who
  // asks is never taken from memory.
  std::string_view hands_over_to = {};
  Handler page = nullptr;  // answers a browser's GET where GET is no operation
  // For If-Match: locks the row until the transaction ends. Without it nothing can be changed under
  // a condition here (rest/preconditions.h).
  void (*lock)(Context&) = nullptr;
  Handler shown_as = nullptr;  // what If-Match compares with where GET is no operation

  constexpr bool is_in(const Version& version) const {
    return since <= version.number && (until == 0 || version.number <= until);
  }

  // The operation for a method; HEAD is served by GET's. nullptr: not allowed.
  constexpr const Operation* operation(http::Method method) const {
    const auto wanted = method == http::Method::head ? http::Method::get : method;
    for (const auto& each : operations)
      if (each.handle && each.method == wanted) return &each;
    return nullptr;
  }

  // What the body of an operation has; nullptr: it takes none.
  constexpr DescribeFields* taken_fields(const Operation& operation) const {
    if (operation.takes) return operation.takes;
    const bool has_form =
        !http::is_safe(operation.method) && operation.method != http::Method::delete_;
    return has_form ? form.fields.all : nullptr;
  }

  // Whether the body of a method is read.
  constexpr bool takes_body(http::Method method) const {
    const auto* found = operation(method);
    return found && taken_fields(*found);
  }

  // What it answers with 200 or 201; of a list each of its rows. nullptr: nothing.
  constexpr auto shown_fields() const { return shows ? shows : form.fields.shown; }

  // Whether GET answers a page for people, which has neither fields nor a tag.
  constexpr bool is_page() const { return media_type == "text/html"; }

  constexpr bool is_stream() const { return !hands_over_to.empty(); }

  // Whether it is a document about the API, of which Accept chooses nothing.
  constexpr bool is_document() const { return describes && !shown_fields(); }

  // Whether GET answers a list: of what a path with a slash at its end has below it.
  constexpr bool is_list() const {
    return !is_page() && !is_stream() && path.back() == '/' && operation(http::Method::get);
  }

  // Whether it has pages, of which `limit` and `cursor` choose one.
  constexpr bool has_pages() const { return is_list() && !describes; }

  // What is here, as JSON: its answer has a tag. nullptr: nothing that one could have a tag of.
  constexpr Handler shown() const {
    const auto* get = is_page() || is_stream() ? nullptr : operation(http::Method::get);
    return get ? get->handle : shown_as;
  }
  // Whether a method makes a row of the list that is here: such a request takes an Idempotency-Key.
  constexpr bool makes_rows(http::Method method) const {
    return method == http::Method::post && shown() && operation(method);
  }
};

// The table of all URLs: each route in each version that has it. Of two routes that a path fits the
// earlier one is it. All is lent.
struct Routes {
  Routes(std::span<const Route* const> table, FindPeople* find_people = nullptr,
         std::span<const Version> versions = rest::versions)
      : table(table), find_people(find_people), versions(versions) {}

  std::span<const Route* const> table;
  FindPeople* find_people;  // nullptr: documents show whom they name as a URL
  std::span<const Version> versions;

  auto begin() const { return table.begin(); }
  auto end() const { return table.end(); }
};

struct Match {
  const Route* route = nullptr;
  const Version* version = &version_1;
  base::Uuid id = {};     // what {parameter} stands for; all zero in a path without one
  std::size_t place = 0;  // among the names that names_of answers
};

// The paths of all routes in all versions, "/api/v1/customers/", as a Match counts them.
std::vector<std::string> names_of(const Routes& routes);

// The version that a raw path is below; nullptr: none of them. Takes its prefix off the path.
const Version* take_version(const Routes& routes, std::string_view& path);

// The route of a raw path. Ids must be strict; no slash is forgiven. Two paths are below no
// version: /api/ and /docs/ are the newest one's versions/ and docs/.
std::optional<Match> resolve(const Routes& routes, std::string_view path);

// What an operation does, in a sentence: its own; or the route's, where it has no other operation
// or this one reads; or what any such method does.
std::string_view summary_of(const Route& route, const Operation& operation);

// "GET, POST, HEAD, OPTIONS".
std::string allowed_methods(const Route& route);

}  // namespace rest
