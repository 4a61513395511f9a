/* Steps of optimizers.  libtorch's change the tensors that they are given, so they are given copies. */
#include "inner.h"
#include "rt_torch_bodies.h"

enum copied { PARAM, MEAN, SQUARE, COPIES };

/* A row-major copy, which is the caller's to delete. */
static bool copy_of(struct call *call, const struct tensor *x, struct tensor *copy)
{
	const int64_t row_major = 0;
	void *handle;

	push_tensor(call, x);
	push_i64_optional(call, &row_major);
	if (!run(call, "aten::clone", "", &handle))
		return false;
	read_tensor(handle, copy);
	return true;
}

static bool row_major(struct call *call, struct tensor *x)
{
	bool contiguous;

	if (libtorch.aoti_torch_is_contiguous(x->handle, &contiguous) != 0)
		return torch_refused(call);
	if (contiguous)
		return true;
	push_tensor(call, x);
	push_i64(call, 0);
	return run_temporary(call, "aten::contiguous", "", x);
}

/* Steps are counted in single precision, as torch counts them: beyond 2^24 they make no difference. */
static bool counted(struct call *call, const struct tensor *like, int64_t step, struct tensor *count)
{
	void *handle;

	if (libtorch.aoti_torch_scalar_to_tensor_float32((float)step, &handle) != 0)
		return torch_refused(call);
	if (!keep_temporary(call, handle, count))
		return false;
	return like->device.type == DEVICE_CPU || bring_number(call, count, DTYPE_F32, like->device);
}

struct rates {
	double lr, beta1, beta2, weight_decay, eps;
};

static bool step_in_place(struct call *call, const struct tensor *copies, const struct tensor *gradient,
                          const struct tensor *count, const struct rates *rates, bool decoupled)
{
	push_one_tensor(call, &copies[PARAM]);
	push_one_tensor(call, gradient);
	push_one_tensor(call, &copies[MEAN]);
	push_one_tensor(call, &copies[SQUARE]);
	push_no_tensors(call);
	push_one_tensor(call, count);
	push_f64(call, rates->lr);
	push_f64(call, rates->beta1);
	push_f64(call, rates->beta2);
	push_f64(call, rates->weight_decay);
	push_f64(call, rates->eps);
	push_bool(call, 0);
	push_bool(call, 0);
	push_none(call);
	push_none(call);
	return decoupled ? run_in_place(call, "aten::_fused_adamw_", "") : run_in_place(call, "aten::_fused_adam_", "");
}

/* Handles for all of them, or for none. */
static bool give_all(struct call *call, const struct tensor *copies, int64_t **out)
{
	int given = 0;

	while (given < COPIES && (*out[given] = give_tensor(call, copies[given].handle)) != 0)
		given++;
	if (given == COPIES)
		return true;
	for (int i = given + 1; i < COPIES; i++)
		torch_delete(copies[i].handle);
	while (given)
		handle_free(*out[--given], KIND_TENSOR);
	return false;
}

bool body_adam(struct call *call, const struct tensor *param, const struct tensor *gradient, const struct tensor *mean,
               const struct tensor *square, int64_t step, double lr, double beta1, double beta2, double eps,
               double weight_decay, int32_t decoupled, int64_t *new_param, int64_t *new_mean, int64_t *new_square)
{
	const struct rates rates = {lr, beta1, beta2, weight_decay, eps};
	const struct tensor *given[COPIES] = {param, mean, square};
	int64_t *out[COPIES] = {new_param, new_mean, new_square};
	struct tensor copies[COPIES], along = *gradient, count;
	int copied = 0;
	bool ok;

	ok = row_major(call, &along) && counted(call, param, step, &count);
	while (ok && copied < COPIES && (ok = copy_of(call, given[copied], &copies[copied])))
		copied++;
	ok = ok && step_in_place(call, copies, &along, &count, &rates, decoupled);
	if (ok)
		return give_all(call, copies, out);
	while (copied)
		torch_delete(copies[--copied].handle);
	return false;
}
