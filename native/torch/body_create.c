/* Tensors filled by number.  They are written on the CPU, and then converted and moved where that is asked for. */
#include <math.h>
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

#define TWO_TO_60 1152921504606846976.0 /* of the largest elements so many take 2^63 bytes */
#define TWO_TO_64 18446744073709551616.0
#define PIECE ((size_t)4096) /* bytes */

/* The integers that a dtype holds. */
static void integer_range(int32_t dtype, int64_t *lowest, int64_t *highest)
{
	int bits = (int)dtype_info(dtype)->size * 8;

	*highest = dtype == DTYPE_U8 ? UINT8_MAX : INT64_MAX >> (64 - bits);
	*lowest = dtype == DTYPE_U8 ? 0 : -*highest - 1;
}

static bool is_integer(int32_t dtype)
{
	return dtype_info(dtype)->category == CATEGORY_INTEGER;
}

static bool not_held(const struct call *call, const char *name, const char *what, double value, int32_t dtype)
{
	int64_t lowest, highest;

	integer_range(dtype, &lowest, &highest);
	return call_bad_argument(call, name, "%s%.17g, and %s holds whole numbers from %lld to %lld", what, value,
	                         dtype_name(dtype), (long long)lowest, (long long)highest);
}

bool whole_number(const struct call *call, const char *name, double value, int32_t dtype, int64_t *out)
{
	int64_t lowest, highest;

	integer_range(dtype, &lowest, &highest);
	if (value >= (double)lowest && value < (double)highest + 1.0 && value == trunc(value)) {
		*out = (int64_t)value;
		return true;
	}
	return not_held(call, name, "the value is ", value, dtype);
}

/* A new CPU tensor to be filled: of the dtype itself, or of f64 where `give_created` converts that. */
bool new_to_fill(struct call *call, const int64_t *sizes, int64_t ndim, int32_t dtype, struct filled *filled)
{
	filled->dtype = dtype == DTYPE_F16 || dtype == DTYPE_BF16 ? DTYPE_F64 : dtype;
	filled->count = count_elements(sizes, ndim);
	return new_contiguous(call, sizes, ndim, filled->dtype, &filled->tensor, &filled->elements);
}

int64_t give_created(struct call *call, const struct filled *filled, int32_t dtype, struct device device)
{
	struct tensor made;

	if (filled->dtype == dtype && device.type == DEVICE_CPU)
		return give_tensor(call, filled->tensor);
	if (!keep_temporary(call, filled->tensor, &made))
		return 0;
	push_tensor(call, &made);
	push_device(call, device);
	push_dtype(call, dtype);
	push_bool(call, 0);
	push_bool(call, 0);
	push_none(call);
	return dispatch(call, "aten::to", "device");
}

#define STORE_EACH(type, value) \
	do { \
		type *elements = filled->elements; \
		int64_t count = filled->count; \
		for (int64_t i = 0; i < count; i++) \
			elements[i] = (type)(value); \
	} while (0)

static void store_integers(const struct filled *filled, int64_t start, uint64_t step)
{
	switch (filled->dtype) {
	case DTYPE_I64:
		STORE_EACH(int64_t, (uint64_t)start + (uint64_t)i * step);
		break;
	case DTYPE_I32:
		STORE_EACH(int32_t, (uint64_t)start + (uint64_t)i * step);
		break;
	case DTYPE_I16:
		STORE_EACH(int16_t, (uint64_t)start + (uint64_t)i * step);
		break;
	default: /* one byte: i8, u8, bool */
		STORE_EACH(uint8_t, (uint64_t)start + (uint64_t)i * step);
	}
}

/* Compiled without contraction: start + i * step is rounded twice, on every machine. */
static void store_floats(const struct filled *filled, double start, double step)
{
	if (filled->dtype == DTYPE_F32)
		STORE_EACH(float, start + (double)i * step);
	else
		STORE_EACH(double, start + (double)i * step);
}

/* Full. */

/* Give all elements the first one's value: in pieces that stay in the cache. */
static void repeat_first(const struct filled *filled)
{
	size_t size = (size_t)dtype_info(filled->dtype)->size;
	size_t total = (size_t)filled->count * size;
	char *bytes = filled->elements;

	for (size_t done = size; done < total;) {
		size_t piece = done < PIECE ? done : PIECE;
		if (piece > total - done)
			piece = total - done;
		memcpy(bytes + done, bytes, piece);
		done += piece;
	}
}

static void store_one(const struct filled *filled, double value, int64_t integer)
{
	if (filled->dtype == DTYPE_F64)
		*(double *)filled->elements = value;
	else if (filled->dtype == DTYPE_F32)
		*(float *)filled->elements = (float)value;
	else
		store_integers(&(struct filled){.elements = filled->elements, .count = 1, .dtype = filled->dtype}, integer, 0);
}

static bool within_floats(const struct call *call, double value, int32_t dtype)
{
	double largest = dtype_largest(dtype);

	if (!(fabs(value) > largest) || isinf(value))
		return true;
	return call_bad_argument(call, "value", "%g was given, and %s holds at most %g", value, dtype_name(dtype), largest);
}

int64_t body_full(struct call *call, const int64_t *shape, int64_t shape_len, double value, int32_t dtype,
                  struct device device)
{
	struct filled filled;
	int64_t integer = value != 0; /* for bool, of which NaN is true as well */

	if (is_integer(dtype) && !whole_number(call, "value", value, dtype, &integer))
		return 0;
	if (dtype_floating(dtype) && !within_floats(call, value, dtype))
		return 0;
	if (!new_to_fill(call, shape, shape_len, dtype, &filled))
		return 0;
	if (filled.count) {
		store_one(&filled, value, integer);
		repeat_first(&filled);
	}
	return give_created(call, &filled, dtype, device);
}

/* Ranges. */

struct range {
	double start, end, step;
	double length; /* a whole number */
};

static bool finite(const struct call *call, const char *name, double value)
{
	return isfinite(value) || call_bad_argument(call, name, "%g was given, and a finite number is needed", value);
}

static bool measure(const struct call *call, struct range *range)
{
	if (!finite(call, "start", range->start) || !finite(call, "end", range->end) || !finite(call, "step", range->step))
		return false;
	if (range->step == 0)
		return call_bad_argument(call, "step", "0 was given, and a range goes up or down");
	if (range->step > 0 ? range->end < range->start : range->end > range->start)
		return call_bad_argument(call, "step", "%g was given, which does not lead from %g to %g", range->step,
		                         range->start, range->end);
	range->length = ceil((range->end - range->start) / range->step);
	return range->length < TWO_TO_60
	       || call_fail(call, ERROR_BAD_ARGUMENT, "arguments `start`, `end` and `step`: from %g to %g by %g it is %g "
	                    "elements, whose size in bytes overflows 63 bits", range->start, range->end, range->step,
	                    range->length);
}

/* Of a range that has more than one element: by how much they grow, modulo 2^64, if the dtype holds them all. */
static bool growth(const struct call *call, const struct range *range, int32_t dtype, int64_t first, uint64_t *out)
{
	bool upwards = range->step > 0;
	double size = fabs(range->step);
	int64_t lowest, highest;
	uint64_t room, steps;

	if (range->step != trunc(range->step))
		return call_bad_argument(call, "step", "%.17g was given, and %s holds whole numbers only", range->step,
		                         dtype_name(dtype));
	integer_range(dtype, &lowest, &highest);
	room = upwards ? (uint64_t)highest - (uint64_t)first : (uint64_t)first - (uint64_t)lowest;
	steps = size < TWO_TO_64 ? room / (uint64_t)size : 0;
	if (steps < (uint64_t)range->length - 1)
		return not_held(call, "end", "the range reaches ", range->start + (double)(steps + 1) * range->step, dtype);
	*out = upwards ? (uint64_t)size : 0 - (uint64_t)size;
	return true;
}

int64_t body_arange(struct call *call, double start, double end, double step, int32_t dtype, struct device device)
{
	struct range range = {start, end, step, 0};
	struct filled filled;
	int64_t count, first = 0;
	uint64_t step_up = 0;

	if (dtype == DTYPE_BOOL) {
		call_bad_argument(call, "dtype", "bool was given, and a range has numbers");
		return 0;
	}
	if (!measure(call, &range))
		return 0;
	count = (int64_t)range.length;
	if (is_integer(dtype)) {
		if (count > 0 && !whole_number(call, "start", start, dtype, &first))
			return 0;
		if (count > 1 && !growth(call, &range, dtype, first, &step_up))
			return 0;
	}
	if (!new_to_fill(call, &count, 1, dtype, &filled))
		return 0;
	if (is_integer(dtype))
		store_integers(&filled, first, step_up);
	else
		store_floats(&filled, start, step);
	return give_created(call, &filled, dtype, device);
}
