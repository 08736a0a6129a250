// admin/print.cc — see print.h.
#include "admin/print.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "base/standard_output.h"
#include "base/text.h"
#include "rest/decode.h"

namespace admin {
namespace {

using Cells = std::vector<std::string>;

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

std::string printable(std::string_view text) {
  std::string result;
  for (const auto point : base::decode(text))
    result += is_control(point) ? "?" : base::encode(point);
  return result;
}

// "2018-10-17T06:05:27.123456Z" → "2018-10-17 06:05:27"
std::string cell(const http::Value* value) {
  if (!value || value->type == http::Value::Type::null) return "-";
  if (value->type == http::Value::Type::boolean) return value->boolean ? "yes" : "no";
  if (const auto time = base::Time::parse_iso(value->text); time && value->text.ends_with('Z'))
    return time->sql().substr(0, 19);
  return value->text.empty() ? "-" : printable(value->text);
}

Cells words(std::string_view text) {
  Cells cells;
  rest::for_each_word(text, [&](std::string_view word) { cells.emplace_back(word); });
  return cells;
}

std::string heading(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return name;
}

// Every column as wide as its widest cell; nothing after the last one.
std::string align(const std::vector<Cells>& lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); i++)
      widths[i] = std::max(widths[i], base::code_points(line[i]));
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i + 1 < line.size(); i++)
      text += line[i] + std::string(widths[i] - base::code_points(line[i]) + 2, ' ');
    text += line.back() + "\n";
  }
  return text;
}

}  // namespace

std::string layout(const http::Value& value, std::string_view columns) {
  const auto names = words(columns);
  std::vector<Cells> lines;
  if (value.type == http::Value::Type::list) {
    auto& head = lines.emplace_back();
    for (const auto& name : names) head.push_back(heading(name));
    for (const auto& row : value.items) {
      auto& line = lines.emplace_back();
      for (const auto& name : names) line.push_back(cell(row.find(name)));
    }
  } else {
    for (const auto& name : names) lines.push_back({heading(name), cell(value.find(name))});
  }
  return align(lines);
}

void print(const rest::Document& document, std::string_view columns, bool as_json,
           const rest::Urls& urls) {
  if (as_json)
    fmt::print("{}\n", document.json(urls, 4));
  else
    fmt::print("{}", layout(document.value(urls), columns));
  base::flush_standard_output();
}

}  // namespace admin
