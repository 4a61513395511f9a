/* A stand-in for the NVIDIA driver.  STAND_IN_DEVICES says how many devices it has, 2 if nothing; with a negative number
 * it does not start, and answers that with another sign. */
#include <stddef.h>
#include <stdlib.h>

#define PUBLIC __attribute__((visibility("default")))

static int said(void)
{
	const char *text = getenv("STAND_IN_DEVICES");

	return text ? atoi(text) : 2;
}

PUBLIC int cuInit(unsigned flags)
{
	(void)flags;
	return said() < 0 ? -said() : 0;
}

PUBLIC int cuDeviceGetCount(int *count)
{
	*count = said();
	return 0;
}

PUBLIC int cuGetErrorName(int code, const char **name)
{
	*name = code == 100 ? "CUDA_ERROR_NO_DEVICE" : NULL;
	return *name ? 0 : 1;
}

PUBLIC int cuGetErrorString(int code, const char **words)
{
	*words = code == 100 ? "no CUDA-capable device is detected" : NULL;
	return *words ? 0 : 1;
}
