/* What the second library's shim needs beside the core. */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "call.h"
#include "rt_z_symbols.h"

struct running;

struct checksum {
	struct running *state;
};

bool borrow_checksum(struct call *call, const char *name, int64_t handle, struct checksum *checksum);
bool parse_algorithm(const struct call *call, const char *name, const char *text, int32_t *algorithm);
bool check_not_negative(const struct call *call, const char *name, int64_t value);
bool z_opened(void *handle, const char *path, bool brought_in);

#endif
