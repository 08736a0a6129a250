// pages/forms.h — all that a visitor may do to a resource, as forms that work without scripts.
#pragma once
#include "http/html.h"
#include "http/response.h"
#include "pages/frame.h"
#include "rest/context.h"

namespace pages {

// GET, OPTIONS and DELETE: the row of buttons above the answer.
void write_tools(http::HtmlWriter& page, Context& context, const Visitor& visitor);

// POST, PUT and PATCH: a form with a box for each field, and one for raw data. After a refused
// request they hold what was sent, but for passwords, and say what is wrong.
void write_forms(http::HtmlWriter& page, Context& context, const Visitor& visitor,
                 const http::Response& answer);

// The page that asks whether a DELETE is meant.
http::Response confirmation_page(Context& context);

}  // namespace pages
