/* A stand-in for the libtorch of a machine with GPUs: the real one, with tensors that are said to be on a GPU.
 *
 * It is linked with the real libtorch_cpu.so, and has those of its functions anew that tell where a tensor is, put it
 * somewhere, or compute with it.  What a GPU computes is computed by the CPU; but the tensors of different devices do
 * not go together, each device has copies of its own, and whoever reads a GPU's memory through its address crashes, as
 * with a GPU. */
#define _GNU_SOURCE

#include "devices.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAR_AWAY (UINT64_C(1) << 55) /* added to an address, it leads nowhere */
#define DEVICES 2
#define SPARE 8 /* zeros follow the last value on a stack */
#define BUCKETS 4096
#define FIRST_FLOATING 5 /* of libtorch's numbers of dtypes; those below are integers */

/* What is known of a pointer: of a tensor's handle, of a list, of an optional value. */
enum kind { TENSOR, LIST, OPTIONAL };

struct known {
	struct known *next;
	void *pointer;
	enum kind kind;
	int device;     /* of a tensor; of a list, that of its first tensor */
	bool mixed;     /* of a list: they are on several devices */
	void **tensors; /* of a list */
	size_t count;   /* of these */
};

static struct known *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local char reason[400];

static struct known **place_of(void *pointer)
{
	struct known **place = &buckets[(uintptr_t)pointer / 16 % BUCKETS];

	while (*place && (*place)->pointer != pointer)
		place = &(*place)->next;
	return place;
}

static bool look_up(void *pointer, struct known *found)
{
	struct known *known;

	pthread_mutex_lock(&lock);
	known = *place_of(pointer);
	if (known)
		*found = *known;
	pthread_mutex_unlock(&lock);
	return known != NULL;
}

static void remember(struct known what)
{
	struct known **place;

	pthread_mutex_lock(&lock);
	place = place_of(what.pointer);
	if (!*place) {
		*place = calloc(1, sizeof **place);
		what.next = NULL;
	} else {
		what.next = (*place)->next;
	}
	**place = what;
	pthread_mutex_unlock(&lock);
}

static void forget(void *pointer)
{
	struct known **place, *known;

	pthread_mutex_lock(&lock);
	place = place_of(pointer);
	known = *place;
	if (known) {
		*place = known->next;
		free(known->tensors);
		free(known);
	}
	pthread_mutex_unlock(&lock);
}

int device_of(void *tensor)
{
	struct known found;

	return look_up(tensor, &found) && found.kind == TENSOR ? found.device : CPU;
}

void *on_device(void *tensor, int device)
{
	remember((struct known){.pointer = tensor, .kind = TENSOR, .device = device});
	return tensor;
}

int32_t refuse(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof reason, format, arguments);
	va_end(arguments);
	return 1;
}

/* The real functions. */

void *real(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (!function) { /* where this library was opened by itself, the next one is not the one it is linked with */
		static void *library;
		if (!library)
			library = dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_NOLOAD);
		function = library ? dlsym(library, name) : NULL;
	}
	if (!function)
		abort();
	return function;
}

PUBLIC uint64_t aoti_torch_abi_version(void)
{
	static uint64_t (*version)(void);
	void *address = real("aoti_torch_abi_version");

	memcpy(&version, &address, sizeof address);
	return version();
}

PUBLIC const char *torch_exception_get_what_without_backtrace(void)
{
	static const char *(*what)(void);
	void *address = real("torch_exception_get_what_without_backtrace");

	memcpy(&what, &address, sizeof address);
	return *reason ? reason : what();
}

static int64_t dims_of(void *tensor)
{
	int64_t dims = 0;

	REAL(aoti_torch_get_dim, void *, int64_t *)
	aoti_torch_get_dim_(tensor, &dims);
	return dims;
}

static const char *name_of(int device, char name[16])
{
	snprintf(name, 16, device == CPU ? "cpu" : "cuda:%d", device);
	return name;
}

static int32_t refuse_mixed(const char *who, int a, int b)
{
	char names[2][16];

	return refuse("%s: Expected all tensors to be on the same device, but found at least two devices, %s and %s!", who,
	              name_of(a, names[0]), name_of(b, names[1]));
}

bool together(const char *who, void *a, void *b, bool numbers_go, int *device)
{
	int one = a ? device_of(a) : CPU, other = b ? device_of(b) : one;

	if (!a)
		one = other;
	*device = one == CPU ? other : one;
	if (one == other || (numbers_go && ((one == CPU && dims_of(a) == 0) || (other == CPU && dims_of(b) == 0))))
		return true;
	refuse_mixed(who, one, other);
	return false;
}

/* Tensors. */

PUBLIC int32_t aoti_torch_get_device_type(void *tensor, int32_t *type)
{
	*type = device_of(tensor) == CPU ? 0 : 1;
	return 0;
}

PUBLIC int32_t aoti_torch_get_device_index(void *tensor, int32_t *index)
{
	*index = device_of(tensor);
	return 0;
}

PUBLIC int32_t aoti_torch_get_data_ptr(void *tensor, void **data)
{
	int32_t status;

	REAL(aoti_torch_get_data_ptr, void *, void **)
	status = aoti_torch_get_data_ptr_(tensor, data);
	if (status == 0 && device_of(tensor) != CPU && *data)
		*data = (void *)((uintptr_t)*data | FAR_AWAY);
	return status;
}

PUBLIC int32_t aoti_torch_new_tensor_handle(void *tensor, void **copy)
{
	int32_t status;

	REAL(aoti_torch_new_tensor_handle, void *, void **)
	status = aoti_torch_new_tensor_handle_(tensor, copy);
	if (status == 0)
		on_device(*copy, device_of(tensor));
	return status;
}

PUBLIC int32_t aoti_torch_delete_tensor_object(void *tensor)
{
	REAL(aoti_torch_delete_tensor_object, void *)
	forget(tensor);
	return aoti_torch_delete_tensor_object_(tensor);
}

static bool is_there(int32_t type, int32_t index)
{
	return type == 0 || (type == 1 && index >= 0 && index < DEVICES)
	       || refuse("CUDA error: invalid device ordinal (there is no device of type %d, number %d)", type, index) == 0;
}

PUBLIC int32_t aoti_torch_empty_strided(int64_t ndim, const int64_t *sizes, const int64_t *strides, int32_t dtype,
                                        int32_t type, int32_t index, void **made)
{
	int32_t status;

	REAL(aoti_torch_empty_strided, int64_t, const int64_t *, const int64_t *, int32_t, int32_t, int32_t, void **)
	if (!is_there(type, index))
		return 1;
	status = aoti_torch_empty_strided_(ndim, sizes, strides, dtype, 0, 0, made);
	if (status == 0)
		on_device(*made, type ? index : CPU);
	return status;
}

PUBLIC int32_t aoti_torch_create_tensor_from_blob(void *data, int64_t ndim, const int64_t *sizes, const int64_t *strides,
                                                  int64_t offset, int32_t dtype, int32_t type, int32_t index,
                                                  void **made)
{
	int32_t status;

	REAL(aoti_torch_create_tensor_from_blob, void *, int64_t, const int64_t *, const int64_t *, int64_t, int32_t, int32_t,
	     int32_t, void **)
	data = (void *)((uintptr_t)data & ~FAR_AWAY);
	status = aoti_torch_create_tensor_from_blob_(data, ndim, sizes, strides, offset, dtype, 0, 0, made);
	if (status == 0)
		on_device(*made, type ? index : CPU);
	return status;
}

typedef void deleter(void *data, void *context);

PUBLIC int32_t torch_from_blob(void *data, int64_t ndim, const int64_t *sizes, const int64_t *strides, int64_t offset,
                               int32_t dtype, int32_t type, int32_t index, void **made, int32_t layout,
                               const uint8_t *metadata, int64_t metadata_size, deleter *release, void *context)
{
	int32_t status;

	REAL(torch_from_blob, void *, int64_t, const int64_t *, const int64_t *, int64_t, int32_t, int32_t, int32_t, void **,
	     int32_t, const uint8_t *, int64_t, deleter *, void *)
	data = (void *)((uintptr_t)data & ~FAR_AWAY);
	status = torch_from_blob_(data, ndim, sizes, strides, offset, dtype, 0, -1, made, layout, metadata, metadata_size,
	                          release, context);
	if (status == 0)
		on_device(*made, type ? index : CPU);
	return status;
}

#define SCALAR(name, type) \
	PUBLIC int32_t name(type value, void **made) \
	{ \
		int32_t status; \
		REAL(name, type, void **) \
		status = name##_(value, made); \
		if (status == 0) \
			on_device(*made, CPU); \
		return status; \
	}

SCALAR(aoti_torch_scalar_to_tensor_float32, float)
SCALAR(aoti_torch_scalar_to_tensor_float64, double)
SCALAR(aoti_torch_scalar_to_tensor_int64, int64_t)

/* Lists and optional values, which may hold tensors. */

PUBLIC int32_t torch_new_list_reserve_size(size_t size, void **list)
{
	int32_t status;

	REAL(torch_new_list_reserve_size, size_t, void **)
	status = torch_new_list_reserve_size_(size, list);
	if (status == 0)
		remember((struct known){.pointer = *list, .kind = LIST});
	return status;
}

PUBLIC int32_t torch_list_push_back(void *list, uint64_t value)
{
	struct known tensor, known;

	REAL(torch_list_push_back, void *, uint64_t)
	if (look_up((void *)(uintptr_t)value, &tensor) && tensor.kind == TENSOR && look_up(list, &known)) {
		known.mixed = known.mixed || (known.count && known.device != tensor.device);
		known.device = known.count && known.device != CPU ? known.device : tensor.device;
		known.tensors = realloc(known.tensors, (known.count + 1) * sizeof *known.tensors);
		known.tensors[known.count++] = tensor.pointer;
		remember(known);
	}
	return torch_list_push_back_(list, value);
}

PUBLIC int32_t torch_delete_list(void *list)
{
	REAL(torch_delete_list, void *)
	forget(list);
	return torch_delete_list_(list);
}

PUBLIC int32_t torch_new_stable_ivalue(uint64_t **value)
{
	int32_t status;

	REAL(torch_new_stable_ivalue, uint64_t **)
	status = torch_new_stable_ivalue_(value);
	if (status == 0)
		remember((struct known){.pointer = *value, .kind = OPTIONAL});
	return status;
}

/* Typed functions: the CPU's take nothing from elsewhere. */

static int32_t made_at(int32_t status, void **made, int device)
{
	if (status == 0)
		on_device(*made, device);
	return status;
}

static bool all_on_cpu(const char *who, void *a, void *b)
{
	return (device_of(a) == CPU && (!b || device_of(b) == CPU))
	       || refuse("%s is the CPU's, and was given a tensor on a GPU", who) == 0;
}

#define OF_TWO(name) \
	PUBLIC int32_t name(void *a, void *b, void **made) \
	{ \
		REAL(name, void *, void *, void **) \
		return all_on_cpu(#name, a, b) ? made_at(name##_(a, b, made), made, CPU) : 1; \
	}
#define OF_NUMBER(name) \
	PUBLIC int32_t name(void *x, double number, void **made) \
	{ \
		REAL(name, void *, double, void **) \
		return all_on_cpu(#name, x, NULL) ? made_at(name##_(x, number, made), made, CPU) : 1; \
	}

OF_TWO(aoti_torch_cpu_mul_Tensor)
OF_NUMBER(aoti_torch_cpu_mul_Scalar)
OF_NUMBER(aoti_torch_cpu_pow_Tensor_Scalar)

PUBLIC int32_t aoti_torch_cpu_abs(void *x, void **made)
{
	REAL(aoti_torch_cpu_abs, void *, void **)
	return all_on_cpu("aoti_torch_cpu_abs", x, NULL) ? made_at(aoti_torch_cpu_abs_(x, made), made, CPU) : 1;
}

PUBLIC int32_t aoti_torch_cpu_add_Tensor(void *a, void *b, double alpha, void **made)
{
	REAL(aoti_torch_cpu_add_Tensor, void *, void *, double, void **)
	return all_on_cpu("aoti_torch_cpu_add_Tensor", a, b)
	               ? made_at(aoti_torch_cpu_add_Tensor_(a, b, alpha, made), made, CPU)
	               : 1;
}

PUBLIC int32_t aoti_torch_cpu_add_Scalar(void *x, double number, double alpha, void **made)
{
	REAL(aoti_torch_cpu_add_Scalar, void *, double, double, void **)
	return all_on_cpu("aoti_torch_cpu_add_Scalar", x, NULL)
	               ? made_at(aoti_torch_cpu_add_Scalar_(x, number, alpha, made), made, CPU)
	               : 1;
}

PUBLIC int32_t aoti_torch_cpu_mm_out(void *out, void *a, void *b)
{
	REAL(aoti_torch_cpu_mm_out, void *, void *, void *)
	return all_on_cpu("aoti_torch_cpu_mm_out", a, b) && all_on_cpu("aoti_torch_cpu_mm_out", out, NULL)
	               ? aoti_torch_cpu_mm_out_(out, a, b)
	               : 1;
}

PUBLIC int32_t aoti_torch_aten_subtract_Tensor(void *a, void *b, double alpha, void **made)
{
	int device;

	REAL(aoti_torch_aten_subtract_Tensor, void *, void *, double, void **)
	if (!together("sub", a, b, true, &device))
		return 1;
	return made_at(aoti_torch_aten_subtract_Tensor_(a, b, alpha, made), made, device);
}

/* The dispatcher. */

struct inputs {
	int device; /* of the first tensor that is on a GPU; CPU where none is */
	bool some;
	bool mixed; /* and not only by numbers on the CPU, where those go with all */
	int other;  /* another one's, for the message */
};

static bool is_one_of(const char *op, const char *const *ops)
{
	while (*ops && strcmp(op, *ops) != 0)
		ops++;
	return *ops != NULL;
}

/* Where a CPU tensor without dimensions goes with those of a GPU. */
static bool takes_numbers(const char *op)
{
	static const char *const ops[] = {"aten::add", "aten::sub", "aten::mul", "aten::div", "aten::pow", "aten::maximum",
	                                  "aten::minimum", "aten::eq", "aten::ne", "aten::gt", "aten::lt", "aten::ge",
	                                  "aten::le", "aten::where", "aten::logical_or", NULL};

	return is_one_of(op, ops);
}

static void count_in(struct inputs *inputs, int device, bool number)
{
	if (number && device == CPU)
		return;
	if (inputs->some && inputs->device != device) {
		inputs->mixed = true;
		inputs->other = device;
	}
	inputs->device = inputs->some && inputs->device != CPU ? inputs->device : device;
	inputs->some = true;
}

static struct inputs inputs_of(const char *op, const uint64_t *stack, int count)
{
	struct inputs inputs = {.device = CPU, .other = CPU};
	bool numbers = takes_numbers(op);
	struct known known;

	for (int i = 0; i < count; i++) {
		void *pointer = (void *)(uintptr_t)stack[i];
		if (!look_up(pointer, &known))
			continue;
		if (known.kind == OPTIONAL) {
			pointer = (void *)(uintptr_t) * (uint64_t *)pointer;
			if (!look_up(pointer, &known) || known.kind != TENSOR)
				continue;
		}
		if (known.kind == TENSOR)
			count_in(&inputs, known.device, numbers && dims_of(pointer) == 0);
		if (known.kind == LIST && known.count) {
			inputs.mixed = inputs.mixed || known.mixed;
			count_in(&inputs, known.device, false);
		}
	}
	return inputs;
}

static int count_values(const uint64_t *stack)
{
	int count = 0, zeros = 0;

	for (int i = 0; zeros < SPARE; i++) {
		zeros = stack[i] ? 0 : zeros + 1;
		count = stack[i] ? i + 1 : count;
	}
	return count;
}

static void forget_all(const uint64_t *stack, int count)
{
	struct known known;

	for (int i = 0; i < count; i++) {
		void *pointer = (void *)(uintptr_t)stack[i];
		if (!look_up(pointer, &known))
			continue;
		if (known.kind == OPTIONAL)
			forget((void *)(uintptr_t) * (uint64_t *)pointer);
		for (size_t j = 0; j < known.count; j++)
			forget(known.tensors[j]);
		forget(pointer);
	}
}

static int results_of(const char *op)
{
	static const char *const three[] = {"aten::convolution_backward", "aten::native_batch_norm",
	                                    "aten::native_batch_norm_backward", NULL};
	static const char *const two[] = {"aten::batch_norm_update_stats", "aten::max_pool2d_with_indices", NULL};

	return is_one_of(op, three) ? 3 : is_one_of(op, two) ? 2 : 1;
}

static bool read_device(uint64_t *packed, int *device)
{
	int32_t type = (int32_t)(*packed >> 32), index = (int32_t)(uint32_t)*packed;

	*device = type ? index : CPU;
	*packed = UINT32_MAX; /* the CPU, without a number */
	return is_there(type, index);
}

static _Thread_local int64_t waits; /* copies between devices, without those that a GPU does when it comes to it */

PUBLIC int64_t stand_in_waits(void)
{
	return waits;
}

/* The device that the result is asked for on, which becomes the CPU; false where there is none such. */
static bool take_device(const char *op, const char *overload, uint64_t *stack, const struct inputs *inputs, int *device)
{
	*device = inputs->device;
	if (strcmp(op, "aten::zeros") == 0 || strcmp(op, "aten::ones") == 0)
		return read_device((uint64_t *)(uintptr_t)stack[3], device);
	if (strcmp(op, "aten::to") == 0 && strcmp(overload, "device") == 0) {
		int from = inputs->device;
		if (!read_device(&stack[1], device))
			return false;
		if (from != *device && !(stack[3] && from == CPU))
			waits++;
		stack[4] = from != *device; /* another device has a copy of its own */
	}
	return true;
}

/* A GPU multiplies no integers: cuBLAS has no such product. */
static bool is_integer_product(const char *op, void *tensor, const struct inputs *inputs)
{
	int32_t dtype = 0;
	int64_t count = 0;

	REAL(aoti_torch_get_dtype, void *, int32_t *)
	REAL(aoti_torch_get_numel, void *, int64_t *)
	if (inputs->device == CPU || strcmp(op, "aten::matmul") != 0 || aoti_torch_get_dtype_(tensor, &dtype) != 0)
		return false;
	return dtype < FIRST_FLOATING && aoti_torch_get_numel_(tensor, &count) == 0 && count > 0;
}

PUBLIC int32_t torch_call_dispatcher(const char *op, const char *overload, uint64_t *stack, uint64_t version)
{
	int count = count_values(stack), device;
	struct inputs inputs = inputs_of(op, stack, count);
	bool anywhere = strcmp(op, "aten::copy_") == 0;
	void *target = (void *)(uintptr_t)stack[0];
	int32_t status;

	REAL(torch_call_dispatcher, const char *, const char *, uint64_t *, uint64_t)
	*reason = 0;
	if (inputs.mixed && !anywhere)
		return refuse_mixed(op, inputs.device, inputs.other);
	if (is_integer_product(op, target, &inputs))
		return refuse("\"addmm_cuda\" not implemented for 'Long'");
	if (!take_device(op, overload, stack, &inputs, &device))
		return 1;
	if (anywhere)
		device = device_of(target);
	forget_all(stack, count);
	status = torch_call_dispatcher_(op, overload, stack, version);
	for (int i = 0; status == 0 && i < results_of(op); i++) {
		if (stack[i])
			on_device((void *)(uintptr_t)stack[i], device);
	}
	return status;
}
