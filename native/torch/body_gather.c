/* Indexing that libtorch's schema has a Scalar for, and parts of tensors that are named by numbers. */
#include "inner.h"
#include "rt_torch_bodies.h"

/* Each index again for all elements of the part that it names: then it is scatter_add's. */
int64_t body_index_add(struct call *call, const struct tensor *x, int64_t dim, const struct tensor *index,
                       const struct tensor *source)
{
	struct tensor places = *index;
	int64_t sizes[MAX_DIMS];

	for (int64_t i = 0; i < x->ndim; i++)
		sizes[i] = 1;
	if (x->ndim)
		sizes[dim < 0 ? dim + x->ndim : dim] = count_elements(index->sizes, index->ndim);
	if (!reshape(call, &places, sizes, x->ndim) || !expand(call, &places, source->sizes, source->ndim))
		return 0;
	push_tensor(call, x);
	push_i64(call, dim);
	push_tensor(call, &places);
	push_tensor(call, source);
	return dispatch(call, "aten::scatter_add", "");
}

/* Parts. */

/* How far it reaches from its first element on; there is at least one. */
static int64_t reach(const int64_t *sizes, const int64_t *strides, int64_t ndim)
{
	int64_t last = 0;

	for (int64_t i = 0; i < ndim; i++)
		last += (sizes[i] - 1) * strides[i];
	return last;
}

/* False where a step goes backwards, or the last element is farther away than `farthest`. */
static bool within(const int64_t *sizes, const int64_t *strides, int64_t ndim, int64_t offset, int64_t farthest)
{
	int64_t left = farthest - offset;

	if (offset < 0 || left < 0)
		return false;
	for (int64_t i = 0; i < ndim; i++) {
		int64_t steps = sizes[i] - 1;
		if (steps && strides[i] > left / steps)
			return false;
		left -= steps * strides[i];
	}
	return true;
}

bool check_strided(struct call *call, struct tensor *x, const char *shape_name, const int64_t *shape, int64_t shape_len,
                   const char *strides_name, const int64_t *strides, int64_t strides_len, const char *offset_name,
                   int64_t offset)
{
	char sizes_text[SHAPE_TEXT], text[SHAPE_TEXT], from[SHAPE_TEXT];
	int64_t *steps;

	(void)shape_name;
	if (strides_len != shape_len)
		return call_bad_argument(call, strides_name, "%lld strides were given for %lld sizes", (long long)strides_len,
		                         (long long)shape_len);
	for (int64_t i = 0; i < shape_len; i++) {
		if (strides[i] < 0)
			return call_bad_argument(call, strides_name, "the strides %s go backwards, which libtorch cannot do",
			                         shape_text(text, strides, shape_len));
	}
	if (count_elements(shape, shape_len) == 0)
		return true;
	if (libtorch.aoti_torch_get_strides(x->handle, &steps) != 0)
		return torch_refused(call);
	if (count_elements(x->sizes, x->ndim) > 0
	    && within(shape, strides, shape_len, offset, reach(x->sizes, steps, x->ndim)))
		return true;
	return call_bad_argument(call, offset_name, "%lld was given, and from there the shape %s with the strides %s goes "
	                         "beyond what `%s`, whose shape is %s, reaches", (long long)offset,
	                         shape_text(sizes_text, shape, shape_len), shape_text(text, strides, shape_len), x->name,
	                         shape_text(from, x->sizes, x->ndim));
}

int64_t body_strided(struct call *call, const struct tensor *x, const int64_t *shape, int64_t shape_len,
                     const int64_t *strides, int64_t strides_len, int64_t offset)
{
	int64_t first;

	if (libtorch.aoti_torch_get_storage_offset(x->handle, &first) != 0) {
		torch_refused(call);
		return 0;
	}
	if (count_elements(shape, shape_len) > 0)
		first += offset;
	push_tensor(call, x);
	push_i64_list(call, shape, shape_len);
	push_i64_list(call, strides, strides_len);
	push_i64_optional(call, &first);
	return dispatch(call, "aten::as_strided", "");
}

/* The caller's numbers as a tensor where `x` is. */
static bool places_beside(struct call *call, const int64_t *places, int64_t count, const struct tensor *x,
                          struct tensor *made)
{
	const int64_t step = 1;
	int64_t none = 0; /* libtorch takes no NULL for what has no element */
	void *handle;

	if (libtorch.aoti_torch_create_tensor_from_blob(count ? (void *)(uintptr_t)places : &none, 1, &count, &step, 0,
	                                                DTYPE_I64, DEVICE_CPU, 0, &handle) != 0)
		return torch_refused(call);
	return keep_temporary(call, handle, made) && move(call, made, x->device);
}

int64_t body_take(struct call *call, const struct tensor *x, const int64_t *places, int64_t places_len)
{
	struct tensor index;

	if (!places_beside(call, places, places_len, x, &index))
		return 0;
	push_tensor(call, x);
	push_tensor(call, &index);
	return dispatch(call, "aten::take", "");
}

/* An operator that writes to its first argument gives that again. */
static bool written(struct call *call, const char *op, const char *overload)
{
	void *again;

	if (!run(call, op, overload, &again))
		return false;
	torch_delete(again);
	return true;
}

bool body_put(struct call *call, const struct tensor *x, const int64_t *places, int64_t places_len,
              const struct tensor *source)
{
	struct tensor index;

	if (!places_beside(call, places, places_len, x, &index))
		return false;
	push_tensor(call, x);
	push_tensor(call, &index);
	push_tensor(call, source);
	push_bool(call, 0);
	return written(call, "aten::put_", "");
}

bool body_assign(struct call *call, const struct tensor *x, const struct tensor *source)
{
	push_tensor(call, x);
	push_tensor(call, source);
	push_bool(call, 0);
	return written(call, "aten::copy_", "");
}
