// server/stream_server.h — `partywall events`: one process that holds everybody's streams
// (Server-Sent Events), so that no worker waits with them.
//
// It has no account of the database and never waits for one. nginx hands a connection over with a
// ticket (events/ticket.h); the pool's processes say by datagrams what changed (db/changes.h), and
// one of them each second that they are still at it.
#pragma once
#include "base/config.h"

namespace server {

// Serves until SIGTERM or SIGINT; then all streams end, and their clients come back after a while,
// each after another one. Answers the process's exit status. Throws std::runtime_error.
int run_stream_server(const base::Config& config);

}  // namespace server
