// http/json_number.h — the numbers of JSON, read and printed as Python does; without RapidJSON.
#pragma once
#include <string>
#include <string_view>

#include "http/json.h"

namespace http {

// How many characters at the start of `text` are a number by JSON's grammar; 0 when none are.
// "01" starts with the number "0".
std::size_t scan_number(std::string_view text);

// An integer of more than 4300 digits, which Python refuses too (converting it takes quadratic
// time).
bool is_too_long(std::string_view number);

// The value of a number: an integer without '.', 'e' and 'E', else a real.
Value number_value(std::string_view number);

}  // namespace http
