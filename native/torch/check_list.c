/* Checks of lists of tensors. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inner.h"

static bool two_bad(const struct call *call, const struct tensors *list, int64_t a, int64_t b, const char *format, ...)
	RT_PRINTF(5, 6);

/* What is wrong with two elements together. */
static bool two_bad(const struct call *call, const struct tensors *list, int64_t a, int64_t b, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s[%lld]` and `%s[%lld]`: %s", list->name, (long long)a,
	                 list->name, (long long)b, text);
}

bool check_at_least_one(struct call *call, struct tensors *list)
{
	return list->count > 0 || call_bad_argument(call, list->name, "no tensor was given, and at least one is needed");
}

bool check_one_device(struct call *call, struct tensors *list)
{
	struct device first = list->items[0].tensor.device;

	for (int64_t i = 1; i < list->count; i++) {
		struct device other = list->items[i].tensor.device;
		if (other.type != first.type || other.index != first.index)
			return two_bad(call, list, 0, i, "they are on %s and %s, and all must be on one device", device_text(first),
			               device_text(other));
	}
	return true;
}

bool check_all_promoted(struct call *call, struct tensors *list)
{
	call->expect = list->items[0].tensor.dtype;
	for (int64_t i = 1; i < list->count; i++)
		call->expect = dtype_promote(call->expect, list->items[i].tensor.dtype);
	return true;
}

static bool result_fits(struct call *call, const struct tensors *list, const int64_t *sizes, int64_t ndim)
{
	const char *problem = overflow(sizes, ndim, &call->count);
	char text[SHAPE_TEXT];

	if (!problem)
		return true;
	return call_bad_argument(call, list->name, "the %s of the result's shape %s overflows 63 bits", problem,
	                         shape_text(text, sizes, ndim));
}

/* Joining. */

static bool adds_nothing(const struct tensor *x)
{
	return x->ndim == 1 && x->sizes[0] == 0;
}

/* The first one whose shape counts; the first of all where none does. */
static int64_t first_that_counts(const struct tensors *list)
{
	for (int64_t i = 0; i < list->count; i++) {
		if (!adds_nothing(&list->items[i].tensor))
			return i;
	}
	return 0;
}

static bool alike_but_for(const struct tensor *a, const struct tensor *b, int64_t place)
{
	bool alike = a->ndim == b->ndim;

	for (int64_t i = 0; alike && i < a->ndim; i++)
		alike = i == place || a->sizes[i] == b->sizes[i];
	return alike;
}

static bool have_dimensions(struct call *call, const struct tensors *list)
{
	for (int64_t i = 0; i < list->count; i++) {
		if (list->items[i].tensor.ndim == 0)
			return call_fail(call, ERROR_BAD_ARGUMENT, "argument `%s[%lld]`: a tensor of at least one dimension is "
			                 "needed, this one has none", list->name, (long long)i);
		if (list->items[i].tensor.ndim > MAX_DIMS)
			return call_fail(call, ERROR_BAD_ARGUMENT, "argument `%s[%lld]`: it has %lld dimensions, and a tensor has at "
			                 "most %d", list->name, (long long)i, (long long)list->items[i].tensor.ndim, MAX_DIMS);
	}
	return true;
}

bool check_joined(struct call *call, struct tensors *list, const char *name, int64_t dim)
{
	int64_t first = first_that_counts(list), place, total = 0;
	struct tensor *x = &list->items[first].tensor;
	int64_t sizes[MAX_DIMS];
	char text[SHAPE_TEXT], other[SHAPE_TEXT];

	if (!have_dimensions(call, list) || !check_dim(call, name, dim, x))
		return false;
	place = dim < 0 ? dim + x->ndim : dim;
	for (int64_t i = 0; i < list->count; i++) {
		const struct tensor *y = &list->items[i].tensor;
		if (adds_nothing(y))
			continue;
		if (!alike_but_for(x, y, place))
			return two_bad(call, list, first, i, "the shapes are %s and %s, and all sizes but that of dimension %lld must "
			               "be the same", shape_text(text, x->sizes, x->ndim), shape_text(other, y->sizes, y->ndim),
			               (long long)place);
		total = total > INT64_MAX - y->sizes[place] ? INT64_MAX : total + y->sizes[place];
	}
	memcpy(sizes, x->sizes, (size_t)x->ndim * sizeof *sizes);
	sizes[place] = total;
	return result_fits(call, list, sizes, x->ndim);
}

bool check_stacked(struct call *call, struct tensors *list, const char *name, int64_t dim)
{
	struct tensor *x = &list->items[0].tensor;
	int64_t sizes[MAX_DIMS + 1];
	char text[SHAPE_TEXT], other[SHAPE_TEXT];

	for (int64_t i = 1; i < list->count; i++) {
		const struct tensor *y = &list->items[i].tensor;
		if (!alike_but_for(x, y, -1))
			return two_bad(call, list, 0, i, "the shapes are %s and %s, and all must be the same",
			               shape_text(text, x->sizes, x->ndim), shape_text(other, y->sizes, y->ndim));
	}
	if (!check_new_dim(call, name, dim, x))
		return false;
	sizes[0] = list->count; /* in whatever order */
	for (int64_t i = 0; i < x->ndim; i++)
		sizes[i + 1] = x->sizes[i];
	return result_fits(call, list, sizes, x->ndim + 1);
}
