// base/shared_memory.h — memory that forked processes share.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace base {

// Maps so many bytes, zeros all. Pages that nobody touches cost nothing. Never unmapped: it lives
// as long as the program and those that it forks. Throws std::bad_alloc.
inline void* map_shared(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

}  // namespace base
