/* What the shim needs beside the core. */
#ifndef METER_H
#define METER_H

#include "call.h"
#include "rt_m_symbols.h"

struct meter {
	void *number;
};

bool borrow_meter(struct call *call, const char *name, int64_t handle, struct meter *meter);
int64_t finish(struct call *call, int32_t status, void **raw);
bool passed(struct call *call, int32_t status);

#endif
