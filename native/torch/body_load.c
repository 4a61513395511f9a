/* Finding libtorch, threads and devices. */
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

#define OUR_ABI 1
#define PATH_LIMIT 4095 /* bytes, without the NUL */
#define MAX_THREADS 1024 /* libtorch starts twice as many, and from some tens of thousands on the process dies of it */

int64_t body_abi_version(void)
{
	return OUR_ABI;
}

bool parse_path(struct call *call, const char *name, const char *text, struct path *path)
{
	if (text && !memchr(text, 0, PATH_LIMIT + 1))
		return call_bad_argument(call, name, "more than %d bytes were given, and no path is that long", PATH_LIMIT);
	path->text = text;
	return check_str(call, name, text);
}

bool body_load(struct call *call, const struct path *path)
{
	return upstream_load(call->function->name, path ? path->text : NULL);
}

bool body_suggest_path(struct call *call, const struct path *path)
{
	return upstream_suggest(path ? path->text : NULL) || call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
}

int32_t body_available(void)
{
	return upstream_available();
}

int32_t body_function_available(const char *name)
{
	return name && upstream_function_available(name);
}

bool body_libtorch_path(struct call *call, const char **out)
{
	(void)call;
	*out = upstream_path();
	return true;
}

bool body_version(struct call *call, const char **out)
{
	(void)call;
	*out = upstream_version();
	return true;
}

int32_t body_cuda_available(void)
{
	return upstream_available() && torch_cuda_count() > 0;
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
