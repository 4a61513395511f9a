/* Ownership, and memory that is shared with the caller. */
#include <stdlib.h>

#include "inner.h"
#include "rt_torch_bodies.h"

int32_t body_free(int64_t x)
{
	return handle_free(x, KIND_TENSOR) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

int64_t body_retain(struct call *call, const struct tensor *x)
{
	void *second;

	call->expect = x->dtype;
	return finish(call, libtorch.aoti_torch_new_tensor_handle(x->handle, &second), &second);
}

int64_t body_live_handles(void)
{
	return handle_live(KIND_TENSOR);
}

bool body_data_ptr(struct call *call, const struct tensor *x, void **out)
{
	*out = NULL;
	if (count_elements(x->sizes, x->ndim) == 0)
		return true;
	if (libtorch.aoti_torch_get_data_ptr(x->handle, out) != 0)
		return torch_refused(call);
	return true;
}

/* Memory of others. */

static int64_t copy_foreign(struct call *call, const struct foreign *memory, void (*released)(void *owner), void *owner)
{
	struct tensor view;
	void *handle, *copy;
	int64_t result;

	if (libtorch.aoti_torch_create_tensor_from_blob(memory->data, memory->ndim, memory->sizes, memory->strides, 0,
	                                                memory->dtype, memory->device.type,
	                                                memory->device.type == DEVICE_CPU ? 0 : memory->device.index,
	                                                &handle) != 0) {
		torch_refused(call);
		return 0;
	}
	read_tensor(handle, &view);
	push_tensor(call, &view);
	push_none(call);
	result = run(call, "aten::clone", "", &copy) ? give_tensor(call, copy) : 0;
	torch_delete(handle);
	if (result)
		released(owner);
	return result;
}

/* Told to libtorch as the context of its deleter. */
struct lease {
	void (*released)(void *owner);
	void *owner;
	bool given; /* false until the tensor is there: a failure on the way must not release what the caller keeps */
};

static void lease_ends(void *data, void *context)
{
	struct lease *lease = context;

	(void)data;
	if (lease->given) {
		lease->released(lease->owner);
		free(lease);
	}
}

static int64_t lend_foreign(struct call *call, const struct foreign *memory, void (*released)(void *owner), void *owner)
{
	struct lease *lease = malloc(sizeof *lease);
	void *tensor;
	int64_t result;

	if (!lease) {
		call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
		return 0;
	}
	*lease = (struct lease){released, owner, false};
	if (libtorch.torch_from_blob(memory->data, memory->ndim, memory->sizes, memory->strides, 0, memory->dtype,
	                             memory->device.type, memory->device.index, &tensor, 0, NULL, 0, lease_ends,
	                             lease) != 0) {
		torch_refused(call);
		free(lease);
		return 0;
	}
	lease->given = true;
	result = handle_new(KIND_TENSOR, tensor, torch_delete);
	if (result)
		return result;
	lease->given = false;
	call_fail(call, ERROR_OUT_OF_MEMORY, "no room for another handle");
	torch_delete(tensor);
	free(lease);
	return 0;
}

/* Where there is no element there is nothing to share, and libtorch does not call a deleter for NULL. */
static int64_t empty_foreign(struct call *call, const struct foreign *memory, void (*released)(void *owner), void *owner)
{
	int32_t index = memory->device.type == DEVICE_CPU ? 0 : memory->device.index;
	void *tensor;
	int64_t result;

	if (libtorch.aoti_torch_empty_strided(memory->ndim, memory->sizes, memory->strides, memory->dtype,
	                                      memory->device.type, index, &tensor) != 0) {
		torch_refused(call);
		return 0;
	}
	result = give_tensor(call, tensor);
	if (result)
		released(owner);
	return result;
}

int64_t give_foreign(struct call *call, const struct foreign *memory, void (*released)(void *owner), void *owner)
{
	if (count_elements(memory->sizes, memory->ndim) == 0)
		return empty_foreign(call, memory, released, owner);
	return libtorch.torch_from_blob ? lend_foreign(call, memory, released, owner)
	                                : copy_foreign(call, memory, released, owner);
}

/* Steps backwards crash libtorch, and so do those that reach beyond what can be addressed. */
bool check_strides(const struct call *call, const char *name, const struct foreign *memory)
{
	int64_t size = dtype_info(memory->dtype)->size;
	int64_t last = 0;
	char text[SHAPE_TEXT];

	for (int64_t i = 0; i < memory->ndim; i++) {
		if (memory->strides[i] < 0)
			return call_bad_argument(call, name, "the strides %s go backwards, which libtorch cannot do: copy instead",
			                         shape_text(text, memory->strides, memory->ndim));
	}
	if (count_elements(memory->sizes, memory->ndim) == 0)
		return true;
	for (int64_t i = 0; i < memory->ndim; i++) {
		int64_t steps = memory->sizes[i] - 1;
		if (steps && memory->strides[i] > (INT64_MAX / size - 1 - last) / steps)
			return call_bad_argument(call, name, "with the strides %s the memory's extent overflows 63 bits",
			                         shape_text(text, memory->strides, memory->ndim));
		last += steps * memory->strides[i];
	}
	return true;
}

/* Tokens of wrapped memory that nothing uses any more: a list, so that putting one on it cannot fail. */
struct token {
	struct token *next;
	int64_t value;
};

static struct token *released_tokens;
static int64_t released_count;

static void token_released(void *owner)
{
	struct token *token = owner;

	platform_lock(&platform_release_lock);
	token->next = released_tokens;
	released_tokens = token;
	released_count++;
	platform_unlock(&platform_release_lock);
}

bool body_released(struct call *call, int64_t *out, int64_t out_cap, int64_t *out_len)
{
	bool done;

	call->quiet = true;
	platform_lock(&platform_release_lock);
	done = give_length(call, released_count, out_cap, out, out_len);
	for (int64_t place = *out_len; done && out && released_tokens; released_count--) {
		struct token *token = released_tokens;
		released_tokens = token->next;
		out[--place] = token->value; /* the oldest first */
		free(token);
	}
	platform_unlock(&platform_release_lock);
	return done;
}

int64_t body_wrap(struct call *call, void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides,
                  int64_t strides_len, int32_t dtype, int64_t token)
{
	int64_t row_major[MAX_DIMS];
	struct foreign memory = {data, dtype, {DEVICE_CPU, -1}, shape_len, shape, strides};
	struct token *kept;
	int64_t result;

	if (strides_len == LIST_ABSENT) {
		contiguous_strides(shape, shape_len, row_major);
		memory.strides = row_major;
	} else if (strides_len != shape_len) {
		call_bad_argument(call, "strides", "%lld strides were given for %lld sizes", (long long)strides_len,
		                  (long long)shape_len);
		return 0;
	}
	if (!check_strides(call, "strides", &memory))
		return 0;
	if (!data && count_elements(shape, shape_len) > 0) {
		call_bad_argument(call, "data", "NULL was given, with %lld elements", (long long)count_elements(shape, shape_len));
		return 0;
	}
	kept = malloc(sizeof *kept);
	if (!kept) {
		call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
		return 0;
	}
	kept->value = token;
	result = give_foreign(call, &memory, token_released, kept);
	if (!result)
		free(kept);
	return result;
}

int32_t body_wrap_copies(void)
{
	return upstream_available(&rt_torch_library) && !libtorch.torch_from_blob;
}
