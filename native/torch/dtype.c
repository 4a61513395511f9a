#include <float.h>
#include <string.h>

#include "libtorch_cuda.h"
#include "inner.h"

#define SHOWN 64 /* bytes of a text that is refused: longer than any that is not */

enum { DLPACK_INT = 0, DLPACK_UINT = 1, DLPACK_FLOAT = 2, DLPACK_BFLOAT = 4, DLPACK_BOOL = 6 };

static const struct dtype_info dtypes[] = {
	{DTYPE_F64, "f64", "float64", 8, CATEGORY_FLOATING, DLPACK_FLOAT},
	{DTYPE_F32, "f32", "float32", 4, CATEGORY_FLOATING, DLPACK_FLOAT},
	{DTYPE_I64, "i64", "int64", 8, CATEGORY_INTEGER, DLPACK_INT},
	{DTYPE_BOOL, "bool", "bool", 1, CATEGORY_BOOL, DLPACK_BOOL},
	{DTYPE_F16, "f16", "float16", 2, CATEGORY_FLOATING, DLPACK_FLOAT},
	{DTYPE_BF16, "bf16", "bfloat16", 2, CATEGORY_FLOATING, DLPACK_BFLOAT},
	{DTYPE_I32, "i32", "int32", 4, CATEGORY_INTEGER, DLPACK_INT},
	{DTYPE_I16, "i16", "int16", 2, CATEGORY_INTEGER, DLPACK_INT},
	{DTYPE_I8, "i8", "int8", 1, CATEGORY_INTEGER, DLPACK_INT},
	{DTYPE_U8, "u8", "uint8", 1, CATEGORY_INTEGER, DLPACK_UINT},
};
static const struct dtype_info unknown = {-1, "unknown", "unknown", 0, CATEGORY_FLOATING, 0};

#define DTYPE_COUNT (sizeof dtypes / sizeof dtypes[0])

const struct dtype_info *dtype_info(int32_t dtype)
{
	for (size_t i = 0; i < DTYPE_COUNT; i++) {
		if (dtypes[i].code == dtype)
			return &dtypes[i];
	}
	return &unknown;
}

const struct dtype_info *dtype_of_dlpack(uint8_t code, uint8_t bits)
{
	for (size_t i = 0; i < DTYPE_COUNT; i++) {
		if (dtypes[i].dlpack_code == code && dtypes[i].size * 8 == bits)
			return &dtypes[i];
	}
	return NULL;
}

const char *dtype_name(int32_t dtype)
{
	return dtype_info(dtype)->name;
}

bool dtype_floating(int32_t dtype)
{
	return dtype == DTYPE_F64 || dtype == DTYPE_F32 || dtype == DTYPE_F16 || dtype == DTYPE_BF16;
}

double dtype_largest(int32_t dtype)
{
	switch (dtype) {
	case DTYPE_F16:
		return 65504.0;
	case DTYPE_BF16:
		return 3.3895313892515355e38;
	case DTYPE_F32:
		return FLT_MAX;
	default:
		return DBL_MAX;
	}
}

/* The higher category wins; within one, the type that holds the values of both. */
int32_t dtype_promote(int32_t a, int32_t b)
{
	const struct dtype_info *a_info, *b_info;

	if (a == b)
		return a;
	a_info = dtype_info(a);
	b_info = dtype_info(b);
	if (a_info->category != b_info->category)
		return a_info->category > b_info->category ? a : b;
	if (a_info->size != b_info->size)
		return a_info->size > b_info->size ? a : b;
	return a_info->category == CATEGORY_FLOATING ? DTYPE_F32  /* f16 and bf16 */
	                                             : DTYPE_I16; /* i8 and u8 */
}

/* A tensor of no dimensions only counts where it is of a higher category than those that have some. */
int32_t dtype_of_result(const struct tensor *a, const struct tensor *b)
{
	const struct tensor *with_dims, *without;

	if ((a->ndim > 0) == (b->ndim > 0))
		return dtype_promote(a->dtype, b->dtype);
	with_dims = a->ndim > 0 ? a : b;
	without = a->ndim > 0 ? b : a;
	if (dtype_info(without->dtype)->category > dtype_info(with_dims->dtype)->category)
		return dtype_promote(with_dims->dtype, without->dtype);
	return with_dims->dtype;
}

bool parse_dtype(struct call *call, const char *name, const char *text, int32_t *dtype)
{
	if (!check_str_start(call, name, text, SHOWN))
		return false;
	for (size_t i = 0; i < DTYPE_COUNT; i++) {
		if (strcmp(text, dtypes[i].name) == 0 || strcmp(text, dtypes[i].torch_name) == 0) {
			*dtype = dtypes[i].code;
			call_note_text(call, name, text);
			return true;
		}
	}
	return call_bad_argument(call, name, "\"%.*s\" is no dtype: expected f64, f32, f16, bf16, i64, i32, i16, i8, u8 "
	                         "or bool, or torch's name for one of these", SHOWN, text);
}

const char *device_text(struct device device)
{
	return device.type == DEVICE_CPU ? "cpu" : cuda_name(device.index);
}

static bool parse_index(const char *digits, int *index)
{
	int value = 0;

	if (!*digits || (digits[0] == '0' && digits[1]))
		return false;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9' || value > 1000)
			return false;
		value = value * 10 + (*digits - '0');
	}
	*index = value;
	return true;
}

bool parse_device(struct call *call, const char *name, const char *text, struct device *device)
{
	int index = 0, count;

	if (!check_str_start(call, name, text, SHOWN))
		return false;
	call_note_text(call, name, text);
	if (strcmp(text, "cpu") == 0 || strcmp(text, "cpu:0") == 0) {
		*device = (struct device){DEVICE_CPU, -1};
		return true;
	}
	if (strcmp(text, "gpu") != 0
	    && (strncmp(text, "cuda", 4) != 0 || (text[4] && (text[4] != ':' || !parse_index(text + 5, &index)))))
		return call_bad_argument(call, name, "\"%.*s\" is no device: expected cpu, gpu, cuda or cuda:N", SHOWN, text);
	count = cuda_count();
	if (index >= count) {
		if (count > 0)
			return call_bad_argument(call, name, "\"%s\" is not there: the last device is %s", text, cuda_name(count - 1));
		return call_bad_argument(call, name, "\"%s\" is not there: %s; or use \"cpu\"", text, cuda_why_not());
	}
	*device = (struct device){DEVICE_CUDA, index};
	return true;
}
