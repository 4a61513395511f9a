/* A stand-in for libtorch_cpu.so: the C functions that the library calls, over tensors that are counted, so that what
 * the sanitizers report is ours, and what is not given back shows.
 *
 * It lacks `torch_get_num_threads` and most operators.  Built with -DFAKE_VERSION=..., -DFAKE_OLDER (what came after
 * 2.10 is missing), -DFAKE_STRANGER (some other library) or -DFAKE_CUDA (libtorch's CUDA half). */
#define _POSIX_C_SOURCE 200809L

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PUBLIC __attribute__((visibility("default")))

#ifdef FAKE_STRANGER

PUBLIC int stranger(void)
{
	return 1;
}

#elif defined(FAKE_CUDA)

static void *stream;

PUBLIC int32_t aoti_torch_get_current_cuda_stream(int32_t device, void **result)
{
	*result = device == 0 ? stream : NULL;
	return 0;
}

PUBLIC int32_t torch_set_current_cuda_stream(void *wanted, int32_t device)
{
	stream = device == 0 ? wanted : stream;
	return 0;
}

#else

#ifndef FAKE_VERSION
#define FAKE_VERSION 0x020d000000000000
#endif

enum { F32 = 6, F64 = 7, I64 = 4, BOOL = 11 };

struct storage {
	_Atomic int users;
	void *data;
	void (*deleter)(void *data, void *context);
	void *context;
};

struct tensor {
	_Atomic int owners;
	struct storage *storage;
	char *data;
	int32_t dtype;
	int64_t ndim;
	int64_t sizes[64];
	int64_t strides[64];
};

struct list {
	size_t count, room;
	uint64_t values[];
};

static _Atomic int64_t live_tensors;
static _Thread_local const char *reason = "";
static _Thread_local bool gradients = true;

/* What tests look at and steer. */

PUBLIC _Atomic int fake_waiting, fake_gate; /* "sigmoid" waits at the gate */

PUBLIC int64_t fake_live_tensors(void)
{
	return atomic_load(&live_tensors);
}

PUBLIC bool fake_gradients(void)
{
	return gradients;
}

static int32_t refuse(const char *why)
{
	reason = why;
	return 1;
}

/* Tensors. */

static int64_t size_of(int32_t dtype)
{
	return dtype == F64 || dtype == I64 ? 8 : dtype == F32 ? 4 : dtype == BOOL ? 1 : 2;
}

static int64_t count(const struct tensor *tensor)
{
	int64_t elements = 1;

	for (int64_t i = 0; i < tensor->ndim; i++)
		elements *= tensor->sizes[i];
	return elements;
}

static struct tensor *new_tensor(struct storage *storage, int64_t ndim, const int64_t *sizes, const int64_t *strides,
                                 int32_t dtype)
{
	struct tensor *tensor = calloc(1, sizeof *tensor);
	int64_t step = 1;

	tensor->owners = 1;
	tensor->ndim = ndim;
	tensor->dtype = dtype;
	for (int64_t i = ndim; i-- > 0;) {
		tensor->sizes[i] = sizes[i];
		tensor->strides[i] = strides ? strides[i] : step;
		step *= sizes[i] ? sizes[i] : 1;
	}
	if (!storage) {
		storage = calloc(1, sizeof *storage);
		storage->data = calloc((size_t)(step ? step : 1), (size_t)size_of(dtype));
	}
	storage->users++;
	tensor->storage = storage;
	tensor->data = storage->data;
	live_tensors++;
	return tensor;
}

static bool too_large(int64_t ndim, const int64_t *sizes)
{
	int64_t elements = 1;

	for (int64_t i = 0; i < ndim; i++)
		elements *= sizes[i];
	return elements > INT64_C(1) << 40;
}

static void delete_tensor(struct tensor *tensor)
{
	struct storage *storage = tensor->storage;

	if (--tensor->owners)
		return;
	free(tensor);
	live_tensors--;
	if (--storage->users)
		return;
	if (storage->deleter)
		storage->deleter(storage->data, storage->context);
	else
		free(storage->data);
	free(storage);
}

static double *element(const struct tensor *tensor, int64_t number)
{
	int64_t offset = 0;

	for (int64_t i = tensor->ndim; i-- > 0;) {
		offset += number % tensor->sizes[i] * tensor->strides[i];
		number /= tensor->sizes[i];
	}
	return (double *)(void *)tensor->data + offset;
}

static int32_t map(const struct tensor *from, double (*function)(double value), struct tensor **result)
{
	if (from->dtype != F64)
		return refuse("the stand-in computes f64 only");
	*result = new_tensor(NULL, from->ndim, from->sizes, NULL, F64);
	for (int64_t i = 0; i < count(from); i++)
		((double *)(void *)(*result)->data)[i] = function(*element(from, i));
	return 0;
}

PUBLIC uint64_t aoti_torch_abi_version(void)
{
	return FAKE_VERSION;
}

#define GETTER(name, type, value) \
	PUBLIC int32_t name(struct tensor *tensor, type *result) \
	{ \
		*result = (value); \
		return 0; \
	}

GETTER(aoti_torch_get_dtype, int32_t, tensor->dtype)
GETTER(aoti_torch_get_device_type, int32_t, tensor ? 0 : 1)
GETTER(aoti_torch_get_device_index, int32_t, tensor ? -1 : 0)
GETTER(aoti_torch_get_dim, int64_t, tensor->ndim)
GETTER(aoti_torch_get_numel, int64_t, count(tensor))
GETTER(aoti_torch_get_sizes, int64_t *, tensor->sizes)
GETTER(aoti_torch_get_data_ptr, void *, tensor->data)
GETTER(aoti_torch_get_strides, int64_t *, tensor->strides)

PUBLIC int32_t aoti_torch_is_contiguous(struct tensor *tensor, bool *result)
{
	int64_t step = 1;

	*result = true;
	for (int64_t i = tensor->ndim; i-- > 0; step *= tensor->sizes[i])
		*result = *result && (tensor->sizes[i] == 1 || tensor->strides[i] == step);
	return 0;
}

PUBLIC int32_t aoti_torch_new_tensor_handle(struct tensor *tensor, struct tensor **result)
{
	tensor->owners++;
	*result = tensor;
	return 0;
}

PUBLIC int32_t aoti_torch_delete_tensor_object(struct tensor *tensor)
{
	delete_tensor(tensor);
	return 0;
}

PUBLIC int32_t aoti_torch_empty_strided(int64_t ndim, const int64_t *sizes, const int64_t *strides, int32_t dtype,
                                        int32_t device_type, int32_t device_index, struct tensor **result)
{
	(void)device_type;
	(void)device_index;
	*result = new_tensor(NULL, ndim, sizes, strides, dtype);
	return 0;
}

static struct tensor *borrow(void *data, int64_t ndim, const int64_t *sizes, const int64_t *strides, int32_t dtype,
                             void (*deleter)(void *data, void *context), void *context)
{
	struct storage *storage = calloc(1, sizeof *storage);

	storage->data = data;
	storage->deleter = deleter;
	storage->context = context;
	return new_tensor(storage, ndim, sizes, strides, dtype);
}

static void keep(void *data, void *context)
{
	(void)data;
	(void)context;
}

PUBLIC int32_t aoti_torch_create_tensor_from_blob(void *data, int64_t ndim, const int64_t *sizes,
                                                  const int64_t *strides, int64_t offset, int32_t dtype,
                                                  int32_t device_type, int32_t device_index, struct tensor **result)
{
	(void)offset;
	(void)device_type;
	(void)device_index;
	*result = borrow(data, ndim, sizes, strides, dtype, keep, NULL);
	return 0;
}

#ifndef FAKE_OLDER

PUBLIC int32_t torch_from_blob(void *data, int64_t ndim, const int64_t *sizes, const int64_t *strides, int64_t offset,
                               int32_t dtype, int32_t device_type, int32_t device_index, struct tensor **result,
                               int32_t layout, const uint8_t *metadata, int64_t metadata_size,
                               void (*deleter)(void *data, void *context), void *context)
{
	(void)offset;
	(void)device_type;
	(void)device_index;
	(void)layout;
	(void)metadata;
	(void)metadata_size;
	*result = borrow(data, ndim, sizes, strides, dtype, deleter, context);
	return 0;
}

PUBLIC int32_t torch_new_stable_ivalue(uint64_t **result)
{
	*result = malloc(sizeof **result);
	return 0;
}

PUBLIC const char *torch_exception_get_what_without_backtrace(void)
{
	return reason;
}

#else

/* C++'s own pair, which memory checkers put themselves in the place of. */

PUBLIC void *_Znwm(size_t size)
{
	return malloc(size);
}

PUBLIC void _ZdlPv(void *memory)
{
	free(memory);
}

#endif

PUBLIC bool aoti_torch_grad_mode_is_enabled(void)
{
	return gradients;
}

PUBLIC void aoti_torch_grad_mode_set_enabled(bool enabled)
{
	gradients = enabled;
}

PUBLIC void _ZN2at15set_num_threadsEi(int count_of_threads)
{
	(void)count_of_threads;
}

/* Lists. */

PUBLIC int32_t torch_new_list_reserve_size(size_t size, struct list **result)
{
	*result = malloc(sizeof **result + size * sizeof(uint64_t));
	(*result)->count = 0;
	(*result)->room = size;
	return 0;
}

PUBLIC int32_t torch_list_push_back(struct list *list, uint64_t value)
{
	if (list->count == list->room)
		abort();
	list->values[list->count++] = value;
	return 0;
}

PUBLIC int32_t torch_delete_list(struct list *list)
{
	free(list);
	return 0;
}

/* Operators. */

static double negative(double value)
{
	return -value;
}

static double positive(double value)
{
	return value > 0 ? value : 0;
}

static double itself(double value)
{
	return value;
}

static void *pointer(uint64_t value)
{
	return (void *)(uintptr_t)value;
}

/* The value of an optional that is there. */
static uint64_t take(uint64_t optional)
{
	uint64_t value = *(uint64_t *)pointer(optional);

#ifdef FAKE_OLDER
	_ZdlPv(pointer(optional));
#else
	free(pointer(optional));
#endif
	return value;
}

static int32_t zeros(uint64_t *stack, struct tensor **result)
{
	struct list *sizes = pointer(stack[0]);
	int32_t dtype = (int32_t)take(stack[1]);

	take(stack[3]);
	if (too_large((int64_t)sizes->count, (const int64_t *)sizes->values)) {
		free(sizes);
		return refuse("can't allocate memory: you tried to allocate very much");
	}
	*result = new_tensor(NULL, (int64_t)sizes->count, (const int64_t *)sizes->values, NULL, dtype);
	free(sizes);
	return 0;
}

static int32_t sum(const struct tensor *from, struct tensor **result)
{
	double total = 0;

	if (from->dtype != F64)
		return refuse("the stand-in computes f64 only");
	for (int64_t i = 0; i < count(from); i++)
		total += *element(from, i);
	*result = new_tensor(NULL, 0, NULL, NULL, F64);
	*(double *)(void *)(*result)->data = total;
	return 0;
}

static int32_t transpose(struct tensor *from, int64_t first, int64_t second, struct tensor **result)
{
	struct tensor *view = new_tensor(from->storage, from->ndim, from->sizes, from->strides, from->dtype);

	view->sizes[first] = from->sizes[second];
	view->sizes[second] = from->sizes[first];
	view->strides[first] = from->strides[second];
	view->strides[second] = from->strides[first];
	*result = view;
	return 0;
}

static int32_t copy(const struct tensor *from, struct tensor **result)
{
	return map(from, itself, result);
}

static int32_t wait_at_gate(const struct tensor *from, struct tensor **result)
{
	struct timespec moment = {0, 100000};

	fake_waiting++;
	while (!fake_gate)
		nanosleep(&moment, NULL);
	fake_waiting--;
	return copy(from, result);
}

static int32_t shorten(const struct tensor *from, struct tensor **result)
{
	*result = new_tensor(NULL, from->ndim, from->sizes, NULL, F32);
	return 0;
}

static int32_t call(const char *op, const char *overload, uint64_t *stack, struct tensor **result)
{
	struct tensor *self = pointer(stack[0]);

	if (gradients)
		abort(); /* the library computes without */
	if (strcmp(op, "aten::relu") == 0)
		return map(self, positive, result);
	if (strcmp(op, "aten::neg") == 0)
		return map(self, negative, result);
	if (strcmp(op, "aten::clone") == 0)
		return copy(self, result);
	if (strcmp(op, "aten::sum") == 0 && !*overload)
		return sum(self, result);
	if (strcmp(op, "aten::transpose") == 0)
		return transpose(self, (int64_t)stack[1], (int64_t)stack[2], result);
	if (strcmp(op, "aten::sigmoid") == 0)
		return wait_at_gate(self, result);
	if (strcmp(op, "aten::tanh") == 0)
		return shorten(self, result);
	return refuse("it is in a bad mood\ntoday\n");
}

static bool known(const char *op, const char *overload)
{
	static const char *const ops[] = {"aten::relu", "aten::neg", "aten::clone", "aten::sum", "aten::transpose",
	                                  "aten::sigmoid", "aten::tanh", "aten::log"};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		if (strcmp(op, ops[i]) == 0)
			return strcmp(overload, "dim_IntList") != 0;
	}
	return false;
}

PUBLIC int32_t torch_call_dispatcher(const char *op, const char *overload, uint64_t *stack, uint64_t build_version)
{
	static _Thread_local char why[128];
	struct tensor *result = NULL;
	int32_t status;

	(void)build_version;
	if (strcmp(op, "aten::zeros") == 0) {
		status = zeros(stack, &result);
	} else if (!known(op, overload)) {
		snprintf(why, sizeof why, "Could not find schema for %s.%s", op, overload);
		return refuse(why);
	} else {
		struct tensor *self = pointer(stack[0]);
		status = call(op, overload, stack, &result);
		delete_tensor(self); /* whatever comes of it */
	}
	stack[0] = (uintptr_t)result;
	return status;
}

/* Typed functions. */

PUBLIC int32_t aoti_torch_cpu_add_Tensor(struct tensor *a, struct tensor *b, double alpha, struct tensor **result)
{
	if (count(a) != count(b))
		return refuse("the stand-in does not broadcast");
	*result = new_tensor(NULL, a->ndim, a->sizes, NULL, F64);
	for (int64_t i = 0; i < count(a); i++)
		((double *)(void *)(*result)->data)[i] = *element(a, i) + alpha * *element(b, i);
	return 0;
}

PUBLIC int32_t aoti_torch_aten_subtract_Tensor(struct tensor *a, struct tensor *b, double alpha, struct tensor **result)
{
	return aoti_torch_cpu_add_Tensor(a, b, -alpha, result);
}

#endif
