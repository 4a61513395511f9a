#include <stdlib.h>
#include <string.h>

#include "inner.h"

#define BUILD_VERSION UINT64_C(0x020a000000000000) /* values are packed as 2.10 did; later ones understand that */

/* Arguments. */

void read_tensor(void *handle, struct tensor *tensor)
{
	int64_t *sizes = NULL;

	tensor->handle = handle;
	libtorch.aoti_torch_get_dtype(handle, &tensor->dtype);
	libtorch.aoti_torch_get_device_type(handle, &tensor->device.type);
	tensor->device.index = -1;
	if (tensor->device.type != DEVICE_CPU)
		libtorch.aoti_torch_get_device_index(handle, &tensor->device.index);
	libtorch.aoti_torch_get_dim(handle, &tensor->ndim);
	libtorch.aoti_torch_get_sizes(handle, &sizes);
	tensor->sizes = sizes;
}

bool borrow_tensor(struct call *call, const char *name, int64_t handle, struct tensor *tensor)
{
	struct slot *slot;
	void *object = handle_pin(handle, KIND_TENSOR, &slot);

	if (unlikely(!object))
		return error_set(ERROR_INVALID_HANDLE, "%s: argument `%s`: %lld is no live tensor handle: %s",
		                 call->function->name, name, (long long)handle,
		                 handle_kind(handle) ? "it stands for something else"
		                                     : "it was never given out, or was freed already");
	tensor->name = name;
	read_tensor(object, tensor);
	return call_pin(call, slot, tensor);
}

struct pinned {
	int64_t count;
	struct listed_tensor items[];
};

static void let_go(void *what)
{
	struct pinned *pinned = what;

	while (pinned->count)
		handle_unpin(pinned->items[--pinned->count].slot);
	free(pinned);
}

static struct pinned *room_for(struct call *call, int64_t count)
{
	struct pinned *pinned = NULL;

	if ((uint64_t)count < (PTRDIFF_MAX - sizeof *pinned) / sizeof pinned->items[0])
		pinned = malloc(sizeof *pinned + (size_t)count * sizeof pinned->items[0]);
	if (!pinned) {
		call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
		return NULL;
	}
	pinned->count = 0;
	if (call_cleanup(call, let_go, pinned))
		return pinned;
	free(pinned);
	return NULL;
}

bool borrow_tensors(struct call *call, const char *name, const int64_t *handles, int64_t count, struct tensors *list)
{
	struct pinned *pinned;

	if (!check_list(call, name, handles, count))
		return false;
	pinned = room_for(call, count);
	if (!pinned)
		return false;
	for (int64_t i = 0; i < count; i++) {
		struct listed_tensor *item = &pinned->items[i];
		void *object = handle_pin(handles[i], KIND_TENSOR, &item->slot);
		if (unlikely(!object))
			return error_set(ERROR_INVALID_HANDLE, "%s: argument `%s[%lld]`: %lld is no live tensor handle: it was never "
			                 "given out, or was freed already", call->function->name, name, (long long)i,
			                 (long long)handles[i]);
		pinned->count++;
		item->tensor.name = name;
		read_tensor(object, &item->tensor);
	}
	*list = (struct tensors){name, count, pinned->items};
	return true;
}

/* Results. */

void torch_delete(void *tensor)
{
	libtorch.aoti_torch_delete_tensor_object(tensor);
}

bool is_expected(const struct call *call, int32_t dtype)
{
	return likely(call->expect < 0 || dtype == call->expect)
	       || call_fail(call, ERROR_REFUSED, "libtorch returned %s where %s is expected: torch's autocast is probably on "
	                    "in this thread; leave it around this call", dtype_name(dtype), dtype_name(call->expect));
}

int64_t give_tensor(struct call *call, void *tensor)
{
	int32_t dtype = -1;
	int64_t handle;

	libtorch.aoti_torch_get_dtype(tensor, &dtype);
	if (unlikely(!is_expected(call, dtype))) {
		torch_delete(tensor);
		return 0;
	}
	handle = handle_new(KIND_TENSOR, tensor, torch_delete);
	if (unlikely(!handle)) {
		torch_delete(tensor);
		call_fail(call, ERROR_OUT_OF_MEMORY, "no room for another handle");
	}
	return handle;
}

int64_t finish(struct call *call, int32_t status, void **result)
{
	if (unlikely(status != 0)) {
		torch_refused(call);
		return 0;
	}
	return give_tensor(call, *result);
}

/* Under a mode such as torch's FakeTensorMode a result is a tensor in name only, which the typed functions would follow
 * to nowhere.  Deletes it if so. */
static bool has_memory(struct call *call, void *tensor)
{
	struct tensor read;
	void *data = NULL;

	if (likely(libtorch.aoti_torch_get_data_ptr(tensor, &data) == 0 && data))
		return true;
	read_tensor(tensor, &read);
	if (count_elements(read.sizes, read.ndim) == 0)
		return true;
	torch_delete(tensor);
	return call_fail(call, ERROR_REFUSED, "libtorch returned a tensor without memory: a mode such as FakeTensorMode is "
	                 "probably on in this thread; leave it around this call");
}

/* The dispatcher.  It takes over what is on the stack as soon as it has found the operator, and then frees it however
 * the call ends. */
static bool call_operator(struct call *call, const char *op, const char *overload)
{
	bool gradients;
	int32_t status;

	if (unlikely(call->failed)) {
		drop_pushed(call);
		return false;
	}
	memset(&call->stack[call->stack_count], 0, SPARE_SLOTS * sizeof call->stack[0]);
	gradients = libtorch.aoti_torch_grad_mode_is_enabled();
	if (gradients)
		libtorch.aoti_torch_grad_mode_set_enabled(false);
	status = libtorch.torch_call_dispatcher(op, overload, call->stack, BUILD_VERSION);
	if (gradients)
		libtorch.aoti_torch_grad_mode_set_enabled(true);
	if (likely(status == 0)) {
		call->stack_count = 0;
		return true;
	}
	if (strstr(torch_reason(), "Could not find schema")) {
		drop_pushed(call);
		return upstream_lacks_operation(call->function);
	}
	call->stack_count = 0;
	return torch_refused(call);
}

bool run(struct call *call, const char *op, const char *overload, void **result)
{
	if (!call_operator(call, op, overload))
		return false;
	*result = (void *)(uintptr_t)call->stack[0];
	return has_memory(call, *result);
}

bool run_for_one(struct call *call, const char *op, const char *overload, int count, int wanted, void **result)
{
	if (!call_operator(call, op, overload))
		return false;
	for (int i = 0; i < count; i++) {
		if (i != wanted)
			torch_delete((void *)(uintptr_t)call->stack[i]);
	}
	*result = (void *)(uintptr_t)call->stack[wanted];
	return has_memory(call, *result);
}

bool run_for_all(struct call *call, const char *op, const char *overload, int count, void **results)
{
	if (!call_operator(call, op, overload))
		return false;
	for (int i = 0; i < count; i++)
		results[i] = (void *)(uintptr_t)call->stack[i];
	if (has_memory(call, results[0]))
		return true;
	for (int i = 1; i < count; i++)
		torch_delete(results[i]);
	return false;
}

bool run_in_place(struct call *call, const char *op, const char *overload)
{
	return call_operator(call, op, overload);
}

int64_t dispatch(struct call *call, const char *op, const char *overload)
{
	void *result;

	return run(call, op, overload, &result) ? give_tensor(call, result) : 0;
}

bool run_temporary(struct call *call, const char *op, const char *overload, struct tensor *result)
{
	void *handle;

	return run(call, op, overload, &handle) && keep_temporary(call, handle, result);
}

/* Temporaries. */

bool keep_temporary(struct call *call, void *handle, struct tensor *tensor)
{
	if (!call_cleanup(call, torch_delete, handle)) {
		torch_delete(handle);
		return false;
	}
	read_tensor(handle, tensor);
	return true;
}

bool convert(struct call *call, struct tensor *x, int32_t dtype)
{
	if (x->dtype == dtype)
		return true;
	push_tensor(call, x);
	push_dtype(call, dtype);
	push_bool(call, 0);
	push_bool(call, 0);
	push_none(call);
	return run_temporary(call, "aten::to", "dtype", x);
}

bool move(struct call *call, struct tensor *x, struct device device)
{
	if (x->device.type == device.type && x->device.index == device.index)
		return true;
	push_tensor(call, x);
	push_device(call, device);
	push_dtype(call, x->dtype);
	push_bool(call, 0);
	push_bool(call, 0);
	push_none(call);
	return run_temporary(call, "aten::to", "device", x);
}

/* Without waiting for what a GPU has yet to do: so little memory is read before the copy is begun. */
bool bring_number(struct call *call, struct tensor *number, int32_t dtype, struct device device)
{
	push_tensor(call, number);
	push_device(call, device);
	push_dtype(call, dtype);
	push_bool(call, 1);
	push_bool(call, 0);
	push_none(call);
	return run_temporary(call, "aten::to", "device", number);
}

bool bring_to_cpu(struct call *call, struct tensor *x)
{
	return move(call, x, (struct device){DEVICE_CPU, -1});
}

bool new_contiguous_on(struct call *call, struct device device, const int64_t *sizes, int64_t ndim, int32_t dtype,
                       void **tensor)
{
	int64_t strides[MAX_DIMS];
	int32_t index = device.index < 0 ? 0 : device.index;

	contiguous_strides(sizes, ndim, strides);
	if (libtorch.aoti_torch_empty_strided(ndim, sizes, strides, dtype, device.type, index, tensor) == 0)
		return true;
	call->expect = dtype;
	call->count = count_elements(sizes, ndim);
	return torch_refused(call);
}

bool new_contiguous(struct call *call, const int64_t *sizes, int64_t ndim, int32_t dtype, void **tensor, void **data)
{
	if (!new_contiguous_on(call, (struct device){DEVICE_CPU, -1}, sizes, ndim, dtype, tensor))
		return false;
	if (data && libtorch.aoti_torch_get_data_ptr(*tensor, data) != 0) {
		torch_delete(*tensor);
		return torch_refused(call);
	}
	return true;
}
