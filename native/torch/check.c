/* What is checked before libtorch is called: there a failure costs milliseconds, and some misuse ends the process. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "inner.h"

bool both_bad(const struct call *call, const struct tensor *a, const struct tensor *b, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s` and `%s`: %s", a->name, b->name, text);
}

/* Two tensors. */

const char *overflow(const int64_t *sizes, int64_t ndim, int64_t *count)
{
	int64_t steps = 1; /* libtorch's strides count a size of 0 as 1 */

	for (int64_t i = 0; i < ndim; i++) {
		int64_t size = sizes[i] ? sizes[i] : 1;
		if (steps > INT64_MAX / size)
			return "number of elements";
		steps *= size;
	}
	*count = count_elements(sizes, ndim);
	return *count > INT64_MAX / 8 ? "size in bytes" : NULL; /* of the largest elements */
}

static bool result_fits(struct call *call, const struct tensor *a, const struct tensor *b, const int64_t *sizes,
                        int64_t ndim)
{
	int64_t count;
	const char *problem = overflow(sizes, ndim, &count);
	char text[SHAPE_TEXT];

	if (unlikely(problem != NULL))
		return both_bad(call, a, b, "the %s of the result's shape %s overflows 63 bits", problem,
		                shape_text(text, sizes, ndim));
	if (count > call->count) /* of three, two of which are looked at a time, the largest is the whole */
		call->count = count;
	return true;
}

bool check_broadcast(struct call *call, struct tensor *a, struct tensor *b)
{
	int64_t sizes[MAX_DIMS], ndim;
	char a_text[SHAPE_TEXT], b_text[SHAPE_TEXT];

	if (likely(broadcast_shape(a, b, sizes, &ndim)))
		return result_fits(call, a, b, sizes, ndim);
	return both_bad(call, a, b, "the shapes %s and %s do not broadcast: counted from the end, two sizes must be equal or "
	                "one of them 1", shape_text(a_text, a->sizes, a->ndim), shape_text(b_text, b->sizes, b->ndim));
}

static bool same_device(const struct tensor *a, const struct tensor *b)
{
	return a->device.type == b->device.type && a->device.index == b->device.index;
}

bool check_same_device(struct call *call, struct tensor *a, struct tensor *b)
{
	if (likely(same_device(a, b)))
		return true;
	if ((a->device.type == DEVICE_CPU && a->ndim == 0) || (b->device.type == DEVICE_CPU && b->ndim == 0))
		return true;
	return check_together(call, a, b);
}

bool check_together(struct call *call, struct tensor *a, struct tensor *b)
{
	if (likely(same_device(a, b)))
		return true;
	return both_bad(call, a, b, "they are on %s and %s, and both must be on one device", device_text(a->device),
	                device_text(b->device));
}

bool check_cuda(struct call *call, const char *name, struct device device)
{
	return device.type == DEVICE_CUDA
	       || call_bad_argument(call, name, "\"%s\" was given, and a CUDA device is needed", device_text(device));
}

bool check_same_dtype(struct call *call, struct tensor *a, struct tensor *b)
{
	if (likely(a->dtype == b->dtype))
		return true;
	return both_bad(call, a, b, "the dtypes are %s and %s, and both must be the same (rt_torch_to_dtype converts)",
	                dtype_name(a->dtype), dtype_name(b->dtype));
}

/* Where nothing is to be multiplied the dtype does not matter to libtorch.  For two vectors it looks at that first. */
static bool no_products(const struct tensor *a, const struct tensor *b)
{
	return (a->ndim > 1 || b->ndim > 1)
	       && (count_elements(a->sizes, a->ndim) == 0 || count_elements(b->sizes, b->ndim) == 0);
}

/* Sums of products of bool: libtorch has none. */
bool check_not_boolean_product(struct call *call, struct tensor *a, struct tensor *b)
{
	return likely(a->dtype != DTYPE_BOOL) || no_products(a, b) || check_not_boolean(call, a);
}

/* Those of integers it has on the CPU only. */
bool check_product_there(struct call *call, struct tensor *a, struct tensor *b)
{
	if (likely(a->device.type == DEVICE_CPU) || dtype_floating(a->dtype) || no_products(a, b))
		return true;
	return call_bad_argument(call, a->name, "the dtype is %s, and on %s libtorch has matrix products of floating-point "
	                         "tensors only: convert them, or take them to the cpu", dtype_name(a->dtype),
	                         device_text(a->device));
}

static bool matmul_mismatch(struct call *call, const struct tensor *a, const struct tensor *b, const char *what)
{
	char a_text[SHAPE_TEXT], b_text[SHAPE_TEXT];

	shape_text(a_text, a->sizes, a->ndim);
	shape_text(b_text, b->sizes, b->ndim);
	return both_bad(call, a, b, "the %s sizes of %s and %s do not fit", what, a_text, b_text);
}

bool check_matmul(struct call *call, struct tensor *a, struct tensor *b)
{
	struct tensor a_batch = *a, b_batch = *b;
	int64_t sizes[MAX_DIMS + 2], ndim;

	if (a->ndim == 0 || b->ndim == 0)
		return call_bad_argument(call, a->ndim == 0 ? a->name : b->name, "a tensor of at least one dimension is "
		                         "needed, this one has none");
	if (a->sizes[a->ndim - 1] != b->sizes[b->ndim == 1 ? 0 : b->ndim - 2])
		return matmul_mismatch(call, a, b, "inner");
	a_batch.ndim = a->ndim > 2 ? a->ndim - 2 : 0;
	b_batch.ndim = b->ndim > 2 ? b->ndim - 2 : 0;
	if (!broadcast_shape(&a_batch, &b_batch, sizes, &ndim))
		return matmul_mismatch(call, a, b, "leading");
	if (a->ndim > 1)
		sizes[ndim++] = a->sizes[a->ndim - 2];
	if (b->ndim > 1)
		sizes[ndim++] = b->sizes[b->ndim - 1];
	return result_fits(call, a, b, sizes, ndim);
}

/* Dimensions. */

static bool dim_in_range(const struct call *call, const char *name, int64_t dim, int64_t ndim)
{
	int64_t places = ndim ? ndim : 1;

	if (likely(dim >= -places && dim < places))
		return true;
	return call_bad_argument(call, name, "dimension %lld was given, and a tensor of %lld dimensions takes %lld to %lld",
	                         (long long)dim, (long long)ndim, (long long)-places, (long long)places - 1);
}

bool check_dim(struct call *call, const char *name, int64_t dim, struct tensor *x)
{
	return dim_in_range(call, name, dim, x->ndim);
}

bool check_dim_optional(struct call *call, const char *name, const int64_t *dim, struct tensor *x)
{
	return !dim || dim_in_range(call, name, *dim, x->ndim);
}

bool check_new_dim(struct call *call, const char *name, int64_t dim, struct tensor *x)
{
	if (x->ndim >= MAX_DIMS)
		return call_bad_argument(call, x->name, "it has %lld dimensions, and a tensor has at most %d",
		                         (long long)x->ndim, MAX_DIMS);
	if (dim >= -x->ndim - 1 && dim <= x->ndim)
		return true;
	return call_bad_argument(call, name, "place %lld was given for a new dimension, and a tensor of %lld dimensions "
	                         "takes %lld to %lld", (long long)dim, (long long)x->ndim, (long long)-x->ndim - 1,
	                         (long long)x->ndim);
}

/* Sizes. */

static bool too_many_dims(const struct call *call, const char *name, int64_t ndim)
{
	return call_bad_argument(call, name, "%lld sizes were given, and a tensor has at most %d dimensions",
	                         (long long)ndim, MAX_DIMS);
}

static bool overflows(const struct call *call, const char *name, const char *what, const int64_t *sizes, int64_t ndim)
{
	char text[SHAPE_TEXT];

	return call_bad_argument(call, name, "the %s of the shape %s overflows 63 bits", what,
	                         shape_text(text, sizes, ndim));
}

bool check_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim)
{
	const char *problem;
	char text[SHAPE_TEXT];

	if (ndim > MAX_DIMS)
		return too_many_dims(call, name, ndim);
	for (int64_t i = 0; i < ndim; i++) {
		if (sizes[i] < 0)
			return call_bad_argument(call, name, "the shape %s has a negative size", shape_text(text, sizes, ndim));
	}
	problem = overflow(sizes, ndim, &call->count);
	if (problem)
		return overflows(call, name, problem, sizes, ndim);
	call_note_list(call, name, sizes, ndim);
	return true;
}

bool check_count(struct call *call, const char *data_name, int64_t data_len, const char *name, const int64_t *sizes,
                 int64_t ndim)
{
	int64_t count = count_elements(sizes, ndim);
	char text[SHAPE_TEXT];

	if (count == data_len)
		return true;
	return call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s` and `%s`: %lld elements were given, and the shape %s "
	                 "has %lld", data_name, name, (long long)data_len, shape_text(text, sizes, ndim), (long long)count);
}

bool check_reshape(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim)
{
	int64_t count = count_elements(x->sizes, x->ndim);
	int64_t known = 1, unknown = 0;
	bool empty = false;
	char text[SHAPE_TEXT], from[SHAPE_TEXT];

	if (ndim > MAX_DIMS)
		return too_many_dims(call, name, ndim);
	for (int64_t i = 0; i < ndim; i++) {
		if (sizes[i] < -1)
			return call_bad_argument(call, name, "the shape %s has a negative size other than -1",
			                         shape_text(text, sizes, ndim));
		unknown += sizes[i] == -1;
		empty |= sizes[i] == 0;
	}
	if (unknown > 1)
		return call_bad_argument(call, name, "the shape %s has more than one -1", shape_text(text, sizes, ndim));
	for (int64_t i = 0; i < ndim; i++) {
		if (sizes[i] > 0 && known > INT64_MAX / sizes[i])
			return overflows(call, name, "number of elements", sizes, ndim);
		known *= sizes[i] > 0 ? sizes[i] : 1; /* a 0 counts as 1, as strides count it */
	}
	if (empty)
		known = 0;
	call_note_list(call, name, sizes, ndim);
	if (unknown ? known != 0 && count % known == 0 : known == count)
		return true;
	return call_bad_argument(call, name, "the shape %s does not fit the %lld elements of `%s`, whose shape is %s%s",
	                         shape_text(text, sizes, ndim), (long long)count, x->name,
	                         shape_text(from, x->sizes, x->ndim),
	                         unknown && known == 0 ? ": beside a 0, -1 can be anything" : "");
}

#define NO_SIZE (-2)

/* Whether a size, counted from the end, can stand for that of `x`, or in front of its dimensions. */
static bool expands(const struct tensor *x, int64_t i, int64_t size)
{
	if (i >= x->ndim)
		return size >= 0;
	return size == -1 || size == x->sizes[x->ndim - 1 - i] || (size >= 0 && x->sizes[x->ndim - 1 - i] == 1);
}

bool check_expand(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim)
{
	int64_t whole[MAX_DIMS];
	char text[SHAPE_TEXT], from[SHAPE_TEXT];
	const char *problem;

	if (ndim > MAX_DIMS)
		return too_many_dims(call, name, ndim);
	for (int64_t i = 0; i < ndim; i++) {
		if (sizes[i] < -1)
			return call_bad_argument(call, name, "the shape %s has a negative size other than -1",
			                         shape_text(text, sizes, ndim));
	}
	for (int64_t i = 0; i < ndim || i < x->ndim; i++) {
		int64_t size = i < ndim ? sizes[ndim - 1 - i] : NO_SIZE;
		if (!expands(x, i, size))
			return call_bad_argument(call, name, "`%s`, whose shape is %s, does not expand to %s: counted from the end, "
			                         "a size stays, for which -1 may stand, unless it is 1", x->name,
			                         shape_text(from, x->sizes, x->ndim), shape_text(text, sizes, ndim));
		whole[ndim - 1 - i] = size == -1 ? x->sizes[x->ndim - 1 - i] : size;
	}
	problem = overflow(whole, ndim, &call->count);
	if (problem)
		return overflows(call, name, problem, whole, ndim);
	call_note_list(call, name, sizes, ndim);
	return true;
}

bool check_sum_to(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim)
{
	bool fits = ndim <= x->ndim;
	char text[SHAPE_TEXT], from[SHAPE_TEXT];

	for (int64_t i = 1; fits && i <= ndim; i++)
		fits = sizes[ndim - i] == 1 || sizes[ndim - i] == x->sizes[x->ndim - i];
	if (fits)
		return true;
	return call_bad_argument(call, name, "`%s`, whose shape is %s, does not sum to %s: counted from the end, a size stays "
	                         "or becomes 1", x->name, shape_text(from, x->sizes, x->ndim),
	                         shape_text(text, sizes, ndim));
}

bool check_narrow(struct call *call, struct tensor *x, const char *dim_name, int64_t dim, const char *start_name,
                  int64_t start, const char *length_name, int64_t length)
{
	int64_t place = dim < 0 ? dim + x->ndim : dim, size;
	char text[SHAPE_TEXT];

	(void)dim_name;
	if (x->ndim == 0)
		return call_bad_argument(call, x->name, "it has no dimension that could be cut");
	size = x->sizes[place];
	shape_text(text, x->sizes, x->ndim);
	if (start < -size || start > size)
		return call_bad_argument(call, start_name, "%lld was given, and dimension %lld of `%s`, whose shape is %s, takes "
		                         "%lld to %lld", (long long)start, (long long)place, x->name, text, (long long)-size,
		                         (long long)size);
	if (length >= 0 && length <= size - (start < 0 ? start + size : start))
		return true;
	return call_bad_argument(call, length_name, "%lld was given, and dimension %lld of `%s`, whose shape is %s, has %lld "
	                         "elements from %lld on", (long long)length, (long long)place, x->name, text,
	                         (long long)(size - (start < 0 ? start + size : start)), (long long)start);
}

bool check_nonempty(struct call *call, struct tensor *x)
{
	char text[SHAPE_TEXT];

	if (count_elements(x->sizes, x->ndim) > 0)
		return true;
	return call_bad_argument(call, x->name, "a tensor of the shape %s has no element, and one is needed",
	                         shape_text(text, x->sizes, x->ndim));
}

bool check_nonempty_along(struct call *call, const char *name, int64_t dim, struct tensor *x)
{
	int64_t place = dim < 0 ? dim + x->ndim : dim;
	char text[SHAPE_TEXT];

	(void)name;
	if (x->ndim == 0 || x->sizes[place] > 0)
		return true;
	return call_bad_argument(call, x->name, "dimension %lld of the shape %s has no element, and one is needed",
	                         (long long)place, shape_text(text, x->sizes, x->ndim));
}

bool check_nonempty_along_optional(struct call *call, const char *name, const int64_t *dim, struct tensor *x)
{
	return dim ? check_nonempty_along(call, name, *dim, x) : check_nonempty(call, x);
}

bool check_at_most_2d(struct call *call, struct tensor *x)
{
	if (x->ndim <= 2)
		return true;
	return call_bad_argument(call, x->name, "it has %lld dimensions, and at most 2 are possible here",
	                         (long long)x->ndim);
}

/* Element types. */

bool check_boolean(struct call *call, struct tensor *x)
{
	if (x->dtype == DTYPE_BOOL)
		return true;
	if (x->dtype == DTYPE_U8) /* what torch had before bool; it still takes that, with a warning */
		return convert(call, x, DTYPE_BOOL);
	return call_bad_argument(call, x->name, "the dtype is %s, and bool is needed", dtype_name(x->dtype));
}

bool check_not_boolean(struct call *call, struct tensor *x)
{
	if (likely(x->dtype != DTYPE_BOOL))
		return true;
	return call_bad_argument(call, x->name, "the dtype is bool, for which this is not defined (rt_torch_to_dtype "
	                         "converts)");
}

bool check_not_both_boolean(struct call *call, struct tensor *a, struct tensor *b)
{
	if (likely(a->dtype != DTYPE_BOOL || b->dtype != DTYPE_BOOL))
		return true;
	return both_bad(call, a, b, "the dtypes are bool, for which this is not defined (rt_torch_to_dtype converts)");
}

bool check_floating(struct call *call, struct tensor *x)
{
	if (likely(dtype_floating(x->dtype)))
		return true;
	return call_bad_argument(call, x->name, "the dtype is %s, and a floating-point one is needed (rt_torch_to_dtype "
	                         "converts)", dtype_name(x->dtype));
}

bool check_floating_unless_empty(struct call *call, struct tensor *x)
{
	return likely(dtype_floating(x->dtype)) || count_elements(x->sizes, x->ndim) == 0 || check_floating(call, x);
}

bool check_floating_dtype_unless_empty(struct call *call, const char *name, int32_t dtype, const char *sizes_name,
                                       const int64_t *sizes, int64_t ndim)
{
	(void)sizes_name;
	if (dtype_floating(dtype) || count_elements(sizes, ndim) == 0)
		return true;
	return call_bad_argument(call, name, "%s was given, and a floating-point dtype is needed", dtype_name(dtype));
}

bool check_representable(struct call *call, const char *name, double value, struct tensor *x)
{
	double largest = dtype_largest(x->dtype == DTYPE_F32 ? DTYPE_F64 : x->dtype); /* libtorch takes any for f32 */

	if (likely(!(fabs(value) > largest) || isinf(value)))
		return true;
	return call_bad_argument(call, name, "%g was given, and %s holds at most %g", value, dtype_name(x->dtype), largest);
}

/* Other values. */

bool check_ordinal(struct call *call, const char *name, int64_t number)
{
	return number >= 1 || call_bad_argument(call, name, "%lld was given, and at least 1 is needed", (long long)number);
}

bool check_share(struct call *call, const char *name, double value)
{
	return (value >= 0.0 && value < 1.0)
	       || call_bad_argument(call, name, "%g was given, and it must be at least 0 and below 1", value);
}

bool check_some(struct call *call, const char *a_name, const double *a, const char *b_name, const double *b)
{
	if (a || b)
		return true;
	return call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s` and `%s`: neither was given, and one is needed", a_name,
	                 b_name);
}

bool check_approximation(struct call *call, const char *name, const char *text)
{
	if (strcmp(text, "none") == 0 || strcmp(text, "tanh") == 0)
		return true;
	return call_bad_argument(call, name, "\"%.64s\" is no approximation: expected none or tanh", text);
}

/* The dtype of the result. */

bool check_same(struct call *call, struct tensor *x)
{
	call->expect = x->dtype;
	return true;
}

bool check_promoted(struct call *call, struct tensor *a, struct tensor *b)
{
	call->expect = likely(a->dtype == b->dtype) ? a->dtype : dtype_of_result(a, b);
	return true;
}

bool check_as_float(struct call *call, struct tensor *x)
{
	if (unlikely(!dtype_floating(x->dtype)) && !convert(call, x, DTYPE_F32))
		return false;
	call->expect = x->dtype;
	return true;
}

bool check_both_as_float(struct call *call, struct tensor *a, struct tensor *b)
{
	if (unlikely(!dtype_floating(a->dtype) && !dtype_floating(b->dtype))
	    && (!convert(call, a, DTYPE_F32) || !convert(call, b, DTYPE_F32)))
		return false;
	return check_promoted(call, a, b);
}

bool check_summed(struct call *call, struct tensor *x)
{
	call->expect = dtype_floating(x->dtype) ? x->dtype : DTYPE_I64;
	return true;
}

bool check_given(struct call *call, const char *name, int32_t dtype)
{
	(void)name;
	call->expect = dtype;
	return true;
}

bool check_places(struct call *call)
{
	call->expect = DTYPE_I64;
	return true;
}

bool check_truth(struct call *call)
{
	call->expect = DTYPE_BOOL;
	return true;
}

/* Conditions of routes. */

bool when_absent(const struct call *call, const int64_t *value)
{
	(void)call;
	return !value;
}

bool when_not_given(const struct call *call, const struct tensor *x)
{
	(void)call;
	return !x;
}

bool when_none_given(const struct call *call, const int64_t *values, int64_t count)
{
	(void)call;
	(void)values;
	return count == LIST_ABSENT;
}

bool when_cpu(const struct call *call, const struct tensor *x)
{
	(void)call;
	return x->device.type == DEVICE_CPU;
}

bool when_cpu_both(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	(void)call;
	return a->device.type == DEVICE_CPU && b->device.type == DEVICE_CPU;
}

bool when_cpu_floating(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	return when_cpu_both(call, a, b) && dtype_floating(call->expect);
}

bool when_cuda(const struct call *call, const struct tensor *x)
{
	(void)call;
	return x->device.type == DEVICE_CUDA;
}

bool when_cuda_both(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	(void)call;
	return a->device.type == DEVICE_CUDA && b->device.type == DEVICE_CUDA;
}

bool when_cuda_floating(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	return when_cuda_both(call, a, b) && dtype_floating(call->expect);
}

bool when_floating_result(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	(void)a;
	(void)b;
	return dtype_floating(call->expect);
}

bool when_cpu_matrices(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	return a->ndim == 2 && b->ndim == 2 && dtype_floating(a->dtype) && when_cpu_both(call, a, b);
}

bool when_cuda_matrices(const struct call *call, const struct tensor *a, const struct tensor *b)
{
	return a->ndim == 2 && b->ndim == 2 && dtype_floating(a->dtype) && when_cuda_both(call, a, b);
}
