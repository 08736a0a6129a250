// db/failures.cc — see failures.h. The numbers are those of <mysqld_error.h> and <errmsg.h>.
#include "db/failures.h"

#include "db/connection.h"

namespace db {

Failure failure_of(int number) {
  switch (number) {
    case 1040:  // too many connections
    case 1046:  // no database, as after DROP DATABASE
    case 1047:  // a Galera node that is not (or no longer) part of its cluster
    case 1049:  // an unknown database
    case 1053:  // the server stops
    case 1158:  // 1158 to 1161: the network
    case 1159:
    case 1160:
    case 1161:
    case 1203:  // too many connections of this account
    case 1243:  // an unknown prepared statement: it went with another connection
    case 1927:  // the connection was killed
    case 2002:  // 2002 to 2005: nobody there
    case 2003:
    case 2005:
    case 2006:  // gone away, as after wait_timeout
    case 2012:  // no handshake
    case 2013:  // lost while waiting for an answer
    case 2014:  // out of step: an answer to something else
    case 2026:  // TLS
    case 2027:  // an answer that is none
    case 2030:  // a statement that is not prepared
    case 2055:  // lost
    case 3032:  // MySQL: offline mode
    case 3169:  // MySQL: the session was killed
    case 4031:  // MySQL: wait_timeout
      return Failure::lost;
    case 1036:  // a table that can only be read
    case 1290:  // --read-only
    case 1792:  // transactions that can only read
    case 1836:  // InnoDB in read-only mode
    case 3100:  // a group that refuses the transaction
      return Failure::unwritable;
    case 3:     // an error while writing a file
    case 1021:  // the disk is full
    case 1026:  // an error while writing a file
    case 1041:  // no memory
    case 1114:  // the table is full
    case 1226:  // the account has used up what it may
    case 1637:  // too many transactions
      return Failure::full;
    case 1020:  // MariaDB 11.6 on: the row was changed since the snapshot
    case 1213:
    case 3101:  // a group that decided for another transaction
      return Failure::deadlock;
    case 1205: return Failure::locked;
    case 1317:  // the statement was killed
    case 1969:
    case 3024: return Failure::slow;
    case 1062: return Failure::duplicate;
    case 1452: return Failure::no_reference;
    case 1644: return Failure::closed;  // of a trigger (db/capture.h)
    default: return Failure::other;
  }
}

// "Duplicate entry 'x' for key 'users.username'" → "username". The entry may hold anything; the
// key's name comes last.
bool is_referred_to(const base::Error& error) {
  const auto* refused = dynamic_cast<const Refused*>(&error);
  return refused && refused->number == 1451;
}

std::string name_of_key(std::string_view message) {
  const auto end = message.rfind('\'');
  if (end == message.npos || end == 0) return {};
  const auto start = message.rfind('\'', end - 1);
  auto key = message.substr(start + 1, end - start - 1);
  return std::string(key.substr(key.rfind('.') + 1));
}

}  // namespace db
