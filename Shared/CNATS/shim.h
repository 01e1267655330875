#pragma once

// Every function of libnats that is used here imports into Swift as it is.

#include <nats/nats.h>
