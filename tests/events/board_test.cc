// tests/events/board_test.cc — whose board it is, and that it goes with its process.
#include "events/board.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>

using events::Board;

namespace {

struct Folder {
  std::string path = "/tmp/partywall-board.XXXXXX";
  std::string board;

  Folder() {
    BOOST_REQUIRE(mkdtemp(path.data()) != nullptr);
    board = path + "/events.board";
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(board, Folder)

BOOST_AUTO_TEST_CASE(is_read_with_its_key_while_somebody_has_it) {
  BOOST_TEST(!Board::open(board));
  const auto made = Board::make(board);
  const auto read = Board::open(board);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->key_view() == made->key_view());
  using std::filesystem::perms;
  BOOST_TEST(
      (std::filesystem::status(board).permissions() == (perms::owner_read | perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(is_no_second_ones_as_long_as_somebody_has_it) {
  const auto made = Board::make(board);
  BOOST_CHECK_THROW(Board::make(board), std::runtime_error);
  BOOST_TEST(Board::open(board)->key_view() == made->key_view());
}

BOOST_AUTO_TEST_CASE(is_nobodys_when_its_process_has_gone_and_the_next_one_has_another_key) {
  const auto key = std::string(Board::make(board)->key_view());
  BOOST_TEST(std::filesystem::exists(board));
  BOOST_TEST(!Board::open(board));
  const auto next = Board::make(board);
  BOOST_TEST(next->key_view() != key);
}

BOOST_AUTO_TEST_CASE(of_another_form_is_none) {
  const auto made = Board::make(board);
  made->form++;
  BOOST_TEST(!Board::open(board));
}

BOOST_AUTO_TEST_SUITE_END()
