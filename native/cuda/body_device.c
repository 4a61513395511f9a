/* Devices: which there are, what they are called, and which one is meant. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cuda.h"
#include "rt_cuda_bodies.h"

#define OUR_ABI 1

int64_t body_cudart_abi_version(void)
{
	return OUR_ABI;
}

int64_t body_cudart_last_cuda_error(void)
{
	return cuda_last_error();
}

int32_t body_cudart_function_available(const char *name)
{
	return name && upstream_function_available(&rt_cuda_library, name);
}

int32_t body_cudart_available(void)
{
	int32_t status;
	int count = 0;

	if (!upstream_enter())
		return 0;
	if (upstream_function_available(&rt_cuda_library, "rt_cuda_device_count")) {
		status = libcudart.cudaGetDeviceCount(&count);
		cuda_ignore(status);
		count = status == 0 ? count : 0;
	}
	upstream_leave();
	return count > 0;
}

/* The current device. */

static void put_back(void *device)
{
	cuda_ignore(libcudart.cudaSetDevice((int)(intptr_t)device));
}

bool use_device(struct call *call, int device)
{
	int current = 0;

	if (!cuda_passed(call, libcudart.cudaGetDevice(&current)))
		return false;
	if (current == device)
		return true;
	return cuda_passed(call, libcudart.cudaSetDevice(device)) && call_cleanup(call, put_back, (void *)(intptr_t)current);
}

bool device_meant(struct call *call, const int64_t *given, int *device)
{
	if (!given)
		return cuda_passed(call, libcudart.cudaGetDevice(device));
	*device = (int)*given; /* checked to be there */
	return use_device(call, *device);
}

bool body_cudart_device_memory(struct call *call, const int64_t *device, int64_t *available, int64_t *total)
{
	size_t unused = 0, whole = 0;
	int index;

	if (!device_meant(call, device, &index) || !cuda_passed(call, libcudart.cudaMemGetInfo(&unused, &whole)))
		return false;
	*available = (int64_t)unused;
	*total = (int64_t)whole;
	return true;
}

bool body_cudart_synchronize(struct call *call, const int64_t *device)
{
	int index;

	return device_meant(call, device, &index) && cuda_passed(call, libcudart.cudaDeviceSynchronize());
}

/* Names, which stay as long as the process: a list that only grows. */

struct device_name {
	struct device_name *next;
	int64_t device;
	char text[256];
};

static struct device_name *_Atomic names;

static const char *known_name(int64_t device)
{
	for (struct device_name *name = atomic_load(&names); name; name = name->next) {
		if (name->device == device)
			return name->text;
	}
	return NULL;
}

/* The structure that holds them differs between versions of CUDA, but begins with the name in all. */
#define PROPERTIES_SIZE 16384

static struct device_name *read_name(struct call *call, int64_t device)
{
	struct device_name *name = calloc(1, sizeof *name);
	char *properties = calloc(1, PROPERTIES_SIZE);

	if (!name || !properties) {
		call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
	} else if (cuda_passed(call, libcudart.cudaGetDeviceProperties(properties, (int)device))) {
		name->device = device;
		memcpy(name->text, properties, sizeof name->text - 1);
		free(properties);
		return name;
	}
	free(properties);
	free(name);
	return NULL;
}

bool body_cudart_device_name(struct call *call, int64_t device, const char **out)
{
	struct device_name *name;

	*out = known_name(device);
	if (*out)
		return true;
	name = read_name(call, device);
	if (!name)
		return false;
	name->next = atomic_load(&names);
	while (!atomic_compare_exchange_weak(&names, &name->next, name))
		;
	*out = name->text;
	return true;
}
