// admin/print.h — answers on standard output: aligned columns for people, JSON for programs.
#pragma once
#include <string>
#include <string_view>

#include "http/json.h"
#include "rest/encode.h"

namespace admin {

// A list as a table of these members (their names separated by blanks), an object as a line each.
// What has control characters is printed with "?" for them: a terminal obeys some.
std::string layout(const http::Value& value, std::string_view columns);

// What HTTP would answer.
template <class T>
std::string to_json(const T& value) {
  rest::Output out({}, 4);
  out.write(value);
  return out.take();
}

// Prints an answer: as it is where `as_json`, else laid out. Throws std::runtime_error when it
// could not be written.
void print(const std::string& json, std::string_view columns, bool as_json);

}  // namespace admin
