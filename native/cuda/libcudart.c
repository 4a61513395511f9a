/* What is particular to CUDA's runtime: its version, its errors, and its end in a forked child. */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "cuda.h"

static _Atomic int forks;
static RT_THREAD_LOCAL int32_t last_error;

bool cuda_opened(void *handle, const char *path, bool brought_in)
{
	void *address = platform_symbol(handle, "cudaRuntimeGetVersion");
	int32_t (*get_version)(int *version);
	char text[32];
	int version = 0;

	(void)path;
	(void)brought_in;
	memcpy(&get_version, &address, sizeof address);
	if (get_version(&version) != 0)
		return error_set(ERROR_NO_UPSTREAM, "the libcudart found does not tell its version");
	snprintf(text, sizeof text, "%d.%d", version / 1000, version % 1000 / 10);
	upstream_set_version(&rt_cuda_library, text);
	return true;
}

/* The driver does not work in a child of a process that has used it; what belongs to the parent is not touched. */
void cuda_forked(void)
{
	atomic_fetch_add(&forks, 1);
}

int cuda_forks(void)
{
	return atomic_load(&forks);
}

/* Errors. */

static bool is_one_of(int32_t status, const int16_t *statuses, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (statuses[i] == status)
			return true;
	}
	return false;
}

#define IS_ONE_OF(status, statuses) is_one_of(status, statuses, sizeof(statuses) / sizeof *(statuses))

/* There is nothing that CUDA could run on. */
static bool is_unusable(int32_t status)
{
	static const int16_t statuses[] = {
		CUDA_NOT_INITIALIZED,
		34,  /* cudaErrorStubLibrary */
		CUDA_OLD_DRIVER,
		36,  /* cudaErrorCallRequiresNewerDriver */
		46,  /* cudaErrorDevicesUnavailable */
		CUDA_NO_DEVICE,
		802, /* cudaErrorSystemNotReady */
		CUDA_DRIVER_MISMATCH,
		CUDA_COMPAT_NOT_SUPPORTED,
		805, /* cudaErrorMpsConnectionFailed */
	};

	return IS_ONE_OF(status, statuses);
}

/* It happened on a device, and so at any time before; the device's state is lost with it. */
static bool is_late(int32_t status)
{
	static const int16_t statuses[] = {
		214, /* cudaErrorECCUncorrectable */
		220, /* cudaErrorNvlinkUncorrectable */
		226, /* cudaErrorContained */
		700, /* cudaErrorIllegalAddress */
		702, /* cudaErrorLaunchTimeout */
		709, /* cudaErrorContextIsDestroyed */
		710, /* cudaErrorAssert */
		714, /* cudaErrorHardwareStackError */
		715, /* cudaErrorIllegalInstruction */
		716, /* cudaErrorMisalignedAddress */
		717, /* cudaErrorInvalidAddressSpace */
		718, /* cudaErrorInvalidPc */
		719, /* cudaErrorLaunchFailure */
		721, /* cudaErrorTensorMemoryLeak */
		810, /* cudaErrorMpsClientTerminated */
		911, /* cudaErrorExternalDevice */
	};

	return IS_ONE_OF(status, statuses);
}

#define WITHOUT "or go on without CUDA: on the device \"cpu\", natively or in the pure tier"

static void advise_on_driver(char *text, size_t size)
{
	int version = 0;

	cuda_ignore(libcudart.cudaDriverGetVersion(&version));
	if (version == 0)
		snprintf(text, size, "; there is no NVIDIA driver here (libcuda.so.1): install one, " WITHOUT);
	else
		snprintf(text, size, "; the NVIDIA driver here is one for CUDA %d.%d, and this is the runtime of CUDA %s: install "
		         "a newer driver or an older runtime, " WITHOUT, version / 1000, version % 1000 / 10,
		         upstream_version(&rt_cuda_library));
}

/* What can be done about it. */
static void advise(int32_t status, char *text, size_t size)
{
	text[0] = 0;
	if (status == CUDA_OLD_DRIVER)
		advise_on_driver(text, size);
	else if (status == CUDA_NO_DEVICE)
		snprintf(text, size, "; the NVIDIA driver finds no GPU, or CUDA_VISIBLE_DEVICES hides it: make one visible, " WITHOUT);
	else if (status == CUDA_DRIVER_MISMATCH)
		snprintf(text, size, "; the parts of the NVIDIA driver do not fit together, as after an update without a restart: "
		         "restart or install the driver again, " WITHOUT);
	else if (status == CUDA_COMPAT_NOT_SUPPORTED)
		snprintf(text, size, "; the driver is that of a package for forward compatibility (cuda-compat), which this GPU does "
		         "not support: take it off the loader's path, " WITHOUT);
	else if (status == CUDA_NOT_INITIALIZED && cuda_forks() > 0)
		snprintf(text, size, "; this process was forked from one that had used CUDA, and CUDA works in no such process: "
		         "begin processes anew (Python's start method \"spawn\")");
	else if (is_unusable(status))
		snprintf(text, size, "; CUDA cannot be used here: put that right, " WITHOUT);
	else if (status == CUDA_UNKNOWN)
		snprintf(text, size, "; the driver does not tell what it is: either CUDA could not begin, as after an update or a "
		         "sleep without a restart, or work failed that was asked for earlier");
	else if (is_late(status))
		snprintf(text, size, "; work on a device runs by itself, so this may have happened in something that was asked "
		         "for earlier; the device stays unusable for this process");
}

static enum error_code code_of(int32_t status)
{
	if (status == CUDA_NO_MEMORY)
		return ERROR_OUT_OF_MEMORY;
	return is_unusable(status) ? ERROR_NO_UPSTREAM : ERROR_REFUSED;
}

void cuda_ignore(int32_t status)
{
	if (status != 0)
		libcudart.cudaGetLastError();
}

static bool refuse(struct call *call, int32_t status, const char *wanted)
{
	char advice[400];

	cuda_ignore(status);
	last_error = status;
	advise(status, advice, sizeof advice);
	return call_fail(call, code_of(status), "%s (%d): %s%s%s", libcudart.cudaGetErrorName(status), (int)status,
	                 libcudart.cudaGetErrorString(status), wanted, advice);
}

bool cuda_passed(struct call *call, int32_t status)
{
	return likely(status == 0) || refuse(call, status, "");
}

bool cuda_passed_for(struct call *call, int32_t status, const char *format, ...)
{
	char wanted[200] = "; wanted: ";
	size_t used = strlen(wanted);
	va_list arguments;

	if (likely(status == 0))
		return true;
	va_start(arguments, format);
	vsnprintf(wanted + used, sizeof wanted - used, format, arguments);
	va_end(arguments);
	return refuse(call, status, wanted);
}

int64_t cuda_last_error(void)
{
	return last_error;
}
