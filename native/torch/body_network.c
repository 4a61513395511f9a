/* Gradients of layers, where libtorch's operator gives several results, or takes a tensor of which only the shape
 * counts. */
#include "rt_torch_bodies.h"
#include "window.h"

/* A tensor whose elements nobody reads. */
static bool stand_in(struct call *call, const struct tensor *like, const int64_t *sizes, int64_t ndim, struct tensor *x)
{
	void *handle;

	return new_contiguous_on(call, like->device, sizes, ndim, like->dtype, &handle) && keep_temporary(call, handle, x);
}

/* Convolutions. */

enum wanted { WANTED_INPUT, WANTED_WEIGHT, CONVOLUTION_GRADIENTS = 3 };

static int64_t convolution_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                    const struct tensor *weight, const struct windows *windows, int64_t groups,
                                    enum wanted wanted)
{
	const int64_t none[2] = {0, 0};
	const int64_t mask[CONVOLUTION_GRADIENTS] = {wanted == WANTED_INPUT, wanted == WANTED_WEIGHT, 0};
	void *result;

	push_tensor(call, gradient);
	push_tensor(call, x);
	push_tensor(call, weight);
	push_none(call);
	push_i64_list(call, windows->stride, 2);
	push_i64_list(call, windows->padding, 2);
	push_i64_list(call, windows->dilation, 2);
	push_bool(call, 0);
	push_i64_list(call, none, 2);
	push_i64(call, groups);
	push_i64_list(call, mask, CONVOLUTION_GRADIENTS);
	if (!run_for_one(call, "aten::convolution_backward", "", CONVOLUTION_GRADIENTS, wanted, &result))
		return 0;
	return give_tensor(call, result);
}

int64_t body_conv2d_input(struct call *call, const struct tensor *gradient, const struct tensor *weight,
                          const int64_t *shape, int64_t shape_len, const int64_t *stride, int64_t stride_len,
                          const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                          int64_t groups)
{
	struct windows windows;
	struct tensor x;

	read_pair(stride, stride_len, windows.stride);
	read_pair(padding, padding_len, windows.padding);
	read_pair(dilation, dilation_len, windows.dilation);
	if (!stand_in(call, gradient, shape, shape_len, &x))
		return 0;
	return convolution_backward(call, gradient, &x, weight, &windows, groups, WANTED_INPUT);
}

int64_t body_conv2d_weight(struct call *call, const struct tensor *gradient, const struct tensor *x,
                           const int64_t *shape, int64_t shape_len, const int64_t *stride, int64_t stride_len,
                           const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                           int64_t groups)
{
	struct windows windows;
	struct tensor weight;

	read_pair(stride, stride_len, windows.stride);
	read_pair(padding, padding_len, windows.padding);
	read_pair(dilation, dilation_len, windows.dilation);
	if (!stand_in(call, gradient, shape, shape_len, &weight))
		return 0;
	return convolution_backward(call, gradient, x, &weight, &windows, groups, WANTED_WEIGHT);
}

/* Pooling. */

static void push_windows(struct call *call, const struct windows *windows)
{
	push_i64_list(call, windows->kernel, 2);
	push_i64_list(call, windows->stride, 2);
	push_i64_list(call, windows->padding, 2);
}

/* Where the largest elements are: their places in each image of a channel. */
static bool places_of_largest(struct call *call, const struct tensor *x, const struct windows *windows,
                              struct tensor *places)
{
	void *handle;

	push_tensor(call, x);
	push_windows(call, windows);
	push_i64_list(call, windows->dilation, 2);
	push_bool(call, windows->ceil);
	return run_for_one(call, "aten::max_pool2d_with_indices", "", 2, 1, &handle) && keep_temporary(call, handle, places);
}

int64_t body_max_pool2d_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                 const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                                 const int64_t *padding, int64_t padding_len, const int64_t *dilation,
                                 int64_t dilation_len, int32_t ceil_mode)
{
	struct windows windows;
	struct tensor places;

	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	read_pair(dilation, dilation_len, windows.dilation);
	windows.ceil = ceil_mode;
	if (!places_of_largest(call, x, &windows, &places))
		return 0;
	push_tensor(call, gradient);
	push_tensor(call, x);
	push_windows(call, &windows);
	push_i64_list(call, windows.dilation, 2);
	push_bool(call, windows.ceil);
	push_tensor(call, &places);
	return dispatch(call, "aten::max_pool2d_with_indices_backward", "");
}

/* Height and width as one dimension. */
static bool flatten_images(struct call *call, struct tensor *x)
{
	push_tensor(call, x);
	push_i64(call, 2);
	push_i64(call, 3);
	return run_temporary(call, "aten::flatten", "using_ints", x);
}

int64_t body_max_pool2d_pick(struct call *call, const struct tensor *y, const struct tensor *x, const int64_t *kernel,
                             int64_t kernel_len, const int64_t *stride, int64_t stride_len, const int64_t *padding,
                             int64_t padding_len, const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode)
{
	struct windows windows;
	struct tensor places, flat = *y, picked;

	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	read_pair(dilation, dilation_len, windows.dilation);
	windows.ceil = ceil_mode;
	if (!places_of_largest(call, x, &windows, &places))
		return 0;
	picked = places;
	if (!flatten_images(call, &flat) || !flatten_images(call, &picked))
		return 0;
	push_tensor(call, &flat);
	push_i64(call, 2);
	push_tensor(call, &picked);
	push_bool(call, 0);
	if (!run_temporary(call, "aten::gather", "", &picked))
		return 0;
	push_tensor(call, &picked);
	push_i64_list(call, places.sizes, places.ndim);
	return dispatch(call, "aten::reshape", "");
}

int64_t body_avg_pool2d_backward(struct call *call, const struct tensor *gradient, const int64_t *shape,
                                 int64_t shape_len, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                                 int64_t stride_len, const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                                 int32_t count_include_pad)
{
	struct windows windows;
	struct tensor x;

	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	if (!stand_in(call, gradient, shape, shape_len, &x))
		return 0;
	push_tensor(call, gradient);
	push_tensor(call, &x);
	push_windows(call, &windows);
	push_bool(call, ceil_mode);
	push_bool(call, count_include_pad);
	push_none(call);
	return dispatch(call, "aten::avg_pool2d_backward", "");
}

/* Normalization. */

/* libtorch's gradient reads numbers of features as if there were no gaps between them. */
static bool without_gaps(struct call *call, struct tensor *x)
{
	push_tensor(call, x);
	push_i64(call, 0); /* row-major */
	return run_temporary(call, "aten::contiguous", "", x);
}

/* The gradient by `x`, with the mean of each feature and 1 over its standard deviation. */
static int64_t normalization_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                      const struct tensor *weight, const struct tensor *mean,
                                      const struct tensor *scale, double eps)
{
	const int64_t mask[3] = {1, 0, 0};
	struct tensor factors;
	void *result;

	if (weight)
		factors = *weight;
	if (weight && !without_gaps(call, &factors))
		return 0;
	push_tensor(call, gradient);
	push_tensor(call, x);
	push_tensor_optional(call, weight ? &factors : NULL);
	push_none(call);
	push_none(call);
	push_tensor_optional(call, mean);
	push_tensor_optional(call, scale);
	push_bool(call, 1);
	push_f64(call, eps);
	push_i64_list(call, mask, 3);
	return run_for_one(call, "aten::native_batch_norm_backward", "", 3, 0, &result) ? give_tensor(call, result) : 0;
}

static int64_t give_copy(struct call *call, const struct tensor *x)
{
	push_tensor(call, x);
	push_none(call);
	return dispatch(call, "aten::clone", "");
}

/* What the gradient needs of the way forward: mean and scale of each feature. */
static bool measure_batch(struct call *call, const struct tensor *x, double eps, struct tensor *mean,
                          struct tensor *scale)
{
	void *results[3];
	bool kept;

	push_tensor(call, x);
	for (int i = 0; i < 4; i++)
		push_none(call);
	push_bool(call, 1);
	push_f64(call, 0.0);
	push_f64(call, eps);
	if (!run_for_all(call, "aten::native_batch_norm", "", 3, results))
		return false;
	torch_delete(results[0]);
	kept = keep_temporary(call, results[1], mean);
	return keep_temporary(call, results[2], scale) && kept;
}

int64_t body_batch_norm_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                 const struct tensor *weight, double eps)
{
	struct tensor mean, scale;

	if (count_elements(x->sizes, x->ndim) == 0)
		return give_copy(call, gradient);
	return measure_batch(call, x, eps, &mean, &scale)
	       ? normalization_backward(call, gradient, x, weight, &mean, &scale, eps) : 0;
}

/* In two steps. */

int64_t body_batch_statistics(struct call *call, const struct tensor *x)
{
	struct tensor mean, var;
	void *results[2];
	bool kept;

	push_tensor(call, x);
	push_none(call);
	push_none(call);
	push_f64(call, 0.0);
	if (!run_for_all(call, "aten::batch_norm_update_stats", "", 2, results))
		return 0;
	kept = keep_temporary(call, results[0], &mean);
	if (!keep_temporary(call, results[1], &var) || !kept)
		return 0;
	if (!convert(call, &mean, x->dtype) || !convert(call, &var, x->dtype))
		return 0; /* those of f16 are f32 on some devices */
	push_two_tensors(call, &mean, &var);
	push_i64(call, 0);
	return dispatch(call, "aten::stack", "");
}

static bool row_of(struct call *call, const struct tensor *statistics, int64_t place, struct tensor *row)
{
	push_tensor(call, statistics);
	push_i64(call, 0);
	push_i64(call, place);
	return run_temporary(call, "aten::select", "int", row);
}

int64_t body_batch_norm_measured(struct call *call, const struct tensor *x, const struct tensor *weight,
                                 const struct tensor *bias, const struct tensor *statistics, double eps)
{
	struct tensor mean, var;

	if (!row_of(call, statistics, 0, &mean) || !row_of(call, statistics, 1, &var))
		return 0;
	push_tensor(call, x);
	push_tensor_optional(call, weight);
	push_tensor_optional(call, bias);
	push_tensor_optional(call, &mean);
	push_tensor_optional(call, &var);
	push_bool(call, 0);
	push_f64(call, 0.0);
	push_f64(call, eps);
	push_bool(call, 1);
	return dispatch(call, "aten::batch_norm", "");
}

/* The variance becomes 1 over the standard deviation. */
static bool scale_by(struct call *call, struct tensor *var, double eps)
{
	if (!with_number_temporary(call, var, -eps, subtract))
		return false;
	push_tensor(call, var);
	return run_temporary(call, "aten::rsqrt", "", var) && without_gaps(call, var);
}

int64_t body_batch_norm_measured_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                          const struct tensor *weight, const struct tensor *statistics, double eps)
{
	struct tensor mean, scale;

	if (count_elements(x->sizes, x->ndim) == 0)
		return give_copy(call, gradient);
	if (!row_of(call, statistics, 0, &mean) || !without_gaps(call, &mean) || !row_of(call, statistics, 1, &scale)
	    || !scale_by(call, &scale, eps))
		return 0;
	return normalization_backward(call, gradient, x, weight, &mean, &scale, eps);
}
