/* Finding libtorch, threads and devices. */
#include "libtorch_cuda.h"
#include "inner.h"
#include "rt_torch_bodies.h"

#define OUR_ABI 1
#define MAX_THREADS 1024 /* libtorch starts twice as many, and from some tens of thousands on the process dies of it */

int64_t body_abi_version(void)
{
	return OUR_ABI;
}

int32_t body_available(void)
{
	return upstream_available(&rt_torch_library);
}

int32_t body_function_available(const char *name)
{
	return name && upstream_function_available(&rt_torch_library, name);
}

int32_t body_cuda_available(void)
{
	return upstream_available(&rt_torch_library) && cuda_count() > 0;
}

bool body_set_num_threads(struct call *call, int64_t n)
{
	if (n < 1 || n > MAX_THREADS)
		return call_bad_argument(call, "n", "%lld was given, and a number of threads is between 1 and %d", (long long)n,
		                         MAX_THREADS);
	libtorch._ZN2at15set_num_threadsEi((int)n);
	return true;
}

bool body_get_num_threads(struct call *call, int64_t *out)
{
	uint32_t count = 0;

	if (libtorch.torch_get_num_threads(&count) != 0)
		return torch_refused(call);
	*out = count;
	return true;
}
