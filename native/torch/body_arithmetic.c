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

static bool expand(struct call *call, struct tensor *x, const int64_t *sizes, int64_t ndim)
{
	if (x->ndim == ndim && (ndim == 0 || memcmp(x->sizes, sizes, (size_t)ndim * sizeof *sizes) == 0))
		return true;
	push_tensor(call, x);
	push_i64_list(call, sizes, ndim);
	push_bool(call, 0);
	return run_temporary(call, "aten::expand", "", x);
}

static bool stack_two(struct call *call, const struct tensor *a, const struct tensor *b, struct tensor *stacked)
{
	push_two_tensors(call, a, b);
	push_i64(call, 0);
	return run_temporary(call, "aten::stack", "", stacked);
}

/* The exact sum of two tensors of the dtype that is expected: of a stack of the two, along its first dimension. */
static int64_t add_stacked(struct call *call, struct tensor *a, struct tensor *b)
{
	struct tensor stacked;
	int64_t sizes[MAX_DIMS], ndim;

	broadcast_shape(a, b, sizes, &ndim);
	if (!expand(call, a, sizes, ndim) || !expand(call, b, sizes, ndim) || !stack_two(call, a, b, &stacked))
		return 0;
	push_tensor(call, &stacked);
	push_one_i64_present(call, 0);
	push_bool(call, 0);
	push_dtype_present(call, call->expect);
	return dispatch(call, "aten::sum", "dim_IntList");
}

static int64_t subtract(struct call *call, const struct tensor *a, const struct tensor *b)
{
	void *result = NULL;

	return finish(call, libtorch.aoti_torch_aten_subtract_Tensor(a->handle, b->handle, 1.0, &result), &result);
}

/* a + b = a - (-b), exactly so for floating-point numbers. */
int64_t body_add(struct call *call, const struct tensor *given_a, const struct tensor *given_b)
{
	struct tensor a = *given_a, b = *given_b;

	if (dtype_floating(call->expect)) {
		if (!dtype_floating(a.dtype) && !convert(call, &a, call->expect))
			return 0; /* bool cannot be subtracted from */
		if (!dtype_floating(b.dtype) && !convert(call, &b, call->expect))
			return 0; /* nor be negated, and neither can u8 */
		return negate(call, &b) ? subtract(call, &a, &b) : 0;
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

/* a - b = a + (-b), modulo the integers' range. */
int64_t body_sub_integers(struct call *call, const struct tensor *given_a, const struct tensor *given_b)
{
	struct tensor a = *given_a, b = *given_b;

	if (!convert(call, &a, call->expect) || !convert(call, &b, call->expect) || !negate(call, &b))
		return 0;
	return add_stacked(call, &a, &b);
}

/* A number beside a tensor: a 0-dim tensor that does not change the dtype of the result. */
static bool scalar_for(struct call *call, const struct tensor *x, double value, struct tensor *scalar)
{
	void *handle;
	int32_t status;

	if (x->dtype == DTYPE_F64)
		status = libtorch.aoti_torch_scalar_to_tensor_float64(value, &handle);
	else
		status = libtorch.aoti_torch_scalar_to_tensor_float32((float)value, &handle);
	if (status != 0)
		return torch_refused(call);
	call_cleanup(call, torch_delete, handle);
	read_tensor(handle, scalar);
	return x->ndim > 0 || convert(call, scalar, x->dtype);
}

int64_t body_add_scalar(struct call *call, const struct tensor *x, double s)
{
	struct tensor scalar;

	return scalar_for(call, x, -s, &scalar) ? subtract(call, x, &scalar) : 0;
}

static int64_t with_scalar(struct call *call, const struct tensor *x, double s, const char *op, const char *overload)
{
	struct tensor scalar;

	if (!scalar_for(call, x, s, &scalar))
		return 0;
	push_tensor(call, x);
	push_tensor(call, &scalar);
	return dispatch(call, op, overload);
}

int64_t body_mul_scalar(struct call *call, const struct tensor *x, double s)
{
	return with_scalar(call, x, s, "aten::mul", "Tensor");
}

int64_t body_div_scalar(struct call *call, const struct tensor *x, double s)
{
	return with_scalar(call, x, s, "aten::div", "Tensor");
}

int64_t body_pow_scalar(struct call *call, const struct tensor *x, double exponent)
{
	return with_scalar(call, x, exponent, "aten::pow", "Tensor_Tensor");
}

/* Two matrices: a third faster than through the dispatcher. */
int64_t body_mm(struct call *call, const struct tensor *a, const struct tensor *b)
{
	int64_t sizes[2] = {a->sizes[0], b->sizes[1]};
	void *result;

	if (!new_contiguous(call, sizes, 2, a->dtype, &result, NULL))
		return 0;
	if (libtorch.aoti_torch_cpu_mm_out(result, a->handle, b->handle) != 0) {
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

static bool expected_dtype(const struct call *call, const struct tensor *result)
{
	return result->dtype == call->expect
	       || call_fail(call, ERROR_REFUSED, "libtorch returned %s where %s is expected", dtype_name(result->dtype),
	                    dtype_name(call->expect));
}

static bool reduce(struct call *call, const char *op, double *out)
{
	struct tensor result;

	return run_temporary(call, op, "", &result) && expected_dtype(call, &result) && read_number(call, &result, out);
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
