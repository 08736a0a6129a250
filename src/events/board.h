// events/board.h — what `partywall events` shows the pool of its host: the key of its tickets,
// whether it hears of changes, and its counters. A file beside its socket, which the pool's account
// alone may read.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace events {

struct Board {
  using Counter = std::atomic<std::uint64_t>;

  // Without a beat for so long nobody is let in: what ends would not be heard of.
  static constexpr std::int64_t longest_silence_micros = 5'000'000;

  std::uint64_t form = 0;  // of this file: another one wherever a member changes
  std::array<char, 32> key{};
  std::atomic<std::int64_t> beat_at{0};  // base::boottime_micros(); 0: never
  std::atomic<std::int64_t> streams{0};  // that are held
  Counter opened{0}, refused{0}, full{0}, ended{0}, heard{0}, sent{0};

  std::string_view key_view() const { return {key.data(), key.size()}; }
  bool hears(std::int64_t now) const {
    const auto at = beat_at.load();
    return at != 0 && now - at < longest_silence_micros;
  }

  // The counters by their names, and what each counts.
  struct Named {
    std::string_view name, what;
    Counter Board::*counter;
  };
  static const std::array<Named, 6> counters;

  struct Unmap {
    void operator()(const Board* board) const;
  };
  // A new board with a new key, which is the caller's as long as its process lives: a lock on the
  // file, for good, says so, also to another namespace of processes. The file of before is not
  // written over. Throws std::runtime_error, also where another process has its board there.
  static std::unique_ptr<Board, Unmap> make(const std::string& path);
  // nullptr: there is none, its process has gone, or it is another version's.
  static std::unique_ptr<const Board, Unmap> open(const std::string& path);
};

}  // namespace events
