// tests/fuzz/require.h — what a fuzz target says must hold.
#pragma once
#include <cstdint>
#include <string_view>

// Ends the process, which the fuzzer reports with the input that led here.
inline void require(bool holds) {
  if (!holds) __builtin_trap();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
