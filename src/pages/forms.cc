// pages/forms.cc — see forms.h. What the fields beginning with _ mean: server/override.h.
#include "pages/forms.h"

#include <algorithm>

#include "pages/document.h"
#include "pages/fields.h"
#include "rest/schema.h"

namespace pages {
namespace {

using http::Method;
using http::Value;

bool takes_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

// The methods with a body that the visitor may use here.
std::vector<Method> writing_methods(Context& context) {
  std::vector<Method> methods;
  for (const auto method : {Method::post, Method::put, Method::patch})
    if (context.may(method)) methods.push_back(method);
  return methods;
}

void begin_form(http::HtmlWriter& page, const Context& context, const Frame& frame) {
  page.raw("<form method=\"post\"").attribute("action", again_url(context)).raw(">");
  write_form_guards(page, frame);
}

// The same for a form with a body. One that makes something carries a key: sent again by F5, it
// makes nothing twice.
void begin_body_form(http::HtmlWriter& page, const Context& context, const Frame& frame) {
  begin_form(page, context, frame);
  if (context.route.makes_rows(context.route.form.method))
    write_hidden(page, "idempotency_key", base::Uuid::make(base::Time::now()).text());
}

// A button that sends the form around it as this method.
void write_submit(http::HtmlWriter& page, Method method, bool is_main) {
  const auto name = http::name_of(method);
  page.raw("<button name=\"_method\"").attribute("value", name);
  if (is_main) page.raw(" class=\"main\"");
  if (method == Method::patch) page.raw(" formnovalidate");  // what is left empty stays as it is
  page.raw(">").text(name).raw("</button>\n");
}

void write_submits(http::HtmlWriter& page, const std::vector<Method>& methods) {
  page.raw("<div class=\"buttons\">");
  for (const auto method : methods) write_submit(page, method, method == methods.front());
  if (methods.size() > 1)
    page.raw("<p class=\"help\">PUT asks for all that is required; PATCH changes what is given."
             "</p>");
  page.raw("</div></form>\n");
}

// A URL of this page in one representation.
std::string url_as(const Context& context, std::string_view format) {
  auto query = http::parse_urlencoded(context.request.query);
  std::erase_if(query, [](const auto& pair) { return pair.first == "format"; });
  query.emplace_back("format", format);
  return context.request.path + "?" + http::write_urlencoded(query);
}

// What the boxes hold at first: what was sent and refused, else the thing as it is, else nothing.
struct Filling {
  Value values;
  std::vector<base::Problem> problems;
  bool raw_was_sent = false;
  std::string raw;  // of the raw form, when it was sent
};

bool has_secrets(const FieldList& fields) {
  for (const auto& field : fields)
    if (field.rule.secret || has_secrets(field.children)) return true;
  return false;
}

// What a field of the page repeats of what was sent; more is refused anyway, and would stand on the
// page twice.
bool is_short(const Value& value) { return value.text.size() <= rest::most_text_bytes; }
// In a box of its own it may be shortened there: some more is repeated, but no page of megabytes.
bool fits_a_box(const Value& value) { return value.text.size() <= 4 * rest::most_text_bytes; }

// A template to fill in: each field that can be written, with its value, else an empty one.
void write_raw(http::JsonWriter& json, const FieldList& fields, const Value& values) {
  json.begin_object();
  for (const auto& field : fields) {
    const auto* value = values.find(field.name);
    const bool has_value =
        value && value->type != Value::Type::null && !field.rule.secret && is_short(*value);
    if (field.read_only || (!has_value && field.type == "integer")) continue;
    json.key(field.name);
    if (!field.children.empty())
      write_raw(json, field.children, value ? *value : Value{});
    else if (!has_value && field.rule.choices)
      json.string(std::string_view(field.rule.choices)
                      .substr(std::string_view(field.rule.choices).rfind(' ') + 1));
    else
      json.string(has_value ? value->text : "");
  }
  json.end_object();
}

std::string raw_template(const FieldList& fields, const Value& values) {
  http::JsonWriter json(4);
  write_raw(json, fields, values);
  return json.take();
}

// What was sent, without what is secret.
void write_sent(http::JsonWriter& json, const FieldList& fields, const Value& sent) {
  json.begin_object();
  for (const auto& [name, value] : sent.members) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& each) { return each.name == name; });
    const bool is_known = field != fields.end();
    json.key(name);
    if (value.type == Value::Type::object)
      write_sent(json, is_known ? field->children : FieldList{}, value);
    else if (value.type == Value::Type::null)
      json.null();
    else if (value.type == Value::Type::boolean)
      json.boolean(value.boolean);
    else
      json.string(is_known && !field->rule.secret ? value.text : "");
  }
  json.end_object();
}

// The members of `above` go over those of `below`: those of the form's fields, for no others are
// shown. Long texts are, unless the raw data shows them already.
void lay_over(Value& below, const Value& above, const FieldList& fields, bool shows_long_texts) {
  if (below.type != Value::Type::object) below = Value::object();
  for (const auto& field : fields) {
    const auto* sent = above.find(field.name);
    if (!sent || !(shows_long_texts ? fits_a_box(*sent) : is_short(*sent))) continue;
    std::erase_if(below.members, [&](const auto& member) { return member.first == field.name; });
    below.members.emplace_back(field.name, *sent);
  }
}

// The thing as it is now: the answer, if that shows it, else what GET would answer.
Value current_values(Context& context, const rest::Answer& answer) {
  if (answer.status == 200 && context.request.method != Method::options)
    return answer.document.value(context.urls());
  const auto* get = context.route.operation(Method::get);
  if (!get) return {};
  try {
    return get->handle(context).document.value(context.urls());
  } catch (const base::Error&) {
    return {};  // then the boxes are empty
  }
}

// Sent from a page that was opened in another company: it is refused, and must not be sent again
// from here with one click.
bool is_of_other_company(const Context& context, const Frame& frame) {
  const auto said = context.request.header("x-company");
  return said && frame.who && *said != frame.who->company_id.text();
}

Filling fill(Context& context, const Frame& frame, const rest::Answer& answer,
             const FieldList& fields) {
  Filling filling;
  if (context.route.form.method != Method::post) filling.values = current_values(context, answer);
  const auto& request = context.request;
  if (answer.status < 400 || !takes_body(request.method) || is_of_other_company(context, frame))
    return filling;
  if (const auto* error = answer.document.error()) filling.problems = error->problems;
  const bool is_json = request.media_type() == "application/json";
  filling.raw_was_sent = context.from_page && is_json;
  try {
    if (filling.raw_was_sent && !has_secrets(fields)) filling.raw = request.body;
    // A long one is not read a second time: its texts would not be repeated anyway.
    if (is_json && request.body.size() > 4 * rest::most_text_bytes) return filling;
    const auto& sent = context.body().value;
    if (sent.type != Value::Type::object) return filling;
    lay_over(filling.values, sent, fields, !filling.raw_was_sent);
    if (filling.raw_was_sent && filling.raw.empty()) {
      http::JsonWriter json(4);
      write_sent(json, fields, sent);
      filling.raw = json.take();
    }
  } catch (const base::Error&) {
    // It does not parse: a text without secrets is still there to be corrected.
  }
  return filling;
}

void write_fields_form(http::HtmlWriter& page, Context& context, const Frame& frame,
                       const FieldList& fields, const Filling& filling) {
  page.raw("<section class=\"card\" aria-labelledby=\"form-title\"><h2 id=\"form-title\">");
  page.text(context.route.form.method == Method::post ? "New, with a form" : "Change, with a form");
  page.raw("</h2>\n");
  begin_body_form(page, context, frame);
  FormFields(page, context, frame).write(fields, filling.values, filling.problems);
  write_submits(page, writing_methods(context));
  page.raw("</section>\n");
}

void write_raw_form(http::HtmlWriter& page, Context& context, const Frame& frame,
                    const FieldList& fields, const Filling& filling) {
  page.raw("<details class=\"card raw\"");
  if (filling.raw_was_sent) page.raw(" open");
  page.raw("><summary>Raw data</summary>\n");
  begin_body_form(page, context, frame);
  write_hidden(page, "_content_type", "application/json");
  page.raw("<div class=\"field\"><label for=\"raw-data\">Content (application/json)</label>"
           "<textarea class=\"raw\" id=\"raw-data\" name=\"_content\" rows=\"12\" "
           "spellcheck=\"false\">\n");
  page.text(filling.raw.empty() ? raw_template(fields, filling.values) : filling.raw);
  page.raw("</textarea></div>\n");
  write_submits(page, writing_methods(context));
  page.raw("</details>\n");
}

}  // namespace

void write_tools(http::HtmlWriter& page, Context& context, const Frame& frame) {
  page.raw("<div class=\"tools\">");
  if (context.route.operation(Method::get))
    page.raw("<div class=\"pair\"><a class=\"button\"")
        .attribute("href", again_url(context))
        .raw(">GET</a>");
  if (context.route.operation(Method::get) && context.version.takes_format)
    page.raw("<details><summary class=\"button\" aria-label=\"GET as\">▾</summary><div><a")
        .attribute("href", url_as(context, "json"))
        .raw(">json</a><a")
        .attribute("href", url_as(context, "api"))
        .raw(">api</a></div></details>");
  if (context.route.operation(Method::get)) page.raw("</div>\n");
  begin_form(page, context, frame);
  write_submit(page, Method::options, false);
  page.raw("</form>\n");
  if (context.may(Method::delete_)) {
    begin_form(page, context, frame);
    write_hidden(page, "_confirm", "ask");
    page.raw("<button class=\"bad\" name=\"_method\" value=\"DELETE\">DELETE</button></form>\n");
  }
  page.raw("</div>\n");
}

void write_forms(http::HtmlWriter& page, Context& context, const Frame& frame,
                 const rest::Answer& answer) {
  const auto methods = writing_methods(context);
  if (methods.empty()) return;
  if (!context.route.form.fields.all) {  // nothing to fill in
    page.raw("<section class=\"card\">");
    begin_form(page, context, frame);
    write_submits(page, methods);
    page.raw("</section>\n");
    return;
  }
  const auto fields = context.route.form.fields.all(context.version);
  const auto filling = fill(context, frame, answer, fields);
  write_fields_form(page, context, frame, fields, filling);
  write_raw_form(page, context, frame, fields, filling);
}

http::Response confirmation_page(Context& context, const rest::ConfirmPage& content,
                                 http::Headers& headers) {
  const auto frame = frame_of(context, headers);
  const auto method = http::name_of(context.request.method);
  http::HtmlWriter page;
  begin_page(page, "Confirm", context, frame);
  page.raw("<div class=\"card\"><h1>").text(method).raw(" this?</h1>\n<p class=\"summary\">");
  page.text(context.route.name).raw(": ").text(context.route.summary);
  page.raw(" Nothing is done yet.</p>\n<p><b>").text(method).raw("</b> <code>");
  page.text(context.request.path).raw("</code></p>\n");
  if (content.thing) {
    page.raw("<pre class=\"thing\">");
    const Links links{context.urls_of(content.thing)};
    DocumentView view(page, links);
    content.thing.write_to(view);
    page.raw("</pre>\n");
  }
  begin_form(page, context, frame);
  const auto* operation = context.route.operation(context.request.method);
  if (operation && operation->takes)
    FormFields(page, context, frame).write(operation->takes(context.version), {}, {});
  page.raw("<div class=\"buttons\"><button class=\"bad\" name=\"_method\"")
      .attribute("value", method)
      .raw(">")
      .text(method)
      .raw("</button><a class=\"button\"")
      .attribute("href", again_url(context))
      .raw(">Cancel</a></div></form></div>\n");
  return end_page(page, 200);
}

}  // namespace pages
