// base/version.h — which release this program is, and which one it leaves room for.
//
// The Makefile says both: the version stands in the package's changelog.
#pragma once
#include <string_view>

namespace base {

extern const std::string_view version;  // "0.6.0"

// The oldest release whose program works on the schema that this program migrates to.
extern const std::string_view oldest_program;

// Whether a release comes before another one: by its numbers, 0.9.0 before 0.10.0. What is no
// version ("") comes before all.
bool is_older(std::string_view release, std::string_view other);

}  // namespace base
