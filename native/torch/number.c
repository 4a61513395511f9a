/* A number beside a tensor, where libtorch's schema has a Scalar: as a tensor without dimensions.  That does not change the
 * dtype of the result, as long as the other has dimensions; so a 0-dim one is given one for the time being. */
#include "inner.h"

static bool scalar_tensor(struct call *call, const struct tensor *x, double value, struct tensor *scalar)
{
	void *handle;
	int32_t status;

	if (x->dtype == DTYPE_F64)
		status = libtorch.aoti_torch_scalar_to_tensor_float64(value, &handle);
	else if (dtype_floating(x->dtype))
		status = libtorch.aoti_torch_scalar_to_tensor_float32((float)value, &handle);
	else
		status = libtorch.aoti_torch_scalar_to_tensor_int64((int64_t)value, &handle);
	if (status != 0)
		return torch_refused(call);
	return keep_temporary(call, handle, scalar);
}

bool reshape(struct call *call, struct tensor *x, const int64_t *sizes, int64_t ndim)
{
	push_tensor(call, x);
	push_i64_list(call, sizes, ndim);
	return run_temporary(call, "aten::reshape", "", x);
}

bool with_number(struct call *call, const struct tensor *x, double value, binary operation, void **result)
{
	const int64_t one = 1;
	struct tensor vector = *x, scalar;

	if (!scalar_tensor(call, x, value, &scalar) || (x->ndim == 0 && !reshape(call, &vector, &one, 1))
	    || !operation(call, &vector, &scalar, result))
		return false;
	if (x->ndim > 0)
		return true;
	if (!keep_temporary(call, *result, &vector))
		return false;
	push_tensor(call, &vector);
	push_i64_list(call, NULL, 0);
	return run(call, "aten::reshape", "", result);
}

bool with_number_temporary(struct call *call, struct tensor *x, double value, binary operation)
{
	void *result;

	return with_number(call, x, value, operation, &result) && keep_temporary(call, result, x);
}

/* For operators that promote nothing, and take no CPU tensor beside one on another device. */
bool number_like(struct call *call, const struct tensor *x, double value, struct tensor *scalar)
{
	if (!scalar_tensor(call, x, value, scalar))
		return false;
	if (scalar->dtype == x->dtype && x->device.type == DEVICE_CPU)
		return true;
	return bring_number(call, scalar, x->dtype, x->device);
}

bool multiply(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	push_tensor(call, a);
	push_tensor(call, b);
	return run(call, "aten::mul", "Tensor", result);
}

bool subtract(struct call *call, const struct tensor *a, const struct tensor *b, void **result)
{
	return libtorch.aoti_torch_aten_subtract_Tensor(a->handle, b->handle, 1.0, result) == 0 || torch_refused(call);
}
