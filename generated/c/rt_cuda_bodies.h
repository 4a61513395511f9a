/* The hand-written functions that the shim calls, one below each exported function that needs more than a call.
 *
 * Generated from the specs; not to be edited by hand. */
#ifndef RT_CUDA_BODIES_H
#define RT_CUDA_BODIES_H

#include "call.h"
#include "cuda.h"

int64_t body_cudart_abi_version(void);
bool body_load(struct call *call, const struct path *path);
bool body_suggest_path(struct call *call, const struct path *path);
int32_t body_cudart_available(void);
int32_t body_cudart_function_available(const char *name);
bool body_upstream_path(struct call *call, const char **out);
const char *body_last_error(void);
int64_t body_last_error_code(void);
int32_t body_clear_error(void);
int64_t body_cudart_last_cuda_error(void);
bool body_cudart_device_name(struct call *call, int64_t device, const char **out);
bool body_cudart_device_memory(struct call *call, const int64_t *device, int64_t *available, int64_t *total);
bool body_cudart_synchronize(struct call *call, const int64_t *device);
int64_t body_cudart_stream_create(struct call *call, int64_t priority, int32_t non_blocking, const int64_t *device);
int32_t body_cudart_stream_destroy(int64_t stream);
bool body_cudart_stream_query(struct call *call, const struct stream *stream, int32_t *out);
bool body_cudart_stream_device(struct call *call, const struct stream *stream, int64_t *out);
bool body_cudart_stream_ptr(struct call *call, const struct stream *stream, void **out);
int64_t body_cudart_event_create(struct call *call, int32_t timing, int32_t blocking_sync, const int64_t *device);
int32_t body_cudart_event_destroy(int64_t event);
bool body_cudart_event_record(struct call *call, const struct event *event, const struct stream *stream);
bool body_cudart_event_query(struct call *call, const struct event *event, int32_t *out);
bool body_cudart_event_elapsed(struct call *call, const struct event *start, const struct event *stop, double *out);
bool body_cudart_event_device(struct call *call, const struct event *event, int64_t *out);
int64_t body_cudart_alloc(struct call *call, int64_t size, const int64_t *device);
int32_t body_cudart_free(int64_t block);
bool body_cudart_memory_size(struct call *call, const struct memory *block, int64_t *out);
bool body_cudart_memory_device(struct call *call, const struct memory *block, int64_t *out);
bool body_cudart_memory_ptr(struct call *call, const struct memory *block, void **out);
int64_t body_cudart_host_alloc(struct call *call, int64_t size);
int32_t body_cudart_host_free(int64_t block);
bool body_cudart_host_size(struct call *call, const struct pinned *block, int64_t *out);
bool body_cudart_host_ptr(struct call *call, const struct pinned *block, void **out);
int64_t body_cudart_live_handles(void);
bool body_cudart_memset(struct call *call, const struct memory *target, int64_t offset, int64_t value, int64_t size);
bool body_cudart_memset_async(struct call *call, const struct memory *target, int64_t offset, int64_t value,
                              int64_t size, const struct stream *stream);
bool body_cudart_copy_to_device(struct call *call, const uint8_t *data, int64_t data_len, const struct memory *target,
                                int64_t offset);
bool body_cudart_copy_to_host(struct call *call, const struct memory *source, int64_t offset, int64_t size,
                              uint8_t *out, int64_t out_cap, int64_t *out_len);
bool body_cudart_copy_to_address(struct call *call, const struct memory *source, int64_t offset, int64_t size,
                                 void *target);
bool body_cudart_copy_to_device_async(struct call *call, const struct pinned *source, int64_t source_offset,
                                      const struct memory *target, int64_t target_offset, int64_t size,
                                      const struct stream *stream);
bool body_cudart_copy_to_host_async(struct call *call, const struct memory *source, int64_t source_offset,
                                    const struct pinned *target, int64_t target_offset, int64_t size,
                                    const struct stream *stream);
bool body_cudart_copy(struct call *call, const struct memory *source, int64_t source_offset,
                      const struct memory *target, int64_t target_offset, int64_t size);
bool body_cudart_copy_async(struct call *call, const struct memory *source, int64_t source_offset,
                            const struct memory *target, int64_t target_offset, int64_t size,
                            const struct stream *stream);
bool body_cudart_copy_peer(struct call *call, const struct memory *source, int64_t source_offset,
                           const struct memory *target, int64_t target_offset, int64_t size);
bool body_cudart_copy_peer_async(struct call *call, const struct memory *source, int64_t source_offset,
                                 const struct memory *target, int64_t target_offset, int64_t size,
                                 const struct stream *stream);

#endif
