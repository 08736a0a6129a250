// rest/version.h — what differs between the versions of the API: how a document, a list and an
// error are written, and what is refused.
//
// All else is written once. Which routes and fields a version has, these say themselves
// (Route::since, Rule::since). How a version may change stands in src/rest/README.md, "Changing the
// API".
#pragma once
#include <string_view>

namespace rest {

struct Version {
  int number = 1;
  std::string_view prefix;           // of its paths
  bool lists_are_objects = false;    // {"items": [...], "next": URL or null}; else bare lists
  bool people_are_objects = false;   // where a person is named; else their URL
  bool errors_are_problems = false;  // RFC 9457; else as in Django REST framework
  bool ends_with_newline = false;    // JSON, for who reads it in a terminal
  bool refuses_unknown = false;      // parameters and keys; else they are told in X-Ignored
  bool takes_ids = false;            // where a URL is taken
  bool describes_itself = false;     // OPTIONS in `description`; else beside it, in `summary`
  bool takes_format = false;         // ?format=, which chooses between JSON and a page
};

inline constexpr Version versions[] = {{.number = 1, .prefix = "/api/v1", .takes_format = true},
                                       {.number = 2,
                                        .prefix = "/api/v2",
                                        .lists_are_objects = true,
                                        .people_are_objects = true,
                                        .errors_are_problems = true,
                                        .ends_with_newline = true,
                                        .refuses_unknown = true,
                                        .takes_ids = true,
                                        .describes_itself = true}};
inline constexpr const Version& version_1 = versions[0];

}  // namespace rest
