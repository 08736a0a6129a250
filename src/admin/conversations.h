// admin/conversations.h — makes anew what is kept beside the messages (app/conversations.h).
#pragma once
#include <cstdint>

#include "admin/task.h"

namespace admin {

// How many rows there are, and how many were not as they should be.
struct Recounted {
  std::int64_t conversations = 0, inboxes = 0, changed = 0;

  FIELDS(Recounted, conversations, inboxes, changed)
};

// Counts the messages of a company anew, while others write and read them: two people's after the
// other's, each under the locks of their inboxes. Where nobody waits for these, `at_once` pairs,
// and people, may be counted in one transaction, so that the disk is waited for less often. Memory:
// a batch of people.
void recount(Task& task, const db::Tenant& tenant, Recounted& counted, int at_once = 1);

// "3 of 8 conversations and sums of unread messages were made anew" and a line's end.
void print_recounted(const Recounted& counted);

// At the end of `partywall migrate`: does so for all companies where it was never done. Where the
// schema is new, no older program writes there, and the counts are read from the beginning.
void recount_where_due(Task& task, bool is_new);

}  // namespace admin
