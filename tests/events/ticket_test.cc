// tests/events/ticket_test.cc — what a ticket says, and who can have written it.
#include "events/ticket.h"

#include <boost/test/unit_test.hpp>

#include "base/clock.h"
#include "base/crypto.h"

namespace {

using base::Uuid;
using events::Ticket;

Uuid new_id() { return Uuid::make(base::Time::now()); }

struct Tickets {
  const std::string key = base::random_string(32);
  Ticket ticket{.id = new_id(),
                .asked_at = 12'345'678,
                .ends_at = base::Time::highest().micros,
                .person = new_id(),
                .place = {new_id(), new_id()},
                .login = base::random_string(32),
                .elsewhere = {{new_id(), new_id()}, {new_id(), new_id()}}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ticket, Tickets)

BOOST_AUTO_TEST_CASE(says_what_was_written_in_it) {
  BOOST_TEST((events::read_ticket(events::write_ticket(ticket, key), key) == ticket));
  ticket.login = "";
  ticket.elsewhere.clear();
  ticket.ends_at = -1;
  BOOST_TEST((events::read_ticket(events::write_ticket(ticket, key), key) == ticket));
}

BOOST_AUTO_TEST_CASE(names_so_many_other_companies_and_no_more) {
  ticket.elsewhere.assign(200, {new_id(), new_id()});
  const auto text = events::write_ticket(ticket, key);
  BOOST_TEST(text.size() < 2048);  // of nginx's 16 KiB for all headers
  BOOST_TEST(events::read_ticket(text, key)->elsewhere.size() == Ticket::most_elsewhere);
}

BOOST_AUTO_TEST_CASE(is_none_when_any_byte_of_it_or_the_key_is_another) {
  const auto text = events::write_ticket(ticket, key);
  for (std::size_t i = 0; i < text.size(); i++) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    // The last character has bits that stand for nothing, which must be zeros.
    BOOST_TEST(!events::read_ticket(changed, key));
  }
  BOOST_TEST(!events::read_ticket(text, base::random_string(32)));
}

BOOST_AUTO_TEST_CASE(is_none_when_it_is_cut_or_longer_or_no_ticket_at_all) {
  const auto text = events::write_ticket(ticket, key);
  for (std::size_t size = 0; size < text.size(); size++)
    BOOST_TEST(!events::read_ticket(text.substr(0, size), key));
  for (const auto* none : {"", "A", "AAAA", " ", "?"}) BOOST_TEST(!events::read_ticket(none, key));
  BOOST_TEST(!events::read_ticket(text + "AAAA", key));
  BOOST_TEST(!events::read_ticket(std::string(1 << 20, 'A'), key));
  const auto signed_nothing = base::base64url(base::view(base::hmac_sha256(key, "")));
  BOOST_TEST(!events::read_ticket(signed_nothing, key));
}

BOOST_AUTO_TEST_SUITE_END()
