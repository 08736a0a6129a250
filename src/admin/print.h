// admin/print.h — answers on standard output: aligned columns for people, JSON for programs.
#pragma once
#include <string>
#include <string_view>

#include "http/json.h"
#include "rest/answer.h"

namespace admin {

// A list as a table of these members (their names separated by blanks), an object as a line each.
// What has control characters is printed with "?" for them: a terminal obeys some.
std::string layout(const http::Value& value, std::string_view columns);

// Prints a document: as HTTP would answer it where `as_json`, else laid out. `urls` is needed only
// for what has links. Throws std::runtime_error when it could not be written.
void print(const rest::Document& document, std::string_view columns, bool as_json,
           const rest::Urls& urls = {});

}  // namespace admin
