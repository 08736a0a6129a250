// base/datagram.h — datagrams over a unix socket, from processes that never wait for who reads
// them.
#pragma once
#include <string>
#include <string_view>

namespace base {

inline constexpr std::size_t most_datagram_bytes = 256;

class DatagramSender {
 public:
  // `path` is the reader's socket, which may come and go.
  explicit DatagramSender(std::string path);
  ~DatagramSender();
  DatagramSender(const DatagramSender&) = delete;
  DatagramSender& operator=(const DatagramSender&) = delete;

  // Never waits. False: it was dropped, because the reader's queue is full or nobody reads.
  bool send(std::string_view datagram) const;
  // Whether there is a reader.
  bool is_heard() const;

 private:
  const std::string path_;
  int descriptor_ = -1;
};

class DatagramReader {
 public:
  // Makes the socket, which this account alone may send to, in place of one that was left there.
  // Throws std::runtime_error.
  explicit DatagramReader(std::string path);
  ~DatagramReader();  // and removes it
  DatagramReader(const DatagramReader&) = delete;
  DatagramReader& operator=(const DatagramReader&) = delete;

  int descriptor() const { return descriptor_; }  // non-blocking
  // The next datagram; false: none waits. One that is too long is cut, so it is none of ours.
  bool read(std::string& datagram) const;

 private:
  const std::string path_;
  int descriptor_ = -1;
};

}  // namespace base
