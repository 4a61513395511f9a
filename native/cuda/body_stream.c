/* Streams and events. */
#include <limits.h>
#include <stdatomic.h>

#include "cuda.h"
#include "rt_cuda_bodies.h"

/* CUDA's own flags. */
enum {
	STREAM_NON_BLOCKING = 1, /* cudaStreamNonBlocking */
	EVENT_BLOCKING_SYNC = 1, /* cudaEventBlockingSync */
	EVENT_DISABLE_TIMING = 2, /* cudaEventDisableTiming */
};

/* Whether something is done, as far as CUDA can tell just now. */
static bool is_done(struct call *call, int32_t status, int32_t *out)
{
	*out = status == 0;
	if (status != CUDA_NOT_READY)
		return cuda_passed(call, status);
	cuda_ignore(status);
	return true;
}

/* Streams. */

int64_t body_cudart_stream_create(struct call *call, int64_t priority, int32_t non_blocking, const int64_t *device)
{
	unsigned int flags = non_blocking ? STREAM_NON_BLOCKING : 0;
	void *handle = NULL;
	int index;

	if (!check_fits(call, "priority", priority, priority >= INT_MIN && priority <= INT_MAX, "int")
	    || !device_meant(call, device, &index)
	    || !cuda_passed(call, libcudart.cudaStreamCreateWithPriority(&handle, flags, (int)priority)))
		return 0;
	return give_stream(call, handle, index);
}

int32_t body_cudart_stream_destroy(int64_t stream)
{
	return handle_free(stream, KIND_STREAM) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

bool body_cudart_stream_query(struct call *call, const struct stream *stream, int32_t *out)
{
	return is_done(call, libcudart.cudaStreamQuery(stream ? stream->handle : NULL), out);
}

bool body_cudart_stream_device(struct call *call, const struct stream *stream, int64_t *out)
{
	(void)call;
	*out = stream->device;
	return true;
}

bool body_cudart_stream_ptr(struct call *call, const struct stream *stream, void **out)
{
	(void)call;
	*out = stream->handle;
	return true;
}

/* Events. */

int64_t body_cudart_event_create(struct call *call, int32_t timing, int32_t blocking_sync, const int64_t *device)
{
	unsigned int flags = (timing ? 0 : EVENT_DISABLE_TIMING) | (blocking_sync ? EVENT_BLOCKING_SYNC : 0);
	void *handle = NULL;
	int index;

	if (!device_meant(call, device, &index) || !cuda_passed(call, libcudart.cudaEventCreateWithFlags(&handle, flags)))
		return 0;
	return give_event(call, handle, index, timing);
}

int32_t body_cudart_event_destroy(int64_t event)
{
	return handle_free(event, KIND_EVENT) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

bool body_cudart_event_record(struct call *call, const struct event *event, const struct stream *stream)
{
	if (!use_device(call, event->device)
	    || !cuda_passed(call, libcudart.cudaEventRecord(event->handle, stream ? stream->handle : NULL)))
		return false;
	atomic_store(event->recorded, true);
	return true;
}

bool body_cudart_event_query(struct call *call, const struct event *event, int32_t *out)
{
	return is_done(call, libcudart.cudaEventQuery(event->handle), out);
}

bool body_cudart_event_elapsed(struct call *call, const struct event *start, const struct event *stop, double *out)
{
	float milliseconds = 0;
	int32_t status = libcudart.cudaEventElapsedTime(&milliseconds, start->handle, stop->handle);

	*out = milliseconds;
	if (status == CUDA_NOT_READY)
		return cuda_passed_for(call, status, "the time between two events, one of which has not happened yet: wait for it");
	return cuda_passed(call, status);
}

bool body_cudart_event_device(struct call *call, const struct event *event, int64_t *out)
{
	(void)call;
	*out = event->device;
	return true;
}
