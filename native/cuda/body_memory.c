/* Memory of devices, pinned memory of the host, and copies between them. */
#include "cuda.h"
#include "rt_cuda_bodies.h"

/* CUDA's own kinds of copies, and its flag for memory that is pinned for all devices. */
enum {
	HOST_TO_DEVICE = 1, /* cudaMemcpyHostToDevice */
	DEVICE_TO_HOST = 2, /* cudaMemcpyDeviceToHost */
	DEVICE_TO_DEVICE = 3, /* cudaMemcpyDeviceToDevice */
	ALLOC_PORTABLE = 1, /* cudaHostAllocPortable */
};

int64_t body_cudart_alloc(struct call *call, int64_t size, const int64_t *device)
{
	void *data = NULL;
	int32_t status;
	int index;

	if (!device_meant(call, device, &index))
		return 0;
	status = size ? libcudart.cudaMalloc(&data, (size_t)size) : 0;
	if (!cuda_passed_for(call, status, "%lld bytes on cuda:%d", (long long)size, index))
		return 0;
	return give_memory(call, data, size, index);
}

int32_t body_cudart_free(int64_t block)
{
	return handle_free(block, KIND_MEMORY) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

bool body_cudart_memory_size(struct call *call, const struct memory *block, int64_t *out)
{
	(void)call;
	*out = block->size;
	return true;
}

bool body_cudart_memory_device(struct call *call, const struct memory *block, int64_t *out)
{
	(void)call;
	*out = block->device;
	return true;
}

bool body_cudart_memory_ptr(struct call *call, const struct memory *block, void **out)
{
	(void)call;
	*out = block->data;
	return true;
}

int64_t body_cudart_host_alloc(struct call *call, int64_t size)
{
	void *data = NULL;
	int32_t status;
	int index;

	if (!device_meant(call, NULL, &index)) /* nothing at all cannot be had without CUDA either */
		return 0;
	status = size ? libcudart.cudaHostAlloc(&data, (size_t)size, ALLOC_PORTABLE) : 0;
	if (!cuda_passed_for(call, status, "%lld bytes of pinned host memory", (long long)size))
		return 0;
	return give_pinned(call, data, size);
}

int32_t body_cudart_host_free(int64_t block)
{
	return handle_free(block, KIND_PINNED) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

bool body_cudart_host_size(struct call *call, const struct pinned *block, int64_t *out)
{
	(void)call;
	*out = block->size;
	return true;
}

bool body_cudart_host_ptr(struct call *call, const struct pinned *block, void **out)
{
	(void)call;
	*out = block->data;
	return true;
}

int64_t body_cudart_live_handles(void)
{
	return handle_live(KIND_STREAM) + handle_live(KIND_EVENT) + handle_live(KIND_MEMORY) + handle_live(KIND_PINNED);
}

/* Where work goes: into the stream, or into the default stream of the device, which must then be the current one. */
static bool begin(struct call *call, const struct stream *stream, int device, void **handle)
{
	*handle = stream ? stream->handle : NULL;
	return use_device(call, stream ? stream->device : device);
}

/* Filling. */

bool body_cudart_memset(struct call *call, const struct memory *target, int64_t offset, int64_t value, int64_t size)
{
	return size == 0
	       || (use_device(call, target->device)
	           && cuda_passed(call, libcudart.cudaMemset(target->data + offset, (int)value, (size_t)size)));
}

bool body_cudart_memset_async(struct call *call, const struct memory *target, int64_t offset, int64_t value, int64_t size,
                              const struct stream *stream)
{
	void *handle;

	return size == 0
	       || (begin(call, stream, target->device, &handle)
	           && cuda_passed(call, libcudart.cudaMemsetAsync(target->data + offset, (int)value, (size_t)size, handle)));
}

/* Copying. */

static bool copy(struct call *call, int device, void *target, const void *source, int64_t size, int32_t kind)
{
	return size == 0
	       || (use_device(call, device)
	           && cuda_passed(call, libcudart.cudaMemcpy(target, source, (size_t)size, kind)));
}

static bool copy_in(struct call *call, const struct stream *stream, int device, void *target, const void *source,
                    int64_t size, int32_t kind)
{
	void *handle;

	return size == 0
	       || (begin(call, stream, device, &handle)
	           && cuda_passed(call, libcudart.cudaMemcpyAsync(target, source, (size_t)size, kind, handle)));
}

bool body_cudart_copy_to_device(struct call *call, const uint8_t *data, int64_t data_len, const struct memory *target,
                                int64_t offset)
{
	return copy(call, target->device, target->data + offset, data, data_len, HOST_TO_DEVICE);
}

bool body_cudart_copy_to_host(struct call *call, const struct memory *source, int64_t offset, int64_t size, uint8_t *out,
                              int64_t out_cap, int64_t *out_len)
{
	return give_length(call, size, out_cap, out, out_len)
	       && (!out || copy(call, source->device, out, source->data + offset, size, DEVICE_TO_HOST));
}

bool body_cudart_copy_to_address(struct call *call, const struct memory *source, int64_t offset, int64_t size,
                                 void *target)
{
	return copy(call, source->device, target, source->data + offset, size, DEVICE_TO_HOST);
}

bool body_cudart_copy_to_device_async(struct call *call, const struct pinned *source, int64_t source_offset,
                                      const struct memory *target, int64_t target_offset, int64_t size,
                                      const struct stream *stream)
{
	return copy_in(call, stream, target->device, target->data + target_offset, source->data + source_offset, size,
	               HOST_TO_DEVICE);
}

bool body_cudart_copy_to_host_async(struct call *call, const struct memory *source, int64_t source_offset,
                                    const struct pinned *target, int64_t target_offset, int64_t size,
                                    const struct stream *stream)
{
	return copy_in(call, stream, source->device, target->data + target_offset, source->data + source_offset, size,
	               DEVICE_TO_HOST);
}

bool body_cudart_copy(struct call *call, const struct memory *source, int64_t source_offset, const struct memory *target,
                      int64_t target_offset, int64_t size)
{
	return copy(call, source->device, target->data + target_offset, source->data + source_offset, size,
	            DEVICE_TO_DEVICE);
}

bool body_cudart_copy_async(struct call *call, const struct memory *source, int64_t source_offset,
                            const struct memory *target, int64_t target_offset, int64_t size, const struct stream *stream)
{
	return copy_in(call, stream, source->device, target->data + target_offset, source->data + source_offset, size,
	               DEVICE_TO_DEVICE);
}

bool body_cudart_copy_peer(struct call *call, const struct memory *source, int64_t source_offset,
                           const struct memory *target, int64_t target_offset, int64_t size)
{
	return size == 0
	       || cuda_passed(call, libcudart.cudaMemcpyPeer(target->data + target_offset, target->device,
	                                                     source->data + source_offset, source->device, (size_t)size));
}

bool body_cudart_copy_peer_async(struct call *call, const struct memory *source, int64_t source_offset,
                                 const struct memory *target, int64_t target_offset, int64_t size,
                                 const struct stream *stream)
{
	void *handle;

	return size == 0
	       || (begin(call, stream, source->device, &handle)
	           && cuda_passed(call, libcudart.cudaMemcpyPeerAsync(target->data + target_offset, target->device,
	                                                              source->data + source_offset, source->device,
	                                                              (size_t)size, handle)));
}
