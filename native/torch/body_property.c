#include "inner.h"
#include "rt_torch_bodies.h"

static bool give_list(const struct call *call, const int64_t *values, int64_t count, int64_t *out, int64_t out_cap,
                      int64_t *out_len)
{
	if (!give_length(call, count, out_cap, out, out_len))
		return false;
	for (int64_t i = 0; out && i < count; i++)
		out[i] = values[i];
	return true;
}

bool body_shape(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len)
{
	return give_list(call, x->sizes, x->ndim, out, out_cap, out_len);
}

bool body_strides(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len)
{
	int64_t *strides;

	if (libtorch.aoti_torch_get_strides(x->handle, &strides) != 0)
		return torch_refused(call);
	return give_list(call, strides, x->ndim, out, out_cap, out_len);
}

bool body_ndim(struct call *call, const struct tensor *x, int64_t *out)
{
	(void)call;
	*out = x->ndim;
	return true;
}

bool body_numel(struct call *call, const struct tensor *x, int64_t *out)
{
	(void)call;
	*out = count_elements(x->sizes, x->ndim);
	return true;
}

bool body_dtype(struct call *call, const struct tensor *x, const char **out)
{
	(void)call;
	*out = dtype_name(x->dtype);
	return true;
}

bool body_device(struct call *call, const struct tensor *x, const char **out)
{
	(void)call;
	*out = device_text(x->device);
	return true;
}

bool body_is_contiguous(struct call *call, const struct tensor *x, int32_t *out)
{
	bool contiguous;

	if (libtorch.aoti_torch_is_contiguous(x->handle, &contiguous) != 0)
		return torch_refused(call);
	*out = contiguous;
	return true;
}
