// pages/forms.h — all that a visitor may do to a resource, as forms that work without scripts.
#pragma once
#include "http/html.h"
#include "http/response.h"
#include "pages/frame.h"
#include "rest/answer.h"
#include "rest/context.h"

namespace pages {

// GET, OPTIONS and DELETE: the row of buttons above the answer.
void write_tools(http::HtmlWriter& page, Context& context, const Frame& frame);

// POST, PUT and PATCH: a form with a box for each field, and one for raw data. After a refused
// request they hold what was sent, but for passwords, and say what is wrong.
void write_forms(http::HtmlWriter& page, Context& context, const Frame& frame,
                 const rest::Answer& answer);

// The page that asks whether the method is meant; its cookie goes to `headers`.
http::Response confirmation_page(Context& context, const rest::ConfirmPage& content,
                                 http::Headers& headers);

}  // namespace pages
