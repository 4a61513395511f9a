/* A few of the library's functions, for tests of the loaders where the library or libtorch is not there.  A "handle" is a
 * plain number; failures are what the arguments ask for. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static char error_text[256];
static int64_t error_code;
static int64_t grown; /* how often a list was asked for */

static int64_t fail(int64_t code, const char *text, int64_t failure)
{
	error_code = code;
	snprintf(error_text, sizeof error_text, "%s", text);
	return failure;
}

int64_t rt_torch_abi_version(void) { return 1; }
const char *rt_torch_last_error(void) { return error_text; }
int64_t rt_torch_last_error_code(void) { return error_code; }
int32_t rt_torch_clear_error(void) { error_code = 0; error_text[0] = 0; return 0; }
int64_t rt_torch_live_handles(void) { return 0; }
int32_t rt_torch_suggest_path(const char *path) { (void)path; return 0; }

int64_t rt_torch_add(int64_t a, int64_t b)
{
	error_code = 0;
	return a > 0 && b > 0 ? a + b : fail(1, "rt_torch_add: argument `a`: no handle", 0);
}

int64_t rt_torch_softmax(int64_t x, int64_t dim) { return x + dim; }
int64_t rt_torch_mul_scalar(int64_t x, double s) { return (int64_t)(x * s); }
int64_t rt_torch_sum_dim(int64_t x, int64_t dim, int32_t keepdim) { return x + dim + 1000 * keepdim; }
int32_t rt_torch_free(int64_t x) { return x > 0 ? 0 : 1; }
int64_t rt_torch_squeeze(int64_t x, const int64_t *dim) { return dim ? x + *dim : x; }

/* -1 is a dimension count too, unless there was an error. */
int64_t rt_torch_ndim(int64_t x)
{
	error_code = 0;
	return x > 0 ? -1 : fail(1, "rt_torch_ndim: argument `x`: no handle", -1);
}

double rt_torch_sum(int64_t x)
{
	error_code = 0;
	return x > 0 ? 0.0 / 0.0 : (double)fail(2, "rt_torch_sum: argument `x`: no sum", 0) / 0.0;
}

const char *rt_torch_dtype(int64_t x)
{
	error_code = 0;
	return x > 0 ? "f64" : (fail(2, "rt_torch_dtype: b\xc3\xa4h", 0), NULL);
}

/* The sum of the elements and of 100 times the sizes, so that a test can see what arrived. */
int64_t rt_torch_from_data_f64(const double *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	double sum = 1;
	int64_t i;

	error_code = 0;
	for (i = 0; i < data_len; i++)
		sum += data[i];
	for (i = 0; i < shape_len; i++)
		sum += 100 * (double)shape[i];
	return (int64_t)sum;
}

int64_t rt_torch_from_data_bool(const uint8_t *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	(void)shape;
	(void)shape_len;
	return data_len ? 1000 * data_len + data[0] : 1;
}

int64_t rt_torch_zeros(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device)
{
	(void)shape;
	error_code = 0;
	return 10000 * shape_len + 100 * (int64_t)strlen(dtype) + (int64_t)strlen(device);
}

/* Sizes 0, 1, 2 ...: as many as the handle says. */
int64_t rt_torch_shape(int64_t x, int64_t *out, int64_t out_cap)
{
	int64_t i;

	error_code = 0;
	if (x < 0)
		return fail(1, "rt_torch_shape: argument `x`: no handle", -1);
	if (out && out_cap < x)
		return fail(2, "rt_torch_shape: argument `out_cap`: too small", -1);
	for (i = 0; out && i < x; i++)
		out[i] = i;
	return x;
}

/* One token more each time that only the length is asked for: the list grows before it can be read. */
int64_t rt_torch_released(int64_t *out, int64_t out_cap)
{
	int64_t i;

	error_code = 0;
	if (!out && grown < 3)
		return ++grown;
	if (out && out_cap < 3) {
		return fail(2, "rt_torch_released: argument `out_cap`: too small", -1);
	}
	for (i = 0; out && i < 3; i++)
		out[i] = 70 + i;
	return 3;
}

int64_t rt_torch_to_data_bool(int64_t x, uint8_t *out, int64_t out_cap)
{
	if (out && out_cap >= 2) {
		out[0] = (uint8_t)x;
		out[1] = 1;
	}
	return 2;
}

int64_t rt_torch_from_dlpack(void *managed) { return (int64_t)(intptr_t)managed; }
void *rt_torch_data_ptr(int64_t x)
{
	error_code = 0;
	return x > 0 ? (void *)(intptr_t)x : x == 0 ? NULL : (fail(1, "rt_torch_data_ptr: no", 0), NULL);
}

int64_t rt_torch_wrap(void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides, int64_t strides_len,
                      const char *dtype, int64_t token)
{
	(void)data;
	(void)shape;
	(void)strides;
	(void)dtype;
	return 1000 * (shape_len + 1) + 10 * (strides_len + 1) + token;
}
