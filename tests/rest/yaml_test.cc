// tests/rest/yaml_test.cc — documents as YAML.
#include "rest/yaml.h"

#include <boost/test/unit_test.hpp>

#include "http/json.h"
#include "rest/encode.h"

BOOST_AUTO_TEST_SUITE(yaml)

BOOST_AUTO_TEST_CASE(has_a_line_for_each_leaf_and_quotes_every_text) {
  rest::YamlSink sink;
  rest::write_value(sink, http::parse_json(R"({"a":1,"b":{"c":"x: \"y\"\n","d":[]},
      "e":[1,{"f":true,"g":null},["h",{}]]})"));
  BOOST_TEST(sink.take() == "\"a\": 1\n"
                            "\"b\":\n"
                            "  \"c\": \"x: \\\"y\\\"\\n\"\n"
                            "  \"d\": []\n"
                            "\"e\":\n"
                            "  - 1\n"
                            "  -\n"
                            "    \"f\": true\n"
                            "    \"g\": null\n"
                            "  -\n"
                            "    - \"h\"\n"
                            "    - {}\n");
}

BOOST_AUTO_TEST_SUITE_END()
