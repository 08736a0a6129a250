// tests/admin/mail_text_test.cc — the form of mails: whatever a name is, it stays in the body.
#include "admin/mail_text.h"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "base/email.h"

namespace {

constexpr const char* site = "https://chat.example.org";

std::string whole(admin::Letter letter) {
  letter.recipient = "kim@example.org";
  return admin::whole_mail(letter, "partywall@chat.example.org", "1.1", base::Time{});
}

std::string head_of(const std::string& mail) { return mail.substr(0, mail.find("\n\n")); }

}  // namespace

BOOST_AUTO_TEST_SUITE(mail_text)

BOOST_AUTO_TEST_CASE(a_name_changes_no_header) {
  const auto expected = head_of(whole(admin::changing_letter(site, "kim")));
  for (const std::string name : {"\r\nBcc: eve@example.org", "\n\nBcc: eve", "łukasz", ""}) {
    for (const auto& letter :
         {admin::changing_letter(site, name), admin::removed_letter(site, name)})
      BOOST_TEST(head_of(whole(letter)).find("Bcc") == std::string::npos);
    BOOST_TEST(head_of(whole(admin::changing_letter(site, name))) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_name_is_in_the_body_as_it_is) {
  const std::string name = "łukasz.żółć", url = "https://chat.example.org/#/password/x";
  const auto mail = whole(admin::link_letter(site, {{name, url}, {"kim", url + "y"}}));
  BOOST_TEST(mail.find("\nYour username is " + name + "\n") != std::string::npos);
  BOOST_TEST(mail.find("\n" + url + "\n") != std::string::npos);
  BOOST_TEST(mail.find("\n" + url + "y\n") != std::string::npos);
}

// RFC 5322 section 2.1.1: 998 without the end of the line. 150 characters are all that a name has.
BOOST_AUTO_TEST_CASE(no_line_is_too_long_for_a_mail) {
  std::string name;
  for (int i = 0; i < 150; i++) name += "\U0001F9F1";
  for (const auto& letter :
       {admin::link_letter(site, {{name, site}}), admin::changing_letter(site, name),
        admin::removed_letter(site, name)}) {
    std::istringstream lines(whole(letter));
    for (std::string line; std::getline(lines, line);) BOOST_TEST(line.size() <= 998U);
  }
}

// What keeps other headers, and other words of a program, out of a recipient.
BOOST_AUTO_TEST_CASE(a_recipient_is_one_address_and_no_more) {
  for (const auto* good : {"kim@example.org", "o'kim+x@example.org", "k-m@example.org"})
    BOOST_TEST(base::is_recipient(good), good);
  for (const auto* bad :
       {"", "kim", "kim@example.org\nBcc: eve@example.org", "kim@example.org\r", "k\rm@example.org",
        "kim@example.org, eve@example.org", "-oQx@example.org", "|x@example.org", "x/y@example.org",
        "kim%elsewhere@example.org", "elsewhere!kim@example.org", "łukasz@example.org"})
    BOOST_TEST(!base::is_recipient(bad), bad);
}

BOOST_AUTO_TEST_SUITE_END()
