/* Devices, and the stream that libtorch works in on one. */
#include "libtorch_cuda.h"
#include "inner.h"
#include "rt_torch_bodies.h"

int64_t body_cuda_device_count(void)
{
	return upstream_available(&rt_torch_library) ? cuda_count() : 0;
}

bool body_cuda_problem(struct call *call, const char **out)
{
	(void)call;
	*out = cuda_why_not();
	return true;
}

bool body_cuda_current_stream(struct call *call, struct device device, void **out)
{
	return libtorch.aoti_torch_get_current_cuda_stream(device.index, out) == 0 || torch_refused(call);
}

bool body_cuda_set_stream(struct call *call, void *stream, struct device device)
{
	return libtorch.torch_set_current_cuda_stream(stream, device.index) == 0 || torch_refused(call);
}

bool body_cuda_synchronize(struct call *call, struct device device)
{
	void *stream;

	if (libtorch.aoti_torch_get_current_cuda_stream(device.index, &stream) != 0
	    || libtorch.torch_cuda_stream_synchronize(stream, device.index) != 0)
		return torch_refused(call);
	return true;
}
