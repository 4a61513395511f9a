#include "meter.h"

#include "rt_m_bodies.h"

enum { KIND_METER = 1 };

bool borrow_meter(struct call *call, const char *name, int64_t handle, struct meter *meter)
{
	struct slot *slot;

	meter->number = handle_pin(handle, KIND_METER, &slot);
	if (!meter->number)
		return call_fail(call, ERROR_INVALID_HANDLE, "argument `%s`: %lld is no live meter", name, (long long)handle);
	return call_pin(call, slot, meter);
}

bool passed(struct call *call, int32_t status)
{
	return status == 0 || call_fail(call, ERROR_REFUSED, "%s says %d", call->function->library->upstream, (int)status);
}

static void keep(void *number)
{
	(void)number;
}

int64_t finish(struct call *call, int32_t status, void **raw)
{
	return passed(call, status) ? handle_new(KIND_METER, *raw, keep) : 0;
}

int32_t body_free_meter(int64_t meter)
{
	return handle_free(meter, KIND_METER) ? ERROR_OK : ERROR_INVALID_HANDLE;
}
