// tests/support/heavy.cc — see heavy.h.
#include "support/heavy.h"

#include <fmt/format.h>

#include "rest/schema.h"

namespace support {
namespace {

using Fields = std::vector<std::string>;

constexpr const char* json_type = "application/json";
constexpr const char* form_type = "application/x-www-form-urlencoded";
constexpr const char* multipart_type = "multipart/form-data; boundary=B";

// `piece` again and again, about so many bytes.
std::string many(std::string_view piece, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}
// The same with a number for each {}, so that no two are equal.
std::string numbered(std::string_view piece, std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; i++) text += fmt::format(fmt::runtime(piece), i);
  return text;
}

// Combining marks in canonical disorder: each of the first half goes behind all of the second.
std::string disordered(std::size_t bytes) {
  return "a" + many("\u0301", bytes / 2) + many("\u0323", bytes / 2);
}

// An object with a text for each field; "a.b" is a member of "a".
std::string json_of(const Fields& fields, const std::string& text) {
  std::string json = "{";
  std::string_view open;  // the object within it that has not ended
  for (const auto& field : fields) {
    const auto dot = field.find('.');
    const auto outer = std::string_view(field).substr(0, dot == field.npos ? 0 : dot);
    if (outer != open && !open.empty()) json += '}';
    if (json.size() > 1) json += ',';
    if (outer != open && !outer.empty()) json += fmt::format("\"{}\":{{", outer);
    open = outer;
    json += fmt::format("\"{}\":\"{}\"", field.substr(dot == field.npos ? 0 : dot + 1), text);
  }
  return json + (open.empty() ? "}" : "}}");
}

Load json(std::string body) { return {.content_type = json_type, .body = std::move(body)}; }
Load form(std::string body) { return {.content_type = form_type, .body = std::move(body)}; }
Load multipart(std::string body) {
  return {.content_type = multipart_type, .body = std::move(body)};
}
Load header(std::string_view name, std::string value) {
  return {.headers = {{std::string(name), std::move(value)}}};
}
Load query(std::string text) { return {.query = std::move(text)}; }

Load json_texts(std::size_t bytes, const Fields& fields, std::string_view piece) {
  return json(json_of(fields, many(piece, bytes / fields.size())));
}
Load form_texts(const Fields& fields, const std::string& text) {
  std::string body;
  for (const auto& field : fields) body += field + "=" + text + "&";
  body.pop_back();
  return form(body);
}

constexpr std::string_view part_start = "--B\r\nContent-Disposition: form-data; name=";

constexpr Heavy bodies[] = {
    {"JSON with names in canonical disorder",
     [](std::size_t bytes, const Fields& fields) {
       return json(json_of(fields, disordered(bytes / fields.size())));
     }},
    {"JSON with one long text",
     [](std::size_t bytes, const Fields& fields) {
       return json_texts(bytes, {fields.front()}, "x");
     }},
    {"JSON with letters that become eighteen",
     [](std::size_t bytes, const Fields& fields) { return json_texts(bytes, fields, "\ufdfa"); }},
    {"JSON with escapes",
     [](std::size_t bytes, const Fields& fields) {
       return json_texts(bytes, fields, R"(\u0001\"<)");
     }},
    {"JSON with blanks",
     [](std::size_t bytes, const Fields& fields) { return json_texts(bytes, fields, "\u3000"); }},
    {"JSON with slashes",
     [](std::size_t bytes, const Fields& fields) { return json_texts(bytes, fields, "/api/v1/"); }},
    {"JSON with many keys",
     [](std::size_t bytes, const Fields&) {
       return json("{" + numbered("\"k{}\":0,", bytes) + "\"k\":0}");
     }},
    {"JSON with a thousand keys",
     [](std::size_t bytes, const Fields&) {
       const auto text = many("x", bytes / 1000);
       std::string body;
       for (int i = 0; i < 999; i++) body += fmt::format("\"k{}\":\"{}\",", i, text);
       return json("{" + body + "\"k\":0}");
     }},
    {"JSON with many items",
     [](std::size_t bytes, const Fields& fields) {
       return json(fmt::format("{{\"{}\":[{}0]}}", fields.front(), many("0,", bytes)));
     }},
    {"JSON with many lists",
     [](std::size_t bytes, const Fields&) { return json("[" + many("[],", bytes) + "0]"); }},
    {"JSON with many objects",
     [](std::size_t bytes, const Fields&) { return json("[" + many("{},", bytes) + "0]"); }},
    {"JSON nested deeply", [](std::size_t bytes, const Fields&) { return json(many("[", bytes)); }},
    {"JSON with a long number",
     [](std::size_t bytes, const Fields& fields) {
       return json(fmt::format("{{\"{}\":1.{}}}", fields.back(), many("7", bytes)));
     }},
    {"JSON of zeros", [](std::size_t bytes, const Fields&) { return json(many("0", bytes)); }},
    {"JSON with a number of zeros",
     [](std::size_t bytes, const Fields& fields) {
       return json(fmt::format("{{\"{}\":-{}}}", fields.back(), many("0", bytes)));
     }},
    {"JSON of blanks", [](std::size_t bytes, const Fields&) { return json(many(" ", bytes)); }},
    {"a form with names in canonical disorder",
     [](std::size_t bytes, const Fields& fields) {
       return form_texts(fields, disordered(bytes / fields.size()));
     }},
    {"a form with many fields",
     [](std::size_t bytes, const Fields&) { return form(numbered("k{}=0&", bytes)); }},
    {"a form with a thousand fields",
     [](std::size_t bytes, const Fields&) {
       const auto text = many("k", bytes / 999);
       std::string body;
       for (int i = 0; i < 999; i++) body += fmt::format("{}{}.{}=&", text, i % 30, i);
       return form(body);
     }},
    {"a form with many separators",
     [](std::size_t bytes, const Fields&) { return form(many("&", bytes)); }},
    {"a form with escapes",
     [](std::size_t bytes, const Fields& fields) {
       return form_texts(fields, many("%22%", bytes / fields.size()));
     }},
    {"a page's form with a long media type",
     [](std::size_t bytes, const Fields&) {
       return form("_content=x&_content_type=" + many("%22", bytes));
     }},
    {"a page's form with line breaks",
     [](std::size_t bytes, const Fields& fields) {
       return form("_method=POST&" + fields.front() + "=" + many("%0D%0A", bytes));
     }},
    {"a page's form with raw JSON",
     [](std::size_t bytes, const Fields& fields) {
       return form("_method=PUT&_content=" +
                   json_of(fields, many("%5C%22", bytes / fields.size())));
     }},
    {"multipart with many parts",
     [](std::size_t bytes, const Fields&) {
       return multipart(
           numbered("--B\r\nContent-Disposition: form-data; name=k{}\r\n\r\n\r\n", bytes) +
           "--B--");
     }},
    {"multipart with many parameters of a part",
     [](std::size_t bytes, const Fields&) {
       const auto part = std::string(part_start) + "a" + numbered(";p{}=1", 8000) + "\r\n\r\nx\r\n";
       return multipart(many(part, bytes) + "--B--");
     }},
    {"multipart of a page with empty parameters",
     [](std::size_t bytes, const Fields&) {
       const auto part = std::string(part_start).substr(0, part_start.size() - 5) +
                         many("; ", 8000) + "name=a\r\n\r\nx\r\n";
       return multipart(std::string(part_start) + "_method\r\n\r\nPOST\r\n" + many(part, bytes) +
                        "--B--");
     }},
    {"multipart with many headers of a part",
     [](std::size_t bytes, const Fields&) {
       const auto part =
           std::string(part_start) + "a\r\n" + numbered("h{}: x\r\n", 8000) + "\r\nx\r\n";
       return multipart(many(part, bytes) + "--B--");
     }},
    {"multipart with lines that are nearly a boundary",
     [](std::size_t bytes, const Fields& fields) {
       return multipart(std::string(part_start) + fields.front() + "\r\n\r\n" +
                        many("\r\n--", bytes) + "\r\n--B--");
     }},
    {"multipart with a long preamble",
     [](std::size_t bytes, const Fields&) { return multipart(many("\r", bytes) + "\r\n--B--"); }},
    {"multipart with a long padding",
     [](std::size_t bytes, const Fields&) {
       return multipart("--B" + many(" ", bytes) + "\r\n--B--");
     }},
    {"multipart with a long name",
     [](std::size_t bytes, const Fields& fields) {
       return multipart(std::string(part_start) + fields.front() + "\r\n\r\n" + disordered(bytes) +
                        "\r\n--B--");
     }},
    {"a body of no known type",
     [](std::size_t bytes, const Fields&) {
       return Load{.content_type = many("x;", bytes), .body = "x"};
     }},
};

constexpr Heavy heads[] = {
    {"a long query",
     [](std::size_t bytes, const Fields&) { return query(numbered("k{}=&", bytes)); }},
    {"a query that says one thing often",
     [](std::size_t bytes, const Fields&) { return query(many("limit=1&", bytes)); }},
    {"a query with a long value",
     [](std::size_t bytes, const Fields&) {
       return query("limit=1&name=" + many("%CC%81", bytes / 2) + many("%CC%A3", bytes / 2));
     }},
    {"many media ranges",
     [](std::size_t bytes, const Fields&) { return header("accept", many("a/b,", bytes)); }},
    {"many parameters of a media range",
     [](std::size_t bytes, const Fields&) {
       return header("accept", "text/html" + numbered(";p{}=1", bytes));
     }},
    {"a quoted media range",
     [](std::size_t bytes, const Fields&) {
       return header("accept", "text/html;p=\"" + many("\\\"", bytes));
     }},
    {"many cookies",
     [](std::size_t bytes, const Fields&) { return header("cookie", numbered("k{}=0; ", bytes)); }},
    {"a long cookie",
     [](std::size_t bytes, const Fields&) {
       return header("cookie", "sessionid=" + many("A", bytes));
     }},
    {"a long token",
     [](std::size_t bytes, const Fields&) {
       return header("authorization", "Bearer " + many("eyJ.", bytes));
     }},
    {"long credentials",
     [](std::size_t bytes, const Fields&) {
       return header("authorization", "Basic " + many("zIHM", bytes));  // combining marks
     }},
    {"many entity tags",
     [](std::size_t bytes, const Fields&) { return header("if-match", many("\"x\",", bytes)); }},
    {"many entity tags of no match",
     [](std::size_t bytes, const Fields&) {
       return header("if-none-match", many("W/\"x\" ,", bytes));
     }},
    {"a long key of a request",
     [](std::size_t bytes, const Fields&) { return header("idempotency-key", many("a", bytes)); }},
    {"a long company",
     [](std::size_t bytes, const Fields&) { return header("x-company", many("a", bytes)); }},
    {"a long name of a browser",
     [](std::size_t bytes, const Fields&) { return header("user-agent", many("é", bytes)); }},
};

std::vector<Heavy> all_kinds() {
  std::vector<Heavy> kinds(std::begin(bodies), std::end(bodies));
  kinds.insert(kinds.end(), std::begin(heads), std::end(heads));
  return kinds;
}

void collect(const rest::FieldList& fields, const std::string& prefix, Fields& names) {
  for (const auto& field : fields) {
    const auto name = prefix + std::string(field.name);
    if (field.read_only) continue;
    if (field.children.empty()) names.push_back(name);
    collect(field.children, name + ".", names);
  }
}

}  // namespace

std::vector<std::string> field_names(const rest::Route& route) {
  Fields names;
  if (route.form.fields.all)
    collect(route.form.fields.all(std::end(rest::versions)[-1]), "", names);
  if (names.empty()) names = {"username", "password", "next"};
  return names;
}

std::span<const Heavy> heavy_kinds() {
  static const auto kinds = all_kinds();
  return kinds;
}

}  // namespace support
