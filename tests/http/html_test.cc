// tests/http/html_test.cc — text never becomes markup.
#include "http/html.h"

#include <boost/test/unit_test.hpp>

namespace {

std::string escaped(std::string_view text) {
  std::string page;
  http::append_escaped(page, text);
  return page;
}

BOOST_AUTO_TEST_SUITE(html)

BOOST_AUTO_TEST_CASE(escapes_the_five_characters) {
  BOOST_TEST(escaped("<a href=\"x\" title='y'>&amp;</a>") ==
             "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
}

BOOST_AUTO_TEST_CASE(leaves_other_text_alone) {
  using namespace std::string_literals;
  BOOST_TEST(escaped("") == "");
  BOOST_TEST(escaped("é \U0001f600 `/\n\0="s) == "é \U0001f600 `/\n\0="s);
}

BOOST_AUTO_TEST_CASE(a_page_escapes_text_and_keeps_literals) {
  http::HtmlWriter page;
  page.raw("<p title=\"").text("\"><script>").raw("\">").text("1 < 2").raw("</p>");
  BOOST_TEST(page.take() == "<p title=\"&quot;&gt;&lt;script&gt;\">1 &lt; 2</p>");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
