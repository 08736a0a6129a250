// pages/docs_commands.h — the commands of the reference (pages/docs.h).
#pragma once
#include <string>

#include "pages/description.h"

namespace pages {

// A command for bash that asks for an operation, perhaps with lines before it. All of them work
// when they are pasted in the order of the page, after its chapters. `body` is what the description
// says of the operation's body as JSON, null where it takes none.
std::string command_for(const std::string& path, const std::string& method, const Value& operation,
                        const Value& body);

}  // namespace pages
