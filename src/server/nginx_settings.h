// server/nginx_settings.h — what nginx's main file says that streams of events need, and the site's
// files cannot say.
#pragma once
#include <string>
#include <vector>

namespace server {

// What could be better in it, a sentence each; none where the file cannot be read. `path` is that
// of nginx.conf. What it includes is not looked at.
std::vector<std::string> nginx_advice(const std::string& path);

}  // namespace server
