/* What is checked of convolutions and pooling.  Sizes and steps are below 2^31, so sums and products of two fit. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "window.h"

#define MOST INT32_MAX

/* A tensor, or a list of sizes that stands for one. */
struct shape {
	const char *name;
	const int64_t *sizes;
};

static bool pair_bad(const struct call *call, const char *a, const char *b, const char *format, ...) RT_PRINTF(4, 5);

static bool pair_bad(const struct call *call, const char *a, const char *b, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return call_fail(call, ERROR_BAD_ARGUMENT, "arguments `%s` and `%s`: %s", a, b, text);
}

/* Shapes. */

static const char images[] = "batch, channels, height and width";
static const char filters[] = "output channels, channels, height and width";

static bool sizes_fit(const struct call *call, const char *name, const int64_t *sizes, int first)
{
	char text[SHAPE_TEXT];

	for (int i = first; i < 4; i++) {
		if (sizes[i] == 0)
			return call_bad_argument(call, name, "the shape %s has a size of 0%s", shape_text(text, sizes, 4),
			                         first ? " beside the batch" : "");
	}
	if (sizes[2] <= MOST && sizes[3] <= MOST)
		return true;
	return call_bad_argument(call, name, "the shape %s has a height or width above %d", shape_text(text, sizes, 4), MOST);
}

static bool four_dims(const struct call *call, const struct tensor *x, const char *meaning)
{
	return x->ndim == 4 || call_bad_argument(call, x->name, "it has %lld dimensions, and 4 are needed: %s",
	                                         (long long)x->ndim, meaning);
}

static bool four_sizes(const struct call *call, const char *name, int64_t ndim, const char *meaning)
{
	return ndim == 4 || call_bad_argument(call, name, "%lld sizes were given, and 4 are needed: %s", (long long)ndim,
	                                      meaning);
}

bool check_images(struct call *call, struct tensor *x)
{
	return four_dims(call, x, images) && sizes_fit(call, x->name, x->sizes, 1);
}

bool check_image_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim)
{
	return four_sizes(call, name, ndim, images) && sizes_fit(call, name, sizes, 1);
}

bool check_filters(struct call *call, struct tensor *weight)
{
	return four_dims(call, weight, filters) && sizes_fit(call, weight->name, weight->sizes, 0);
}

bool check_filter_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim)
{
	return four_sizes(call, name, ndim, filters) && sizes_fit(call, name, sizes, 0);
}

/* Numbers for height and width. */

static bool numbers_fit(const struct call *call, const char *name, const int64_t *numbers, int64_t count, int64_t least)
{
	char text[SHAPE_TEXT];

	if (count != 1 && count != 2)
		return call_bad_argument(call, name, "%lld numbers were given, and one is needed, or one for height and one for "
		                         "width", (long long)count);
	for (int64_t i = 0; i < count; i++) {
		if (numbers[i] < least || numbers[i] > MOST)
			return call_bad_argument(call, name, "%s was given, and each number must lie in %lld to %d",
			                         shape_text(text, numbers, count), (long long)least, MOST);
	}
	return true;
}

bool check_steps(struct call *call, const char *name, const int64_t *numbers, int64_t count)
{
	return numbers_fit(call, name, numbers, count, 1);
}

bool check_steps_if_given(struct call *call, const char *name, const int64_t *numbers, int64_t count)
{
	return count == LIST_ABSENT || numbers_fit(call, name, numbers, count, 1);
}

bool check_border(struct call *call, const char *name, const int64_t *numbers, int64_t count)
{
	return numbers_fit(call, name, numbers, count, 0);
}

void read_pair(const int64_t *numbers, int64_t count, int64_t pair[2])
{
	pair[0] = numbers[0];
	pair[1] = numbers[count - 1];
}

void read_windows(const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                  const int64_t *padding, int64_t padding_len, struct windows *windows)
{
	*windows = (struct windows){.dilation = {1, 1}};
	read_pair(kernel, kernel_len, windows->kernel);
	read_pair(padding, padding_len, windows->padding);
	if (stride_len == LIST_ABSENT)
		read_pair(kernel, kernel_len, windows->stride);
	else
		read_pair(stride, stride_len, windows->stride);
}

/* How many windows there are. */

static int64_t reach(const struct windows *windows, int i)
{
	return windows->dilation[i] * (windows->kernel[i] - 1) + 1;
}

static int64_t count_windows(const struct windows *windows, int i, int64_t size)
{
	int64_t stride = windows->stride[i], padding = windows->padding[i];
	int64_t room = size + 2 * padding - reach(windows, i) + (windows->ceil ? stride - 1 : 0);

	if (room < 0)
		return 0;
	return room / stride + 1 - (windows->ceil && room / stride * stride >= size + padding);
}

/* Sets the last two of `counts`. */
static bool windows_fit(const struct call *call, const struct shape *x, const char *name, const struct windows *windows,
                        int64_t counts[4])
{
	int64_t reached[2], padded[2];
	char reached_text[SHAPE_TEXT], padded_text[SHAPE_TEXT];

	for (int i = 0; i < 2; i++) {
		reached[i] = reach(windows, i);
		padded[i] = x->sizes[2 + i] + 2 * windows->padding[i];
		counts[2 + i] = count_windows(windows, i, x->sizes[2 + i]);
	}
	if (counts[2] > 0 && counts[3] > 0)
		return true;
	return pair_bad(call, x->name, name, "windows of %s, dilation included, do not fit into images of %s, padding "
	                "included", shape_text(reached_text, reached, 2), shape_text(padded_text, padded, 2));
}

static bool result_fits(struct call *call, const char *a, const char *b, const int64_t sizes[4])
{
	const char *problem = overflow(sizes, 4, &call->count);
	char text[SHAPE_TEXT];

	return !problem || pair_bad(call, a, b, "the %s of the result's shape %s overflows 63 bits", problem,
	                            shape_text(text, sizes, 4));
}

static bool gradient_fits(const struct call *call, const struct tensor *gradient, const char *name, const char *what,
                          const int64_t sizes[4])
{
	char given[SHAPE_TEXT], wanted[SHAPE_TEXT];

	if (gradient->ndim == 4 && memcmp(gradient->sizes, sizes, 4 * sizeof *sizes) == 0)
		return true;
	return pair_bad(call, gradient->name, name, "the shape of the gradient is %s, and that of the %s images %s",
	                shape_text(given, gradient->sizes, gradient->ndim), what, shape_text(wanted, sizes, 4));
}

/* Convolutions. */

static bool channels_fit(const struct call *call, const struct shape *x, const struct shape *weight, int64_t groups)
{
	char x_text[SHAPE_TEXT], weight_text[SHAPE_TEXT];

	if (groups < 1)
		return call_bad_argument(call, "groups", "%lld was given, and at least 1 is needed", (long long)groups);
	if (weight->sizes[0] % groups != 0)
		return pair_bad(call, weight->name, "groups", "the %lld output channels of %s do not fall into %lld groups",
		                (long long)weight->sizes[0], shape_text(weight_text, weight->sizes, 4), (long long)groups);
	if (x->sizes[1] % groups == 0 && x->sizes[1] / groups == weight->sizes[1])
		return true;
	return pair_bad(call, x->name, weight->name, "images of %s have %lld channels, and filters of %s in %lld groups take "
	                "%lld", shape_text(x_text, x->sizes, 4), (long long)x->sizes[1],
	                shape_text(weight_text, weight->sizes, 4), (long long)groups,
	                (long long)(weight->sizes[1] * groups));
}

/* Sets the shape of the result. */
static bool convolves(const struct call *call, const struct shape *x, const struct shape *weight,
                      struct windows *windows, int64_t groups, int64_t sizes[4])
{
	windows->kernel[0] = weight->sizes[2];
	windows->kernel[1] = weight->sizes[3];
	sizes[0] = x->sizes[0];
	sizes[1] = weight->sizes[0];
	return channels_fit(call, x, weight, groups) && windows_fit(call, x, weight->name, windows, sizes);
}

bool check_conv2d(struct call *call, struct tensor *x, struct tensor *weight, const char *stride_name,
                  const int64_t *stride, int64_t stride_len, const char *padding_name, const int64_t *padding,
                  int64_t padding_len, const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                  const char *groups_name, int64_t groups)
{
	struct shape x_shape = {x->name, x->sizes}, weight_shape = {weight->name, weight->sizes};
	struct windows windows = {0};
	int64_t sizes[4];

	(void)stride_name, (void)padding_name, (void)dilation_name, (void)groups_name;
	read_pair(stride, stride_len, windows.stride);
	read_pair(padding, padding_len, windows.padding);
	read_pair(dilation, dilation_len, windows.dilation);
	return convolves(call, &x_shape, &weight_shape, &windows, groups, sizes)
	       && result_fits(call, x->name, weight->name, sizes);
}

bool check_conv2d_input(struct call *call, struct tensor *gradient, struct tensor *weight, const char *shape_name,
                        const int64_t *shape, int64_t shape_len, const char *stride_name, const int64_t *stride,
                        int64_t stride_len, const char *padding_name, const int64_t *padding, int64_t padding_len,
                        const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                        const char *groups_name, int64_t groups)
{
	struct shape x_shape = {shape_name, shape}, weight_shape = {weight->name, weight->sizes};
	struct windows windows = {0};
	int64_t sizes[4];

	(void)shape_len, (void)stride_name, (void)padding_name, (void)dilation_name, (void)groups_name;
	read_pair(stride, stride_len, windows.stride);
	read_pair(padding, padding_len, windows.padding);
	read_pair(dilation, dilation_len, windows.dilation);
	return convolves(call, &x_shape, &weight_shape, &windows, groups, sizes)
	       && gradient_fits(call, gradient, shape_name, "convolved", sizes);
}

bool check_conv2d_weight(struct call *call, struct tensor *gradient, struct tensor *x, const char *shape_name,
                         const int64_t *shape, int64_t shape_len, const char *stride_name, const int64_t *stride,
                         int64_t stride_len, const char *padding_name, const int64_t *padding, int64_t padding_len,
                         const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                         const char *groups_name, int64_t groups)
{
	struct shape x_shape = {x->name, x->sizes}, weight_shape = {shape_name, shape};
	struct windows windows = {0};
	int64_t sizes[4];

	(void)shape_len, (void)stride_name, (void)padding_name, (void)dilation_name, (void)groups_name;
	read_pair(stride, stride_len, windows.stride);
	read_pair(padding, padding_len, windows.padding);
	read_pair(dilation, dilation_len, windows.dilation);
	return convolves(call, &x_shape, &weight_shape, &windows, groups, sizes)
	       && gradient_fits(call, gradient, shape_name, "convolved", sizes);
}

/* Pooling. */

static bool padding_fits(const struct call *call, const struct windows *windows)
{
	int64_t most[2] = {windows->kernel[0] / 2, windows->kernel[1] / 2};
	char text[SHAPE_TEXT], most_text[SHAPE_TEXT];

	if (windows->padding[0] <= most[0] && windows->padding[1] <= most[1])
		return true;
	return call_bad_argument(call, "padding", "%s was given, and at most half of the kernel, %s, is possible",
	                         shape_text(text, windows->padding, 2), shape_text(most_text, most, 2));
}

/* The elements of a window before the image may miss it with one step, where the image is smaller than that: libtorch
 * then takes whatever it finds. */
static bool misses(const struct windows *windows, int i, int64_t size)
{
	int64_t dilation = windows->dilation[i];

	if (size >= dilation)
		return false;
	for (int64_t before = windows->padding[i]; before > 0; before -= windows->stride[i]) {
		if ((dilation - before % dilation) % dilation >= size)
			return true;
	}
	return false;
}

/* Sets the shape of the result. */
static bool pools(struct call *call, const struct shape *x, const struct windows *windows, int64_t sizes[4])
{
	char text[SHAPE_TEXT];

	sizes[0] = x->sizes[0];
	sizes[1] = x->sizes[1];
	if (!padding_fits(call, windows) || !windows_fit(call, x, "kernel", windows, sizes))
		return false;
	if (misses(windows, 0, x->sizes[2]) || misses(windows, 1, x->sizes[3]))
		return pair_bad(call, x->name, "dilation", "with steps of %s there are windows that hold no element of the images",
		                shape_text(text, windows->dilation, 2));
	return result_fits(call, x->name, "kernel", sizes);
}

bool check_max_pool2d(struct call *call, struct tensor *x, const char *kernel_name, const int64_t *kernel,
                      int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                      const char *padding_name, const int64_t *padding, int64_t padding_len, const char *dilation_name,
                      const int64_t *dilation, int64_t dilation_len, const char *ceil_mode_name, int32_t ceil_mode)
{
	struct shape shape = {x->name, x->sizes};
	struct windows windows;
	int64_t sizes[4];

	(void)kernel_name, (void)stride_name, (void)padding_name, (void)dilation_name, (void)ceil_mode_name;
	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	read_pair(dilation, dilation_len, windows.dilation);
	windows.ceil = ceil_mode;
	return pools(call, &shape, &windows, sizes);
}

bool check_max_pool2d_backward(struct call *call, struct tensor *gradient, struct tensor *x, const char *kernel_name,
                               const int64_t *kernel, int64_t kernel_len, const char *stride_name,
                               const int64_t *stride, int64_t stride_len, const char *padding_name,
                               const int64_t *padding, int64_t padding_len, const char *dilation_name,
                               const int64_t *dilation, int64_t dilation_len, const char *ceil_mode_name,
                               int32_t ceil_mode)
{
	struct shape shape = {x->name, x->sizes};
	struct windows windows;
	int64_t sizes[4];

	(void)kernel_name, (void)stride_name, (void)padding_name, (void)dilation_name, (void)ceil_mode_name;
	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	read_pair(dilation, dilation_len, windows.dilation);
	windows.ceil = ceil_mode;
	return pools(call, &shape, &windows, sizes) && gradient_fits(call, gradient, x->name, "pooled", sizes);
}

bool check_avg_pool2d(struct call *call, struct tensor *x, const char *kernel_name, const int64_t *kernel,
                      int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                      const char *padding_name, const int64_t *padding, int64_t padding_len,
                      const char *ceil_mode_name, int32_t ceil_mode)
{
	struct shape shape = {x->name, x->sizes};
	struct windows windows;
	int64_t sizes[4];

	(void)kernel_name, (void)stride_name, (void)padding_name, (void)ceil_mode_name;
	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	windows.ceil = ceil_mode;
	return pools(call, &shape, &windows, sizes);
}

bool check_avg_pool2d_backward(struct call *call, struct tensor *gradient, const char *shape_name,
                               const int64_t *shape, int64_t shape_len, const char *kernel_name, const int64_t *kernel,
                               int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                               const char *padding_name, const int64_t *padding, int64_t padding_len,
                               const char *ceil_mode_name, int32_t ceil_mode)
{
	struct shape x_shape = {shape_name, shape};
	struct windows windows;
	int64_t sizes[4];

	(void)shape_len, (void)kernel_name, (void)stride_name, (void)padding_name, (void)ceil_mode_name;
	read_windows(kernel, kernel_len, stride, stride_len, padding, padding_len, &windows);
	windows.ceil = ceil_mode;
	return pools(call, &x_shape, &windows, sizes) && gradient_fits(call, gradient, shape_name, "pooled", sizes);
}
