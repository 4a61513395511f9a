/* What stands behind handles: streams, events, memory of devices and pinned memory of the host. */
#include <stdatomic.h>
#include <stdlib.h>

#include "cuda.h"

struct owned_stream {
	int forks; /* as it was made: in a child of that process it is not touched */
	void *handle;
	int device;
};

struct owned_event {
	int forks;
	void *handle;
	int device;
	bool timing;
	_Atomic bool recorded;
};

struct owned_memory {
	int forks;
	void *data;
	int64_t size;
	int device; /* -1 for the host */
};

/* Letting go.  It may be in any thread, after an error of the device or of its driver; nobody is told. */

static void destroy_stream(void *object)
{
	struct owned_stream *stream = object;

	if (stream->forks == cuda_forks())
		cuda_ignore(libcudart.cudaStreamDestroy(stream->handle));
	free(stream);
}

static void destroy_event(void *object)
{
	struct owned_event *event = object;

	if (event->forks == cuda_forks())
		cuda_ignore(libcudart.cudaEventDestroy(event->handle));
	free(event);
}

static void destroy_memory(void *object)
{
	struct owned_memory *memory = object;

	if (memory->data && memory->forks == cuda_forks())
		cuda_ignore(libcudart.cudaFree(memory->data));
	free(memory);
}

static void destroy_pinned(void *object)
{
	struct owned_memory *memory = object;

	if (memory->data && memory->forks == cuda_forks())
		cuda_ignore(libcudart.cudaFreeHost(memory->data));
	free(memory);
}

/* Giving. */

static int64_t give(struct call *call, int kind, void *object, void (*destroy)(void *object))
{
	int64_t handle = object ? handle_new(kind, object, destroy) : 0;

	if (object && !handle)
		destroy(object);
	if (!handle)
		call_fail(call, ERROR_OUT_OF_MEMORY, "no room for another handle");
	return handle;
}

int64_t give_stream(struct call *call, void *handle, int device)
{
	struct owned_stream *stream = malloc(sizeof *stream);

	if (stream)
		*stream = (struct owned_stream){cuda_forks(), handle, device};
	else
		cuda_ignore(libcudart.cudaStreamDestroy(handle));
	return give(call, KIND_STREAM, stream, destroy_stream);
}

int64_t give_event(struct call *call, void *handle, int device, bool timing)
{
	struct owned_event *event = malloc(sizeof *event);

	if (event) {
		event->forks = cuda_forks();
		event->handle = handle;
		event->device = device;
		event->timing = timing;
		atomic_init(&event->recorded, false);
	} else {
		cuda_ignore(libcudart.cudaEventDestroy(handle));
	}
	return give(call, KIND_EVENT, event, destroy_event);
}

static struct owned_memory *own_memory(void *data, int64_t size, int device)
{
	struct owned_memory *memory = malloc(sizeof *memory);

	if (memory)
		*memory = (struct owned_memory){cuda_forks(), data, size, device};
	return memory;
}

int64_t give_memory(struct call *call, void *data, int64_t size, int device)
{
	struct owned_memory *memory = own_memory(data, size, device);

	if (!memory && data)
		cuda_ignore(libcudart.cudaFree(data));
	return give(call, KIND_MEMORY, memory, destroy_memory);
}

int64_t give_pinned(struct call *call, void *data, int64_t size)
{
	struct owned_memory *memory = own_memory(data, size, -1);

	if (!memory && data)
		cuda_ignore(libcudart.cudaFreeHost(data));
	return give(call, KIND_PINNED, memory, destroy_pinned);
}

/* Borrowing. */

static const char *kind_name(int kind)
{
	switch (kind) {
	case KIND_STREAM:
		return "a stream handle";
	case KIND_EVENT:
		return "an event handle";
	case KIND_MEMORY:
		return "a handle of device memory";
	case KIND_PINNED:
		return "a handle of pinned host memory";
	default:
		return "a tensor handle";
	}
}

/* What the handle stands for, pinned for the call; NULL with the error set when it is none of that kind. */
static void *borrow(struct call *call, const char *name, int64_t handle, int kind, const void *borrowed)
{
	struct slot *slot;
	void *object = handle_pin(handle, kind, &slot);
	int other = object ? 0 : handle_kind(handle);

	if (object)
		return call_pin(call, slot, borrowed) ? object : NULL;
	if (other)
		error_set(ERROR_INVALID_HANDLE, "%s: argument `%s`: %lld is %s, and %s is expected", call->function->name, name,
		          (long long)handle, kind_name(other), kind_name(kind));
	else
		error_set(ERROR_INVALID_HANDLE, "%s: argument `%s`: %lld is not %s: it was never given out, or was given back "
		          "already", call->function->name, name, (long long)handle, kind_name(kind));
	return NULL;
}

bool borrow_stream(struct call *call, const char *name, int64_t handle, struct stream *stream)
{
	const struct owned_stream *owned = borrow(call, name, handle, KIND_STREAM, stream);

	if (!owned)
		return false;
	*stream = (struct stream){name, owned->handle, owned->device};
	return true;
}

bool borrow_event(struct call *call, const char *name, int64_t handle, struct event *event)
{
	struct owned_event *owned = borrow(call, name, handle, KIND_EVENT, event);

	if (!owned)
		return false;
	*event = (struct event){name, owned->handle, owned->device, owned->timing, &owned->recorded};
	return true;
}

bool borrow_memory(struct call *call, const char *name, int64_t handle, struct memory *memory)
{
	const struct owned_memory *owned = borrow(call, name, handle, KIND_MEMORY, memory);

	if (!owned)
		return false;
	*memory = (struct memory){name, owned->data, owned->size, owned->device};
	return true;
}

bool borrow_pinned(struct call *call, const char *name, int64_t handle, struct pinned *pinned)
{
	const struct owned_memory *owned = borrow(call, name, handle, KIND_PINNED, pinned);

	if (!owned)
		return false;
	*pinned = (struct pinned){name, owned->data, owned->size};
	return true;
}
