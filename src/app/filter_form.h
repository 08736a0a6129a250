// app/filter_form.h — a list's query parameters as a form, for people.
#pragma once
#include "app/call.h"
#include "app/page.h"
#include "http/html.h"

namespace app {

// A form that GETs this list again as its boxes say, open when it was asked for with filters.
// Nothing where the list has none (View::filters).
void write_filter_form(http::HtmlWriter& page, Call& call, const Visitor& visitor,
                       const http::Response& answer);

}  // namespace app
