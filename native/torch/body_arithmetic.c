/* What libtorch's C interface has no single call for, because a Scalar stands in the operator's schema. */
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

/* Sums. */

static bool negate(struct call *call, struct tensor *x)
{
	push_tensor(call, x);
	return run_temporary(call, "aten::neg", "", x);
}

bool expand(struct call *call, struct tensor *x, const int64_t *sizes, int64_t ndim)
{
	if (x->ndim == ndim && (ndim == 0 || memcmp(x->sizes, sizes, (size_t)ndim * sizeof *sizes) == 0))
		return true;
	push_tensor(call, x);
	push_i64_list(call, sizes, ndim);
	push_bool(call, 0);
	return run_temporary(call, "aten::expand", "", x);
}

/* A CPU tensor without dimensions goes with one on a GPU, but not in one list. */
static bool bring_together(struct call *call, struct tensor *a, struct tensor *b)
{
	struct device device = a->device.type == DEVICE_CPU ? b->device : a->device;

	return move(call, a, device) && move(call, b, device);
}

static bool stack_two(struct call *call, const struct tensor *a, const struct tensor *b, struct tensor *stacked)
{
	push_two_tensors(call, a, b);
	push_i64(call, 0);
	return run_temporary(call, "aten::stack", "", stacked);
}

static bool sum_of_stack(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	struct tensor stacked;

	if (!stack_two(call, a, b, &stacked))
		return false;
	push_tensor(call, &stacked);
	push_one_i64_present(call, 0);
	push_bool(call, 0);
	push_dtype_present(call, call->expect);
	return run(call, "aten::sum", "dim_IntList", result);
}

/* The exact sum of two tensors of the dtype that is expected: of a stack of the two, along its first dimension.  Where
 * there is no room for another dimension they are laid out flat. */
static int64_t add_stacked(struct call *call, struct tensor *a, struct tensor *b)
{
	const int64_t all = -1;
	int64_t sizes[MAX_DIMS], ndim;
	void *sum;

	broadcast_shape(a, b, sizes, &ndim);
	if (!bring_together(call, a, b))
		return 0;
	if (!expand(call, a, sizes, ndim) || !expand(call, b, sizes, ndim))
		return 0;
	if (ndim < MAX_DIMS)
		return sum_of_stack(call, a, b, &sum) ? give_tensor(call, sum) : 0;
	if (count_elements(sizes, ndim) == 0)
		return new_contiguous_on(call, a->device, sizes, ndim, call->expect, &sum) ? give_tensor(call, sum) : 0;
	if (!reshape(call, a, &all, 1) || !reshape(call, b, &all, 1) || !sum_of_stack(call, a, b, &sum))
		return 0;
	if (!keep_temporary(call, sum, a))
		return 0;
	push_tensor(call, a);
	push_i64_list(call, sizes, ndim);
	return dispatch(call, "aten::reshape", "");
}

/* a + b = a - (-b), exactly so for floating-point numbers. */
int64_t body_add(struct call *call, const struct tensor *given_a, const struct tensor *given_b)
{
	struct tensor a = *given_a, b = *given_b;
	void *difference;

	if (dtype_floating(call->expect)) {
		if (!dtype_floating(a.dtype) && !convert(call, &a, call->expect))
			return 0; /* bool cannot be subtracted from */
		if (!dtype_floating(b.dtype) && !convert(call, &b, call->expect))
			return 0; /* nor be negated, and neither can u8 */
		return negate(call, &b) && subtract(call, &a, &b, &difference) ? give_tensor(call, difference) : 0;
	}
	if (call->expect == DTYPE_BOOL) {
		push_tensor(call, &a);
		push_tensor(call, &b);
		return dispatch(call, "aten::logical_or", "");
	}
	if (!convert(call, &a, call->expect) || !convert(call, &b, call->expect))
		return 0;
	return add_stacked(call, &a, &b);
}

/* Where there is no typed kernel for the device. */
int64_t body_add_scaled(struct call *call, const struct tensor *a, const struct tensor *b, double s)
{
	void *sum;

	if (libtorch.aoti_torch_aten_subtract_Tensor(a->handle, b->handle, -s, &sum) != 0) {
		torch_refused(call);
		return 0;
	}
	return give_tensor(call, sum);
}

/* a - b = a + (-b), modulo the integers' range. */
int64_t body_sub_integers(struct call *call, const struct tensor *given_a, const struct tensor *given_b)
{
	struct tensor a = *given_a, b = *given_b;

	if (!convert(call, &a, call->expect) || !convert(call, &b, call->expect) || !negate(call, &b))
		return 0;
	return add_stacked(call, &a, &b);
}

/* The dimensions in which `x` is larger than a shape that it sums to, and whether those in front and others are among
 * them. */
struct lost {
	int64_t dims[MAX_DIMS];
	int64_t count;
	bool in_front, others;
};

static void find_lost(const struct tensor *x, const int64_t *sizes, int64_t ndim, struct lost *lost)
{
	int64_t front = x->ndim - ndim;

	*lost = (struct lost){.in_front = front > 0};
	for (int64_t i = 0; i < x->ndim; i++) {
		if (i >= front && sizes[i - front] == x->sizes[i])
			continue;
		lost->others |= i >= front;
		lost->dims[lost->count++] = i;
	}
}

/* Without the dimensions in front, or with all at size 1: where both must be, they are dropped afterwards. */
int64_t body_sum_to(struct call *call, const struct tensor *x, const int64_t *shape, int64_t shape_len)
{
	struct tensor sum = *x;
	struct lost lost;

	find_lost(x, shape, shape_len, &lost);
	if (lost.count == 0) {
		if (!convert(call, &sum, call->expect))
			return 0;
		push_tensor(call, &sum);
		push_none(call);
		return dispatch(call, "aten::clone", "");
	}
	push_tensor(call, x);
	push_i64_list_present(call, lost.dims, lost.count);
	push_bool(call, lost.others);
	push_dtype_present(call, call->expect);
	if (!lost.others || !lost.in_front)
		return dispatch(call, "aten::sum", "dim_IntList");
	if (!run_temporary(call, "aten::sum", "dim_IntList", &sum) || !is_expected(call, sum.dtype))
		return 0;
	push_tensor(call, &sum);
	push_i64_list(call, shape, shape_len);
	return dispatch(call, "aten::reshape", "");
}

/* A number beside a tensor. */

static int64_t with_scalar(struct call *call, const struct tensor *x, double value, binary operation)
{
	void *result;

	return with_number(call, x, value, operation, &result) ? give_tensor(call, result) : 0;
}

static bool divide(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::div", "Tensor", result);
}

static bool power(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::pow", "Tensor_Tensor", result);
}

int64_t body_add_scalar(struct call *call, const struct tensor *x, double s)
{
	return with_scalar(call, x, -s, subtract);
}

int64_t body_mul_scalar(struct call *call, const struct tensor *x, double s)
{
	return with_scalar(call, x, s, multiply);
}

int64_t body_div_scalar(struct call *call, const struct tensor *x, double s)
{
	return with_scalar(call, x, s, divide);
}

int64_t body_pow_scalar(struct call *call, const struct tensor *x, double exponent)
{
	return with_scalar(call, x, exponent, power);
}

static bool larger(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::maximum", "", result);
}

static bool smaller(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::minimum", "", result);
}

static bool bound_fits(struct call *call, const char *name, const double *bound, int32_t dtype)
{
	int64_t integer;

	return !bound || dtype_floating(dtype) || whole_number(call, name, *bound, dtype, &integer);
}

int64_t body_clamp(struct call *call, const struct tensor *x, const double *min, const double *max)
{
	struct tensor raised = *x;

	if (!bound_fits(call, "min", min, x->dtype) || !bound_fits(call, "max", max, x->dtype))
		return 0;
	if (!max)
		return with_scalar(call, x, *min, larger);
	if (min && !with_number_temporary(call, &raised, *min, larger))
		return 0;
	return with_scalar(call, &raised, *max, smaller);
}

static int32_t multiply_matrices(void *out, const struct tensor *a, const struct tensor *b)
{
	if (a->device.type == DEVICE_CPU)
		return libtorch.aoti_torch_cpu_mm_out(out, a->handle, b->handle);
	return libtorch.aoti_torch_cuda_mm_out(out, a->handle, b->handle);
}

/* Two matrices: a third faster than through the dispatcher. */
int64_t body_mm(struct call *call, const struct tensor *a, const struct tensor *b)
{
	int64_t sizes[2] = {a->sizes[0], b->sizes[1]};
	void *result;

	if (!new_contiguous_on(call, a->device, sizes, 2, a->dtype, &result))
		return 0;
	if (multiply_matrices(result, a, b) != 0) {
		torch_refused(call);
		torch_delete(result);
		return 0;
	}
	return give_tensor(call, result);
}

/* Reductions to a number. */

static double number_at(const void *place, int32_t dtype)
{
	switch (dtype) {
	case DTYPE_F64:
		return *(const double *)place;
	case DTYPE_F32:
		return *(const float *)place;
	case DTYPE_I64:
		return (double)*(const int64_t *)place;
	default:
		return *(const uint8_t *)place;
	}
}

/* The one element of a tensor, as a double. */
static bool read_number(struct call *call, struct tensor *x, double *out)
{
	bool direct = x->dtype == DTYPE_F64 || x->dtype == DTYPE_F32 || x->dtype == DTYPE_I64 || x->dtype == DTYPE_BOOL;
	void *place;

	if (!bring_to_cpu(call, x) || (!direct && !convert(call, x, DTYPE_F64)))
		return false;
	if (libtorch.aoti_torch_get_data_ptr(x->handle, &place) != 0)
		return torch_refused(call);
	*out = number_at(place, x->dtype);
	return true;
}

static bool reduce(struct call *call, const char *op, double *out)
{
	struct tensor result;

	return run_temporary(call, op, "", &result) && is_expected(call, result.dtype) && read_number(call, &result, out);
}

bool body_sum(struct call *call, const struct tensor *x, double *out)
{
	push_tensor(call, x);
	push_none(call);
	return reduce(call, "aten::sum", out);
}

bool body_mean(struct call *call, const struct tensor *x, double *out)
{
	push_tensor(call, x);
	push_none(call);
	return reduce(call, "aten::mean", out);
}

bool body_max(struct call *call, const struct tensor *x, double *out)
{
	push_tensor(call, x);
	return reduce(call, "aten::max", out);
}

bool body_min(struct call *call, const struct tensor *x, double *out)
{
	push_tensor(call, x);
	return reduce(call, "aten::min", out);
}
