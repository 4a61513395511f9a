/* The exported functions: each enters a call, looks at its arguments, takes a route to libcudart, and leaves.
 *
 * Generated from the specs; not to be edited by hand. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt_cuda_bodies.h"
#include "rt_cuda_symbols.h"

#pragma GCC visibility push(default)
#include "rt_cuda.h"
#pragma GCC visibility pop

struct libcudart libcudart;

/* What is looked up in libcudart. */

enum {
	SYM_cudaDeviceCanAccessPeer,
	SYM_cudaDeviceGetAttribute,
	SYM_cudaDeviceGetStreamPriorityRange,
	SYM_cudaDeviceSynchronize,
	SYM_cudaDriverGetVersion,
	SYM_cudaEventCreateWithFlags,
	SYM_cudaEventDestroy,
	SYM_cudaEventElapsedTime,
	SYM_cudaEventQuery,
	SYM_cudaEventRecord,
	SYM_cudaEventSynchronize,
	SYM_cudaFree,
	SYM_cudaFreeHost,
	SYM_cudaGetDevice,
	SYM_cudaGetDeviceCount,
	SYM_cudaGetDeviceProperties,
	SYM_cudaGetErrorName,
	SYM_cudaGetErrorString,
	SYM_cudaGetLastError,
	SYM_cudaHostAlloc,
	SYM_cudaMalloc,
	SYM_cudaMemGetInfo,
	SYM_cudaMemcpy,
	SYM_cudaMemcpyAsync,
	SYM_cudaMemcpyPeer,
	SYM_cudaMemcpyPeerAsync,
	SYM_cudaMemset,
	SYM_cudaMemsetAsync,
	SYM_cudaRuntimeGetVersion,
	SYM_cudaSetDevice,
	SYM_cudaStreamCreateWithPriority,
	SYM_cudaStreamDestroy,
	SYM_cudaStreamQuery,
	SYM_cudaStreamSynchronize,
	SYM_cudaStreamWaitEvent,
	SYMBOL_COUNT
};

static const struct symbol symbols[SYMBOL_COUNT] = {
	{"cudaDeviceCanAccessPeer", offsetof(struct libcudart, cudaDeviceCanAccessPeer), false},
	{"cudaDeviceGetAttribute", offsetof(struct libcudart, cudaDeviceGetAttribute), false},
	{"cudaDeviceGetStreamPriorityRange", offsetof(struct libcudart, cudaDeviceGetStreamPriorityRange), false},
	{"cudaDeviceSynchronize", offsetof(struct libcudart, cudaDeviceSynchronize), false},
	{"cudaDriverGetVersion", offsetof(struct libcudart, cudaDriverGetVersion), false},
	{"cudaEventCreateWithFlags", offsetof(struct libcudart, cudaEventCreateWithFlags), false},
	{"cudaEventDestroy", offsetof(struct libcudart, cudaEventDestroy), false},
	{"cudaEventElapsedTime", offsetof(struct libcudart, cudaEventElapsedTime), false},
	{"cudaEventQuery", offsetof(struct libcudart, cudaEventQuery), false},
	{"cudaEventRecord", offsetof(struct libcudart, cudaEventRecord), false},
	{"cudaEventSynchronize", offsetof(struct libcudart, cudaEventSynchronize), false},
	{"cudaFree", offsetof(struct libcudart, cudaFree), false},
	{"cudaFreeHost", offsetof(struct libcudart, cudaFreeHost), false},
	{"cudaGetDevice", offsetof(struct libcudart, cudaGetDevice), false},
	{"cudaGetDeviceCount", offsetof(struct libcudart, cudaGetDeviceCount), false},
	{"cudaGetDeviceProperties", offsetof(struct libcudart, cudaGetDeviceProperties), false},
	{"cudaGetErrorName", offsetof(struct libcudart, cudaGetErrorName), false},
	{"cudaGetErrorString", offsetof(struct libcudart, cudaGetErrorString), false},
	{"cudaGetLastError", offsetof(struct libcudart, cudaGetLastError), false},
	{"cudaHostAlloc", offsetof(struct libcudart, cudaHostAlloc), false},
	{"cudaMalloc", offsetof(struct libcudart, cudaMalloc), false},
	{"cudaMemGetInfo", offsetof(struct libcudart, cudaMemGetInfo), false},
	{"cudaMemcpy", offsetof(struct libcudart, cudaMemcpy), false},
	{"cudaMemcpyAsync", offsetof(struct libcudart, cudaMemcpyAsync), false},
	{"cudaMemcpyPeer", offsetof(struct libcudart, cudaMemcpyPeer), false},
	{"cudaMemcpyPeerAsync", offsetof(struct libcudart, cudaMemcpyPeerAsync), false},
	{"cudaMemset", offsetof(struct libcudart, cudaMemset), false},
	{"cudaMemsetAsync", offsetof(struct libcudart, cudaMemsetAsync), false},
	{"cudaRuntimeGetVersion", offsetof(struct libcudart, cudaRuntimeGetVersion), false},
	{"cudaSetDevice", offsetof(struct libcudart, cudaSetDevice), false},
	{"cudaStreamCreateWithPriority", offsetof(struct libcudart, cudaStreamCreateWithPriority), false},
	{"cudaStreamDestroy", offsetof(struct libcudart, cudaStreamDestroy), false},
	{"cudaStreamQuery", offsetof(struct libcudart, cudaStreamQuery), false},
	{"cudaStreamSynchronize", offsetof(struct libcudart, cudaStreamSynchronize), false},
	{"cudaStreamWaitEvent", offsetof(struct libcudart, cudaStreamWaitEvent), false},
};

/* What functions need of it, and what they use where that exists; each list is named after its first function. */

static const uint16_t nothing[] = {NO_SYMBOL};
static const uint16_t required_libcudart_path[] = {
	SYM_cudaRuntimeGetVersion, NO_SYMBOL
};
static const uint16_t required_runtime_version[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError,
	SYM_cudaRuntimeGetVersion, NO_SYMBOL
};
static const uint16_t required_driver_version[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_error_name[] = {
	SYM_cudaGetErrorName, NO_SYMBOL
};
static const uint16_t required_error_text[] = {
	SYM_cudaGetErrorString, NO_SYMBOL
};
static const uint16_t required_device_count[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_device_name[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDeviceCount, SYM_cudaGetDeviceProperties, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_device_attribute[] = {
	SYM_cudaDeviceGetAttribute, SYM_cudaDriverGetVersion, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_device_memory[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDevice, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaMemGetInfo, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_can_access_peer[] = {
	SYM_cudaDeviceCanAccessPeer, SYM_cudaDriverGetVersion, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_set_device[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_current_device[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError,
	NO_SYMBOL
};
static const uint16_t required_synchronize[] = {
	SYM_cudaDeviceSynchronize, SYM_cudaDriverGetVersion, SYM_cudaGetDevice, SYM_cudaGetDeviceCount,
	SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_stream_create[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetDevice, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaSetDevice, SYM_cudaStreamCreateWithPriority,
	SYM_cudaStreamDestroy, NO_SYMBOL
};
static const uint16_t required_stream_priorities[] = {
	SYM_cudaDeviceGetStreamPriorityRange, SYM_cudaDriverGetVersion, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_stream_synchronize[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError,
	SYM_cudaStreamDestroy, SYM_cudaStreamSynchronize, NO_SYMBOL
};
static const uint16_t required_stream_query[] = {
	SYM_cudaDriverGetVersion, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError,
	SYM_cudaStreamDestroy, SYM_cudaStreamQuery, NO_SYMBOL
};
static const uint16_t required_stream_wait_event[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventDestroy, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaStreamDestroy, SYM_cudaStreamWaitEvent, NO_SYMBOL
};
static const uint16_t required_stream_device[] = {
	SYM_cudaStreamDestroy, NO_SYMBOL
};
static const uint16_t required_event_create[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventCreateWithFlags, SYM_cudaEventDestroy, SYM_cudaGetDevice,
	SYM_cudaGetDeviceCount, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaSetDevice,
	NO_SYMBOL
};
static const uint16_t required_event_record[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventDestroy, SYM_cudaEventRecord, SYM_cudaGetDevice, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaSetDevice, SYM_cudaStreamDestroy, NO_SYMBOL
};
static const uint16_t required_event_synchronize[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventDestroy, SYM_cudaEventSynchronize, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_event_query[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventDestroy, SYM_cudaEventQuery, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_event_elapsed[] = {
	SYM_cudaDriverGetVersion, SYM_cudaEventDestroy, SYM_cudaEventElapsedTime, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, NO_SYMBOL
};
static const uint16_t required_event_device[] = {
	SYM_cudaEventDestroy, NO_SYMBOL
};
static const uint16_t required_alloc[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetDeviceCount, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaMalloc, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_memory_size[] = {
	SYM_cudaFree, NO_SYMBOL
};
static const uint16_t required_host_alloc[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFreeHost, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaHostAlloc, NO_SYMBOL
};
static const uint16_t required_host_size[] = {
	SYM_cudaFreeHost, NO_SYMBOL
};
static const uint16_t required_memset[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaMemset, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_memset_async[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaMemsetAsync, SYM_cudaSetDevice, SYM_cudaStreamDestroy, NO_SYMBOL
};
static const uint16_t required_copy_to_device[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaMemcpy, SYM_cudaSetDevice, NO_SYMBOL
};
static const uint16_t required_copy_to_device_async[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaFreeHost, SYM_cudaGetDevice, SYM_cudaGetErrorName,
	SYM_cudaGetErrorString, SYM_cudaGetLastError, SYM_cudaMemcpyAsync, SYM_cudaSetDevice, SYM_cudaStreamDestroy,
	NO_SYMBOL
};
static const uint16_t required_copy_async[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaMemcpyAsync, SYM_cudaSetDevice, SYM_cudaStreamDestroy, NO_SYMBOL
};
static const uint16_t required_copy_peer[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetErrorName, SYM_cudaGetErrorString, SYM_cudaGetLastError,
	SYM_cudaMemcpyPeer, NO_SYMBOL
};
static const uint16_t required_copy_peer_async[] = {
	SYM_cudaDriverGetVersion, SYM_cudaFree, SYM_cudaGetDevice, SYM_cudaGetErrorName, SYM_cudaGetErrorString,
	SYM_cudaGetLastError, SYM_cudaMemcpyPeerAsync, SYM_cudaSetDevice, SYM_cudaStreamDestroy, NO_SYMBOL
};

enum {
	FN_ABI_VERSION,
	FN_LOAD,
	FN_SUGGEST_PATH,
	FN_AVAILABLE,
	FN_FUNCTION_AVAILABLE,
	FN_LIBCUDART_PATH,
	FN_RUNTIME_VERSION,
	FN_DRIVER_VERSION,
	FN_LAST_ERROR,
	FN_LAST_ERROR_CODE,
	FN_CLEAR_ERROR,
	FN_LAST_CUDA_ERROR,
	FN_ERROR_NAME,
	FN_ERROR_TEXT,
	FN_DEVICE_COUNT,
	FN_DEVICE_NAME,
	FN_DEVICE_ATTRIBUTE,
	FN_DEVICE_MEMORY,
	FN_CAN_ACCESS_PEER,
	FN_SET_DEVICE,
	FN_CURRENT_DEVICE,
	FN_SYNCHRONIZE,
	FN_STREAM_CREATE,
	FN_STREAM_DESTROY,
	FN_STREAM_PRIORITIES,
	FN_STREAM_SYNCHRONIZE,
	FN_STREAM_QUERY,
	FN_STREAM_WAIT_EVENT,
	FN_STREAM_DEVICE,
	FN_STREAM_PTR,
	FN_EVENT_CREATE,
	FN_EVENT_DESTROY,
	FN_EVENT_RECORD,
	FN_EVENT_SYNCHRONIZE,
	FN_EVENT_QUERY,
	FN_EVENT_ELAPSED,
	FN_EVENT_DEVICE,
	FN_ALLOC,
	FN_FREE,
	FN_MEMORY_SIZE,
	FN_MEMORY_DEVICE,
	FN_MEMORY_PTR,
	FN_HOST_ALLOC,
	FN_HOST_FREE,
	FN_HOST_SIZE,
	FN_HOST_PTR,
	FN_LIVE_HANDLES,
	FN_MEMSET,
	FN_MEMSET_ASYNC,
	FN_COPY_TO_DEVICE,
	FN_COPY_TO_HOST,
	FN_COPY_TO_ADDRESS,
	FN_COPY_TO_DEVICE_ASYNC,
	FN_COPY_TO_HOST_ASYNC,
	FN_COPY,
	FN_COPY_ASYNC,
	FN_COPY_PEER,
	FN_COPY_PEER_ASYNC,
	FUNCTION_COUNT
};

static _Atomic uint8_t states[FUNCTION_COUNT];

#define FUNCTION(place, symbol, required, optional, uses_upstream) \
	[place] = {symbol, required, optional, &rt_cuda_library, &states[place], uses_upstream}

static const struct function functions[FUNCTION_COUNT] = {
	FUNCTION(FN_ABI_VERSION, "rt_cuda_abi_version", nothing, nothing, false),
	FUNCTION(FN_LOAD, "rt_cuda_load", nothing, nothing, false),
	FUNCTION(FN_SUGGEST_PATH, "rt_cuda_suggest_path", nothing, nothing, false),
	FUNCTION(FN_AVAILABLE, "rt_cuda_available", nothing, nothing, false),
	FUNCTION(FN_FUNCTION_AVAILABLE, "rt_cuda_function_available", nothing, nothing, false),
	FUNCTION(FN_LIBCUDART_PATH, "rt_cuda_libcudart_path", required_libcudart_path, nothing, true),
	FUNCTION(FN_RUNTIME_VERSION, "rt_cuda_runtime_version", required_runtime_version, nothing, true),
	FUNCTION(FN_DRIVER_VERSION, "rt_cuda_driver_version", required_driver_version, nothing, true),
	FUNCTION(FN_LAST_ERROR, "rt_cuda_last_error", nothing, nothing, false),
	FUNCTION(FN_LAST_ERROR_CODE, "rt_cuda_last_error_code", nothing, nothing, false),
	FUNCTION(FN_CLEAR_ERROR, "rt_cuda_clear_error", nothing, nothing, false),
	FUNCTION(FN_LAST_CUDA_ERROR, "rt_cuda_last_cuda_error", nothing, nothing, false),
	FUNCTION(FN_ERROR_NAME, "rt_cuda_error_name", required_error_name, nothing, true),
	FUNCTION(FN_ERROR_TEXT, "rt_cuda_error_text", required_error_text, nothing, true),
	FUNCTION(FN_DEVICE_COUNT, "rt_cuda_device_count", required_device_count, nothing, true),
	FUNCTION(FN_DEVICE_NAME, "rt_cuda_device_name", required_device_name, nothing, true),
	FUNCTION(FN_DEVICE_ATTRIBUTE, "rt_cuda_device_attribute", required_device_attribute, nothing, true),
	FUNCTION(FN_DEVICE_MEMORY, "rt_cuda_device_memory", required_device_memory, nothing, true),
	FUNCTION(FN_CAN_ACCESS_PEER, "rt_cuda_can_access_peer", required_can_access_peer, nothing, true),
	FUNCTION(FN_SET_DEVICE, "rt_cuda_set_device", required_set_device, nothing, true),
	FUNCTION(FN_CURRENT_DEVICE, "rt_cuda_current_device", required_current_device, nothing, true),
	FUNCTION(FN_SYNCHRONIZE, "rt_cuda_synchronize", required_synchronize, nothing, true),
	FUNCTION(FN_STREAM_CREATE, "rt_cuda_stream_create", required_stream_create, nothing, true),
	FUNCTION(FN_STREAM_DESTROY, "rt_cuda_stream_destroy", nothing, nothing, false),
	FUNCTION(FN_STREAM_PRIORITIES, "rt_cuda_stream_priorities", required_stream_priorities, nothing, true),
	FUNCTION(FN_STREAM_SYNCHRONIZE, "rt_cuda_stream_synchronize", required_stream_synchronize, nothing, true),
	FUNCTION(FN_STREAM_QUERY, "rt_cuda_stream_query", required_stream_query, nothing, true),
	FUNCTION(FN_STREAM_WAIT_EVENT, "rt_cuda_stream_wait_event", required_stream_wait_event, nothing, true),
	FUNCTION(FN_STREAM_DEVICE, "rt_cuda_stream_device", required_stream_device, nothing, true),
	FUNCTION(FN_STREAM_PTR, "rt_cuda_stream_ptr", required_stream_device, nothing, true),
	FUNCTION(FN_EVENT_CREATE, "rt_cuda_event_create", required_event_create, nothing, true),
	FUNCTION(FN_EVENT_DESTROY, "rt_cuda_event_destroy", nothing, nothing, false),
	FUNCTION(FN_EVENT_RECORD, "rt_cuda_event_record", required_event_record, nothing, true),
	FUNCTION(FN_EVENT_SYNCHRONIZE, "rt_cuda_event_synchronize", required_event_synchronize, nothing, true),
	FUNCTION(FN_EVENT_QUERY, "rt_cuda_event_query", required_event_query, nothing, true),
	FUNCTION(FN_EVENT_ELAPSED, "rt_cuda_event_elapsed", required_event_elapsed, nothing, true),
	FUNCTION(FN_EVENT_DEVICE, "rt_cuda_event_device", required_event_device, nothing, true),
	FUNCTION(FN_ALLOC, "rt_cuda_alloc", required_alloc, nothing, true),
	FUNCTION(FN_FREE, "rt_cuda_free", nothing, nothing, false),
	FUNCTION(FN_MEMORY_SIZE, "rt_cuda_memory_size", required_memory_size, nothing, true),
	FUNCTION(FN_MEMORY_DEVICE, "rt_cuda_memory_device", required_memory_size, nothing, true),
	FUNCTION(FN_MEMORY_PTR, "rt_cuda_memory_ptr", required_memory_size, nothing, true),
	FUNCTION(FN_HOST_ALLOC, "rt_cuda_host_alloc", required_host_alloc, nothing, true),
	FUNCTION(FN_HOST_FREE, "rt_cuda_host_free", nothing, nothing, false),
	FUNCTION(FN_HOST_SIZE, "rt_cuda_host_size", required_host_size, nothing, true),
	FUNCTION(FN_HOST_PTR, "rt_cuda_host_ptr", required_host_size, nothing, true),
	FUNCTION(FN_LIVE_HANDLES, "rt_cuda_live_handles", nothing, nothing, false),
	FUNCTION(FN_MEMSET, "rt_cuda_memset", required_memset, nothing, true),
	FUNCTION(FN_MEMSET_ASYNC, "rt_cuda_memset_async", required_memset_async, nothing, true),
	FUNCTION(FN_COPY_TO_DEVICE, "rt_cuda_copy_to_device", required_copy_to_device, nothing, true),
	FUNCTION(FN_COPY_TO_HOST, "rt_cuda_copy_to_host", required_copy_to_device, nothing, true),
	FUNCTION(FN_COPY_TO_ADDRESS, "rt_cuda_copy_to_address", required_copy_to_device, nothing, true),
	FUNCTION(FN_COPY_TO_DEVICE_ASYNC, "rt_cuda_copy_to_device_async", required_copy_to_device_async, nothing, true),
	FUNCTION(FN_COPY_TO_HOST_ASYNC, "rt_cuda_copy_to_host_async", required_copy_to_device_async, nothing, true),
	FUNCTION(FN_COPY, "rt_cuda_copy", required_copy_to_device, nothing, true),
	FUNCTION(FN_COPY_ASYNC, "rt_cuda_copy_async", required_copy_async, nothing, true),
	FUNCTION(FN_COPY_PEER, "rt_cuda_copy_peer", required_copy_peer, nothing, true),
	FUNCTION(FN_COPY_PEER_ASYNC, "rt_cuda_copy_peer_async", required_copy_peer_async, nothing, true),
};

static const char *const sonames[] = {"libcudart.so.12", "libcudart.so.13", NULL};
static const char *const users[] = {"libc10_cuda.so", "libtorch_cuda.so", NULL};
static const char *const identify[] = {"cudaRuntimeGetVersion", NULL};

static struct upstream state;

const struct library rt_cuda_library = {
	.name = "rt_cuda",
	.upstream = "libcudart",
	.environment = "RT_CUDA_LIBCUDART",
	.install = "go on without it on the device \"cpu\", natively or in the pure tier, or install CUDA's runtime (pip install nvidia-cuda-runtime-cu12, or nvidia-cuda-runtime for CUDA 13)",
	.sonames = sonames,
	.users = users,
	.identify = identify,
	.symbols = symbols,
	.symbol_count = SYMBOL_COUNT,
	.pointers = &libcudart,
	.functions = functions,
	.function_count = FUNCTION_COUNT,
	.state = &state,
	.opened = cuda_opened,
	.forked = cuda_forked,
};

static bool check_attribute(const struct call *call, const char *name, int64_t value)
{
	switch (value) {
	case RT_CUDA_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
	case RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_X:
	case RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_Y:
	case RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_Z:
	case RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_X:
	case RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_Y:
	case RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_Z:
	case RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK:
	case RT_CUDA_ATTRIBUTE_TOTAL_CONSTANT_MEMORY:
	case RT_CUDA_ATTRIBUTE_WARP_SIZE:
	case RT_CUDA_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK:
	case RT_CUDA_ATTRIBUTE_CLOCK_RATE:
	case RT_CUDA_ATTRIBUTE_MULTI_PROCESSOR_COUNT:
	case RT_CUDA_ATTRIBUTE_INTEGRATED:
	case RT_CUDA_ATTRIBUTE_CAN_MAP_HOST_MEMORY:
	case RT_CUDA_ATTRIBUTE_COMPUTE_MODE:
	case RT_CUDA_ATTRIBUTE_CONCURRENT_KERNELS:
	case RT_CUDA_ATTRIBUTE_ECC_ENABLED:
	case RT_CUDA_ATTRIBUTE_PCI_BUS_ID:
	case RT_CUDA_ATTRIBUTE_PCI_DEVICE_ID:
	case RT_CUDA_ATTRIBUTE_MEMORY_CLOCK_RATE:
	case RT_CUDA_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH:
	case RT_CUDA_ATTRIBUTE_L2_CACHE_SIZE:
	case RT_CUDA_ATTRIBUTE_MAX_THREADS_PER_MULTI_PROCESSOR:
	case RT_CUDA_ATTRIBUTE_ASYNC_ENGINE_COUNT:
	case RT_CUDA_ATTRIBUTE_UNIFIED_ADDRESSING:
	case RT_CUDA_ATTRIBUTE_PCI_DOMAIN_ID:
	case RT_CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
	case RT_CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
	case RT_CUDA_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED:
	case RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR:
	case RT_CUDA_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR:
	case RT_CUDA_ATTRIBUTE_MANAGED_MEMORY:
	case RT_CUDA_ATTRIBUTE_IS_MULTI_GPU_BOARD:
	case RT_CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS:
	case RT_CUDA_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS:
	case RT_CUDA_ATTRIBUTE_COOPERATIVE_LAUNCH:
	case RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN:
	case RT_CUDA_ATTRIBUTE_MEMORY_POOLS_SUPPORTED:
		return true;
	default:
		return call_bad_argument(call, name, "%lld is no value of attribute", (long long)value);
	}
}

int64_t rt_cuda_abi_version(void)
{
	return body_cudart_abi_version();
}

int32_t rt_cuda_load(const char *path)
{
	struct call call;
	struct path path_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_LOAD])))
		return error_code();
	ok = (!path || parse_path(&call, "path", path, &path_value))
	    && body_load(&call, path ? &path_value : NULL);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_suggest_path(const char *path)
{
	struct call call;
	struct path path_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SUGGEST_PATH])))
		return error_code();
	ok = (!path || parse_path(&call, "path", path, &path_value))
	    && body_suggest_path(&call, path ? &path_value : NULL);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_available(void)
{
	return body_cudart_available();
}

int32_t rt_cuda_function_available(const char *name)
{
	return body_cudart_function_available(name);
}

const char *rt_cuda_libcudart_path(void)
{
	struct call call;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_LIBCUDART_PATH])))
		return NULL;
	ok = body_upstream_path(&call, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_runtime_version(void)
{
	struct call call;
	int64_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_RUNTIME_VERSION])))
		return -1;
	int raw_runtimeVersion = 0;

	ok = cuda_passed(&call, libcudart.cudaRuntimeGetVersion(&raw_runtimeVersion));
	if (ok)
		result = (int64_t)raw_runtimeVersion;
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_cuda_driver_version(void)
{
	struct call call;
	int64_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_DRIVER_VERSION])))
		return -1;
	int raw_driverVersion = 0;

	ok = cuda_passed(&call, libcudart.cudaDriverGetVersion(&raw_driverVersion));
	if (ok)
		result = (int64_t)raw_driverVersion;
	call_leave(&call, ok);
	return ok ? result : -1;
}

const char *rt_cuda_last_error(void)
{
	return body_last_error();
}

int64_t rt_cuda_last_error_code(void)
{
	return body_last_error_code();
}

int32_t rt_cuda_clear_error(void)
{
	return body_clear_error();
}

int64_t rt_cuda_last_cuda_error(void)
{
	return body_cudart_last_cuda_error();
}

const char *rt_cuda_error_name(int64_t number)
{
	struct call call;
	const char *result = NULL;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_ERROR_NAME])))
		return NULL;
	if (check_fits(&call, "number", number, number == (int32_t)number, "int32_t")) {
		result = libcudart.cudaGetErrorName(number);
		ok = true;
	}
	call_leave(&call, ok);
	return ok ? result : NULL;
}

const char *rt_cuda_error_text(int64_t number)
{
	struct call call;
	const char *result = NULL;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_ERROR_TEXT])))
		return NULL;
	if (check_fits(&call, "number", number, number == (int32_t)number, "int32_t")) {
		result = libcudart.cudaGetErrorString(number);
		ok = true;
	}
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_device_count(void)
{
	struct call call;
	int64_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_DEVICE_COUNT])))
		return -1;
	int raw_count = 0;

	ok = cuda_passed(&call, libcudart.cudaGetDeviceCount(&raw_count));
	if (ok)
		result = (int64_t)raw_count;
	call_leave(&call, ok);
	return ok ? result : -1;
}

const char *rt_cuda_device_name(int64_t device)
{
	struct call call;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_DEVICE_NAME])))
		return NULL;
	ok = check_device(&call, "device", device)
	    && body_cudart_device_name(&call, device, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_device_attribute(int64_t attribute, int64_t device)
{
	struct call call;
	int64_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_DEVICE_ATTRIBUTE])))
		return -1;
	if (check_attribute(&call, "attribute", attribute)
	    && check_device(&call, "device", device)) {
		int raw_value = 0;

		ok = check_fits(&call, "device", device, device == (int)device, "int")
		    && cuda_passed(&call, libcudart.cudaDeviceGetAttribute(&raw_value, attribute, device));
		if (ok)
			result = (int64_t)raw_value;
	}
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_cuda_device_memory(const int64_t *device, int64_t *available, int64_t *total)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_DEVICE_MEMORY])))
		return error_code();
	ok = check_ptr(&call, "available", available)
	    && check_ptr(&call, "total", total)
	    && check_device_if_given(&call, "device", device)
	    && body_cudart_device_memory(&call, device, available, total);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_can_access_peer(int64_t device, int64_t peer)
{
	struct call call;
	int32_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_CAN_ACCESS_PEER])))
		return -1;
	if (check_device(&call, "device", device)
	    && check_device(&call, "peer", peer)) {
		int raw_canAccessPeer = 0;

		ok = check_fits(&call, "device", device, device == (int)device, "int")
		    && check_fits(&call, "peer", peer, peer == (int)peer, "int")
		    && cuda_passed(&call, libcudart.cudaDeviceCanAccessPeer(&raw_canAccessPeer, device, peer));
		if (ok)
			result = raw_canAccessPeer != 0;
	}
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_cuda_set_device(int64_t device)
{
	struct call call;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_SET_DEVICE])))
		return error_code();
	if (check_device(&call, "device", device)) {
		ok = check_fits(&call, "device", device, device == (int)device, "int")
		    && cuda_passed(&call, libcudart.cudaSetDevice(device));
	}
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_cuda_current_device(void)
{
	struct call call;
	int64_t result = 0;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_CURRENT_DEVICE])))
		return -1;
	int raw_device = 0;

	ok = cuda_passed(&call, libcudart.cudaGetDevice(&raw_device));
	if (ok)
		result = (int64_t)raw_device;
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_cuda_synchronize(const int64_t *device)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SYNCHRONIZE])))
		return error_code();
	ok = check_device_if_given(&call, "device", device)
	    && body_cudart_synchronize(&call, device);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_cuda_stream_create(int64_t priority, int32_t non_blocking, const int64_t *device)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_CREATE])))
		return 0;
	if (check_bool(&call, "non_blocking", non_blocking)
	    && check_device_if_given(&call, "device", device))
		result = body_cudart_stream_create(&call, priority, non_blocking, device);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_cuda_stream_destroy(int64_t stream)
{
	return body_cudart_stream_destroy(stream);
}

int32_t rt_cuda_stream_priorities(int64_t *least, int64_t *greatest)
{
	struct call call;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_PRIORITIES])))
		return error_code();
	if (check_ptr(&call, "least", least)
	    && check_ptr(&call, "greatest", greatest)) {
		int raw_leastPriority = 0;
		int raw_greatestPriority = 0;

		ok = cuda_passed(&call,
		                 libcudart.cudaDeviceGetStreamPriorityRange(&raw_leastPriority, &raw_greatestPriority));
		if (ok) {
			*least = (int64_t)raw_leastPriority;
			*greatest = (int64_t)raw_greatestPriority;
		}
	}
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_stream_synchronize(int64_t stream)
{
	struct call call;
	struct stream stream_stream;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_SYNCHRONIZE])))
		return error_code();
	if ((stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))) {
		ok = cuda_passed(&call,
		                 libcudart.cudaStreamSynchronize(stream == HANDLE_NONE ? NULL : stream_stream.handle));
	}
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_stream_query(int64_t stream)
{
	struct call call;
	struct stream stream_stream;
	int32_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_QUERY])))
		return -1;
	ok = (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && body_cudart_stream_query(&call, stream == HANDLE_NONE ? NULL : &stream_stream, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_cuda_stream_wait_event(int64_t stream, int64_t event)
{
	struct call call;
	struct stream stream_stream;
	struct event event_event;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_WAIT_EVENT])))
		return error_code();
	if ((stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && borrow_event(&call, "event", event, &event_event)) {
		ok = cuda_passed(&call,
		                 libcudart.cudaStreamWaitEvent(stream == HANDLE_NONE ? NULL : stream_stream.handle, event_event.handle, 0));
	}
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_cuda_stream_device(int64_t stream)
{
	struct call call;
	struct stream stream_stream;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_DEVICE])))
		return -1;
	ok = borrow_stream(&call, "stream", stream, &stream_stream)
	    && body_cudart_stream_device(&call, &stream_stream, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

void *rt_cuda_stream_ptr(int64_t stream)
{
	struct call call;
	struct stream stream_stream;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_STREAM_PTR])))
		return NULL;
	ok = borrow_stream(&call, "stream", stream, &stream_stream)
	    && body_cudart_stream_ptr(&call, &stream_stream, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_event_create(int32_t timing, int32_t blocking_sync, const int64_t *device)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_CREATE])))
		return 0;
	if (check_bool(&call, "timing", timing)
	    && check_bool(&call, "blocking_sync", blocking_sync)
	    && check_device_if_given(&call, "device", device))
		result = body_cudart_event_create(&call, timing, blocking_sync, device);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_cuda_event_destroy(int64_t event)
{
	return body_cudart_event_destroy(event);
}

int32_t rt_cuda_event_record(int64_t event, int64_t stream)
{
	struct call call;
	struct event event_event;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_RECORD])))
		return error_code();
	ok = borrow_event(&call, "event", event, &event_event)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_recorded_on(&call, &event_event, stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_event_record(&call, &event_event, stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_event_synchronize(int64_t event)
{
	struct call call;
	struct event event_event;
	bool ok = false;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_SYNCHRONIZE])))
		return error_code();
	if (borrow_event(&call, "event", event, &event_event))
		ok = cuda_passed(&call, libcudart.cudaEventSynchronize(event_event.handle));
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_event_query(int64_t event)
{
	struct call call;
	struct event event_event;
	int32_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_QUERY])))
		return -1;
	ok = borrow_event(&call, "event", event, &event_event)
	    && body_cudart_event_query(&call, &event_event, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

double rt_cuda_event_elapsed(int64_t start, int64_t stop)
{
	struct call call;
	struct event start_event;
	struct event stop_event;
	double result = 0.0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_ELAPSED])))
		return NAN;
	ok = borrow_event(&call, "start", start, &start_event)
	    && borrow_event(&call, "stop", stop, &stop_event)
	    && check_timed(&call, &start_event, &stop_event)
	    && body_cudart_event_elapsed(&call, &start_event, &stop_event, &result);
	call_leave(&call, ok);
	return ok ? result : NAN;
}

int64_t rt_cuda_event_device(int64_t event)
{
	struct call call;
	struct event event_event;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_EVENT_DEVICE])))
		return -1;
	ok = borrow_event(&call, "event", event, &event_event)
	    && body_cudart_event_device(&call, &event_event, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_cuda_alloc(int64_t size, const int64_t *device)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ALLOC])))
		return 0;
	if (check_size(&call, "size", size)
	    && check_device_if_given(&call, "device", device))
		result = body_cudart_alloc(&call, size, device);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_cuda_free(int64_t block)
{
	return body_cudart_free(block);
}

int64_t rt_cuda_memory_size(int64_t block)
{
	struct call call;
	struct memory block_memory;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEMORY_SIZE])))
		return -1;
	ok = borrow_memory(&call, "block", block, &block_memory)
	    && body_cudart_memory_size(&call, &block_memory, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_cuda_memory_device(int64_t block)
{
	struct call call;
	struct memory block_memory;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEMORY_DEVICE])))
		return -1;
	ok = borrow_memory(&call, "block", block, &block_memory)
	    && body_cudart_memory_device(&call, &block_memory, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

void *rt_cuda_memory_ptr(int64_t block)
{
	struct call call;
	struct memory block_memory;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEMORY_PTR])))
		return NULL;
	ok = borrow_memory(&call, "block", block, &block_memory)
	    && body_cudart_memory_ptr(&call, &block_memory, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_host_alloc(int64_t size)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_HOST_ALLOC])))
		return 0;
	if (check_size(&call, "size", size))
		result = body_cudart_host_alloc(&call, size);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_cuda_host_free(int64_t block)
{
	return body_cudart_host_free(block);
}

int64_t rt_cuda_host_size(int64_t block)
{
	struct call call;
	struct pinned block_pinned;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_HOST_SIZE])))
		return -1;
	ok = borrow_pinned(&call, "block", block, &block_pinned)
	    && body_cudart_host_size(&call, &block_pinned, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

void *rt_cuda_host_ptr(int64_t block)
{
	struct call call;
	struct pinned block_pinned;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_HOST_PTR])))
		return NULL;
	ok = borrow_pinned(&call, "block", block, &block_pinned)
	    && body_cudart_host_ptr(&call, &block_pinned, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_cuda_live_handles(void)
{
	return body_cudart_live_handles();
}

int32_t rt_cuda_memset(int64_t target, int64_t offset, int64_t value, int64_t size)
{
	struct call call;
	struct memory target_memory;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEMSET])))
		return error_code();
	ok = borrow_memory(&call, "target", target, &target_memory)
	    && check_octet(&call, "value", value)
	    && check_inside(&call, &target_memory, "offset", offset, "size", size)
	    && body_cudart_memset(&call, &target_memory, offset, value, size);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_memset_async(int64_t target, int64_t offset, int64_t value, int64_t size, int64_t stream)
{
	struct call call;
	struct memory target_memory;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEMSET_ASYNC])))
		return error_code();
	ok = borrow_memory(&call, "target", target, &target_memory)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_octet(&call, "value", value)
	    && check_inside(&call, &target_memory, "offset", offset, "size", size)
	    && check_on_stream(&call, &target_memory, stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_memset_async(&call, &target_memory, offset, value, size,
	                                stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_to_device(const uint8_t *data, int64_t data_len, int64_t target, int64_t offset)
{
	struct call call;
	struct memory target_memory;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_TO_DEVICE])))
		return error_code();
	ok = borrow_memory(&call, "target", target, &target_memory)
	    && check_list(&call, "data", data, data_len)
	    && check_inside_list(&call, &target_memory, "offset", offset, "data", data, data_len)
	    && body_cudart_copy_to_device(&call, data, data_len, &target_memory, offset);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_cuda_copy_to_host(int64_t source, int64_t offset, int64_t size, uint8_t *out, int64_t out_cap)
{
	struct call call;
	struct memory source_memory;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_TO_HOST])))
		return -1;
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && check_out(&call, out, out_cap)
	    && check_inside(&call, &source_memory, "offset", offset, "size", size)
	    && body_cudart_copy_to_host(&call, &source_memory, offset, size, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_cuda_copy_to_address(int64_t source, int64_t offset, int64_t size, void *target)
{
	struct call call;
	struct memory source_memory;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_TO_ADDRESS])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && check_ptr(&call, "target", target)
	    && check_inside(&call, &source_memory, "offset", offset, "size", size)
	    && body_cudart_copy_to_address(&call, &source_memory, offset, size, target);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_to_device_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                     int64_t size, int64_t stream)
{
	struct call call;
	struct pinned source_pinned;
	struct memory target_memory;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_TO_DEVICE_ASYNC])))
		return error_code();
	ok = borrow_pinned(&call, "source", source, &source_pinned)
	    && borrow_memory(&call, "target", target, &target_memory)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_inside_pinned(&call, &source_pinned, "source_offset", source_offset, "size", size)
	    && check_inside(&call, &target_memory, "target_offset", target_offset, "size", size)
	    && check_on_stream(&call, &target_memory, stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_copy_to_device_async(&call, &source_pinned, source_offset, &target_memory, target_offset,
	                                        size, stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_to_host_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                   int64_t size, int64_t stream)
{
	struct call call;
	struct memory source_memory;
	struct pinned target_pinned;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_TO_HOST_ASYNC])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && borrow_pinned(&call, "target", target, &target_pinned)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_inside(&call, &source_memory, "source_offset", source_offset, "size", size)
	    && check_inside_pinned(&call, &target_pinned, "target_offset", target_offset, "size", size)
	    && check_on_stream(&call, &source_memory, stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_copy_to_host_async(&call, &source_memory, source_offset, &target_pinned, target_offset,
	                                      size, stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size)
{
	struct call call;
	struct memory source_memory;
	struct memory target_memory;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && borrow_memory(&call, "target", target, &target_memory)
	    && check_inside(&call, &source_memory, "source_offset", source_offset, "size", size)
	    && check_inside(&call, &target_memory, "target_offset", target_offset, "size", size)
	    && check_of_one_device(&call, &source_memory, &target_memory)
	    && check_apart(&call, &source_memory, "source_offset", source_offset, &target_memory, "target_offset",
	                   target_offset, "size", size)
	    && body_cudart_copy(&call, &source_memory, source_offset, &target_memory, target_offset, size);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size,
                           int64_t stream)
{
	struct call call;
	struct memory source_memory;
	struct memory target_memory;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_ASYNC])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && borrow_memory(&call, "target", target, &target_memory)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_inside(&call, &source_memory, "source_offset", source_offset, "size", size)
	    && check_inside(&call, &target_memory, "target_offset", target_offset, "size", size)
	    && check_of_one_device(&call, &source_memory, &target_memory)
	    && check_apart(&call, &source_memory, "source_offset", source_offset, &target_memory, "target_offset",
	                   target_offset, "size", size)
	    && check_on_stream(&call, &source_memory, stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_copy_async(&call, &source_memory, source_offset, &target_memory, target_offset, size,
	                              stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_peer(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size)
{
	struct call call;
	struct memory source_memory;
	struct memory target_memory;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_PEER])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && borrow_memory(&call, "target", target, &target_memory)
	    && check_inside(&call, &source_memory, "source_offset", source_offset, "size", size)
	    && check_inside(&call, &target_memory, "target_offset", target_offset, "size", size)
	    && check_apart(&call, &source_memory, "source_offset", source_offset, &target_memory, "target_offset",
	                   target_offset, "size", size)
	    && body_cudart_copy_peer(&call, &source_memory, source_offset, &target_memory, target_offset, size);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_cuda_copy_peer_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                int64_t size, int64_t stream)
{
	struct call call;
	struct memory source_memory;
	struct memory target_memory;
	struct stream stream_stream;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_COPY_PEER_ASYNC])))
		return error_code();
	ok = borrow_memory(&call, "source", source, &source_memory)
	    && borrow_memory(&call, "target", target, &target_memory)
	    && (stream == HANDLE_NONE || borrow_stream(&call, "stream", stream, &stream_stream))
	    && check_inside(&call, &source_memory, "source_offset", source_offset, "size", size)
	    && check_inside(&call, &target_memory, "target_offset", target_offset, "size", size)
	    && check_apart(&call, &source_memory, "source_offset", source_offset, &target_memory, "target_offset",
	                   target_offset, "size", size)
	    && check_on_stream_of_either(&call, &source_memory, &target_memory,
	                                 stream == HANDLE_NONE ? NULL : &stream_stream)
	    && body_cudart_copy_peer_async(&call, &source_memory, source_offset, &target_memory, target_offset, size,
	                                   stream == HANDLE_NONE ? NULL : &stream_stream);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}
