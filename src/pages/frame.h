// pages/frame.h — what all pages share: the frame, who is logged in and where, what forms carry.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "db/unscoped.h"
#include "http/html.h"
#include "rest/context.h"
#include "rest/schema.h"

namespace pages {

using rest::Context;
using rest::FieldInfo;
using rest::Fields;
using rest::FieldType;
using rest::Route;

// Who looks at a page.
struct Visitor {
  std::string csrf_token;
  const auth::Principal* who = nullptr;  // nullptr: nobody that we know
  std::vector<db::Desk> desks = {};      // the person's companies
  // The company that they work in.
  const db::Desk* desk() const;
};

// The visitor that `answer` goes to: whoever asked, unless the answer ends their session. Sets the
// csrftoken cookie, which every form of the page needs. With ask_database false, without companies.
Visitor visitor_of(const Context& context, http::Response& answer, bool ask_database = true);

// Everything up to the content, and after it. With a call: the bar and the places one can go to.
void begin_page(http::HtmlWriter& page, std::string_view title);
void begin_page(http::HtmlWriter& page, std::string_view title, Context& context,
                const Visitor& visitor);
// The page as an answer, with a Content-Security-Policy that allows our own style and nothing else.
http::Response end_page(http::HtmlWriter& page, int status);

// A page that holds one sentence.
http::Response plain_page(int status, std::string_view heading, std::string_view sentence);

void write_hidden(http::HtmlWriter& page, std::string_view name, std::string_view value);
// What every form that changes something carries: the CSRF token, and the company that it is for.
void write_form_guards(http::HtmlWriter& page, const Visitor& visitor);

// "/api/v1/x/?limit=2": where a form goes that is sent from here to here.
std::string own_url(const Context& context);
// The list that a thing is in, by its path; "" where there is none.
std::string parent_of(const Context& context, std::string_view path);

}  // namespace pages
