// pages/frame.h — what all pages share: the frame, who is logged in and where, what forms carry.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/users/users.h"
#include "db/unscoped.h"
#include "http/html.h"
#include "rest/context.h"
#include "rest/schema.h"

namespace pages {

using rest::Context;
using rest::FieldInfo;
using rest::FieldList;
using rest::FieldType;
using rest::Route;

// What is around the content of a page, and in each of its forms.
struct Frame {
  std::string csrf_token;
  const auth::Principal* who = nullptr;        // who looks at it; nullptr: nobody that we know
  std::vector<db::OwnCompany> companies = {};  // the person's
  // The company that they work in.
  const db::OwnCompany* company() const;
  // The other people of it by name, at most most_people + 1; asked for when they are first needed.
  const std::vector<app::User>& people(Context& context) const;

 private:
  mutable std::optional<std::vector<app::User>> people_ = {};
};
// With more people nobody chooses from a list: one types the URL or the id.
inline constexpr std::size_t most_people = 500;

// Around an answer with these headers: for whoever asked, unless it ends their session. Sets the
// csrftoken cookie, which every form of the page needs. With ask_database false, without companies.
Frame frame_of(const Context& context, http::Headers& headers, bool ask_database = true);

// Everything up to the content, and after it. With a context: the bar and the places one can go to.
void begin_page(http::HtmlWriter& page, std::string_view title);
void begin_page(http::HtmlWriter& page, std::string_view title, Context& context,
                const Frame& frame);
// The page as an answer, with a Content-Security-Policy that allows our own style and nothing else.
http::Response end_page(http::HtmlWriter& page, int status);

// A page that holds one sentence.
http::Response plain_page(int status, const rest::PlainPage& content);

void write_hidden(http::HtmlWriter& page, std::string_view name, std::string_view value);
// What every form that changes something carries: the CSRF token, and the company that it is for.
void write_form_guards(http::HtmlWriter& page, const Frame& frame);

// "/api/v1/x/?limit=2": what was asked for. And where links and forms go that lead here again: with
// nothing in the query that the version would refuse.
std::string own_url(const Context& context);
std::string again_url(const Context& context);
// The path of the list that a thing is in; the page about oneself where there is none.
std::string parent_of(const Context& context, std::string_view path);

}  // namespace pages
