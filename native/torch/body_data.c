/* Elements copied in and out. */
#include <string.h>

#include "inner.h"
#include "rt_torch_bodies.h"

static int64_t from_data(struct call *call, const void *data, int64_t count, const int64_t *shape, int64_t shape_len,
                         int32_t dtype)
{
	void *tensor, *elements;

	if (!new_contiguous(call, shape, shape_len, dtype, &tensor, &elements))
		return 0;
	if (count)
		memcpy(elements, data, (size_t)(count * dtype_info(dtype)->size));
	return give_tensor(call, tensor);
}

int64_t body_from_data_f64(struct call *call, const double *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len)
{
	return from_data(call, data, data_len, shape, shape_len, DTYPE_F64);
}

int64_t body_from_data_f32(struct call *call, const float *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len)
{
	return from_data(call, data, data_len, shape, shape_len, DTYPE_F32);
}

int64_t body_from_data_i64(struct call *call, const int64_t *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len)
{
	return from_data(call, data, data_len, shape, shape_len, DTYPE_I64);
}

int64_t body_from_data_bool(struct call *call, const uint8_t *data, int64_t data_len, const int64_t *shape,
                            int64_t shape_len)
{
	void *tensor, *elements;

	if (!new_contiguous(call, shape, shape_len, DTYPE_BOOL, &tensor, &elements))
		return 0;
	for (int64_t i = 0; i < data_len; i++)
		((uint8_t *)elements)[i] = data[i] != 0; /* to libtorch, a bool is 0 or 1 */
	return give_tensor(call, tensor);
}

static bool to_data(struct call *call, const struct tensor *given, int32_t dtype, void *out, int64_t out_cap,
                    int64_t *out_len)
{
	struct tensor x = *given;
	int64_t *strides;
	void *elements;

	if (x.dtype != dtype)
		return call_bad_argument(call, x.name, "the dtype is %s, and this reads %s without converting; "
		                         "rt_torch_to_dtype converts", dtype_name(x.dtype), dtype_name(dtype));
	if (!give_length(call, count_elements(x.sizes, x.ndim), out_cap, out, out_len))
		return false;
	if (!out || *out_len == 0)
		return true;
	if (!bring_to_cpu(call, &x))
		return false;
	if (libtorch.aoti_torch_get_data_ptr(x.handle, &elements) != 0
	    || libtorch.aoti_torch_get_strides(x.handle, &strides) != 0)
		return torch_refused(call);
	gather(out, elements, &x, strides);
	return true;
}

bool body_to_data_f64(struct call *call, const struct tensor *x, double *out, int64_t out_cap, int64_t *out_len)
{
	return to_data(call, x, DTYPE_F64, out, out_cap, out_len);
}

bool body_to_data_f32(struct call *call, const struct tensor *x, float *out, int64_t out_cap, int64_t *out_len)
{
	return to_data(call, x, DTYPE_F32, out, out_cap, out_len);
}

bool body_to_data_i64(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len)
{
	return to_data(call, x, DTYPE_I64, out, out_cap, out_len);
}

bool body_to_data_bool(struct call *call, const struct tensor *x, uint8_t *out, int64_t out_cap, int64_t *out_len)
{
	if (!to_data(call, x, DTYPE_BOOL, out, out_cap, out_len))
		return false;
	for (int64_t i = 0; out && i < *out_len; i++)
		out[i] = out[i] != 0; /* wrapped memory may hold other bytes */
	return true;
}

int64_t body_to_device(struct call *call, const struct tensor *x, struct device device)
{
	push_tensor(call, x);
	push_device(call, device);
	push_dtype(call, x->dtype);
	push_bool(call, 0);
	push_bool(call, 0);
	push_none(call);
	return dispatch(call, "aten::to", "device");
}
