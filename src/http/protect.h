// http/protect.h — what answers say of themselves to the browser that keeps and shows them.
#pragma once
#include "http/response.h"

namespace http {

// The answer holds a token, or another secret: it is kept nowhere.
void keep_nowhere(Headers& headers);

// Adds what every answer says where it does not yet. Pages are kept nowhere, since Back would show
// them after logging out; other answers may be kept for their ETag. And as far as an answer has no
// policy of its own, it loads nothing and stands in no frame.
void protect(Response& response);

// Has the browser throw away what the site's scripts keep in it (W3C Clear Site Data): for the
// answer that ended a live session whose CSRF token was checked, no other. Not its "cache": that is
// slow in Chromium, and holds no secret here.
void clear_storage(Headers& headers);

}  // namespace http
