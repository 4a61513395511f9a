/* Losses, and their gradients, which libtorch has no single call for. */
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

static int64_t reduction_code(const char *reduction)
{
	return strcmp(reduction, "none") == 0 ? 0 : strcmp(reduction, "mean") == 0 ? 1 : 2;
}

/* No number of a class is the one that libtorch would ignore: all were looked at. */
int64_t body_cross_entropy(struct call *call, const struct tensor *x, const struct tensor *target, const char *reduction)
{
	push_tensor(call, x);
	push_tensor(call, target);
	push_none(call);
	push_i64(call, reduction_code(reduction));
	push_i64(call, -100);
	push_f64(call, 0.0);
	return dispatch(call, "aten::cross_entropy_loss", "");
}

static bool unsqueeze(struct call *call, struct tensor *x, int64_t dim)
{
	push_tensor(call, x);
	push_i64(call, dim);
	return run_temporary(call, "aten::unsqueeze", "", x);
}

/* The softmax, less 1 where the targets are. */
static bool differences(struct call *call, const struct tensor *x, const struct tensor *target, int64_t dim,
                        struct tensor *result)
{
	struct tensor shares, places = *target, one;

	push_tensor(call, x);
	push_i64(call, dim);
	push_none(call);
	if (!run_temporary(call, "aten::softmax", "int", &shares) || !unsqueeze(call, &places, dim)
	    || !number_like(call, x, -1.0, &one) || !expand(call, &one, places.sizes, places.ndim))
		return false;
	push_tensor(call, &shares);
	push_i64(call, dim);
	push_tensor(call, &places);
	push_tensor(call, &one);
	return run_temporary(call, "aten::scatter_add", "", result);
}

/* The gradient of each loss, so that it goes with the classes. */
static bool spread(struct call *call, struct tensor *gradient, const struct tensor *target, int64_t dim,
                   const char *reduction)
{
	struct tensor count;

	if (strcmp(reduction, "sum") == 0)
		return true;
	if (strcmp(reduction, "none") == 0)
		return unsqueeze(call, gradient, dim);
	if (!number_like(call, gradient, (double)count_elements(target->sizes, target->ndim), &count))
		return false;
	push_tensor(call, gradient);
	push_tensor(call, &count);
	return run_temporary(call, "aten::div", "Tensor", gradient);
}

int64_t body_cross_entropy_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                    const struct tensor *target, const char *reduction)
{
	struct tensor each = *gradient, difference;
	int64_t dim = x->ndim > 1;

	if (!differences(call, x, target, dim, &difference) || !spread(call, &each, target, dim, reduction))
		return 0;
	push_tensor(call, &difference);
	push_tensor(call, &each);
	return dispatch(call, "aten::mul", "Tensor");
}
