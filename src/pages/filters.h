// pages/filters.h — a list's query parameters as a form, for people.
#pragma once
#include "http/html.h"
#include "pages/frame.h"
#include "rest/context.h"

namespace pages {

// A form that GETs this list again as its boxes say, open when it was asked for with filters.
// Nothing where the list has none (Route::filters).
void write_filter_form(http::HtmlWriter& page, Context& context, const Frame& frame,
                       const rest::Answer& answer);

}  // namespace pages
