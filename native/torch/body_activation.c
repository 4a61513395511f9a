/* Activations that have a number in their schema. */
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
