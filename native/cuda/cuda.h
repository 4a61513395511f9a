/* CUDA's runtime as the shim sees it: borrowed handles, checks, its errors. */
#ifndef RT_CUDA_NATIVE_H
#define RT_CUDA_NATIVE_H

#include "call.h"
#include "rt_cuda_symbols.h" /* generated: struct libcudart and the one instance of it */

/* Kinds of handles; tensors, in the same table, are 1. */
enum cuda_kind { KIND_STREAM = 2, KIND_EVENT = 3, KIND_MEMORY = 4, KIND_PINNED = 5 };

/* Arguments during one call, each with the name of its parameter, for messages. */

struct stream {
	const char *name;
	void *handle; /* CUDA's own */
	int device;
};

struct event {
	const char *name;
	void *handle; /* CUDA's own */
	int device;
	bool timing;
	_Atomic bool *recorded;
};

struct memory {
	const char *name;
	char *data; /* an address of the device */
	int64_t size;
	int device;
};

struct pinned {
	const char *name;
	char *data;
	int64_t size;
};

bool borrow_stream(struct call *call, const char *name, int64_t handle, struct stream *stream);
bool borrow_event(struct call *call, const char *name, int64_t handle, struct event *event);
bool borrow_memory(struct call *call, const char *name, int64_t handle, struct memory *memory);
bool borrow_pinned(struct call *call, const char *name, int64_t handle, struct pinned *pinned);

/* Put what CUDA has made behind a new handle: 0 with the error set, and it given back, when there is no room. */
int64_t give_stream(struct call *call, void *handle, int device);
int64_t give_event(struct call *call, void *handle, int device, bool timing);
int64_t give_memory(struct call *call, void *data, int64_t size, int device);
int64_t give_pinned(struct call *call, void *data, int64_t size);

/* Checks, in the order of specs/cuda/library.toml.  Each names the argument that is wrong, and returns false. */
bool check_device(struct call *call, const char *name, int64_t device);
bool check_device_if_given(struct call *call, const char *name, const int64_t *device);
bool check_size(struct call *call, const char *name, int64_t size);
bool check_octet(struct call *call, const char *name, int64_t value);
bool check_inside(struct call *call, const struct memory *memory, const char *offset_name, int64_t offset,
                  const char *size_name, int64_t size);
bool check_inside_pinned(struct call *call, const struct pinned *pinned, const char *offset_name, int64_t offset,
                         const char *size_name, int64_t size);
bool check_inside_list(struct call *call, const struct memory *memory, const char *offset_name, int64_t offset,
                       const char *data_name, const uint8_t *data, int64_t data_len);
bool check_apart(struct call *call, const struct memory *source, const char *source_name, int64_t source_offset,
                 const struct memory *target, const char *target_name, int64_t target_offset, const char *size_name,
                 int64_t size);
bool check_of_one_device(struct call *call, const struct memory *source, const struct memory *target);
bool check_on_stream(struct call *call, const struct memory *memory, const struct stream *stream);
bool check_on_stream_of_either(struct call *call, const struct memory *source, const struct memory *target,
                               const struct stream *stream);
bool check_recorded_on(struct call *call, const struct event *event, const struct stream *stream);
bool check_timed(struct call *call, const struct event *start, const struct event *stop);

/* CUDA's errors. */

/* Its own numbers; `make check` compares each one with the header that has the name beside it. */
enum cuda_error {
	CUDA_NO_MEMORY = 2, /* cudaErrorMemoryAllocation */
	CUDA_NOT_INITIALIZED = 3, /* cudaErrorInitializationError */
	CUDA_OLD_DRIVER = 35, /* cudaErrorInsufficientDriver */
	CUDA_NO_DEVICE = 100, /* cudaErrorNoDevice */
	CUDA_NOT_READY = 600, /* cudaErrorNotReady */
	CUDA_DRIVER_MISMATCH = 803, /* cudaErrorSystemDriverMismatch */
	CUDA_COMPAT_NOT_SUPPORTED = 804, /* cudaErrorCompatNotSupportedOnDevice */
	CUDA_UNKNOWN = 999, /* cudaErrorUnknown */
};

/* Whether CUDA reports a success; the error is set otherwise. */
bool cuda_passed(struct call *call, int32_t status);
/* The same, where the message is to tell what was asked for: "4096 bytes on cuda:0". */
bool cuda_passed_for(struct call *call, int32_t status, const char *format, ...) RT_PRINTF(3, 4);
/* Something was let go, and nobody can be told how that went: let nobody else take its error for his own. */
void cuda_ignore(int32_t status);
int64_t cuda_last_error(void);
int cuda_forks(void); /* how many forks this process has come from since CUDA was loaded */

/* Make this device the thread's current one until the call is left. */
bool use_device(struct call *call, int device);
/* The device that is meant: the current one where none is given. */
bool device_meant(struct call *call, const int64_t *given, int *device);

/* Hooks of the core. */
bool cuda_opened(void *handle, const char *path, bool brought_in);
void cuda_forked(void);

#endif
