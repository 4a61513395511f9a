/* A driver that does not begin, for the real libcudart: cuInit answers what the environment variable FAKE_CUINIT says. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

PUBLIC int cuInit(unsigned int flags)
{
	const char *code = getenv("FAKE_CUINIT");

	(void)flags;
	return code ? atoi(code) : 100;
}

PUBLIC int cuDriverGetVersion(int *version)
{
	*version = 13010;
	return 0;
}

/* What every other function would say. */
static int begins_first(void)
{
	return cuInit(0);
}

PUBLIC int cuGetProcAddress_v2(const char *symbol, void **function, int version, uint64_t flags, int *status)
{
	void (*found)(void) = (void (*)(void))begins_first;

	(void)version;
	(void)flags;
	if (status)
		*status = 0;
	if (strcmp(symbol, "cuInit") == 0)
		found = (void (*)(void))cuInit;
	else if (strcmp(symbol, "cuDriverGetVersion") == 0)
		found = (void (*)(void))cuDriverGetVersion;
	else if (strcmp(symbol, "cuGetProcAddress") == 0)
		found = (void (*)(void))cuGetProcAddress_v2;
	memcpy(function, &found, sizeof found);
	return 0;
}

PUBLIC int cuGetExportTable(const void **table, const void *id)
{
	(void)id;
	*table = NULL;
	return cuInit(0);
}
