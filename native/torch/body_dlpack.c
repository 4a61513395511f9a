/* DLPack, in its unversioned form: https://dmlc.github.io/dlpack/latest/c_api.html */
#include <stdlib.h>
#include <string.h>

#include "libtorch_cuda.h"
#include "inner.h"
#include "later.h"
#include "rt_torch_bodies.h"

enum { DLPACK_CPU = 1, DLPACK_CUDA = 2, DLPACK_CUDA_HOST = 3 };

struct dl_device {
	int32_t type;
	int32_t id;
};

struct dl_dtype {
	uint8_t code;
	uint8_t bits;
	uint16_t lanes;
};

struct dl_tensor {
	void *data;
	struct dl_device device;
	int32_t ndim;
	struct dl_dtype dtype;
	int64_t *shape;
	int64_t *strides; /* in elements; NULL for row-major order */
	uint64_t byte_offset;
};

struct dl_managed {
	struct dl_tensor tensor;
	void *manager_context;
	void (*deleter)(struct dl_managed *self);
};

/* Export. */

struct exported {
	struct dl_managed managed;
	void *tensor; /* keeps the memory */
	int64_t shape_and_strides[];
};

/* Called by the consumer, on any thread and at any time, even while the process exits. */
static void delete_exported(struct dl_managed *self)
{
	struct exported *exported = self->manager_context;

	if (upstream_enter()) {
		torch_delete(exported->tensor);
		upstream_leave();
	}
	free(exported);
}

bool body_to_dlpack(struct call *call, const struct tensor *x, void **out)
{
	const struct dtype_info *info = dtype_info(x->dtype);
	size_t dims = (size_t)x->ndim;
	struct exported *exported = calloc(1, sizeof *exported + 2 * dims * sizeof(int64_t));
	struct dl_tensor *tensor;
	int64_t *strides;

	if (!exported)
		return call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
	tensor = &exported->managed.tensor;
	if (libtorch.aoti_torch_get_data_ptr(x->handle, &tensor->data) != 0
	    || libtorch.aoti_torch_get_strides(x->handle, &strides) != 0
	    || libtorch.aoti_torch_new_tensor_handle(x->handle, &exported->tensor) != 0) {
		free(exported);
		return torch_refused(call);
	}
	tensor->device = (struct dl_device){x->device.type == DEVICE_CPU ? DLPACK_CPU : DLPACK_CUDA,
	                                    x->device.type == DEVICE_CPU ? 0 : x->device.index};
	tensor->ndim = (int32_t)x->ndim;
	tensor->dtype = (struct dl_dtype){info->dlpack_code, (uint8_t)(info->size * 8), 1};
	tensor->shape = exported->shape_and_strides;
	tensor->strides = exported->shape_and_strides + dims;
	for (size_t i = 0; i < dims; i++) {
		tensor->shape[i] = x->sizes[i];
		tensor->strides[i] = strides[i];
	}
	exported->managed.manager_context = exported;
	exported->managed.deleter = delete_exported;
	*out = &exported->managed;
	return true;
}

/* Import. */

static void run_deleter(void *owner)
{
	struct dl_managed *managed = owner;

	managed->deleter(managed);
}

/* Called amid libtorch's destructors, through which a foreign deleter must not unwind: some end the thread where
 * Python is shutting down. */
static void release_managed(void *owner)
{
	const struct dl_managed *managed = owner;

	if (managed->deleter)
		later_run(run_deleter, owner);
}

static bool read_device(const struct call *call, struct dl_device given, struct device *device)
{
	if (given.type == DLPACK_CPU || given.type == DLPACK_CUDA_HOST) {
		*device = (struct device){DEVICE_CPU, -1};
		return true;
	}
	if (given.type == DLPACK_CUDA && given.id >= 0 && given.id < cuda_count()) {
		*device = (struct device){DEVICE_CUDA, given.id};
		return true;
	}
	if (given.type == DLPACK_CUDA && cuda_count() > 0)
		return call_bad_argument(call, "managed", "it is on DLPack device type 2 (CUDA), number %d, and the last one here "
		                         "is %d", (int)given.id, cuda_count() - 1);
	if (given.type == DLPACK_CUDA)
		return call_bad_argument(call, "managed", "it is on DLPack device type 2 (CUDA), number %d, and there is no CUDA "
		                         "here: %s", (int)given.id, cuda_why_not());
	return call_bad_argument(call, "managed", "DLPack device type %d, number %d is none that can be used here: "
	                         "1 (CPU), 2 (CUDA) and 3 (CUDA host) are", (int)given.type, (int)given.id);
}

static bool read_shape(struct call *call, const struct dl_tensor *given, int64_t *row_major, struct foreign *memory)
{
	if (given->ndim < 0 || given->ndim > MAX_DIMS)
		return call_bad_argument(call, "managed", "it has %d dimensions, and a tensor has 0 to %d", (int)given->ndim,
		                         MAX_DIMS);
	if (given->ndim > 0 && !given->shape)
		return call_bad_argument(call, "managed", "its shape is NULL, with %d dimensions", (int)given->ndim);
	memory->ndim = given->ndim;
	memory->sizes = given->shape;
	if (!check_sizes(call, "managed", given->shape, given->ndim))
		return false;
	contiguous_strides(given->shape, given->ndim, row_major);
	memory->strides = given->strides ? given->strides : row_major;
	return check_strides(call, "managed", memory);
}

int64_t body_from_dlpack(struct call *call, void *managed)
{
	const struct dl_tensor *given = &((struct dl_managed *)managed)->tensor;
	const struct dtype_info *info = dtype_of_dlpack(given->dtype.code, given->dtype.bits);
	int64_t row_major[MAX_DIMS];
	struct foreign memory;

	if (!info || given->dtype.lanes != 1) {
		call_bad_argument(call, "managed", "DLPack type code %d with %d bits and %d lanes is none of the dtypes here",
		                  given->dtype.code, given->dtype.bits, given->dtype.lanes);
		return 0;
	}
	memory.dtype = info->code;
	if (!read_device(call, given->device, &memory.device) || !read_shape(call, given, row_major, &memory))
		return 0;
	if (!given->data && count_elements(memory.sizes, memory.ndim) > 0) {
		call_bad_argument(call, "managed", "its data is NULL, with %lld elements",
		                  (long long)count_elements(memory.sizes, memory.ndim));
		return 0;
	}
	memory.data = given->data ? (char *)given->data + given->byte_offset : NULL;
	return give_foreign(call, &memory, release_managed, managed);
}
