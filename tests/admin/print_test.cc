// tests/admin/print_test.cc — answers as people read them.
#include "admin/print.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(answers)

BOOST_AUTO_TEST_CASE(that_are_lists_have_aligned_columns_under_headings) {
  const auto rows =
      http::parse_json(R"([{"id":1,"name":"Kim","created_at":"2026-11-22T20:24:16.930001Z","x":0},)"
                       R"({"id":1000,"name":"Žofie","created_at":null,"x":1}])");
  BOOST_TEST(admin::layout(rows, "id name created_at") == "ID    NAME   CREATED AT\n"
                                                          "1     Kim    2026-11-22 20:24:16\n"
                                                          "1000  Žofie  -\n");
}

BOOST_AUTO_TEST_CASE(that_are_objects_have_a_line_for_each_member) {
  const auto object = http::parse_json(R"({"name":"","is_default":true,"role":"staff"})");
  BOOST_TEST(admin::layout(object, "name is_default role missing") == "NAME        -\n"
                                                                      "IS DEFAULT  yes\n"
                                                                      "ROLE        staff\n"
                                                                      "MISSING     -\n");
}

BOOST_AUTO_TEST_CASE(cannot_give_orders_to_a_terminal) {
  const auto object = http::parse_json(R"({"name":"a\u001b]0;owned\u0007b\nc\u009bd\u202ee"})");
  BOOST_TEST(admin::layout(object, "name") == "NAME  a?]0;owned?b?c?d?e\n");
}

BOOST_AUTO_TEST_CASE(of_nobody_are_the_headings_alone) {
  BOOST_TEST(admin::layout(http::parse_json("[]"), "id name") == "ID  NAME\n");
}

BOOST_AUTO_TEST_SUITE_END()
