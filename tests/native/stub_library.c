/* A library with nothing to open and no functions: what the core needs to be linked on its own. */
#include "upstream.h"

static const char *const none[] = {NULL};
static _Atomic uint8_t states[1];

const struct library library = {
	.name = "stub",
	.upstream = "nothing",
	.sonames = none,
	.identify = none,
	.states = states,
};
