/* Activations, and their gradients, that have a number in their schema. */
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

int64_t body_leaky_relu(struct call *call, const struct tensor *x, double slope)
{
	struct tensor factor;

	if (!number_like(call, x, slope, &factor))
		return 0;
	push_tensor(call, x);
	push_tensor(call, &factor);
	return dispatch(call, "aten::prelu", "");
}

static bool at_least(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::ge", "Tensor", result);
}

int64_t body_elu(struct call *call, const struct tensor *x, double alpha)
{
	struct tensor positive = *x, curve;

	push_tensor(call, x);
	if (!run_temporary(call, "aten::expm1", "", &curve)
	    || (alpha != 1.0 && !with_number_temporary(call, &curve, alpha, multiply))
	    || !with_number_temporary(call, &positive, 0.0, at_least))
		return 0;
	push_tensor(call, &positive);
	push_tensor(call, x);
	push_tensor(call, &curve);
	return dispatch(call, "aten::where", "self");
}

/* The gradient of relu.  libtorch's own operator takes a Scalar, and what comes nearest, a comparison and `where`, takes many
 * times as long: so the two usual dtypes have a loop here.  Memory of others may lie anywhere. */

struct mask {
	const char *gradient, *y;
	char *out;
	int64_t bytes;
};

#define VECTOR 16  /* bytes, which any processor has */
#define GRAIN 8192 /* vectors that are worth a thread of their own, as libtorch sees it */

#define WHERE_ABOVE(name, type, integer) \
	typedef type name##_values __attribute__((vector_size(VECTOR))); \
	typedef integer name##_bits __attribute__((vector_size(VECTOR))); \
\
	static inline void name##_part(const struct mask *mask, int64_t at, size_t size) \
	{ \
		name##_values y = {0}; \
		name##_bits gradient = {0}; \
\
		memcpy(&y, mask->y + at, size); \
		memcpy(&gradient, mask->gradient + at, size); \
		gradient &= ~(name##_bits)(y <= 0); \
		memcpy(mask->out + at, &gradient, size); \
	} \
\
	static void name(int64_t begin, int64_t end, void *given) \
	{ \
		const struct mask *mask = given; \
\
		for (; begin < end && (begin + 1) * VECTOR <= mask->bytes; begin++) \
			name##_part(mask, begin * VECTOR, VECTOR); \
		if (begin < end) \
			name##_part(mask, begin * VECTOR, (size_t)(mask->bytes - begin * VECTOR)); \
	}

WHERE_ABOVE(where_above_f32, float, int32_t)
WHERE_ABOVE(where_above_f64, double, int64_t)

static int64_t relu_backward_by_loop(struct call *call, const struct tensor *gradient, const struct tensor *y)
{
	void (*loop)(int64_t begin, int64_t end, void *mask) = y->dtype == DTYPE_F32 ? where_above_f32 : where_above_f64;
	struct mask mask = {.bytes = count_elements(y->sizes, y->ndim) * dtype_info(y->dtype)->size};
	void *result, *out;

	if (mask.bytes && (!(mask.gradient = elements_of(call, gradient)) || !(mask.y = elements_of(call, y))))
		return 0;
	if (!new_contiguous(call, y->sizes, y->ndim, y->dtype, &result, &out))
		return 0;
	mask.out = out;
	if (libtorch.torch_parallel_for(0, (mask.bytes + VECTOR - 1) / VECTOR, GRAIN, loop, &mask) != 0) {
		torch_refused(call);
		torch_delete(result);
		return 0;
	}
	return give_tensor(call, result);
}

static bool at_most(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::le", "Tensor", result);
}

int64_t body_relu_backward(struct call *call, const struct tensor *gradient, const struct tensor *y)
{
	struct tensor below = *y, nothing;

	if (y->device.type == DEVICE_CPU && (y->dtype == DTYPE_F32 || y->dtype == DTYPE_F64))
		return relu_backward_by_loop(call, gradient, y);
	if (!with_number_temporary(call, &below, 0.0, at_most) || !number_like(call, gradient, 0.0, &nothing))
		return 0;
	push_tensor(call, &below);
	push_tensor(call, &nothing);
	push_tensor(call, gradient);
	return dispatch(call, "aten::where", "self");
}
