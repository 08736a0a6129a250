// tests/db/marks_model_test.cc — the protocol of db/marks.h in every order: two readers, each with
// two requests, and two writers, one step at a time, who may die after each of them. Nobody is
// answered with what had been ended before their request began. Protocols with one step in the
// wrong place show that it would be seen.
#include <array>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <compare>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {

// One byte, so that the bytes of a state say which it is.
using Small = std::int8_t;

// Each writer ends one right: a bit of what the database says. All steps are of one slot. What a
// dead one had begun the database finishes or rolls back, and the master takes its mark away.
struct Writer {
  Small step = 0;
  bool is_dead = false, is_rolled_back = false;
  Small steps_since = 0;  // its death
};

struct Reader {
  Small step = 0, requests = 0;
  Small known_before = 0;  // what was known to have ended when the request began
  bool marked = false;
  Small generation = 0, row = 0;
  auto operator<=>(const Reader&) const = default;
};

struct State {
  std::array<Writer, 2> writers{};
  std::array<Reader, 2> readers{};
  Small marks = 0, generation = 0;  // in shared memory
  Small ended = 0, known = 0;       // in the database; and to clients
  bool has_entry = false;
  Small entry_generation = 0, entry_row = 0;
};

static_assert(std::has_unique_object_representations_v<State>);
using Bytes = std::array<char, sizeof(State)>;

struct HashOfBytes {
  std::size_t operator()(const Bytes& bytes) const {
    return std::hash<std::string_view>()({bytes.data(), bytes.size()});
  }
};

struct Protocol {
  std::string_view writer = "meg-";  // mark, end, generation up, mark away
  std::string_view dead = "eg-";     // the same without it: the database, then the master
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
      auto state = open.back();
      open.pop_back();
      // The two readers do the same, so it does not matter which of them is where.
      if (state.readers[1] < state.readers[0]) std::swap(state.readers[0], state.readers[1]);
      if (!seen_.insert(std::bit_cast<Bytes>(state)).second) continue;
      for (std::size_t i = 0; i < 2; i++) {
        for (const auto& next : after_writer(state, i)) open.push_back(next);
        if (state.readers[i].requests < 2) open.push_back(after_reader(state, i));
      }
    }
  }

  // Its next step, and its death before that: with what it had begun finished, or rolled back.
  std::vector<State> after_writer(const State& state, std::size_t i) const {
    const auto& writer = state.writers[i];
    if (writer.is_dead) return after_death(state, i);
    if (writer.step == 4) return {};
    auto next = state, dead = state, rolled_back = state;
    take_step(next, 1 << i, protocol_.writer[static_cast<std::size_t>(next.writers[i].step++)]);
    if (next.writers[i].step == 4) next.known |= 1 << i;
    if (writer.step == 0) return {next};
    dead.writers[i].is_dead = true;
    rolled_back.writers[i].is_dead = rolled_back.writers[i].is_rolled_back = true;
    return {next, dead, rolled_back};
  }

  std::vector<State> after_death(State state, std::size_t i) const {
    auto& writer = state.writers[i];
    if (writer.steps_since == static_cast<int>(protocol_.dead.size())) return {};
    const auto step = protocol_.dead[static_cast<std::size_t>(writer.steps_since++)];
    if (step != 'e' || !writer.is_rolled_back) take_step(state, 1 << i, step);
    return {state};
  }

  static void take_step(State& state, Small bit, char step) {
    switch (step) {
      case 'm': state.marks |= bit; break;
      case 'e': state.ended |= bit; break;
      case 'g': state.generation++; break;
      default: state.marks &= ~bit;
    }
  }

  void answer(State& state, Reader& reader, Small row) {
    if ((reader.known_before & ~row) != 0) is_wrong_ = true;
    state.known |= row;
    reader = {.requests = static_cast<Small>(reader.requests + 1)};
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
    // It will neither use an entry nor fill one, whichever generation it saw.
    if (reader.marked) reader.generation = 0;
    return state;
  }

  const Protocol protocol_;
  std::unordered_set<Bytes, HashOfBytes> seen_;
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
  BOOST_TEST(goes_wrong({.dead = "g-e"}));     // a dead one's mark goes before its session ended
  BOOST_TEST(goes_wrong({.dead = "ge-"}));
  BOOST_TEST(goes_wrong({.dead = "e-"}));
  BOOST_TEST(goes_wrong({.looks_at_marks = false}));
  BOOST_TEST(goes_wrong({.marks_first = false}));
}

BOOST_AUTO_TEST_SUITE_END()
