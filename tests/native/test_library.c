/* The exported functions, on the stand-in for libtorch whose path is the first argument. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "rt_torch.h"

static int64_t (*fake_live_tensors)(void);
static bool (*fake_gradients)(void);
static _Atomic int *fake_waiting, *fake_gate;

static void find_fake(const char *path)
{
	void *fake = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
	void *address;

	if (!fake) {
		puts("the stand-in is not loaded");
		exit(1);
	}
	address = dlsym(fake, "fake_live_tensors");
	memcpy(&fake_live_tensors, &address, sizeof address);
	address = dlsym(fake, "fake_gradients");
	memcpy(&fake_gradients, &address, sizeof address);
	fake_waiting = dlsym(fake, "fake_waiting");
	fake_gate = dlsym(fake, "fake_gate");
}

static void nothing_is_left(void)
{
	CHECK_EQUAL(rt_torch_live_handles(), 0);
	CHECK_EQUAL(fake_live_tensors(), 0);
	CHECK(fake_gradients());
}

static void says(int64_t code, const char *part)
{
	CHECK_EQUAL(rt_torch_last_error_code(), code);
	if (!CHECK(strstr(rt_torch_last_error(), part) != NULL))
		printf("  \"%s\" does not say \"%s\"\n", rt_torch_last_error(), part);
}

#define FAILS(call, code, part) (CHECK_EQUAL((call), 0), says(code, part))
#define BAD(call, part) FAILS(call, RT_TORCH_ERROR_BAD_ARGUMENT, part)
#define STATUS(call, code, part) FAILS_WITH(call, code, code, part)
#define FAILS_WITH(call, failure, code, part) (CHECK_EQUAL((call), failure), says(code, part))

static const double six[] = {1, -2, 3, -4, 5, -6};
static const int64_t two_by_three[] = {2, 3};

static int64_t matrix(void)
{
	return rt_torch_from_data_f64(six, 6, two_by_three, 2);
}

/* Errors. */

static void errors_stay_until_the_next_one(void)
{
	int64_t x = matrix();
	char text[500];

	rt_torch_clear_error();
	CHECK_EQUAL(rt_torch_last_error_code(), 0);
	CHECK(*rt_torch_last_error() == 0);
	FAILS(rt_torch_relu(-5), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_relu: argument `x`: -5 is no live tensor handle");
	strcpy(text, rt_torch_last_error());
	CHECK_EQUAL(rt_torch_free(x), 0);
	CHECK_EQUAL(rt_torch_free(x), RT_TORCH_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_torch_live_handles(), 0);
	rt_torch_available();
	rt_torch_function_available("rt_torch_softmax");
	rt_torch_function_available(NULL);
	says(RT_TORCH_ERROR_INVALID_HANDLE, text);
	CHECK_EQUAL(rt_torch_suggest_path(NULL), 0);
	CHECK_EQUAL(rt_torch_last_error_code(), 0);
	CHECK(strcmp(rt_torch_last_error(), text) == 0);
	nothing_is_left();
}

static void *look_at_errors(void *unused)
{
	(void)unused;
	CHECK_EQUAL(rt_torch_last_error_code(), 0);
	CHECK(*rt_torch_last_error() == 0);
	FAILS(rt_torch_neg(0), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_neg");
	return NULL;
}

static void errors_are_each_thread_s_own(void)
{
	pthread_t thread;

	FAILS(rt_torch_relu(0), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_relu");
	pthread_create(&thread, NULL, look_at_errors, NULL);
	pthread_join(thread, NULL);
	says(RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_relu");
}

static void long_texts_are_cut_between_characters(void)
{
	static char path[3000];

	for (size_t i = 0; i + 2 < sizeof path; i += 2)
		memcpy(path + i, "\xC3\xA9", 2);
	for (int shift = 0; shift < 4; shift++) {
		const char *text;
		STATUS(rt_torch_load(path + 2 * shift), RT_TORCH_ERROR_NO_UPSTREAM, "rt_torch_load");
		text = rt_torch_last_error();
		CHECK(strlen(text) < 2048);
		CHECK((unsigned char)text[strlen(text) - 1] != 0xC3);
		path[2 * shift] = 'x';
		path[2 * shift + 1] = 'x';
	}
}

static void libtorch_s_own_reason_is_told(void)
{
	int64_t x = matrix();

	CHECK_EQUAL(rt_torch_log(x), 0);
	if (rt_torch_wrap_copies())
		says(RT_TORCH_ERROR_REFUSED, "rt_torch_log: libtorch 2.10.0 refused: its reason is only known from 2.13 on; "
		     "given `x`: f64 [2, 3] on cpu");
	else
		says(RT_TORCH_ERROR_REFUSED, "refused: it is in a bad mood today; given `x`: f64 [2, 3] on cpu");
	FAILS(rt_torch_tanh(x), RT_TORCH_ERROR_REFUSED, "libtorch returned f32 where f64 is expected: torch's autocast");
	rt_torch_free(x);
	nothing_is_left();
}

/* 2^53 bytes are more than a process can address. */
static void a_result_without_room_is_told(void)
{
	const int64_t large[] = {INT64_C(1) << 40, 1 << 10};

	FAILS(rt_torch_zeros(large, 2, "float64", "cpu"), RT_TORCH_ERROR_OUT_OF_MEMORY,
	      "; given `dtype`: float64, `device`: cpu, `shape`: [1099511627776, 1024]");
	says(RT_TORCH_ERROR_OUT_OF_MEMORY, rt_torch_wrap_copies() ? "there is no memory for the 9007199254740992 bytes of "
	     "the result" : "you tried to allocate very much");
	nothing_is_left();
}

static void what_is_missing_is_unavailable(void)
{
	int64_t x = matrix();

	CHECK_EQUAL(rt_torch_function_available("rt_torch_get_num_threads"), 0);
	CHECK_EQUAL(rt_torch_function_available("rt_torch_relu"), 1);
	CHECK_EQUAL(rt_torch_function_available("rt_torch_free"), 1);
	CHECK_EQUAL(rt_torch_function_available("rt_torch_nonsense"), 0);
	FAILS_WITH(rt_torch_get_num_threads(), -1, RT_TORCH_ERROR_UNAVAILABLE, "rt_torch_get_num_threads: unavailable");
	says(RT_TORCH_ERROR_UNAVAILABLE, "it lacks `torch_get_num_threads`");
	if (!rt_torch_wrap_copies()) { /* older ones cannot say why */
		CHECK_EQUAL(rt_torch_function_available("rt_torch_exp"), 1);
		FAILS(rt_torch_exp(x), RT_TORCH_ERROR_UNAVAILABLE, "lacks an operation");
		FAILS(rt_torch_exp(x), RT_TORCH_ERROR_UNAVAILABLE, "lacks an operation");
		CHECK_EQUAL(rt_torch_function_available("rt_torch_exp"), 0);
	}
	rt_torch_free(x);
	nothing_is_left();
}

/* Handles. */

static void no_number_but_a_live_handle_is_taken(void)
{
	int64_t x = matrix();
	int64_t freed = matrix();
	int64_t wrong[] = {0, -1, INT64_MIN, INT64_MAX, 12345678901234, x + 1024, x + 1, x - 1, freed};

	CHECK_EQUAL(rt_torch_free(freed), 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		FAILS(rt_torch_relu(wrong[i]), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_relu: argument `x`");
		FAILS(rt_torch_mul(x, wrong[i]), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_mul: argument `b`");
		FAILS_WITH(rt_torch_ndim(wrong[i]), -1, RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_ndim: argument `x`");
		CHECK(isnan(rt_torch_sum(wrong[i])));
		CHECK(rt_torch_dtype(wrong[i]) == NULL);
		CHECK_EQUAL(rt_torch_free(wrong[i]), RT_TORCH_ERROR_INVALID_HANDLE);
	}
	CHECK_EQUAL(rt_torch_free(x), 0);
	nothing_is_left();
}

static void a_second_handle_keeps_the_tensor(void)
{
	int64_t x = matrix();
	int64_t second = rt_torch_retain(x);

	CHECK(second > 0 && second != x);
	CHECK_EQUAL(rt_torch_free(x), 0);
	CHECK(rt_torch_sum(second) == -3);
	CHECK_EQUAL(rt_torch_free(second), 0);
	nothing_is_left();
}

static void *wait_in_a_call(void *handle)
{
	return (void *)(intptr_t)rt_torch_sigmoid(*(int64_t *)handle);
}

static void a_call_completes_though_its_argument_is_freed(void)
{
	int64_t x = matrix();
	int64_t result;
	pthread_t thread;
	void *answer;
	double data[6];

	atomic_store(fake_gate, 0);
	pthread_create(&thread, NULL, wait_in_a_call, &x);
	while (!atomic_load(fake_waiting))
		usleep(100);
	CHECK_EQUAL(rt_torch_free(x), 0);
	CHECK_EQUAL(rt_torch_free(x), RT_TORCH_ERROR_INVALID_HANDLE);
	FAILS(rt_torch_relu(x), RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_relu");
	CHECK_EQUAL(rt_torch_live_handles(), 0);
	CHECK_EQUAL(fake_live_tensors(), 1);
	atomic_store(fake_gate, 1);
	pthread_join(thread, &answer);
	result = (int64_t)(intptr_t)answer;
	CHECK_EQUAL(rt_torch_to_data_f64(result, data, 6), 6);
	CHECK(memcmp(data, six, sizeof six) == 0);
	rt_torch_free(result);
	nothing_is_left();
}

static _Atomic int64_t exchanged[4];
static double lent[6];

static void *create_use_and_free(void *number)
{
	for (int i = 0; i < rounds(20000); i++) {
		int64_t x = matrix();
		int64_t y = rt_torch_relu(x);
		int64_t other = atomic_exchange(&exchanged[(i + (int)(intptr_t)number) % 4], y);
		double sum = rt_torch_sum(x);
		if (sum != -3 || !y)
			return "wrong answer";
		rt_torch_free(rt_torch_relu(other)); /* perhaps freed by now */
		rt_torch_free(other);
		rt_torch_free(rt_torch_wrap(lent, two_by_three, 2, NULL, -1, "f64", i));
		if (rt_torch_free(x))
			return "not freed";
	}
	return NULL;
}

static void take_all_tokens(void)
{
	int64_t count = rt_torch_released(NULL, 0);
	int64_t *tokens = malloc((size_t)(count + 1) * sizeof *tokens);

	CHECK_EQUAL(rt_torch_released(tokens, count + 1), count);
	free(tokens);
}

static void threads_work_side_by_side(void)
{
	enum { THREADS = 8 };
	pthread_t threads[THREADS];
	void *problem;

	for (intptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, create_use_and_free, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &problem);
		if (!CHECK(problem == NULL))
			puts(problem);
	}
	for (int i = 0; i < 4; i++)
		rt_torch_free(atomic_exchange(&exchanged[i], 0));
	CHECK_EQUAL(rt_torch_released(NULL, 0), THREADS * rounds(20000));
	take_all_tokens();
	nothing_is_left();
}

/* Lists that come out. */

static void a_list_is_asked_for_its_length_first(void)
{
	int64_t x = matrix();
	int64_t shape[3] = {-7, -7, -7};
	double data[7];

	CHECK_EQUAL(rt_torch_shape(x, NULL, 0), 2);
	FAILS_WITH(rt_torch_shape(x, shape, 1), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "rt_torch_shape: argument `out_cap`");
	FAILS_WITH(rt_torch_shape(x, shape, 0), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "there is room for 0 elements, and 2");
	FAILS_WITH(rt_torch_shape(x, shape, -1), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "out_cap");
	FAILS_WITH(rt_torch_shape(x, NULL, 2), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "`out`: NULL");
	CHECK_EQUAL(shape[0], -7);
	CHECK_EQUAL(rt_torch_shape(x, shape, 3), 2);
	CHECK(shape[0] == 2 && shape[1] == 3 && shape[2] == -7);
	CHECK_EQUAL(rt_torch_strides(x, shape, 3), 2);
	CHECK(shape[0] == 3 && shape[1] == 1);
	data[0] = 77;
	FAILS_WITH(rt_torch_to_data_f64(x, data, 5), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "out_cap");
	CHECK(data[0] == 77);
	CHECK_EQUAL(rt_torch_to_data_f64(x, NULL, 0), 6);
	CHECK_EQUAL(rt_torch_to_data_f64(x, data, 7), 6);
	CHECK(memcmp(data, six, sizeof six) == 0);
	FAILS_WITH(rt_torch_to_data_i64(x, NULL, 0), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "rt_torch_to_dtype");
	rt_torch_free(x);
	nothing_is_left();
}

static void elements_come_in_row_major_order(void)
{
	static const double turned[] = {1, -4, -2, 5, 3, -6};
	int64_t x = matrix();
	int64_t y = rt_torch_transpose(x, 0, 1);
	double data[6];

	CHECK_EQUAL(rt_torch_is_contiguous(x), 1);
	CHECK_EQUAL(rt_torch_is_contiguous(y), 0);
	CHECK_EQUAL(rt_torch_to_data_f64(y, data, 6), 6);
	CHECK(memcmp(data, turned, sizeof turned) == 0);
	rt_torch_free(x);
	rt_torch_free(y);
	nothing_is_left();
}

/* Shared memory. */

static double shared[6] = {1, 2, 3, 4, 5, 6};

static void a_token_comes_back_when_the_last_view_is_gone(void)
{
	bool copies = rt_torch_wrap_copies();
	int64_t x = rt_torch_wrap(shared, two_by_three, 2, NULL, -1, "f64", 42);
	int64_t view = rt_torch_transpose(x, 0, 1);
	int64_t tokens[2] = {0, 0};

	CHECK_EQUAL(rt_torch_data_ptr(x) == shared, !copies);
	CHECK_EQUAL(rt_torch_released(NULL, 0), copies);
	rt_torch_free(x);
	CHECK_EQUAL(rt_torch_released(NULL, 0), copies);
	CHECK(rt_torch_sum(view) == 21);
	rt_torch_free(view);
	CHECK_EQUAL(rt_torch_released(NULL, 0), 1);
	FAILS_WITH(rt_torch_released(tokens, 0), -1, RT_TORCH_ERROR_BAD_ARGUMENT, "out_cap");
	CHECK_EQUAL(rt_torch_released(tokens, 2), 1);
	CHECK(tokens[0] == 42 && tokens[1] == 0);
	CHECK_EQUAL(rt_torch_released(NULL, 0), 0);
	nothing_is_left();
}

static void tokens_come_in_their_order(void)
{
	int64_t tokens[3];

	for (int64_t i = 1; i <= 3; i++)
		rt_torch_free(rt_torch_wrap(shared, two_by_three, 2, NULL, -1, "f64", i));
	CHECK_EQUAL(rt_torch_released(tokens, 3), 3);
	CHECK(tokens[0] == 1 && tokens[1] == 2 && tokens[2] == 3);
	nothing_is_left();
}

static void what_cannot_be_wrapped_is_refused(void)
{
	static const int64_t strides[] = {3, 1}, backwards[] = {-3, 1}, far[] = {INT64_MAX / 2, 1}, negative[] = {2, -3},
	                     huge[] = {INT64_C(1) << 32, INT64_C(1) << 32};
	int64_t x = rt_torch_wrap(shared, two_by_three, 2, strides, 2, "f64", 1);
	int64_t tokens[1];

	CHECK(x > 0);
	rt_torch_free(x);
	CHECK_EQUAL(rt_torch_released(tokens, 1), 1);
	BAD(rt_torch_wrap(NULL, two_by_three, 2, NULL, -1, "f64", 1), "`data`: NULL");
	BAD(rt_torch_wrap(shared, NULL, 2, NULL, -1, "f64", 1), "`shape`: NULL");
	BAD(rt_torch_wrap(shared, negative, 2, NULL, -1, "f64", 1), "[2, -3] has a negative size");
	BAD(rt_torch_wrap(shared, huge, 2, NULL, -1, "f64", 1), "overflow");
	BAD(rt_torch_wrap(shared, two_by_three, 2, backwards, 2, "f64", 1), "go backwards");
	BAD(rt_torch_wrap(shared, two_by_three, 2, far, 2, "f64", 1), "extent overflows");
	BAD(rt_torch_wrap(shared, two_by_three, 2, strides, 1, "f64", 1), "1 strides were given");
	BAD(rt_torch_wrap(shared, two_by_three, 2, strides, -2, "f64", 1), "strides");
	BAD(rt_torch_wrap(shared, two_by_three, 2, NULL, 2, "f64", 1), "`strides`: NULL");
	BAD(rt_torch_wrap(shared, two_by_three, 2, NULL, -1, "f65", 1), "`dtype`: \"f65\"");
	CHECK_EQUAL(rt_torch_released(NULL, 0), 0);
	nothing_is_left();
}

/* DLPack, as its header has it. */

struct managed {
	void *data;
	int32_t device_type, device_id;
	int32_t ndim;
	uint8_t code, bits;
	uint16_t lanes;
	int64_t *shape, *strides;
	uint64_t byte_offset;
	void *context;
	void (*deleter)(struct managed *self);
};

static int deleted;

static void count_deletion(struct managed *self)
{
	(void)self;
	deleted++;
}

static void dlpack_goes_there_and_back(void)
{
	int64_t x = matrix();
	struct managed *managed = rt_torch_to_dlpack(x);
	int64_t y;

	CHECK(managed->data == rt_torch_data_ptr(x));
	CHECK(managed->device_type == 1 && managed->ndim == 2 && managed->byte_offset == 0);
	CHECK(managed->code == 2 && managed->bits == 64 && managed->lanes == 1);
	CHECK(managed->shape[0] == 2 && managed->shape[1] == 3 && managed->strides[0] == 3 && managed->strides[1] == 1);
	CHECK_EQUAL(rt_torch_free(x), 0);
	CHECK_EQUAL(rt_torch_live_handles(), 0);
	y = rt_torch_from_dlpack(managed);
	CHECK(rt_torch_sum(y) == -3);
	CHECK_EQUAL(rt_torch_free(y), 0);
	managed = rt_torch_to_dlpack(0);
	CHECK(managed == NULL);
	says(RT_TORCH_ERROR_INVALID_HANDLE, "rt_torch_to_dlpack");
	nothing_is_left();
}

static void dlpack_of_others_is_checked(void)
{
	int64_t shape[65] = {2, 2}, strides[] = {3, 1}, backwards[] = {-3, 1};
	struct managed good = {shared, 1, 0, 2, 2, 64, 1, shape, strides, 8, NULL, count_deletion};
	struct managed bad;
	int64_t x;

	deleted = 0;
	x = rt_torch_from_dlpack(&good);
	CHECK(rt_torch_sum(x) == 2 + 3 + 5 + 6);
	CHECK_EQUAL(deleted, rt_torch_wrap_copies());
	rt_torch_free(x);
	CHECK_EQUAL(deleted, 1);
#define REFUSED(change, part) \
	(bad = good, change, BAD(rt_torch_from_dlpack(&bad), part))
	REFUSED(bad.code = 5, "type code 5");
	REFUSED(bad.bits = 128, "128 bits");
	REFUSED(bad.lanes = 4, "4 lanes");
	REFUSED(bad.device_type = 2, "device type 2");
	REFUSED(bad.device_type = 77, "device type 77");
	REFUSED(bad.ndim = -1, "-1 dimensions");
	REFUSED(bad.ndim = 65, "65 dimensions");
	REFUSED(bad.shape = NULL, "shape is NULL");
	REFUSED(bad.strides = backwards, "backwards");
	REFUSED(bad.data = NULL, "data is NULL");
	shape[1] = -2;
	REFUSED(bad.ndim = 2, "negative size");
	BAD(rt_torch_from_dlpack(NULL), "`managed`: NULL");
	CHECK_EQUAL(deleted, 1);
	nothing_is_left();
}

/* Arguments. */

static void shapes_and_data_must_fit(void)
{
	static const int64_t negative[] = {2, -3}, huge[] = {INT64_C(1) << 32, INT64_C(1) << 32},
	                     large[] = {INT64_C(1) << 61, 2}, four[] = {2, 2}, none[] = {0, 3};
	int64_t ones[65];
	int64_t x;

	for (int i = 0; i < 65; i++)
		ones[i] = 1;
	BAD(rt_torch_from_data_f64(six, 6, four, 2), "6 elements were given, and the shape [2, 2] has 4");
	BAD(rt_torch_from_data_f64(six, 6, negative, 2), "`shape`: the shape [2, -3] has a negative size");
	BAD(rt_torch_from_data_f64(six, 6, huge, 2), "overflows 63 bits");
	BAD(rt_torch_from_data_f64(six, 6, large, 2), "overflows 63 bits");
	BAD(rt_torch_from_data_f64(NULL, 6, two_by_three, 2), "`data`: NULL was given for 6 elements");
	BAD(rt_torch_from_data_f64(six, -6, two_by_three, 2), "`data`: a length of -6");
	BAD(rt_torch_from_data_f64(six, 6, NULL, 2), "`shape`");
	BAD(rt_torch_from_data_f64(six, 6, two_by_three, -1), "`shape`");
	BAD(rt_torch_from_data_f64(six, 1, ones, 65), "at most 64 dimensions");
	BAD(rt_torch_zeros(negative, 2, "f64", "cpu"), "negative size");
	BAD(rt_torch_zeros(huge, 2, "f64", "cpu"), "overflows");
	x = rt_torch_from_data_f64(six, 1, ones, 64);
	BAD(rt_torch_unsqueeze(x, 0), "64");
	CHECK_EQUAL(rt_torch_free(x), 0);
	x = rt_torch_from_data_f64(NULL, 0, none, 2);
	CHECK_EQUAL(rt_torch_numel(x), 0);
	CHECK(rt_torch_data_ptr(x) == NULL);
	CHECK_EQUAL(rt_torch_last_error_code(), 0);
	CHECK_EQUAL(rt_torch_free(x), 0);
	x = rt_torch_zeros(none, 2, "float32", "cpu");
	CHECK(strcmp(rt_torch_dtype(x), "f32") == 0);
	CHECK(strcmp(rt_torch_device(x), "cpu") == 0);
	CHECK_EQUAL(rt_torch_free(x), 0);
	nothing_is_left();
}

static void texts_are_checked(void)
{
	static const char *const not_dtypes[] = {"", "f63", "F64", "f64 ", "float", "complex64"};
	static const char *const not_devices[] = {"", "gpu9", "CPU", "cpu:", "cuda:", "cuda:x", "cuda:-1", "cuda:01",
	                                          "cuda:99999999999999999999", "cuda0"};

	for (size_t i = 0; i < sizeof not_dtypes / sizeof *not_dtypes; i++)
		BAD(rt_torch_zeros(two_by_three, 2, not_dtypes[i], "cpu"), "`dtype`");
	for (size_t i = 0; i < sizeof not_devices / sizeof *not_devices; i++)
		BAD(rt_torch_zeros(two_by_three, 2, "f64", not_devices[i]), "`device`");
	BAD(rt_torch_zeros(two_by_three, 2, NULL, "cpu"), "`dtype`: NULL");
	BAD(rt_torch_zeros(two_by_three, 2, "f64", NULL), "`device`: NULL");
	BAD(rt_torch_zeros(two_by_three, 2, "f64\xFF", "cpu"), "`dtype`: the text is no valid UTF-8");
	BAD(rt_torch_zeros(two_by_three, 2, "f64", "\xC0\x80"), "UTF-8");
	BAD(rt_torch_zeros(two_by_three, 2, "f64", "\xED\xA0\x80"), "UTF-8");
	BAD(rt_torch_zeros(two_by_three, 2, "f64", "cuda"), "\"cuda\" is not there");
	STATUS(rt_torch_load("\xFF"), RT_TORCH_ERROR_BAD_ARGUMENT, "`path`: the text is no valid UTF-8");
	CHECK_EQUAL(rt_torch_cuda_available(), 0);
	nothing_is_left();
}

/* The page behind this text must not be read: an error would cost as much as a text is long. */
static void long_texts_are_not_read_to_their_end(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	char *text = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!CHECK(text != MAP_FAILED) || !CHECK(mprotect(text + size, size, PROT_NONE) == 0))
		return;
	memset(text, 'x', size);
	BAD(rt_torch_zeros(two_by_three, 2, text, "cpu"), "`dtype`: \"xxx");
	BAD(rt_torch_zeros(two_by_three, 2, "f64", text), "`device`: \"xxx");
	memcpy(text, "cuda:9", 6);
	BAD(rt_torch_zeros(two_by_three, 2, "f64", text), "`device`: \"cuda:9xxx");
	STATUS(rt_torch_load(text), RT_TORCH_ERROR_BAD_ARGUMENT, "`path`: more than 4095 bytes were given");
	STATUS(rt_torch_suggest_path(text), RT_TORCH_ERROR_BAD_ARGUMENT, "`path`: more than 4095 bytes were given");
	munmap(text, 2 * size);
}

static void dimensions_and_shapes_are_checked(void)
{
	static const int64_t twice_unknown[] = {-1, -1}, unfit[] = {4, -1}, below[] = {-2, 3},
	                     huge[] = {INT64_C(1) << 40, INT64_C(1) << 40};
	int64_t x = matrix();
	int64_t scalar = rt_torch_from_data_f64(six, 1, NULL, 0);
	int64_t narrow = rt_torch_zeros(two_by_three, 2, "f32", "cpu");
	int64_t dim = 2;

	BAD(rt_torch_transpose(x, 0, 2), "`dim1`: dimension 2 was given, and a tensor of 2 dimensions takes -2");
	BAD(rt_torch_transpose(x, -3, 0), "`dim0`");
	BAD(rt_torch_softmax(x, INT64_MIN), "`dim`");
	BAD(rt_torch_squeeze(x, &dim), "`dim`");
	BAD(rt_torch_unsqueeze(x, 3), "`dim`");
	BAD(rt_torch_sum_dim(x, 0, 2), "`keepdim`: 2");
	BAD(rt_torch_reshape(x, twice_unknown, 2), "more than one -1");
	BAD(rt_torch_reshape(x, unfit, 2), "[4, -1] does not fit the 6 elements");
	BAD(rt_torch_reshape(x, below, 2), "negative");
	BAD(rt_torch_reshape(x, huge, 2), "overflows");
	BAD(rt_torch_reshape(x, NULL, 1), "`shape`: NULL");
	BAD(rt_torch_matmul(x, x), "the inner sizes of [2, 3] and [2, 3] do not fit");
	BAD(rt_torch_matmul(scalar, x), "`a`: a tensor of at least one dimension");
	BAD(rt_torch_matmul(narrow, x), "the dtypes are f32 and f64");
	BAD(rt_torch_where(x, x, x), "`cond`: the dtype is f64, and bool is needed");
	rt_torch_free(x);
	rt_torch_free(scalar);
	rt_torch_free(narrow);
	nothing_is_left();
}

static void full_and_ranges_are_filled(void)
{
	const double limit = 9223372036854775808.0;
	const int64_t shape[] = {600, 3};
	int64_t x = rt_torch_full(shape, 2, -0.0, "f64", "cpu");
	const double *doubles = rt_torch_data_ptr(x);
	const int64_t *integers;
	const float *floats;

	for (int i = 0; i < 1800; i++)
		CHECK(doubles[i] == 0 && signbit(doubles[i]));
	rt_torch_free(x);
	x = rt_torch_arange(-limit, limit, limit / 2, "i64", "cpu");
	CHECK_EQUAL(rt_torch_numel(x), 4);
	integers = rt_torch_data_ptr(x);
	for (int i = 0; i < 4; i++)
		CHECK_EQUAL(integers[i], (i - 2) * (INT64_C(1) << 62));
	rt_torch_free(x);
	x = rt_torch_arange(3, -3, -1.5, "f32", "cpu");
	floats = rt_torch_data_ptr(x);
	for (int i = 0; i < 4; i++)
		CHECK(floats[i] == 3 - 1.5F * (float)i);
	rt_torch_free(x);
	x = rt_torch_full(shape, 2, NAN, "bool", "cpu");
	CHECK_EQUAL(((const uint8_t *)rt_torch_data_ptr(x))[1799], 1);
	rt_torch_free(x);
	rt_torch_free(rt_torch_full(NULL, 0, INT64_MIN, "i64", "cpu"));
	BAD(rt_torch_full(NULL, 0, limit, "i64", "cpu"), "i64 holds whole numbers from -9223372036854775808");
	BAD(rt_torch_full(NULL, 0, NAN, "i64", "cpu"), "argument `value`: the value is nan");
	BAD(rt_torch_arange(0, limit * 4, limit * 2, "i64", "cpu"), "the range reaches 1.84");
	BAD(rt_torch_arange(-limit, limit, 1, "i64", "cpu"), "overflows 63 bits");
	BAD(rt_torch_arange(0, 1, 5e-324, "f64", "cpu"), "it is inf elements");
	BAD(rt_torch_arange(0, INFINITY, 1, "f64", "cpu"), "argument `end`: inf was given");
	nothing_is_left();
}

static void threads_are_not_too_many(void)
{
	STATUS(rt_torch_set_num_threads(0), RT_TORCH_ERROR_BAD_ARGUMENT, "`n`: 0");
	STATUS(rt_torch_set_num_threads(1025), RT_TORCH_ERROR_BAD_ARGUMENT, "`n`: 1025 was given, and a number of threads "
	       "is between 1 and 1024");
	STATUS(rt_torch_set_num_threads(100000), RT_TORCH_ERROR_BAD_ARGUMENT, "`n`");
	STATUS(rt_torch_set_num_threads(INT64_C(1) << 40), RT_TORCH_ERROR_BAD_ARGUMENT, "`n`");
	CHECK_EQUAL(rt_torch_set_num_threads(1), 0);
}

static void many_cycles_leave_nothing(void)
{
	for (int i = 0; i < rounds(100000); i++) {
		int64_t x = matrix();
		int64_t y = rt_torch_relu(x);
		int64_t z = rt_torch_add(x, y);
		CHECK_EQUAL(rt_torch_add(x, 0), 0);
		CHECK(!rt_torch_free(x) && !rt_torch_free(y) && !rt_torch_free(z));
	}
	nothing_is_left();
}

static void *first_call(void *unused)
{
	int64_t x = matrix();
	int64_t y = rt_torch_relu(x);

	(void)unused;
	CHECK(rt_torch_sum(y) == 9);
	rt_torch_free(x);
	rt_torch_free(y);
	return NULL;
}

/* Before anything is loaded. */
static void threads_find_libtorch_together(const char *path)
{
	enum { THREADS = 8 };
	pthread_t threads[THREADS];

	setenv("RT_TORCH_LIBTORCH", path, 1);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, first_call, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(errors_stay_until_the_next_one),
		TEST(errors_are_each_thread_s_own),
		TEST(long_texts_are_cut_between_characters),
		TEST(libtorch_s_own_reason_is_told),
		TEST(a_result_without_room_is_told),
		TEST(what_is_missing_is_unavailable),
		TEST(no_number_but_a_live_handle_is_taken),
		TEST(a_second_handle_keeps_the_tensor),
		TEST(a_call_completes_though_its_argument_is_freed),
		TEST(threads_work_side_by_side),
		TEST(a_list_is_asked_for_its_length_first),
		TEST(elements_come_in_row_major_order),
		TEST(a_token_comes_back_when_the_last_view_is_gone),
		TEST(tokens_come_in_their_order),
		TEST(what_cannot_be_wrapped_is_refused),
		TEST(dlpack_goes_there_and_back),
		TEST(dlpack_of_others_is_checked),
		TEST(shapes_and_data_must_fit),
		TEST(texts_are_checked),
		TEST(long_texts_are_not_read_to_their_end),
		TEST(dimensions_and_shapes_are_checked),
		TEST(full_and_ranges_are_filled),
		TEST(threads_are_not_too_many),
		TEST(many_cycles_leave_nothing),
	};

	if (argc != 2) {
		puts("which libtorch?");
		return 1;
	}
	threads_find_libtorch_together(argv[1]);
	find_fake(argv[1]);
	return run_tests(tests, sizeof tests / sizeof *tests);
}
