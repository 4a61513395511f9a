/* The functions of libcudart that are called, found at run time.  NULL until resolved, or when this libcudart lacks them.
 *
 * Generated from the specs; not to be edited by hand. */
#ifndef RT_CUDA_SYMBOLS_H
#define RT_CUDA_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct libcudart {
	int32_t (*cudaDeviceCanAccessPeer)(int *canAccessPeer, int device, int peerDevice);
	int32_t (*cudaDeviceGetAttribute)(int *value, int32_t attr, int device);
	int32_t (*cudaDeviceGetStreamPriorityRange)(int *leastPriority, int *greatestPriority);
	int32_t (*cudaDeviceSynchronize)(void);
	int32_t (*cudaDriverGetVersion)(int *driverVersion);
	int32_t (*cudaEventCreateWithFlags)(void **event, unsigned int flags);
	int32_t (*cudaEventDestroy)(void *event);
	int32_t (*cudaEventElapsedTime)(float *ms, void *start, void *end);
	int32_t (*cudaEventQuery)(void *event);
	int32_t (*cudaEventRecord)(void *event, void *stream);
	int32_t (*cudaEventSynchronize)(void *event);
	int32_t (*cudaFree)(void *devPtr);
	int32_t (*cudaFreeHost)(void *ptr);
	int32_t (*cudaGetDevice)(int *device);
	int32_t (*cudaGetDeviceCount)(int *count);
	int32_t (*cudaGetDeviceProperties)(void *prop, int device);
	const char *(*cudaGetErrorName)(int32_t error);
	const char *(*cudaGetErrorString)(int32_t error);
	int32_t (*cudaGetLastError)(void);
	int32_t (*cudaHostAlloc)(void **pHost, size_t size, unsigned int flags);
	int32_t (*cudaMalloc)(void **devPtr, size_t size);
	int32_t (*cudaMemGetInfo)(size_t *free, size_t *total);
	int32_t (*cudaMemcpy)(void *dst, const void *src, size_t count, int32_t kind);
	int32_t (*cudaMemcpyAsync)(void *dst, const void *src, size_t count, int32_t kind, void *stream);
	int32_t (*cudaMemcpyPeer)(void *dst, int dstDevice, const void *src, int srcDevice, size_t count);
	int32_t (*cudaMemcpyPeerAsync)(void *dst, int dstDevice, const void *src, int srcDevice, size_t count,
	                               void *stream);
	int32_t (*cudaMemset)(void *devPtr, int value, size_t count);
	int32_t (*cudaMemsetAsync)(void *devPtr, int value, size_t count, void *stream);
	int32_t (*cudaRuntimeGetVersion)(int *runtimeVersion);
	int32_t (*cudaSetDevice)(int device);
	int32_t (*cudaStreamCreateWithPriority)(void **pStream, unsigned int flags, int priority);
	int32_t (*cudaStreamDestroy)(void *stream);
	int32_t (*cudaStreamQuery)(void *stream);
	int32_t (*cudaStreamSynchronize)(void *stream);
	int32_t (*cudaStreamWaitEvent)(void *stream, void *event, unsigned int flags);
};
extern struct libcudart libcudart;

extern const struct library rt_cuda_library; /* what is known of it */

#endif
