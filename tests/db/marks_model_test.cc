// tests/db/marks_model_test.cc — the protocol of db/marks.h in every order: two readers, each with
// two requests, and two writers, one step at a time. Nobody is answered with what had been ended
// before their request began. Protocols with one step in the wrong place show that it would be
// seen.
#include <array>
#include <boost/test/unit_test.hpp>
#include <compare>
#include <set>
#include <string_view>
#include <vector>

namespace {

// Each writer ends one right: a bit of what the database says. All steps are of one slot.
struct Reader {
  int step = 0, requests = 0;
  int known_before = 0;  // what was known to have ended when the request began
  bool marked = false;
  int generation = 0, row = 0;
  auto operator<=>(const Reader&) const = default;
};

struct State {
  std::array<int, 2> writers{};  // how many steps each has done
  std::array<Reader, 2> readers{};
  int marks = 0, generation = 0;  // in shared memory
  int ended = 0, known = 0;       // in the database; and to clients
  bool has_entry = false;
  int entry_generation = 0, entry_row = 0;
  auto operator<=>(const State&) const = default;
};

struct Protocol {
  std::string_view writer = "meg-";  // mark, end, generation up, mark away
  bool looks_at_marks = true;        // a reader does, before and after its row
  bool marks_first = true;           // and then at the generation
};

class Model {
 public:
  explicit Model(const Protocol& protocol) : protocol_(protocol) {}

  // Whether somebody is answered with what had been ended before.
  bool goes_wrong() {
    visit({});
    return is_wrong_;
  }
  std::size_t states() const { return seen_.size(); }

 private:
  void visit(const State& first) {
    std::vector<State> open{first};
    while (!open.empty() && !is_wrong_) {
      const auto state = open.back();
      open.pop_back();
      if (!seen_.insert(state).second) continue;
      for (std::size_t i = 0; i < 2; i++) {
        if (state.writers[i] < 4) open.push_back(after_writer(state, i));
        if (state.readers[i].requests < 2) open.push_back(after_reader(state, i));
      }
    }
  }

  State after_writer(State state, std::size_t i) {
    const int bit = 1 << i;
    switch (protocol_.writer[static_cast<std::size_t>(state.writers[i]++)]) {
      case 'm': state.marks |= bit; break;
      case 'e': state.ended |= bit; break;
      case 'g': state.generation++; break;
      default: state.marks &= ~bit;
    }
    if (state.writers[i] == 4) state.known |= bit;
    return state;
  }

  void answer(State& state, Reader& reader, int row) {
    if ((reader.known_before & ~row) != 0) is_wrong_ = true;
    state.known |= row;
    reader = {.requests = reader.requests + 1};
  }

  void look(const State& state, Reader& reader, bool at_marks) const {
    if (at_marks)
      reader.marked = reader.marked || (protocol_.looks_at_marks && state.marks != 0);
    else
      reader.generation = state.generation;
  }

  State after_reader(State state, std::size_t i) {
    auto& reader = state.readers[i];
    switch (reader.step++) {
      case 0: reader.known_before = state.known; break;
      case 1: look(state, reader, protocol_.marks_first); break;
      case 2: look(state, reader, !protocol_.marks_first); break;
      case 3:
        if (!reader.marked && state.has_entry && state.entry_generation == reader.generation)
          answer(state, reader, state.entry_row);
        break;
      case 4: reader.row = state.ended; break;
      case 5:
        if (protocol_.looks_at_marks && state.marks != 0) reader.marked = true;
        break;
      case 6:
        if (state.generation != reader.generation) reader.marked = true;
        break;
      default:
        if (!reader.marked) {
          state.has_entry = true;
          state.entry_generation = reader.generation;
          state.entry_row = reader.row;
        }
        answer(state, reader, reader.row);
    }
    return state;
  }

  const Protocol protocol_;
  std::set<State> seen_;
  bool is_wrong_ = false;
};

bool goes_wrong(const Protocol& protocol) { return Model(protocol).goes_wrong(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(the_protocol_of_marks)

BOOST_AUTO_TEST_CASE(holds_in_every_order) {
  Model model({});
  BOOST_TEST(!model.goes_wrong());
  BOOST_TEST(model.states() > 10'000U);
}

BOOST_AUTO_TEST_CASE(would_not_hold_with_any_of_its_steps_elsewhere) {
  BOOST_TEST(goes_wrong({.writer = "emg-"}));  // marked too late
  BOOST_TEST(goes_wrong({.writer = "mge-"}));  // counted too early
  BOOST_TEST(goes_wrong({.writer = "me-g"}));  // the mark goes too early
  BOOST_TEST(goes_wrong({.writer = "me--"}));  // never counted
  BOOST_TEST(goes_wrong({.looks_at_marks = false}));
  BOOST_TEST(goes_wrong({.marks_first = false}));
}

BOOST_AUTO_TEST_SUITE_END()
