/* Values as libtorch's dispatcher takes them: 64 bits each, plain or a pointer to what the callee then owns. */
#include <stdlib.h>
#include <string.h>

#include "inner.h"

static void push(struct call *call, uint64_t value, void (*drop)(uint64_t value))
{
	if (unlikely(call->stack_count == STACK_SIZE - SPARE_SLOTS)) {
		call->failed = true;
		call_fail(call, ERROR_REFUSED, "it packs more than %d values", STACK_SIZE - SPARE_SLOTS);
		if (drop)
			drop(value);
		return;
	}
	call->stack[call->stack_count] = value;
	call->drop[call->stack_count++] = drop;
}

static void push_failed(struct call *call)
{
	if (!call->failed)
		call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
	call->failed = true;
	push(call, 0, NULL);
}

static void push_lacking(struct call *call, const char *symbol)
{
	call->failed = true;
	call_fail(call, ERROR_UNAVAILABLE, "unavailable in libtorch %s: it lacks `%s`", upstream_version(&rt_torch_library), symbol);
	push(call, 0, NULL);
}

static void drop_tensor(uint64_t value)
{
	libtorch.aoti_torch_delete_tensor_object((void *)(uintptr_t)value);
}

static void drop_list(uint64_t value)
{
	libtorch.torch_delete_list((void *)(uintptr_t)value);
}

static void drop_string(uint64_t value)
{
	libtorch.torch_delete_string((void *)(uintptr_t)value);
}

void drop_pushed(struct call *call)
{
	while (call->stack_count) {
		int last = --call->stack_count;
		if (call->drop[last])
			call->drop[last](call->stack[last]);
	}
}

void push_tensor(struct call *call, const struct tensor *x)
{
	void *copy;

	if (unlikely(libtorch.aoti_torch_new_tensor_handle(x->handle, &copy) != 0)) {
		push_failed(call);
		return;
	}
	push(call, (uintptr_t)copy, drop_tensor);
}

void push_i64(struct call *call, int64_t value)
{
	push(call, (uint64_t)value, NULL);
}

void push_bool(struct call *call, int32_t value)
{
	push(call, value != 0, NULL);
}

void push_f64(struct call *call, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof bits);
	push(call, bits, NULL);
}

void push_none(struct call *call)
{
	push(call, 0, NULL);
}

void push_dtype(struct call *call, int32_t dtype)
{
	push(call, (uint64_t)dtype, NULL);
}

void push_device(struct call *call, struct device device)
{
	push(call, (uint64_t)(uint32_t)device.type << 32 | (uint32_t)device.index, NULL);
}

void push_str(struct call *call, const char *text)
{
	void *handle;

	if (libtorch.torch_new_string_handle(text, strlen(text), &handle) == 0)
		push(call, (uintptr_t)handle, drop_string);
	else
		push_failed(call);
}

/* An optional that is there: its value lies in memory of C++'s own, which the callee deletes.  On the rare ways where
 * it is not handed over, these eight bytes are lost: nothing in the C interface gives them back. */
static void push_present(struct call *call, uint64_t value)
{
	uint64_t *place = NULL;

	if (libtorch.torch_new_stable_ivalue) {
		if (libtorch.torch_new_stable_ivalue(&place) != 0)
			place = NULL;
	} else if (libtorch._Znwm) {
		place = libtorch._Znwm(sizeof *place);
	} else {
		push_lacking(call, "torch_new_stable_ivalue");
		return;
	}
	if (unlikely(!place)) {
		push_failed(call);
		return;
	}
	*place = value;
	push(call, (uintptr_t)place, NULL);
}

void push_i64_optional(struct call *call, const int64_t *value)
{
	if (value)
		push_present(call, (uint64_t)*value);
	else
		push_none(call);
}

void push_tensor_optional(struct call *call, const struct tensor *x)
{
	void *copy;

	if (!x)
		push_none(call);
	else if (unlikely(libtorch.aoti_torch_new_tensor_handle(x->handle, &copy) != 0))
		push_failed(call);
	else
		push_present(call, (uintptr_t)copy);
}

void push_dtype_present(struct call *call, int32_t dtype)
{
	push_present(call, (uint64_t)dtype);
}

void push_device_present(struct call *call, struct device device)
{
	push_present(call, (uint64_t)(uint32_t)device.type << 32 | (uint32_t)device.index);
}

/* Lists.  A list of tensors that is not handed over keeps them: the C interface cannot look into it.  That takes a
 * libtorch without an operator that all versions have, and happens once, as the function is unavailable afterwards. */

static void *new_list(const uint64_t *values, size_t count)
{
	void *list;

	if (libtorch.torch_new_list_reserve_size(count, &list) != 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (libtorch.torch_list_push_back(list, values[i]) != 0) {
			libtorch.torch_delete_list(list);
			return NULL;
		}
	}
	return list;
}

void push_i64_list(struct call *call, const int64_t *values, int64_t count)
{
	void *list = new_list((const uint64_t *)values, (size_t)count);

	if (list)
		push(call, (uintptr_t)list, drop_list);
	else
		push_failed(call);
}

void push_one_i64(struct call *call, int64_t value)
{
	push_i64_list(call, &value, 1);
}

void push_i64_list_present(struct call *call, const int64_t *values, int64_t count)
{
	void *list = new_list((const uint64_t *)values, (size_t)count);

	if (list)
		push_present(call, (uintptr_t)list);
	else
		push_failed(call);
}

void push_one_i64_present(struct call *call, int64_t value)
{
	push_i64_list_present(call, &value, 1);
}

/* Copies of handles, which the list then owns. */
static void push_copies(struct call *call, const struct listed_tensor *items, int64_t count, uint64_t *copies)
{
	int64_t made = 0;
	void *list = NULL, *copy;

	while (made < count && libtorch.aoti_torch_new_tensor_handle(items[made].tensor.handle, &copy) == 0)
		copies[made++] = (uintptr_t)copy;
	if (made == count)
		list = new_list(copies, (size_t)count);
	if (list) {
		push(call, (uintptr_t)list, drop_list);
		return;
	}
	while (made)
		drop_tensor(copies[--made]);
	push_failed(call);
}

void push_one_tensor(struct call *call, const struct tensor *x)
{
	const struct listed_tensor item = {.tensor = *x};
	uint64_t copy;

	push_copies(call, &item, 1, &copy);
}

void push_no_tensors(struct call *call)
{
	push_copies(call, NULL, 0, NULL);
}

#define FEW 16

void push_tensors(struct call *call, const struct tensors *list)
{
	uint64_t few[FEW], *copies = few;

	if (list->count > FEW)
		copies = malloc((size_t)list->count * sizeof *copies);
	if (copies)
		push_copies(call, list->items, list->count, copies);
	else
		push_failed(call);
	if (copies != few)
		free(copies);
}

void push_two_tensors(struct call *call, const struct tensor *a, const struct tensor *b)
{
	const struct listed_tensor both[] = {{.tensor = *a}, {.tensor = *b}};
	uint64_t copies[2];

	push_copies(call, both, 2, copies);
}
