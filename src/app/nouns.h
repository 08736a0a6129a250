// app/nouns.h — one declaration a noun; a noun's views stand at the foot of its file.
#pragma once
#include <span>

#include "app/view.h"

namespace app {

std::span<const View> accounts();
std::span<const View> users();
std::span<const View> company();
std::span<const View> user_messages();
std::span<const View> customers();
std::span<const View> login();
std::span<const View> me();
std::span<const View> memberships();
std::span<const View> invitations();
std::span<const View> sessions();
std::span<const View> api_tokens();
std::span<const View> web_tokens();

}  // namespace app
