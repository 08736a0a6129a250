// http/multipart.cc — bodies of multipart/form-data (RFC 7578); see form.h.
#include <algorithm>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "http/form.h"
#include "http/header_value.h"

namespace http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t most_parts = 1000;
constexpr std::size_t most_header_bytes = 8192;
constexpr int most_headers = 10;  // RFC 7578 section 4 knows three

[[noreturn]] void refuse(std::string_view what) {
  throw base::Error(base::Code::invalid, "Multipart form parse error - " + std::string(what) + ".");
}

// RFC 2046 section 5.1.1: 1 to 70 of these, the last of which is no blank.
bool is_boundary(std::string_view text) {
  static constexpr std::string_view allowed =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'()+_,-./:=? ";
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         text.find_first_not_of(allowed) == text.npos;
}

std::string boundary_of(std::string_view content_type) {
  const auto type = parse_header_value(content_type);
  const auto* boundary = type ? type->find("boundary") : nullptr;
  if (!boundary || !is_boundary(*boundary)) refuse("Invalid boundary in multipart");
  return *boundary;
}

// Where `what` begins in `text`, or npos. memmem is linear, whatever both hold.
std::size_t place_of(std::string_view what, std::string_view text) {
  const auto* at = memmem(text.data(), text.size(), what.data(), what.size());
  return at ? static_cast<std::size_t>(static_cast<const char*>(at) - text.data()) : text.npos;
}

// RFC 2046's transport padding, which gateways may have added to a boundary's line.
void skip_padding(std::string_view& body) {
  body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
}

struct Header {
  std::string name;  // lower case
  std::string text;  // in one line
};

// Takes the first header off `lines`, whose last line ends as the others do. A line that begins
// with a blank goes on with the one before (RFC 822 section 3.1.1).
Header take_header(std::string_view& lines) {
  std::string line;
  do {
    const auto end = lines.find(line_end);
    line += lines.substr(0, end);
    lines.remove_prefix(end + line_end.size());
  } while (lines.starts_with(' ') || lines.starts_with('\t'));
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos)
    refuse("A header of a part has a control character");
  const auto colon = line.find(':');
  if (colon == 0 || colon == line.npos) refuse("A header of a part has no name");
  const auto name = line.substr(0, colon);
  if (name.find_first_of(" \t") != name.npos) refuse("A header of a part has blanks in its name");
  return {base::ascii_lower(name), line.substr(colon + 1)};
}

// The text of an encoding that changes nothing.
bool is_identity(std::string_view encoding) {
  const auto parsed = parse_header_value(encoding);
  return parsed &&
         (parsed->value == "7bit" || parsed->value == "8bit" || parsed->value == "binary");
}

// What a part with these headers holds.
struct Field {
  std::string name;
  bool is_file = false;
};
Field field_of(std::string_view lines) {
  std::optional<HeaderValue> disposition;
  for (int headers = 1; !lines.empty(); headers++) {
    if (headers > most_headers) refuse("A part has too many headers");
    const auto header = take_header(lines);
    if (header.name == "content-transfer-encoding" && !is_identity(header.text))
      refuse("Content-Transfer-Encoding is not supported");
    if (header.name != "content-disposition") continue;
    if (disposition) refuse("A part has two Content-Dispositions");
    disposition = parse_header_value(header.text);
    if (!disposition) refuse("A Content-Disposition is malformed");
  }
  if (!disposition || disposition->value != "form-data") refuse("A part is no form-data");
  const auto* name = disposition->find("name");
  if (!name) refuse("A part has no name");
  return {*name, disposition->find("filename") || disposition->find("filename*")};
}

// What stands between two boundary lines: headers, and after a blank line the content, if any.
struct Part {
  std::string_view headers;  // each with its line end
  std::string_view content;
};

Part split_part(std::string_view part) {
  constexpr std::string_view blank_line = "\r\n\r\n";
  const auto start = part.substr(0, most_header_bytes + blank_line.size());
  const auto end = start.find(blank_line);
  if (end != start.npos)
    return {part.substr(0, end + line_end.size()), part.substr(end + blank_line.size())};
  if (part.size() > most_header_bytes || !part.ends_with(line_end))
    refuse("The headers of a part do not end or are too long");
  return {part, {}};
}

// Everything after the first "--boundary" of the body, which begins it or one of its lines.
std::string_view skip_preamble(std::string_view body, std::string_view delimiter) {
  const auto first = delimiter.substr(line_end.size());
  if (body.starts_with(first)) return body.substr(first.size());
  const auto at = place_of(delimiter, body);
  if (at == body.npos) refuse("The boundary is missing");
  return body.substr(at + delimiter.size());
}

}  // namespace

// RFC 2046 section 5.1.1:
//
//   [preamble CRLF] "--b" padding CRLF part *(CRLF "--b" padding CRLF part)
//   CRLF "--b--" padding [CRLF epilogue]
//
// A line that begins with the boundary is one, whatever comes after it: no part may hold such.
Form parse_multipart(std::string_view body, std::string_view content_type) {
  const auto delimiter = "\r\n--" + boundary_of(content_type);
  auto rest = skip_preamble(body, delimiter);
  Form form;
  for (std::size_t parts = 0; !rest.starts_with("--"); parts++) {
    if (parts == most_parts) refuse("Too many parts");
    skip_padding(rest);
    if (!rest.starts_with(line_end)) refuse("A boundary is followed by something else");
    const auto end = place_of(delimiter, rest);
    if (end == rest.npos) refuse("The final boundary is missing");
    if (end == 0) refuse("A part is no form-data");  // there is not a line between two boundaries
    const auto part = split_part(rest.substr(line_end.size(), end - line_end.size()));
    auto [name, is_file] = field_of(part.headers);
    if (is_file)
      form.has_files = true;
    else
      form.fields.emplace_back(std::move(name), std::string(part.content));
    rest.remove_prefix(end + delimiter.size());
  }
  rest.remove_prefix(2);
  skip_padding(rest);
  if (!rest.empty() && !rest.starts_with(line_end))
    refuse("The final boundary is followed by something else");
  return form;
}

}  // namespace http
