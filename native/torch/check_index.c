/* What is checked of tensors that hold indices: libtorch would look while it works, and on a CUDA device abort. */
#include <stdio.h>
#include <string.h>

#include "inner.h"

static int64_t size_along(const struct tensor *x, int64_t dim)
{
	return x->ndim ? x->sizes[dim < 0 ? dim + x->ndim : dim] : 1;
}

bool check_integers(struct call *call, struct tensor *x)
{
	if (likely(x->dtype == DTYPE_I64))
		return true;
	return call_bad_argument(call, x->name, "the dtype is %s, and i64 is needed (rt_torch_to_dtype converts)",
	                         dtype_name(x->dtype));
}

bool check_same_shape(struct call *call, struct tensor *a, struct tensor *b)
{
	char a_text[SHAPE_TEXT], b_text[SHAPE_TEXT];

	if (a->ndim == b->ndim
	    && (a->ndim == 0 || memcmp(a->sizes, b->sizes, (size_t)a->ndim * sizeof *a->sizes) == 0))
		return true;
	return both_bad(call, a, b, "the shapes are %s and %s, and both must be the same",
	                shape_text(a_text, a->sizes, a->ndim), shape_text(b_text, b->sizes, b->ndim));
}

bool check_index_list(struct call *call, struct tensor *index, struct tensor *x)
{
	char text[SHAPE_TEXT];

	shape_text(text, index->sizes, index->ndim);
	if (index->ndim > 1)
		return call_bad_argument(call, index->name, "the shape is %s, and at most one dimension is possible", text);
	if (x->ndim == 0 && count_elements(index->sizes, index->ndim) != 1)
		return both_bad(call, index, x, "the shape is %s, and a tensor without dimensions takes one index", text);
	return true;
}

bool check_parts(struct call *call, struct tensor *source, const char *name, int64_t dim, struct tensor *index,
                 struct tensor *x)
{
	int64_t count = count_elements(index->sizes, index->ndim);
	int64_t place = dim < 0 ? dim + x->ndim : dim;
	bool fits = source->ndim == x->ndim;
	int64_t sizes[MAX_DIMS];
	char text[SHAPE_TEXT], wanted[SHAPE_TEXT], given[SHAPE_TEXT];

	(void)name;
	if (x->ndim > MAX_DIMS)
		return call_bad_argument(call, x->name, "it has %lld dimensions, and a tensor has at most %d",
		                         (long long)x->ndim, MAX_DIMS);
	for (int64_t i = 0; i < x->ndim; i++) {
		sizes[i] = i == place ? count : x->sizes[i];
		fits = fits && source->sizes[i] == sizes[i];
	}
	if (fits)
		return true;
	return call_bad_argument(call, source->name, "the shape is %s, and %lld indices of `%s`, whose shape is %s, want %s",
	                         shape_text(given, source->sizes, source->ndim), (long long)count, x->name,
	                         shape_text(text, x->sizes, x->ndim), shape_text(wanted, sizes, x->ndim));
}

bool check_listed(struct call *call, const char *name, const int64_t *places, int64_t count, struct tensor *x)
{
	int64_t size = count_elements(x->sizes, x->ndim);
	char text[SHAPE_TEXT], range[64] = "none";

	for (int64_t i = 0; i < count; i++) {
		if (likely((uint64_t)places[i] < (uint64_t)size))
			continue;
		if (size)
			snprintf(range, sizeof range, "0 to %lld", (long long)size - 1);
		return call_bad_argument(call, name, "a place is %lld, and `%s`, whose shape is %s, has %s", (long long)places[i],
		                         x->name, shape_text(text, x->sizes, x->ndim), range);
	}
	return true;
}

bool check_as_many(struct call *call, struct tensor *source, const char *name, const int64_t *places, int64_t count)
{
	int64_t elements = count_elements(source->sizes, source->ndim);

	(void)places;
	return elements == count
	       || call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s` and `%s`: there are %lld elements for %lld places",
	                    source->name, name, (long long)elements, (long long)count);
}

/* Counted from the end, each size is that of the target, or 1; in front the source has no more dimensions. */
bool check_assigned(struct call *call, struct tensor *x, struct tensor *source)
{
	bool fits = source->ndim <= x->ndim;
	char text[SHAPE_TEXT], target[SHAPE_TEXT];

	for (int64_t i = 1; fits && i <= source->ndim; i++)
		fits = source->sizes[source->ndim - i] == 1 || source->sizes[source->ndim - i] == x->sizes[x->ndim - i];
	return fits
	       || call_bad_argument(call, source->name, "the shape is %s, and does not broadcast to that of `%s`, %s",
	                            shape_text(text, source->sizes, source->ndim), x->name,
	                            shape_text(target, x->sizes, x->ndim));
}

bool check_gather(struct call *call, struct tensor *x, const char *name, int64_t dim, struct tensor *index)
{
	int64_t place = dim < 0 ? dim + (x->ndim ? x->ndim : 1) : dim;
	bool fits = (x->ndim ? x->ndim : 1) == (index->ndim ? index->ndim : 1);
	char text[SHAPE_TEXT], given[SHAPE_TEXT];

	(void)name;
	if (count_elements(index->sizes, index->ndim) == 0)
		return true;
	for (int64_t i = 0; fits && i < x->ndim && i < index->ndim; i++)
		fits = i == place || index->sizes[i] <= x->sizes[i];
	if (fits)
		return true;
	return both_bad(call, x, index, "the shapes are %s and %s, and the indices must have as many dimensions, and no "
	                "larger ones but for dimension %lld", shape_text(text, x->sizes, x->ndim),
	                shape_text(given, index->sizes, index->ndim), (long long)place);
}

const char *elements_of(struct call *call, const struct tensor *x)
{
	struct tensor here = *x;
	bool contiguous;
	void *data;

	if (!bring_to_cpu(call, &here))
		return NULL;
	if (libtorch.aoti_torch_is_contiguous(here.handle, &contiguous) != 0) {
		torch_refused(call);
		return NULL;
	}
	if (!contiguous) {
		push_tensor(call, &here);
		push_i64(call, 0); /* row-major */
		if (!run_temporary(call, "aten::contiguous", "", &here))
			return NULL;
	}
	if (libtorch.aoti_torch_get_data_ptr(here.handle, &data) != 0) {
		torch_refused(call);
		return NULL;
	}
	return data;
}

static bool bad_index(struct call *call, const struct tensor *index, int64_t value, int64_t dim, const struct tensor *x,
                      int64_t size)
{
	long long place = dim < 0 ? dim + (x->ndim ? x->ndim : 1) : dim;
	char text[SHAPE_TEXT], range[64] = "none";

	if (size)
		snprintf(range, sizeof range, "0 to %lld", (long long)size - 1);
	return call_bad_argument(call, index->name, "an index is %lld, and dimension %lld of `%s`, whose shape is %s, takes "
	                         "%s", (long long)value, place, x->name, shape_text(text, x->sizes, x->ndim), range);
}

bool find_beyond(struct call *call, struct tensor *index, int64_t size, int64_t *value, bool *found)
{
	int64_t count = count_elements(index->sizes, index->ndim);
	const char *elements;

	*found = false;
	if (count == 0)
		return true;
	elements = elements_of(call, index);
	if (!elements)
		return false;
	for (int64_t i = 0; i < count; i++) {
		memcpy(value, elements + i * (int64_t)sizeof *value, sizeof *value); /* memory of others may lie anywhere */
		if (unlikely((uint64_t)*value >= (uint64_t)size)) {
			*found = true;
			return true;
		}
	}
	return true;
}

bool check_indices(struct call *call, struct tensor *index, const char *name, int64_t dim, struct tensor *x)
{
	int64_t size = size_along(x, dim), value;
	bool found;

	(void)name;
	if (!find_beyond(call, index, size, &value, &found))
		return false;
	return !found || bad_index(call, index, value, dim, x, size);
}
