// base/shared_mutex.h — a mutex in memory that processes share.
#pragma once
#include <pthread.h>

#include <cerrno>

namespace base {

// Made in memory that processes share, and lockable by each of them (for std::lock_guard and the
// like). When its holder dies the next one gets it: with lock() it must guard nothing that could be
// half done.
class SharedMutex {
 public:
  SharedMutex() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  SharedMutex(const SharedMutex&) = delete;
  SharedMutex& operator=(const SharedMutex&) = delete;

  void lock() {
    if (pthread_mutex_lock(&mutex_) == EOWNERDEAD) pthread_mutex_consistent(&mutex_);
  }
  // Does not wait. What a dead holder was at may be half done: whoever gets it from the dead looks.
  enum class Got { nothing, mutex, mutex_of_the_dead };
  Got try_lock() {
    const int error = pthread_mutex_trylock(&mutex_);
    if (error == EOWNERDEAD) pthread_mutex_consistent(&mutex_);
    return error == 0 ? Got::mutex : error == EOWNERDEAD ? Got::mutex_of_the_dead : Got::nothing;
  }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

}  // namespace base
