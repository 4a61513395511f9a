/* The functions on CUDA, over the stand-in whose path is the first argument. */
#define _POSIX_C_SOURCE 200809L

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "rt_cuda.h"

#define KIB 1024

static void (*fake_devices)(int count);
static void (*fake_driver)(int version);
static void (*fake_fail)(const char *function, int code, int skipped);
static void (*fake_poison)(int code);
static void (*fake_reset)(void);
static int (*fake_live)(void);
static int (*fake_last_error)(void);

static void find(void *library, const char *name, void *function)
{
	void *address = dlsym(library, name);

	if (!address)
		exit(2);
	memcpy(function, &address, sizeof address);
}

static void open_fake(const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		exit(2);
	find(library, "fake_devices", &fake_devices);
	find(library, "fake_driver", &fake_driver);
	find(library, "fake_fail", &fake_fail);
	find(library, "fake_poison", &fake_poison);
	find(library, "fake_reset", &fake_reset);
	find(library, "fake_live", &fake_live);
	find(library, "fake_last_error", &fake_last_error);
}

/* Nothing is left of a test, here or there, and no error for others to find. */
static void nothing_is_left(void)
{
	fake_reset();
	rt_cuda_clear_error();
	CHECK_EQUAL(rt_cuda_live_handles(), 0);
	CHECK_EQUAL(fake_live(), 0);
	CHECK_EQUAL(rt_cuda_current_device(), 0);
}

static bool says(const char *part)
{
	bool found = strstr(rt_cuda_last_error(), part) != NULL;

	if (!found)
		printf("says \"%s\", not \"%s\"\n", rt_cuda_last_error(), part);
	return found;
}

#define CHECK_FAILS(call, failure, code, part)                \
	do {                                                      \
		CHECK_EQUAL(call, failure);                           \
		CHECK_EQUAL(rt_cuda_last_error_code(), code);         \
		CHECK(says(part));                                    \
	} while (0)

/* Devices. */

static void devices(void)
{
	const int64_t first = 0, second = 1;
	int64_t available, total, before;
	const char *name;

	CHECK_EQUAL(rt_cuda_available(), 1);
	CHECK_EQUAL(rt_cuda_device_count(), 2);
	CHECK_EQUAL(rt_cuda_driver_version(), 13000);
	CHECK(rt_cuda_runtime_version() > 12000);
	name = rt_cuda_device_name(1);
	CHECK(name && strcmp(name, "Fake GPU 1") == 0);
	CHECK(name == rt_cuda_device_name(1));
	CHECK(strcmp(rt_cuda_device_name(0), "Fake GPU 0") == 0);
	CHECK_EQUAL(rt_cuda_device_attribute(RT_CUDA_ATTRIBUTE_WARP_SIZE, 1), 32);
	CHECK_EQUAL(rt_cuda_device_attribute(RT_CUDA_ATTRIBUTE_PCI_BUS_ID, 1), 331);
	CHECK_EQUAL(rt_cuda_can_access_peer(0, 1), 1);
	CHECK_EQUAL(rt_cuda_can_access_peer(1, 1), 0);
	CHECK_EQUAL(rt_cuda_device_memory(&second, &available, &total), 0);
	CHECK_EQUAL(available, total);
	before = rt_cuda_alloc(KIB, &second);
	CHECK_EQUAL(rt_cuda_device_memory(&second, &available, &total), 0);
	CHECK_EQUAL(total - available, KIB);
	CHECK_EQUAL(rt_cuda_device_memory(&first, &available, &total), 0);
	CHECK_EQUAL(total - available, 0);
	CHECK_EQUAL(rt_cuda_free(before), 0);
	nothing_is_left();
}

static void the_current_device(void)
{
	const int64_t second = 1;
	int64_t stream;

	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK_EQUAL(rt_cuda_set_device(1), 0);
	stream = rt_cuda_stream_create(0, 0, NULL);
	CHECK_EQUAL(rt_cuda_stream_device(stream), 1);
	CHECK_EQUAL(rt_cuda_set_device(0), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	stream = rt_cuda_stream_create(0, 0, &second);
	CHECK_EQUAL(rt_cuda_stream_device(stream), 1);
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK_EQUAL(rt_cuda_synchronize(&second), 0);
	CHECK_EQUAL(rt_cuda_synchronize(NULL), 0);
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	nothing_is_left();
}

static void devices_that_are_not_there(void)
{
	const int64_t third = 2, none = -1;

	CHECK_FAILS(rt_cuda_set_device(2), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "rt_cuda_set_device: argument `device`: 2 was given, and the last device is 1");
	CHECK_FAILS(rt_cuda_set_device(-1), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "counted from 0");
	CHECK_FAILS(rt_cuda_set_device(INT64_C(1) << 32), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "last device");
	CHECK(!rt_cuda_device_name(2));
	CHECK_FAILS(rt_cuda_stream_create(0, 0, &third), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `device`");
	CHECK_FAILS(rt_cuda_event_create(0, 0, &none), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `device`");
	CHECK_FAILS(rt_cuda_alloc(1, &third), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `device`");
	CHECK_FAILS(rt_cuda_can_access_peer(0, 7), -1, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `peer`");
	CHECK_FAILS(rt_cuda_device_attribute(4711, 0), -1, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `attribute`");
	nothing_is_left();
}

static void no_driver(void)
{
	int64_t available, total;

	fake_driver(0);
	CHECK_EQUAL(rt_cuda_available(), 0);
	CHECK_EQUAL(fake_last_error(), 0);
	CHECK_EQUAL(rt_cuda_driver_version(), 0);
	CHECK_FAILS(rt_cuda_device_count(), -1, RT_CUDA_ERROR_NO_UPSTREAM,
	            "rt_cuda_device_count: cudaErrorInsufficientDriver (35): ");
	CHECK(says("there is no NVIDIA driver here"));
	CHECK(says("on the device \"cpu\""));
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 35);
	CHECK_FAILS(rt_cuda_stream_create(0, 0, NULL), 0, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_event_create(1, 0, NULL), 0, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_alloc(1, NULL), 0, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_host_alloc(1), 0, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_device_memory(NULL, &available, &total), RT_CUDA_ERROR_NO_UPSTREAM, RT_CUDA_ERROR_NO_UPSTREAM,
	            "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_synchronize(NULL), RT_CUDA_ERROR_NO_UPSTREAM, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_current_device(), -1, RT_CUDA_ERROR_NO_UPSTREAM, "no NVIDIA driver");
	CHECK_FAILS(rt_cuda_stream_synchronize(RT_CUDA_NONE), RT_CUDA_ERROR_NO_UPSTREAM, RT_CUDA_ERROR_NO_UPSTREAM,
	            "no NVIDIA driver");
	fake_driver(11040);
	CHECK_FAILS(rt_cuda_device_count(), -1, RT_CUDA_ERROR_NO_UPSTREAM, "is one for CUDA 11.4, and this is the runtime of");
	nothing_is_left();
}

static void no_device(void)
{
	fake_devices(0);
	CHECK_EQUAL(rt_cuda_available(), 0);
	CHECK_FAILS(rt_cuda_device_count(), -1, RT_CUDA_ERROR_NO_UPSTREAM, "cudaErrorNoDevice (100): ");
	CHECK(says("CUDA_VISIBLE_DEVICES"));
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 100);
	CHECK_EQUAL(fake_last_error(), 0);
	nothing_is_left();
	CHECK_EQUAL(rt_cuda_device_count(), 2);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 100);
	fake_fail("cudaGetDeviceCount", 803, 0);
	CHECK_FAILS(rt_cuda_device_count(), -1, RT_CUDA_ERROR_NO_UPSTREAM, "cudaErrorSystemDriverMismatch (803): ");
	CHECK(says("do not fit together"));
	nothing_is_left();
}

static void names_of_errors(void)
{
	CHECK(strcmp(rt_cuda_error_name(100), "cudaErrorNoDevice") == 0);
	CHECK(strcmp(rt_cuda_error_text(2), "out of memory") == 0);
	CHECK(!rt_cuda_error_name(INT64_C(1) << 40));
	CHECK(says("argument `number`"));
	nothing_is_left();
}

/* Streams and events. */

static void streams(void)
{
	int64_t stream, least, greatest;

	CHECK_EQUAL(rt_cuda_stream_priorities(&least, &greatest), 0);
	CHECK_EQUAL(least, 0);
	CHECK_EQUAL(greatest, -5);
	stream = rt_cuda_stream_create(greatest, 1, NULL);
	CHECK(stream > 0);
	CHECK(rt_cuda_stream_ptr(stream) != NULL);
	CHECK_EQUAL(rt_cuda_live_handles(), 1);
	CHECK_EQUAL(rt_cuda_stream_query(stream), 1);
	CHECK_EQUAL(rt_cuda_stream_synchronize(stream), 0);
	CHECK_EQUAL(rt_cuda_stream_query(RT_CUDA_NONE), 1);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_FAILS(rt_cuda_stream_query(stream), -1, RT_CUDA_ERROR_INVALID_HANDLE, "is not a stream handle");
	CHECK_FAILS(rt_cuda_stream_create(0, 2, NULL), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `non_blocking`");
	CHECK_FAILS(rt_cuda_stream_create(INT64_MAX, 0, NULL), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `priority`");
	nothing_is_left();
}

static void work_in_a_stream_is_asked_about(void)
{
	int64_t stream = rt_cuda_stream_create(0, 0, NULL), memory = rt_cuda_alloc(KIB, NULL);

	CHECK_EQUAL(rt_cuda_memset_async(memory, 0, 1, KIB, stream), 0);
	CHECK_EQUAL(rt_cuda_stream_query(stream), 0);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_EQUAL(fake_last_error(), 0);
	CHECK_EQUAL(rt_cuda_stream_query(stream), 1);
	CHECK_EQUAL(rt_cuda_memset_async(memory, 0, 1, KIB, stream), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	CHECK_EQUAL(rt_cuda_free(memory), 0);
	nothing_is_left();
}

static void events(void)
{
	int64_t stream = rt_cuda_stream_create(0, 0, NULL), memory = rt_cuda_alloc(KIB, NULL);
	int64_t start = rt_cuda_event_create(1, 0, NULL), stop = rt_cuda_event_create(1, 1, NULL);
	double elapsed;

	CHECK_EQUAL(rt_cuda_event_query(start), 1);
	CHECK_EQUAL(rt_cuda_event_synchronize(start), 0);
	CHECK_EQUAL(rt_cuda_event_record(start, stream), 0);
	CHECK_EQUAL(rt_cuda_memset_async(memory, 0, 1, KIB, stream), 0);
	CHECK_EQUAL(rt_cuda_event_record(stop, stream), 0);
	CHECK_EQUAL(rt_cuda_event_query(stop), 0);
	CHECK(rt_cuda_event_elapsed(start, stop) != rt_cuda_event_elapsed(start, stop)); /* NaN */
	CHECK_EQUAL(rt_cuda_last_error_code(), RT_CUDA_ERROR_REFUSED);
	CHECK(says("cudaErrorNotReady (600)") && says("has not happened yet: wait for it"));
	CHECK_EQUAL(rt_cuda_event_synchronize(stop), 0);
	CHECK_EQUAL(rt_cuda_event_query(stop), 1);
	elapsed = rt_cuda_event_elapsed(start, stop);
	CHECK(elapsed > 0.002 && elapsed < 0.004);
	CHECK_EQUAL(rt_cuda_event_device(stop), 0);
	CHECK_EQUAL(rt_cuda_event_destroy(start), 0);
	CHECK_EQUAL(rt_cuda_event_destroy(start), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_cuda_event_destroy(stop), 0);
	CHECK_EQUAL(rt_cuda_free(memory), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	nothing_is_left();
}

static void events_without_a_time(void)
{
	const int64_t second = 1;
	int64_t timed = rt_cuda_event_create(1, 0, NULL), untimed = rt_cuda_event_create(0, 0, NULL);
	int64_t elsewhere = rt_cuda_event_create(1, 0, &second), stream = rt_cuda_stream_create(0, 0, NULL);

	CHECK(rt_cuda_event_elapsed(timed, timed) != 0);
	CHECK(says("argument `start`: the event was never recorded"));
	CHECK_EQUAL(rt_cuda_event_record(timed, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_event_record(untimed, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_event_record(elsewhere, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK(rt_cuda_event_elapsed(timed, untimed) != 0);
	CHECK(says("argument `stop`: the event was made to take no time"));
	CHECK(rt_cuda_event_elapsed(timed, elsewhere) != 0);
	CHECK(says("argument `stop`: it is an event of cuda:1, and `start` one of cuda:0"));
	CHECK_FAILS(rt_cuda_event_record(elsewhere, stream), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "argument `stream`: it is a stream of cuda:0, and `event` is an event of cuda:1");
	CHECK_EQUAL(rt_cuda_event_destroy(timed), 0);
	CHECK_EQUAL(rt_cuda_event_destroy(untimed), 0);
	CHECK_EQUAL(rt_cuda_event_destroy(elsewhere), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	nothing_is_left();
}

static void a_stream_waits_for_an_event(void)
{
	const int64_t second = 1;
	int64_t first = rt_cuda_stream_create(0, 1, NULL), after = rt_cuda_stream_create(0, 1, &second);
	int64_t memory = rt_cuda_alloc(4, NULL), there = rt_cuda_alloc(4, &second), event = rt_cuda_event_create(0, 0, NULL);
	uint8_t bytes[4] = {0};

	CHECK_EQUAL(rt_cuda_memset_async(memory, 0, 7, 4, first), 0);
	CHECK_EQUAL(rt_cuda_event_record(event, first), 0);
	CHECK_EQUAL(rt_cuda_stream_wait_event(after, event), 0);
	CHECK_EQUAL(rt_cuda_copy_peer_async(memory, 0, there, 0, 4, after), 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(after), 0);
	CHECK_EQUAL(rt_cuda_event_query(event), 1);
	CHECK_EQUAL(rt_cuda_copy_to_host(there, 0, 4, bytes, 4), 4);
	CHECK_EQUAL(bytes[3], 7);
	CHECK_EQUAL(rt_cuda_stream_wait_event(RT_CUDA_NONE, event), 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(RT_CUDA_NONE), 0);
	rt_cuda_stream_destroy(first);
	rt_cuda_stream_destroy(after);
	rt_cuda_event_destroy(event);
	rt_cuda_free(memory);
	rt_cuda_free(there);
	nothing_is_left();
}

/* Memory. */

static void memory(void)
{
	const int64_t second = 1;
	int64_t block = rt_cuda_alloc(KIB, &second), none = rt_cuda_alloc(0, NULL), pinned = rt_cuda_host_alloc(KIB);
	int64_t no_pinned = rt_cuda_host_alloc(0);

	CHECK_EQUAL(rt_cuda_memory_size(block), KIB);
	CHECK_EQUAL(rt_cuda_memory_device(block), 1);
	CHECK(rt_cuda_memory_ptr(block) != NULL);
	CHECK_EQUAL(rt_cuda_memory_size(none), 0);
	CHECK(rt_cuda_memory_ptr(none) == NULL);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_EQUAL(rt_cuda_host_size(pinned), KIB);
	memset(rt_cuda_host_ptr(pinned), 1, KIB);
	CHECK(rt_cuda_host_ptr(no_pinned) == NULL);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_EQUAL(rt_cuda_live_handles(), 4);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	CHECK_EQUAL(rt_cuda_free(block), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_cuda_free(none), 0);
	CHECK_EQUAL(rt_cuda_host_free(pinned), 0);
	CHECK_EQUAL(rt_cuda_host_free(no_pinned), 0);
	CHECK_FAILS(rt_cuda_memory_size(block), -1, RT_CUDA_ERROR_INVALID_HANDLE, "is not a handle of device memory");
	nothing_is_left();
}

static void memory_that_cannot_be_had(void)
{
	CHECK_FAILS(rt_cuda_alloc(-1, NULL), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `size`: -1 was given");
	CHECK_FAILS(rt_cuda_host_alloc(INT64_MIN), 0, RT_CUDA_ERROR_BAD_ARGUMENT, "argument `size`");
	CHECK_FAILS(rt_cuda_alloc(INT64_MAX, NULL), 0, RT_CUDA_ERROR_OUT_OF_MEMORY,
	            "rt_cuda_alloc: cudaErrorMemoryAllocation (2): out of memory; wanted: 9223372036854775807 bytes on cuda:0");
	CHECK_EQUAL(fake_last_error(), 0);
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 2);
	CHECK_FAILS(rt_cuda_host_alloc(INT64_MAX), 0, RT_CUDA_ERROR_OUT_OF_MEMORY, "bytes of pinned host memory");
	nothing_is_left();
}

static void kinds_of_handles_are_told_apart(void)
{
	int64_t stream = rt_cuda_stream_create(0, 0, NULL), event = rt_cuda_event_create(0, 0, NULL);
	int64_t block = rt_cuda_alloc(8, NULL), pinned = rt_cuda_host_alloc(8);
	const int64_t wrong[] = {0, -2, INT64_MIN, INT64_MAX, 4711, stream, event, pinned};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		CHECK_EQUAL(rt_cuda_memset(wrong[i], 0, 0, 1), RT_CUDA_ERROR_INVALID_HANDLE);
		CHECK_EQUAL(rt_cuda_free(wrong[i]), RT_CUDA_ERROR_INVALID_HANDLE);
	}
	CHECK_FAILS(rt_cuda_memset(stream, 0, 0, 1), RT_CUDA_ERROR_INVALID_HANDLE, RT_CUDA_ERROR_INVALID_HANDLE,
	            "is a stream handle, and a handle of device memory is expected");
	CHECK_FAILS(rt_cuda_event_query(pinned), -1, RT_CUDA_ERROR_INVALID_HANDLE,
	            "is a handle of pinned host memory, and an event handle is expected");
	CHECK_FAILS(rt_cuda_stream_query(event), -1, RT_CUDA_ERROR_INVALID_HANDLE, "is an event handle");
	CHECK_FAILS(rt_cuda_host_size(block), -1, RT_CUDA_ERROR_INVALID_HANDLE, "is a handle of device memory");
	CHECK_FAILS(rt_cuda_memory_size(RT_CUDA_NONE), -1, RT_CUDA_ERROR_INVALID_HANDLE, "argument `block`");
	CHECK_EQUAL(rt_cuda_stream_destroy(event), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_cuda_event_destroy(block), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_cuda_host_free(block), RT_CUDA_ERROR_INVALID_HANDLE);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	CHECK_EQUAL(rt_cuda_event_destroy(event), 0);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	CHECK_EQUAL(rt_cuda_host_free(pinned), 0);
	nothing_is_left();
}

/* Filling and copying. */

static const uint8_t counted[8] = {1, 2, 3, 4, 5, 6, 7, 8};

static int64_t filled(const int64_t *device)
{
	int64_t block = rt_cuda_alloc(sizeof counted, device);

	CHECK_EQUAL(rt_cuda_copy_to_device(counted, sizeof counted, block, 0), 0);
	return block;
}

static bool holds(int64_t block, const char *expected)
{
	uint8_t bytes[8];

	CHECK_EQUAL(rt_cuda_copy_to_host(block, 0, 8, bytes, 8), 8);
	if (memcmp(bytes, expected, 8) != 0)
		printf("holds %d %d %d %d %d %d %d %d\n", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6],
		       bytes[7]);
	return memcmp(bytes, expected, 8) == 0;
}

static void there_and_back(void)
{
	const int64_t second = 1;
	int64_t block = filled(&second);
	uint8_t bytes[8] = {0};

	CHECK(holds(block, "\1\2\3\4\5\6\7\10"));
	CHECK_EQUAL(rt_cuda_memset(block, 2, 9, 3), 0);
	CHECK(holds(block, "\1\2\11\11\11\6\7\10"));
	CHECK_EQUAL(rt_cuda_copy_to_device(counted, 2, block, 6), 0);
	CHECK(holds(block, "\1\2\11\11\11\6\1\2"));
	CHECK_EQUAL(rt_cuda_copy_to_host(block, 5, 3, NULL, 0), 3);
	CHECK_EQUAL(rt_cuda_copy_to_host(block, 5, 3, bytes, 3), 3);
	CHECK(memcmp(bytes, "\6\1\2\0", 4) == 0);
	CHECK_FAILS(rt_cuda_copy_to_host(block, 5, 3, bytes, 2), -1, RT_CUDA_ERROR_BAD_ARGUMENT, "out_cap");
	CHECK_EQUAL(rt_cuda_copy_to_address(block, 0, 2, bytes + 4), 0);
	CHECK(memcmp(bytes + 4, "\1\2\0\0", 4) == 0);
	CHECK_FAILS(rt_cuda_copy_to_address(block, 0, 2, NULL), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "NULL");
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	nothing_is_left();
}

static void work_in_a_stream_is_done_later(void)
{
	const int64_t second = 1;
	int64_t stream = rt_cuda_stream_create(0, 1, &second), block = filled(&second), other = filled(&second);
	int64_t pinned = rt_cuda_host_alloc(8);
	uint8_t *host = rt_cuda_host_ptr(pinned);

	memset(host, 0, 8);
	CHECK_EQUAL(rt_cuda_memset_async(block, 0, 9, 4, stream), 0);
	CHECK_EQUAL(rt_cuda_copy_async(block, 0, other, 4, 4, stream), 0);
	CHECK_EQUAL(rt_cuda_copy_to_host_async(other, 3, pinned, 1, 3, stream), 0);
	CHECK_EQUAL(host[1] + host[2] + host[3], 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(stream), 0);
	CHECK(memcmp(host, "\0\4\11\11\0\0\0\0", 8) == 0);
	CHECK_EQUAL(rt_cuda_copy_to_device_async(pinned, 1, block, 5, 3, stream), 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(stream), 0);
	CHECK(holds(block, "\11\11\11\11\5\4\11\11"));
	CHECK_EQUAL(rt_cuda_memset_async(block, 0, 1, 8, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_copy_async(block, 0, other, 0, 8, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_copy_to_host_async(other, 0, pinned, 0, 8, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_synchronize(&second), 0);
	CHECK(memcmp(host, "\1\1\1\1\1\1\1\1", 8) == 0);
	CHECK_EQUAL(rt_cuda_copy_to_host_async(other, 0, pinned, 0, 8, stream), 0);
	CHECK_EQUAL(rt_cuda_host_free(pinned), 0); /* waits */
	CHECK_EQUAL(rt_cuda_memset_async(block, 0, 1, 8, stream), 0);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	CHECK_EQUAL(rt_cuda_free(other), 0);
	nothing_is_left();
}

static void from_device_to_device(void)
{
	const int64_t second = 1;
	int64_t here = filled(NULL), there = filled(&second), stream = rt_cuda_stream_create(0, 0, NULL);
	int64_t elsewhere = rt_cuda_stream_create(0, 0, &second), also_here = filled(NULL);

	CHECK_EQUAL(rt_cuda_copy(here, 0, also_here, 4, 4), 0);
	CHECK(holds(also_here, "\1\2\3\4\1\2\3\4"));
	CHECK_EQUAL(rt_cuda_copy(here, 0, here, 4, 4), 0);
	CHECK(holds(here, "\1\2\3\4\1\2\3\4"));
	CHECK_FAILS(rt_cuda_copy(here, 0, here, 3, 4), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "overlap");
	CHECK_FAILS(rt_cuda_copy(here, 3, here, 0, 4), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "overlap");
	CHECK_FAILS(rt_cuda_copy(here, 0, there, 0, 8), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "argument `target`: it is on cuda:1, and `source` on cuda:0: copy from device to device with rt_cuda_copy_peer");
	CHECK_EQUAL(rt_cuda_copy_peer(here, 4, there, 0, 4), 0);
	CHECK(holds(there, "\1\2\3\4\5\6\7\10"));
	CHECK_EQUAL(rt_cuda_copy_peer_async(there, 4, here, 0, 4, elsewhere), 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(elsewhere), 0);
	CHECK(holds(here, "\5\6\7\10\1\2\3\4"));
	CHECK_EQUAL(rt_cuda_copy_peer_async(there, 0, here, 0, 8, stream), 0);
	CHECK_EQUAL(rt_cuda_stream_synchronize(stream), 0);
	CHECK(holds(here, "\1\2\3\4\5\6\7\10"));
	CHECK_EQUAL(rt_cuda_copy_peer_async(there, 7, here, 0, 1, RT_CUDA_NONE), 0);
	CHECK_EQUAL(rt_cuda_synchronize(&second), 0);
	CHECK(holds(here, "\10\2\3\4\5\6\7\10"));
	CHECK_FAILS(rt_cuda_memset_async(there, 0, 0, 1, stream), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "argument `stream`: it is a stream of cuda:0, and `target` is on cuda:1");
	CHECK_FAILS(rt_cuda_copy_peer_async(here, 0, also_here, 0, 1, elsewhere), RT_CUDA_ERROR_BAD_ARGUMENT,
	            RT_CUDA_ERROR_BAD_ARGUMENT, "argument `stream`: it is a stream of cuda:1");
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	rt_cuda_free(here);
	rt_cuda_free(there);
	rt_cuda_free(also_here);
	rt_cuda_stream_destroy(stream);
	rt_cuda_stream_destroy(elsewhere);
	nothing_is_left();
}

/* Parts that do not lie inside of 8 bytes. */
static const int64_t outside[][2] = {
	{0, 9}, {8, 1}, {9, 0}, {-1, 1}, {0, -1}, {1, INT64_MAX}, {INT64_MAX, 1}, {INT64_MAX, INT64_MAX}, {INT64_MIN, 8},
	{8, INT64_MIN}, {INT64_C(1) << 32, 1},
};

static void nothing_outside_of_memory_is_touched(void)
{
	int64_t block = filled(NULL), other = filled(NULL), pinned = rt_cuda_host_alloc(8), stream = RT_CUDA_NONE;
	uint8_t bytes[16];

	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		int64_t offset = outside[i][0], size = outside[i][1];
		CHECK_EQUAL(rt_cuda_memset(block, offset, 0, size), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_memset_async(block, offset, 0, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_to_host(block, offset, size, bytes, 16), -1);
		CHECK_EQUAL(rt_cuda_copy_to_host(block, offset, size, NULL, 0), -1);
		CHECK_EQUAL(rt_cuda_copy_to_address(block, offset, size, bytes), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_to_device_async(pinned, offset, block, 0, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_to_device_async(pinned, 0, block, offset, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_to_host_async(block, offset, pinned, 0, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_to_host_async(block, 0, pinned, offset, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy(block, offset, other, 0, size), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy(block, 0, other, offset, size), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_async(block, 0, other, offset, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_peer(block, offset, other, 0, size), RT_CUDA_ERROR_BAD_ARGUMENT);
		CHECK_EQUAL(rt_cuda_copy_peer_async(block, 0, other, offset, size, stream), RT_CUDA_ERROR_BAD_ARGUMENT);
	}
	CHECK_FAILS(rt_cuda_memset(block, 5, 0, 4), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "rt_cuda_memset: argument `size`: 4 bytes from 5 on are more than the 8 of `target`");
	CHECK_FAILS(rt_cuda_copy_to_device(bytes, 9, block, 0), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT,
	            "argument `data`: 9 bytes");
	CHECK_FAILS(rt_cuda_copy_to_device(bytes, 1, block, -1), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "offset");
	CHECK_FAILS(rt_cuda_copy_to_device(NULL, 1, block, 0), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "NULL");
	CHECK_FAILS(rt_cuda_memset(block, 0, 256, 1), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "`value`");
	CHECK_FAILS(rt_cuda_memset(block, 0, -1, 1), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "`value`");
	CHECK(holds(block, "\1\2\3\4\5\6\7\10"));
	CHECK(holds(other, "\1\2\3\4\5\6\7\10"));
	CHECK_EQUAL(rt_cuda_memset(block, 8, 0, 0), 0); /* nothing at all is no part of anything */
	CHECK_EQUAL(rt_cuda_copy(block, 8, other, 8, 0), 0);
	CHECK_EQUAL(rt_cuda_copy_peer(block, 0, block, 0, 0), 0);
	CHECK_EQUAL(rt_cuda_copy_to_host(block, 8, 0, bytes, 16), 0);
	CHECK_EQUAL(rt_cuda_copy_to_device(NULL, 0, block, 8), 0);
	rt_cuda_free(block);
	rt_cuda_free(other);
	rt_cuda_host_free(pinned);
	nothing_is_left();
}

/* Errors. */

static void an_error_of_work_is_told_later(void)
{
	int64_t stream = rt_cuda_stream_create(0, 0, NULL), block = filled(NULL), event = rt_cuda_event_create(1, 0, NULL);
	int64_t pinned = rt_cuda_host_alloc(8);

	fake_poison(700);
	CHECK_EQUAL(rt_cuda_memset_async(block, 0, 0, 8, stream), 0);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_FAILS(rt_cuda_stream_synchronize(stream), RT_CUDA_ERROR_REFUSED, RT_CUDA_ERROR_REFUSED,
	            "rt_cuda_stream_synchronize: cudaErrorIllegalAddress (700): an illegal memory access was encountered; work "
	            "on a device runs by itself, so this may have happened in something that was asked for earlier");
	CHECK_FAILS(rt_cuda_event_record(event, stream), RT_CUDA_ERROR_REFUSED, RT_CUDA_ERROR_REFUSED, "(700)");
	CHECK_FAILS(rt_cuda_alloc(1, NULL), 0, RT_CUDA_ERROR_REFUSED, "(700)");
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 700);
	CHECK_EQUAL(rt_cuda_event_destroy(event), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	CHECK_EQUAL(rt_cuda_host_free(pinned), 0);
	CHECK(says("(700)")); /* which letting go has not overwritten */
	CHECK_EQUAL(rt_cuda_live_handles(), 0);
	nothing_is_left();
}

static void every_failure_on_the_way_leaves_nothing(void)
{
	static const char *const on_the_way[] = {"cudaGetDevice", "cudaSetDevice", "cudaGetDeviceCount", "cudaMalloc",
	                                         "cudaStreamCreateWithPriority", "cudaEventCreateWithFlags", "cudaHostAlloc"};
	const int64_t second = 1;

	for (size_t i = 0; i < sizeof on_the_way / sizeof *on_the_way; i++) {
		for (int skipped = 0; skipped < 4; skipped++) {
			int64_t made[4];
			fake_fail(on_the_way[i], 1, skipped);
			made[0] = rt_cuda_stream_create(0, 0, &second);
			made[1] = rt_cuda_event_create(0, 0, &second);
			made[2] = rt_cuda_alloc(8, &second);
			made[3] = rt_cuda_host_alloc(8);
			if (made[2])
				rt_cuda_memset(made[2], 0, 0, 8);
			for (int j = 0; j < 4; j++)
				CHECK(made[j] || says("cudaErrorInvalidValue (1)"));
			rt_cuda_stream_destroy(made[0]);
			rt_cuda_event_destroy(made[1]);
			rt_cuda_free(made[2]);
			rt_cuda_host_free(made[3]);
			fake_reset();
			rt_cuda_set_device(0);
			nothing_is_left();
		}
	}
	fake_fail("cudaFree", 1, 0); /* what cannot be let go is no longer ours */
	CHECK_EQUAL(rt_cuda_free(rt_cuda_alloc(8, NULL)), 0);
	CHECK_EQUAL(fake_last_error(), 0);
	nothing_is_left();
}

static void results_are_only_written_on_success(void)
{
	int64_t available = 1, total = 2;

	fake_fail("cudaMemGetInfo", 1, 0);
	CHECK_FAILS(rt_cuda_device_memory(NULL, &available, &total), RT_CUDA_ERROR_REFUSED, RT_CUDA_ERROR_REFUSED, "(1)");
	CHECK(available == 1 && total == 2);
	CHECK_FAILS(rt_cuda_device_memory(NULL, NULL, &total), RT_CUDA_ERROR_BAD_ARGUMENT, RT_CUDA_ERROR_BAD_ARGUMENT, "NULL");
	fake_reset();
}

/* Threads. */

static int64_t shared_block;

static void *work(void *unused)
{
	uint8_t bytes[8];

	(void)unused;
	for (int i = 0; i < rounds(200); i++) {
		const int64_t device = i % 2;
		int64_t stream = rt_cuda_stream_create(0, 1, &device), block = rt_cuda_alloc(8, &device);
		int64_t event = rt_cuda_event_create(1, 0, &device);
		CHECK_EQUAL(rt_cuda_memset_async(block, 0, i % 256, 8, stream), 0);
		CHECK_EQUAL(rt_cuda_event_record(event, stream), 0);
		CHECK_EQUAL(rt_cuda_event_synchronize(event), 0);
		CHECK_EQUAL(rt_cuda_copy_to_host(block, 0, 8, bytes, 8), 8);
		CHECK_EQUAL(bytes[7], i % 256);
		CHECK_EQUAL(rt_cuda_current_device(), 0);
		rt_cuda_copy_to_host(shared_block, 0, 8, bytes, 8); /* until another thread frees it */
		rt_cuda_event_destroy(event);
		rt_cuda_free(block);
		rt_cuda_stream_destroy(stream);
		CHECK(rt_cuda_device_name(device) != NULL);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t threads[4];

	shared_block = filled(NULL);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	rt_cuda_memset(shared_block, 0, 0, 8);
	rt_cuda_free(shared_block);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	nothing_is_left();
}

/* Each thread has a device and an error of its own. */
static void *second_thread(void *unused)
{
	(void)unused;
	CHECK_EQUAL(rt_cuda_current_device(), 0);
	CHECK_EQUAL(rt_cuda_last_error_code(), 0);
	CHECK_EQUAL(rt_cuda_last_cuda_error(), 0);
	CHECK_EQUAL(rt_cuda_set_device(1), 0);
	return NULL;
}

static void what_belongs_to_a_thread(void)
{
	pthread_t thread;

	CHECK_EQUAL(rt_cuda_set_device(-1), RT_CUDA_ERROR_BAD_ARGUMENT);
	pthread_create(&thread, NULL, second_thread, NULL);
	pthread_join(thread, NULL);
	CHECK_EQUAL(rt_cuda_last_error_code(), RT_CUDA_ERROR_BAD_ARGUMENT);
	nothing_is_left();
}

/* A child must leave alone what its parent has made, and may let go what it makes itself. */
static int in_child(int64_t block, int64_t stream)
{
	int live = fake_live();
	int64_t ours;

	if (rt_cuda_free(block) != 0 || rt_cuda_stream_destroy(stream) != 0 || fake_live() != live)
		return 1;
	ours = rt_cuda_alloc(8, NULL);
	if (!ours || fake_live() != live + 1 || rt_cuda_free(ours) != 0 || fake_live() != live)
		return 2;
	fake_fail("cudaMalloc", 3, 0);
	if (rt_cuda_alloc(8, NULL) || rt_cuda_last_error_code() != RT_CUDA_ERROR_NO_UPSTREAM || !says("was forked from"))
		return 3;
	return 0;
}

static void a_forked_child(void)
{
	int64_t block = filled(NULL), stream = rt_cuda_stream_create(0, 0, NULL);
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(in_child(block, stream));
	CHECK(child > 0 && waitpid(child, &status, 0) == child);
	CHECK_EQUAL(status, 0);
	CHECK_EQUAL(rt_cuda_free(block), 0);
	CHECK_EQUAL(rt_cuda_stream_destroy(stream), 0);
	nothing_is_left();
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(devices),
		TEST(the_current_device),
		TEST(devices_that_are_not_there),
		TEST(no_driver),
		TEST(no_device),
		TEST(names_of_errors),
		TEST(streams),
		TEST(work_in_a_stream_is_asked_about),
		TEST(events),
		TEST(events_without_a_time),
		TEST(a_stream_waits_for_an_event),
		TEST(memory),
		TEST(memory_that_cannot_be_had),
		TEST(kinds_of_handles_are_told_apart),
		TEST(there_and_back),
		TEST(work_in_a_stream_is_done_later),
		TEST(from_device_to_device),
		TEST(nothing_outside_of_memory_is_touched),
		TEST(an_error_of_work_is_told_later),
		TEST(every_failure_on_the_way_leaves_nothing),
		TEST(results_are_only_written_on_success),
		TEST(threads),
		TEST(what_belongs_to_a_thread),
		TEST(a_forked_child),
	};

	if (argc != 2)
		return 2;
	open_fake(argv[1]);
	if (rt_cuda_load(argv[1]) != 0) {
		printf("%s\n", rt_cuda_last_error());
		return 2;
	}
	return run_tests(tests, sizeof tests / sizeof *tests);
}
