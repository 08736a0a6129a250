// app/noun.h — what every noun is written with: the words of src/rest.
#pragma once
#include "rest/context.h"
#include "rest/crud.h"
#include "rest/schema.h"

namespace app {

// In a noun nearly every line has one of these words; they are named without their folder.
using namespace rest;
using base::Time;
using base::Uuid;

}  // namespace app
