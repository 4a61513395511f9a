/* A stand-in for libcudart: devices whose memory is the host's, streams in which work waits until somebody waits for it,
 * events that tell a time which only work makes pass, and errors on demand.  All that is made is counted.
 *
 * Letting go does what it should even where it reports an error.  It is strict where CUDA is vague: work without a stream
 * must be for the current device, and memory must be such as was given out.
 *
 * Built with -DFAKE_VERSION=... and -DFAKE_LACKING (copies between devices are missing). */
#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

#ifndef FAKE_VERSION
#define FAKE_VERSION 12090
#endif

enum { INVALID_VALUE = 1, NO_MEMORY = 2, INSUFFICIENT_DRIVER = 35, NO_DEVICE = 100, INVALID_DEVICE = 101,
       INVALID_HANDLE = 400, NOT_READY = 600 };

#define MAX_DEVICES 8
#define MAX_FAILURES 8
#define TOTAL_MEMORY ((size_t)1 << 24) /* of each device */

enum work { FILL, COPY, MARK, WAIT };

struct event {
	struct event *next;
	int device;
	unsigned int flags;
	bool recorded, happened;
	double time;
};

/* Something that stands in a stream. */
struct task {
	struct task *next;
	enum work work;
	char *target;
	const char *source;
	int value;
	size_t size;
	struct event *event;
};

struct stream {
	struct stream *next;
	int device;
	unsigned int flags;
	struct task *first;
};

struct block {
	struct block *next;
	char *data;
	size_t size;
	int device; /* -1: pinned memory of the host */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stream default_streams[MAX_DEVICES] = {
	{.device = 0}, {.device = 1}, {.device = 2}, {.device = 3}, {.device = 4}, {.device = 5}, {.device = 6}, {.device = 7},
};
static struct stream *streams;
static struct event *events;
static struct block *blocks;
static int device_count = 2, driver_version = 13000;
static double milliseconds; /* that all work so far has taken */
static int poison;          /* reported by everything, once work has run into it */
static int poison_waiting;  /* what the next work runs into */
static struct failure {
	char function[48];
	int code, skipped;
} failures[MAX_FAILURES];

static _Thread_local int current_device, last_error;

/* What the tests ask for. */

static void set(int *what, int value)
{
	pthread_mutex_lock(&lock);
	*what = value;
	pthread_mutex_unlock(&lock);
}

PUBLIC void fake_devices(int count)
{
	set(&device_count, count);
}

PUBLIC void fake_driver(int version)
{
	set(&driver_version, version);
}

/* Have a function fail once, after so many calls that do not. */
PUBLIC void fake_fail(const char *function, int code, int skipped)
{
	pthread_mutex_lock(&lock);
	for (int i = 0; i < MAX_FAILURES; i++) {
		if (!failures[i].code) {
			snprintf(failures[i].function, sizeof failures[i].function, "%s", function);
			failures[i].code = code;
			failures[i].skipped = skipped;
			break;
		}
	}
	pthread_mutex_unlock(&lock);
}

/* Have the next piece of work in a stream end with an error, which all that follows then reports. */
PUBLIC void fake_poison(int code)
{
	set(&poison_waiting, code);
}

PUBLIC void fake_reset(void)
{
	pthread_mutex_lock(&lock);
	poison = poison_waiting = 0;
	memset(failures, 0, sizeof failures);
	device_count = 2;
	driver_version = 13000;
	pthread_mutex_unlock(&lock);
}

/* Streams, events and blocks of memory that have not been given back. */
PUBLIC int fake_live(void)
{
	int count = 0;

	pthread_mutex_lock(&lock);
	for (struct stream *stream = streams; stream; stream = stream->next)
		count++;
	for (struct event *event = events; event; event = event->next)
		count++;
	for (struct block *block = blocks; block; block = block->next)
		count++;
	pthread_mutex_unlock(&lock);
	return count;
}

PUBLIC int fake_last_error(void)
{
	return last_error;
}

/* Entering and leaving a function. */

static int demanded(const char *function)
{
	for (int i = 0; i < MAX_FAILURES; i++) {
		if (failures[i].code && strcmp(failures[i].function, function) == 0 && failures[i].skipped-- == 0) {
			int code = failures[i].code;
			failures[i].code = 0;
			return code;
		}
	}
	return 0;
}

/* What the function is to report before it does anything; 0 for nothing. */
static int enter(const char *function)
{
	int code;

	pthread_mutex_lock(&lock);
	code = demanded(function);
	if (code)
		return code;
	if (driver_version == 0 || driver_version / 1000 < FAKE_VERSION / 1000)
		return INSUFFICIENT_DRIVER;
	if (device_count == 0)
		return NO_DEVICE;
	return poison;
}

static int leave(int code)
{
	if (code)
		last_error = code;
	pthread_mutex_unlock(&lock);
	return code;
}

#define ENTER(function)                 \
	do {                                \
		int entered = enter(function);  \
		if (entered)                    \
			return leave(entered);      \
	} while (0)

/* Work. */

static void do_task(struct task *task)
{
	if (poison_waiting) {
		poison = poison_waiting;
		poison_waiting = 0;
	}
	milliseconds += 0.001 + (double)task->size * 1e-6;
	if (poison)
		return;
	if (task->work == FILL)
		memset(task->target, task->value, task->size);
	else if (task->work == COPY)
		memmove(task->target, task->source, task->size);
	if (task->work == MARK) {
		task->event->happened = true;
		task->event->time = milliseconds;
	}
}

static struct stream *stream_of(struct event *event);

static void run_first(struct stream *stream)
{
	struct task *task = stream->first;

	if (task->work == WAIT) {
		while (task->event->recorded && !task->event->happened && !poison) {
			struct stream *other = stream_of(task->event);
			if (!other || other == stream)
				break;
			run_first(other);
		}
	}
	stream->first = task->next;
	do_task(task);
	free(task);
}

static void run(struct stream *stream)
{
	while (stream->first)
		run_first(stream);
}

static bool holds(const struct stream *stream, const struct event *event)
{
	for (const struct task *task = stream->first; task; task = task->next) {
		if (task->work == MARK && task->event == event)
			return true;
	}
	return false;
}

/* The stream that the event stands in. */
static struct stream *stream_of(struct event *event)
{
	for (int device = 0; device < MAX_DEVICES; device++) {
		if (holds(&default_streams[device], event))
			return &default_streams[device];
	}
	for (struct stream *stream = streams; stream; stream = stream->next) {
		if (holds(stream, event))
			return stream;
	}
	return NULL;
}

static void run_device(int device)
{
	run(&default_streams[device]);
	for (struct stream *stream = streams; stream; stream = stream->next) {
		if (stream->device == device)
			run(stream);
	}
}

static void run_everything(void)
{
	for (int device = 0; device < MAX_DEVICES; device++)
		run_device(device);
}

/* What the default stream waits for. */
static void run_blocking(int device)
{
	run(&default_streams[device]);
	for (struct stream *stream = streams; stream; stream = stream->next) {
		if (stream->device == device && !(stream->flags & 1))
			run(stream);
	}
}

static void append(struct stream *stream, struct task task)
{
	struct task *kept = malloc(sizeof *kept), **end = &stream->first;

	*kept = task;
	while (*end)
		end = &(*end)->next;
	*end = kept;
}

/* The stream that is meant; NULL when there is none such. */
static struct stream *find_stream(void *handle)
{
	if (!handle)
		return &default_streams[current_device];
	for (struct stream *stream = streams; stream; stream = stream->next) {
		if (stream == handle)
			return stream;
	}
	return NULL;
}

static struct event *find_event(void *handle)
{
	struct event *event = events;

	while (event && event != handle)
		event = event->next;
	return event;
}

/* Whether it lies in memory of that device that was given out. */
static bool is_of_device(const void *data, size_t size, int device)
{
	for (struct block *block = blocks; block; block = block->next) {
		const char *start = data;
		if (block->device == device && start >= block->data && start + size <= block->data + block->size)
			return true;
	}
	return false;
}

static size_t used_memory(int device)
{
	size_t used = 0;

	for (struct block *block = blocks; block; block = block->next)
		used += block->device == device ? block->size : 0;
	return used;
}

/* Versions, devices and errors. */

PUBLIC int cudaRuntimeGetVersion(int *version)
{
	*version = FAKE_VERSION;
	return 0;
}

PUBLIC int cudaDriverGetVersion(int *version)
{
	pthread_mutex_lock(&lock);
	*version = driver_version;
	pthread_mutex_unlock(&lock);
	return 0;
}

PUBLIC int cudaGetLastError(void)
{
	int code = last_error;

	pthread_mutex_lock(&lock);
	last_error = poison;
	pthread_mutex_unlock(&lock);
	return code;
}

PUBLIC const char *cudaGetErrorName(int code)
{
	switch (code) {
	case 0:
		return "cudaSuccess";
	case INVALID_VALUE:
		return "cudaErrorInvalidValue";
	case NO_MEMORY:
		return "cudaErrorMemoryAllocation";
	case 3:
		return "cudaErrorInitializationError";
	case INSUFFICIENT_DRIVER:
		return "cudaErrorInsufficientDriver";
	case NO_DEVICE:
		return "cudaErrorNoDevice";
	case INVALID_DEVICE:
		return "cudaErrorInvalidDevice";
	case INVALID_HANDLE:
		return "cudaErrorInvalidResourceHandle";
	case NOT_READY:
		return "cudaErrorNotReady";
	case 700:
		return "cudaErrorIllegalAddress";
	case 803:
		return "cudaErrorSystemDriverMismatch";
	default:
		return "unrecognized error code";
	}
}

PUBLIC const char *cudaGetErrorString(int code)
{
	switch (code) {
	case NO_MEMORY:
		return "out of memory";
	case 700:
		return "an illegal memory access was encountered";
	default:
		return cudaGetErrorName(code);
	}
}

PUBLIC int cudaGetDeviceCount(int *count)
{
	ENTER("cudaGetDeviceCount");
	*count = device_count;
	return leave(0);
}

PUBLIC int cudaGetDevice(int *device)
{
	ENTER("cudaGetDevice");
	*device = current_device;
	return leave(0);
}

PUBLIC int cudaSetDevice(int device)
{
	ENTER("cudaSetDevice");
	if (device < 0 || device >= device_count)
		return leave(INVALID_DEVICE);
	current_device = device;
	return leave(0);
}

PUBLIC int cudaDeviceSynchronize(void)
{
	ENTER("cudaDeviceSynchronize");
	run_device(current_device);
	return leave(poison);
}

PUBLIC int cudaGetDeviceProperties(void *properties, int device)
{
	ENTER("cudaGetDeviceProperties");
	memset(properties, 0xff, FAKE_VERSION < 13000 ? 1032 : 1008);
	snprintf(properties, 256, "Fake GPU %d", device);
	return leave(0);
}

PUBLIC int cudaDeviceGetAttribute(int *value, int attribute, int device)
{
	ENTER("cudaDeviceGetAttribute");
	*value = attribute == 10 ? 32 : attribute * 10 + device;
	return leave(0);
}

PUBLIC int cudaDeviceCanAccessPeer(int *can, int device, int peer)
{
	ENTER("cudaDeviceCanAccessPeer");
	*can = device != peer;
	return leave(0);
}

PUBLIC int cudaMemGetInfo(size_t *available, size_t *total)
{
	ENTER("cudaMemGetInfo");
	*available = TOTAL_MEMORY - used_memory(current_device);
	*total = TOTAL_MEMORY;
	return leave(0);
}

/* Streams. */

PUBLIC int cudaDeviceGetStreamPriorityRange(int *least, int *greatest)
{
	ENTER("cudaDeviceGetStreamPriorityRange");
	*least = 0;
	*greatest = -5;
	return leave(0);
}

PUBLIC int cudaStreamCreateWithPriority(void **handle, unsigned int flags, int priority)
{
	struct stream *stream;

	(void)priority;
	ENTER("cudaStreamCreateWithPriority");
	stream = calloc(1, sizeof *stream);
	stream->device = current_device;
	stream->flags = flags;
	stream->next = streams;
	streams = stream;
	*handle = stream;
	return leave(0);
}

PUBLIC int cudaStreamDestroy(void *handle)
{
	struct stream **place = &streams, *stream;
	int code = enter("cudaStreamDestroy");

	while (*place && *place != handle)
		place = &(*place)->next;
	stream = *place;
	if (!stream)
		return leave(INVALID_HANDLE);
	run(stream);
	*place = stream->next;
	free(stream);
	return leave(code);
}

PUBLIC int cudaStreamSynchronize(void *handle)
{
	struct stream *stream;

	ENTER("cudaStreamSynchronize");
	stream = find_stream(handle);
	if (!stream)
		return leave(INVALID_HANDLE);
	if (handle)
		run(stream);
	else
		run_blocking(current_device);
	return leave(poison);
}

/* Work goes on by one piece each time that somebody asks. */
PUBLIC int cudaStreamQuery(void *handle)
{
	struct stream *stream;

	ENTER("cudaStreamQuery");
	stream = find_stream(handle);
	if (!stream)
		return leave(INVALID_HANDLE);
	if (!stream->first)
		return leave(poison);
	run_first(stream);
	return leave(poison ? poison : NOT_READY);
}

PUBLIC int cudaStreamWaitEvent(void *handle, void *event, unsigned int flags)
{
	struct stream *stream;

	ENTER("cudaStreamWaitEvent");
	stream = find_stream(handle);
	if (!stream || !find_event(event) || flags)
		return leave(INVALID_HANDLE);
	append(stream, (struct task){.work = WAIT, .event = event});
	return leave(0);
}

/* Events. */

PUBLIC int cudaEventCreateWithFlags(void **handle, unsigned int flags)
{
	struct event *event;

	ENTER("cudaEventCreateWithFlags");
	event = calloc(1, sizeof *event);
	event->device = current_device;
	event->flags = flags;
	event->next = events;
	events = event;
	*handle = event;
	return leave(0);
}

PUBLIC int cudaEventDestroy(void *handle)
{
	struct event **place = &events, *event;
	int code = enter("cudaEventDestroy");

	run_everything(); /* it may stand in a stream */
	while (*place && *place != handle)
		place = &(*place)->next;
	event = *place;
	if (!event)
		return leave(INVALID_HANDLE);
	*place = event->next;
	free(event);
	return leave(code);
}

PUBLIC int cudaEventRecord(void *handle, void *in)
{
	struct stream *stream;
	struct event *event;

	ENTER("cudaEventRecord");
	stream = find_stream(in);
	event = find_event(handle);
	if (!stream || !event || stream->device != event->device || (!in && current_device != event->device))
		return leave(INVALID_HANDLE);
	event->recorded = true;
	event->happened = false;
	append(stream, (struct task){.work = MARK, .event = event});
	return leave(0);
}

PUBLIC int cudaEventSynchronize(void *handle)
{
	struct event *event;
	struct stream *stream;

	ENTER("cudaEventSynchronize");
	event = find_event(handle);
	if (!event)
		return leave(INVALID_HANDLE);
	while (event->recorded && !event->happened && !poison) {
		stream = stream_of(event);
		run_first(stream);
	}
	return leave(poison);
}

PUBLIC int cudaEventQuery(void *handle)
{
	struct event *event;

	ENTER("cudaEventQuery");
	event = find_event(handle);
	if (!event)
		return leave(INVALID_HANDLE);
	if (!event->recorded || event->happened)
		return leave(poison);
	run_first(stream_of(event));
	return leave(poison ? poison : NOT_READY);
}

PUBLIC int cudaEventElapsedTime(float *ms, void *start, void *end)
{
	struct event *from, *to;

	ENTER("cudaEventElapsedTime");
	from = find_event(start);
	to = find_event(end);
	if (!from || !to || from->device != to->device || !from->recorded || !to->recorded || (from->flags | to->flags) & 2)
		return leave(INVALID_HANDLE);
	if (!from->happened || !to->happened)
		return leave(NOT_READY);
	*ms = (float)(to->time - from->time);
	return leave(0);
}

/* Memory. */

static void *add_block(size_t size, int device)
{
	struct block *block = malloc(sizeof *block);

	block->data = malloc(size); /* just so many bytes, and what is in them unset: a memory checker sees all that follows */
	block->size = size;
	block->device = device;
	block->next = blocks;
	blocks = block;
	return block->data;
}

static int drop_block(void *data, bool of_host)
{
	struct block **place = &blocks, *block;

	run_everything();
	while (*place && (*place)->data != data)
		place = &(*place)->next;
	block = *place;
	if (!block || (block->device < 0) != of_host)
		return INVALID_VALUE;
	*place = block->next;
	free(block->data);
	free(block);
	return 0;
}

PUBLIC int cudaMalloc(void **data, size_t size)
{
	ENTER("cudaMalloc");
	if (size > TOTAL_MEMORY - used_memory(current_device))
		return leave(NO_MEMORY);
	*data = add_block(size, current_device);
	return leave(0);
}

PUBLIC int cudaFree(void *data)
{
	int code = enter("cudaFree");

	return leave(drop_block(data, false) ? INVALID_VALUE : code);
}

PUBLIC int cudaHostAlloc(void **data, size_t size, unsigned int flags)
{
	ENTER("cudaHostAlloc");
	if (flags != 1)
		return leave(INVALID_VALUE);
	if (size > 4 * TOTAL_MEMORY)
		return leave(NO_MEMORY);
	*data = add_block(size, -1);
	return leave(0);
}

PUBLIC int cudaFreeHost(void *data)
{
	int code = enter("cudaFreeHost");

	return leave(drop_block(data, true) ? INVALID_VALUE : code);
}

PUBLIC int cudaMemset(void *data, int value, size_t size)
{
	ENTER("cudaMemset");
	if (!is_of_device(data, size, current_device))
		return leave(INVALID_VALUE);
	run_blocking(current_device);
	append(&default_streams[current_device], (struct task){.work = FILL, .target = data, .value = value, .size = size});
	return leave(poison);
}

PUBLIC int cudaMemsetAsync(void *data, int value, size_t size, void *handle)
{
	struct stream *stream;

	ENTER("cudaMemsetAsync");
	stream = find_stream(handle);
	if (!stream)
		return leave(INVALID_HANDLE);
	if (stream->device != current_device || !is_of_device(data, size, stream->device))
		return leave(INVALID_VALUE);
	append(stream, (struct task){.work = FILL, .target = data, .value = value, .size = size});
	return leave(0);
}

/* Whether both ends are memory such as this kind of copy goes between. */
static bool is_copy(const void *target, const void *source, size_t size, int kind)
{
	bool from_device = is_of_device(source, size, current_device), to_device = is_of_device(target, size, current_device);

	return from_device == (kind != 1) && to_device == (kind != 2);
}

PUBLIC int cudaMemcpy(void *target, const void *source, size_t size, int kind)
{
	struct task task = {.work = COPY, .target = target, .source = source, .size = size};

	ENTER("cudaMemcpy");
	if (!is_copy(target, source, size, kind))
		return leave(INVALID_VALUE);
	run_blocking(current_device);
	if (kind == 3)
		append(&default_streams[current_device], task);
	else
		do_task(&task);
	return leave(poison);
}

PUBLIC int cudaMemcpyAsync(void *target, const void *source, size_t size, int kind, void *handle)
{
	struct stream *stream;

	ENTER("cudaMemcpyAsync");
	stream = find_stream(handle);
	if (!stream)
		return leave(INVALID_HANDLE);
	if (!is_copy(target, source, size, kind))
		return leave(INVALID_VALUE);
	append(stream, (struct task){.work = COPY, .target = target, .source = source, .size = size});
	return leave(0);
}

#ifndef FAKE_LACKING

PUBLIC int cudaMemcpyPeer(void *target, int to, const void *source, int from, size_t size)
{
	ENTER("cudaMemcpyPeer");
	if (!is_of_device(target, size, to) || !is_of_device(source, size, from))
		return leave(INVALID_VALUE);
	run_blocking(from);
	run_blocking(to);
	append(&default_streams[to], (struct task){.work = COPY, .target = target, .source = source, .size = size});
	return leave(poison);
}

PUBLIC int cudaMemcpyPeerAsync(void *target, int to, const void *source, int from, size_t size, void *handle)
{
	struct stream *stream;

	ENTER("cudaMemcpyPeerAsync");
	stream = find_stream(handle);
	if (!stream || (stream->device != to && stream->device != from))
		return leave(INVALID_HANDLE);
	if (!is_of_device(target, size, to) || !is_of_device(source, size, from))
		return leave(INVALID_VALUE);
	append(stream, (struct task){.work = COPY, .target = target, .source = source, .size = size});
	return leave(0);
}

#endif
