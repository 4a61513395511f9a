/* rt_cuda: CUDA's runtime, from C, without linking it.
 *
 * Generated from the specs; not to be edited by hand.
 *
 * Between the two `cdef` comments stand declarations only, which a parser of plain C can be given as they are. */
#ifndef RT_CUDA_H
#define RT_CUDA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* cdef: begin */

/** Version of the C ABI that this header describes. */
#define RT_CUDA_ABI 1

enum {
	RT_CUDA_NONE = -1, /**< An optional handle that is not given. */
	RT_CUDA_ABSENT = -1 /**< Length of an optional list that is not given. */
};

/** Codes that `rt_cuda_last_error_code` and every status return. */
enum rt_cuda_error {
	RT_CUDA_ERROR_OK = 0, /**< No error. */
	RT_CUDA_ERROR_INVALID_HANDLE = 1, /**< The number is no live handle of the kind that the argument wants. */
	RT_CUDA_ERROR_BAD_ARGUMENT = 2, /**< An argument's value is not one that the function takes; a text that is no valid UTF-8 never is. */
	RT_CUDA_ERROR_NO_UPSTREAM = 3, /**< CUDA's runtime was not found, or there is no driver or no device that it can use. */
	RT_CUDA_ERROR_UNAVAILABLE = 4, /**< This CUDA runtime lacks something that the function needs. */
	RT_CUDA_ERROR_REFUSED = 5, /**< CUDA itself reported an error, maybe one of work that was asked for earlier. */
	RT_CUDA_ERROR_OUT_OF_MEMORY = 6 /**< Memory or handles are used up. */
};

/** What rt_cuda_device_attribute can tell, with CUDA's own numbers. */
enum rt_cuda_attribute {
	RT_CUDA_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1, /**< Most threads in a block. */
	RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_X = 2, /**< Most threads in a block in the first dimension. */
	RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_Y = 3, /**< Most threads in a block in the second dimension. */
	RT_CUDA_ATTRIBUTE_MAX_BLOCK_DIM_Z = 4, /**< Most threads in a block in the third dimension. */
	RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_X = 5, /**< Most blocks in a grid in the first dimension. */
	RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_Y = 6, /**< Most blocks in a grid in the second dimension. */
	RT_CUDA_ATTRIBUTE_MAX_GRID_DIM_Z = 7, /**< Most blocks in a grid in the third dimension. */
	RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8, /**< Shared memory of a block, in bytes. */
	RT_CUDA_ATTRIBUTE_TOTAL_CONSTANT_MEMORY = 9, /**< Constant memory, in bytes. */
	RT_CUDA_ATTRIBUTE_WARP_SIZE = 10, /**< Threads in a warp. */
	RT_CUDA_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK = 12, /**< Registers of 32 bits for a block. */
	RT_CUDA_ATTRIBUTE_CLOCK_RATE = 13, /**< Highest clock frequency, in kHz. */
	RT_CUDA_ATTRIBUTE_MULTI_PROCESSOR_COUNT = 16, /**< Number of multiprocessors. */
	RT_CUDA_ATTRIBUTE_INTEGRATED = 18, /**< 1 where the device uses the host's memory. */
	RT_CUDA_ATTRIBUTE_CAN_MAP_HOST_MEMORY = 19, /**< 1 where host memory can be mapped into the device's addresses. */
	RT_CUDA_ATTRIBUTE_COMPUTE_MODE = 20, /**< 0 for shared use, 2 for none, 3 for one process at a time. */
	RT_CUDA_ATTRIBUTE_CONCURRENT_KERNELS = 31, /**< 1 where several kernels can run at once. */
	RT_CUDA_ATTRIBUTE_ECC_ENABLED = 32, /**< 1 where memory is kept with error correction. */
	RT_CUDA_ATTRIBUTE_PCI_BUS_ID = 33, /**< Number of the PCI bus. */
	RT_CUDA_ATTRIBUTE_PCI_DEVICE_ID = 34, /**< Number of the device on its PCI bus. */
	RT_CUDA_ATTRIBUTE_MEMORY_CLOCK_RATE = 36, /**< Highest clock frequency of the memory, in kHz. */
	RT_CUDA_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH = 37, /**< Width of the bus to the memory, in bits. */
	RT_CUDA_ATTRIBUTE_L2_CACHE_SIZE = 38, /**< Size of the second-level cache, in bytes. */
	RT_CUDA_ATTRIBUTE_MAX_THREADS_PER_MULTI_PROCESSOR = 39, /**< Most threads on a multiprocessor. */
	RT_CUDA_ATTRIBUTE_ASYNC_ENGINE_COUNT = 40, /**< Copies that can run beside kernels. */
	RT_CUDA_ATTRIBUTE_UNIFIED_ADDRESSING = 41, /**< 1 where host and devices share one range of addresses. */
	RT_CUDA_ATTRIBUTE_PCI_DOMAIN_ID = 50, /**< Number of the PCI domain. */
	RT_CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75, /**< Compute capability, in front of the point. */
	RT_CUDA_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76, /**< Compute capability, behind the point. */
	RT_CUDA_ATTRIBUTE_STREAM_PRIORITIES_SUPPORTED = 78, /**< 1 where streams have priorities. */
	RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81, /**< Shared memory of a multiprocessor, in bytes. */
	RT_CUDA_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR = 82, /**< Registers of 32 bits of a multiprocessor. */
	RT_CUDA_ATTRIBUTE_MANAGED_MEMORY = 83, /**< 1 where managed memory can be had. */
	RT_CUDA_ATTRIBUTE_IS_MULTI_GPU_BOARD = 84, /**< 1 where the board has several devices. */
	RT_CUDA_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS = 88, /**< 1 where the device reads any memory of the host. */
	RT_CUDA_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS = 89, /**< 1 where host and device can use managed memory at the same time. */
	RT_CUDA_ATTRIBUTE_COOPERATIVE_LAUNCH = 95, /**< 1 where the blocks of a kernel can wait for each other. */
	RT_CUDA_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97, /**< Shared memory that a block can have if it asks for more, in bytes. */
	RT_CUDA_ATTRIBUTE_MEMORY_POOLS_SUPPORTED = 115 /**< 1 where memory can be taken in the order of a stream. */
};

/* Finding CUDA's runtime */

/**
 * Version of this part's own C ABI; it grows when functions are added, and none is ever removed.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_cuda_abi_version(void);

/**
 * Open CUDA's runtime now instead of at the first call that needs it.
 *
 * Without a path the search runs: the RT_CUDA_LIBCUDART environment variable, the one that a libtorch in this process
 * uses, any other that the process has, the path suggested with rt_cuda_suggest_path, the system's loader path. Loading
 * again is a success if it means the same file, and refused otherwise. A path that does not exist or cannot be used is
 * the error `no_upstream`.
 *
 * @param path  File libcudart.so.12 or libcudart.so.13, or a folder that holds it (`nvidia/cuda_runtime/lib`,
 *              `nvidia/cu13/lib`), in at most 4095 bytes; NULL runs the search.
 * @return 0, or an error code.
 */
int32_t rt_cuda_load(const char *path);

/**
 * Say where CUDA's runtime probably is, to be tried ahead of the system's loader path when a search runs.
 *
 * @param path  File libcudart.so.12 or libcudart.so.13, or a folder that holds it, in at most 4095 bytes; NULL takes
 *              the suggestion back.
 * @return 0, or an error code.
 */
int32_t rt_cuda_suggest_path(const char *path);

/**
 * Whether a CUDA device can be used: 1 where CUDA's runtime, a driver and at least one device are there, otherwise 0.
 *
 * The reason for a 0 is what rt_cuda_device_count then reports.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return 1 for yes, 0 for no.
 */
int32_t rt_cuda_available(void);

/**
 * Whether the CUDA runtime that is there has what the function of that name needs; 0 for an unknown name.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @param name  A function of this part, for example "rt_cuda_memset".
 * @return 1 for yes, 0 for no.
 */
int32_t rt_cuda_function_available(const char *name);

/**
 * File that CUDA's runtime was loaded from.
 *
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_cuda_libcudart_path(void);

/**
 * Version of CUDA's runtime, for example 12090 for 12.9.
 *
 * @return The number. On failure -1.
 */
int64_t rt_cuda_runtime_version(void);

/**
 * Newest version of CUDA that the driver can do, for example 13000 for 13.0; 0 where there is no driver.
 *
 * @return The number. On failure -1.
 */
int64_t rt_cuda_driver_version(void);

/* Errors */

/**
 * What this thread's last failure was: the function, the argument, what was given and what was expected.
 *
 * An error of CUDA's is told with its name, its number and its text. Work on a device runs by itself: what goes wrong
 * in it is told by a later call, and then the text says so. Valid until the thread's next failure; empty when there was
 * none.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return UTF-8 text, never to be freed.
 */
const char *rt_cuda_last_error(void);

/**
 * Code of this thread's last call: an RT_CUDA_ERROR_ constant, 0 after a success.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_cuda_last_error_code(void);

/**
 * Forget this thread's last failure.
 *
 * @return 0, or an error code.
 */
int32_t rt_cuda_clear_error(void);

/**
 * CUDA's own number of the last error that it reported to this thread, for example 2 for cudaErrorMemoryAllocation; 0
 * when there was none.
 *
 * It stays while later calls succeed or fail for reasons of their own, and tells what a failure was that
 * rt_cuda_last_error_code has just told of.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_cuda_last_cuda_error(void);

/**
 * CUDA's name of one of its errors, for example "cudaErrorNoDevice" for 100.
 *
 * @param number  CUDA's own number of the error.
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_cuda_error_name(int64_t number);

/**
 * CUDA's own words for one of its errors.
 *
 * @param number  CUDA's own number of the error.
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_cuda_error_text(int64_t number);

/* Devices */

/**
 * Number of CUDA devices; without a driver or a device it is an error that says so.
 *
 * @return The number. On failure -1.
 */
int64_t rt_cuda_device_count(void);

/**
 * Name of a device, for example "NVIDIA H100 80GB HBM3".
 *
 * @param device  The device, counted from 0.
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_cuda_device_name(int64_t device);

/**
 * One property of a device.
 *
 * @param attribute  One of the RT_CUDA_ATTRIBUTE_ constants.
 * @param device     The device, counted from 0.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_device_attribute(int64_t attribute, int64_t device);

/**
 * Memory of a device in bytes: what nobody uses, and all of it.
 *
 * @param device     The device, counted from 0; NULL for this thread's current one.
 * @param available  Where the result `available` is written.
 * @param total      Where the result `total` is written.
 * @return 0, or an error code.
 */
int32_t rt_cuda_device_memory(const int64_t *device, int64_t *available, int64_t *total);

/**
 * Whether one device can reach the memory of another without the host's help.
 *
 * @param device  The device that reaches out.
 * @param peer    The device whose memory it is.
 * @return 1 for yes, 0 for no. On failure -1.
 */
int32_t rt_cuda_can_access_peer(int64_t device, int64_t peer);

/**
 * Make a device this thread's current one.
 *
 * @param device  The device, counted from 0.
 * @return 0, or an error code.
 */
int32_t rt_cuda_set_device(int64_t device);

/**
 * This thread's current device.
 *
 * @return The number. On failure -1.
 */
int64_t rt_cuda_current_device(void);

/**
 * Wait until a device has done all that was asked of it.
 *
 * What went wrong in that work is told here, unless an earlier call has told it.
 *
 * Waits for all streams of the device.
 *
 * @param device  The device, counted from 0; NULL for this thread's current one.
 * @return 0, or an error code.
 */
int32_t rt_cuda_synchronize(const int64_t *device);

/* Streams */

/**
 * A new stream.
 *
 * @param priority      0 for the usual one, less for a more urgent one; CUDA takes what is beyond
 *                      rt_cuda_stream_priorities for the nearest that there is.
 * @param non_blocking  1 for a stream that does not wait for the default stream, nor that for it.
 * @param device        The device, counted from 0; NULL for this thread's current one.
 * @return A handle to a new stream, owned by the caller. On failure 0.
 */
int64_t rt_cuda_stream_create(int64_t priority, int32_t non_blocking, const int64_t *device);

/**
 * Give a stream back; work that stands in it is still done.
 *
 * Returns the code for an invalid handle when `stream` is none, was destroyed already or is of another kind; the
 * thread's error state stays as it is. A call in another thread that uses it completes first.
 *
 * Waits for nothing on the device, but maybe for its driver.
 *
 * @param stream  A stream handle.
 * @return 0, or an error code.
 */
int32_t rt_cuda_stream_destroy(int64_t stream);

/**
 * Priorities of the least and of the most urgent streams of the current device; the most urgent one has the lowest
 * number.
 *
 * @param least     Where the result `least` is written.
 * @param greatest  Where the result `greatest` is written.
 * @return 0, or an error code.
 */
int32_t rt_cuda_stream_priorities(int64_t *least, int64_t *greatest);

/**
 * Wait until all work in a stream is done.
 *
 * What went wrong in that work is told here, unless an earlier call has told it.
 *
 * Waits for the stream.
 *
 * @param stream  A stream handle; -1 for the current device's default stream.
 * @return 0, or an error code.
 */
int32_t rt_cuda_stream_synchronize(int64_t stream);

/**
 * Whether all work in a stream is done.
 *
 * @param stream  A stream handle; -1 for the current device's default stream.
 * @return 1 for yes, 0 for no. On failure -1.
 */
int32_t rt_cuda_stream_query(int64_t stream);

/**
 * Have what is put into a stream from now on wait for an event; this call itself does not wait.
 *
 * @param stream  A stream handle; -1 for the current device's default stream.
 * @param event   An event handle.
 * @return 0, or an error code.
 */
int32_t rt_cuda_stream_wait_event(int64_t stream, int64_t event);

/**
 * The device that a stream is of.
 *
 * @param stream  A stream handle.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_stream_device(int64_t stream);

/**
 * CUDA's own `cudaStream_t`, for other libraries that use the same runtime.
 *
 * Valid as long as the handle.
 *
 * @param stream  A stream handle.
 * @return An address. On failure NULL.
 */
void *rt_cuda_stream_ptr(int64_t stream);

/* Events */

/**
 * A new event.
 *
 * @param timing         1 for one that takes the time as it happens; 0 costs less.
 * @param blocking_sync  1 for one that a thread waits for asleep, and not by asking again and again.
 * @param device         The device, counted from 0; NULL for this thread's current one.
 * @return A handle to a new event, owned by the caller. On failure 0.
 */
int64_t rt_cuda_event_create(int32_t timing, int32_t blocking_sync, const int64_t *device);

/**
 * Give an event back, even one that has not happened yet.
 *
 * Returns the code for an invalid handle when `event` is none, was destroyed already or is of another kind; the
 * thread's error state stays as it is. A call in another thread that uses it completes first.
 *
 * Waits for nothing on the device, but maybe for its driver.
 *
 * @param event  An event handle.
 * @return 0, or an error code.
 */
int32_t rt_cuda_event_destroy(int64_t event);

/**
 * Put an event into a stream, behind all that stands there.
 *
 * @param event   An event handle.
 * @param stream  A stream handle; -1 for the default stream of the event's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_event_record(int64_t event, int64_t stream);

/**
 * Wait until an event has happened; one that was never recorded is not waited for.
 *
 * What went wrong in the work before it is told here, unless an earlier call has told it.
 *
 * Waits for the event.
 *
 * @param event  An event handle.
 * @return 0, or an error code.
 */
int32_t rt_cuda_event_synchronize(int64_t event);

/**
 * Whether an event has happened; one that was never recorded counts as one that has.
 *
 * @param event  An event handle.
 * @return 1 for yes, 0 for no. On failure -1.
 */
int32_t rt_cuda_event_query(int64_t event);

/**
 * Milliseconds from one event to another, to about half a microsecond; both must have happened.
 *
 * @param start  The event to count from.
 * @param stop   The event to count to.
 * @return The number. On failure NaN.
 */
double rt_cuda_event_elapsed(int64_t start, int64_t stop);

/**
 * The device that an event is of.
 *
 * @param event  An event handle.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_event_device(int64_t event);

/* Memory */

/**
 * New memory of a device, with anything in it; none at all of 0 bytes.
 *
 * @param size    Size.
 * @param device  The device, counted from 0; NULL for this thread's current one.
 * @return A handle to a new memory, owned by the caller. On failure 0.
 */
int64_t rt_cuda_alloc(int64_t size, const int64_t *device);

/**
 * Give device memory back.
 *
 * Returns the code for an invalid handle when `block` is none, was freed already or is of another kind; the thread's
 * error state stays as it is. A call in another thread that uses it completes first.
 *
 * Waits until the device has done what uses the memory.
 *
 * @param block  A handle of device memory.
 * @return 0, or an error code.
 */
int32_t rt_cuda_free(int64_t block);

/**
 * Size of device memory in bytes.
 *
 * @param block  A handle of device memory.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_memory_size(int64_t block);

/**
 * The device that memory is of.
 *
 * @param block  A handle of device memory.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_memory_device(int64_t block);

/**
 * Address on the device, for other libraries that use it; NULL without an error for memory of 0 bytes.
 *
 * Valid as long as the handle; not for reading and writing by the host.
 *
 * @param block  A handle of device memory.
 * @return An address. On failure NULL.
 */
void *rt_cuda_memory_ptr(int64_t block);

/**
 * New pinned memory of the host, with anything in it: devices copy from and to it while the host goes on.
 *
 * @param size  Size.
 * @return A handle to a new pinned, owned by the caller. On failure 0.
 */
int64_t rt_cuda_host_alloc(int64_t size);

/**
 * Give pinned memory back.
 *
 * Returns the code for an invalid handle when `block` is none, was freed already or is of another kind; the thread's
 * error state stays as it is. A call in another thread that uses it completes first.
 *
 * Waits until the devices have done what uses the memory.
 *
 * @param block  A handle of pinned host memory.
 * @return 0, or an error code.
 */
int32_t rt_cuda_host_free(int64_t block);

/**
 * Size of pinned memory in bytes.
 *
 * @param block  A handle of pinned host memory.
 * @return The number. On failure -1.
 */
int64_t rt_cuda_host_size(int64_t block);

/**
 * Address of pinned memory, for the host to read and write; NULL without an error for memory of 0 bytes.
 *
 * Valid as long as the handle.
 *
 * @param block  A handle of pinned host memory.
 * @return An address. On failure NULL.
 */
void *rt_cuda_host_ptr(int64_t block);

/**
 * Number of streams, events and pieces of memory that have not been given back.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_cuda_live_handles(void);

/* Filling and copying */

/**
 * Fill a part of device memory with one byte.
 *
 * It may come back before that is done; what is put into the default stream of the device afterwards comes after it.
 *
 * @param target  A handle of device memory.
 * @param offset  Where the part begins.
 * @param value   The byte, 0 to 255.
 * @param size    Size of the part.
 * @return 0, or an error code.
 */
int32_t rt_cuda_memset(int64_t target, int64_t offset, int64_t value, int64_t size);

/**
 * Fill a part of device memory with one byte, in a stream.
 *
 * @param target  A handle of device memory.
 * @param offset  Where the part begins.
 * @param value   The byte, 0 to 255.
 * @param size    Size of the part.
 * @param stream  A stream handle; -1 for the default stream of the memory's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_memset_async(int64_t target, int64_t offset, int64_t value, int64_t size, int64_t stream);

/**
 * Copy bytes of the host into device memory.
 *
 * Waits for the device's default stream, and until the data has been read.
 *
 * @param data      The bytes.
 * @param data_len  Number of elements of `data`.
 * @param target    A handle of device memory.
 * @param offset    Where in the target they go.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_to_device(const uint8_t *data, int64_t data_len, int64_t target, int64_t offset);

/**
 * Copy a part of device memory to the host.
 *
 * Waits for the device's default stream, and until the copy is done.
 *
 * @param source   A handle of device memory.
 * @param offset   Where the part begins.
 * @param size     Size of the part.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_cuda_copy_to_host(int64_t source, int64_t offset, int64_t size, uint8_t *out, int64_t out_cap);

/**
 * Copy a part of device memory to an address of the host.
 *
 * Waits for the device's default stream, and until the copy is done.
 *
 * @param source  A handle of device memory.
 * @param offset  Where the part begins.
 * @param size    Size of the part.
 * @param target  Address of memory of the host. So many bytes must be there to be written.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_to_address(int64_t source, int64_t offset, int64_t size, void *target);

/**
 * Copy a part of pinned host memory into device memory, in a stream.
 *
 * @param source         A handle of pinned host memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of device memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @param stream         A stream handle; -1 for the default stream of the memory's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_to_device_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                     int64_t size, int64_t stream);

/**
 * Copy a part of device memory into pinned host memory, in a stream.
 *
 * @param source         A handle of device memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of pinned host memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @param stream         A stream handle; -1 for the default stream of the memory's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_to_host_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                   int64_t size, int64_t stream);

/**
 * Copy a part of device memory to other memory of the same device.
 *
 * It may come back before that is done; what is put into the default stream of the device afterwards comes after it.
 * For memory of two devices there is rt_cuda_copy_peer.
 *
 * @param source         A handle of device memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of device memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size);

/**
 * Copy a part of device memory to other memory of the same device, in a stream.
 *
 * @param source         A handle of device memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of device memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @param stream         A stream handle; -1 for the default stream of the memory's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size,
                           int64_t stream);

/**
 * Copy a part of device memory to memory of another device, or of the same.
 *
 * It may come back before that is done; what is put into the default streams of the two devices afterwards comes after
 * it.
 *
 * @param source         A handle of device memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of device memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_peer(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset, int64_t size);

/**
 * Copy a part of device memory to memory of another device, or of the same, in a stream.
 *
 * @param source         A handle of device memory.
 * @param source_offset  Where the part begins.
 * @param target         A handle of device memory.
 * @param target_offset  Where in the target it goes.
 * @param size           Size of the part.
 * @param stream         A stream handle, of one of the two devices; -1 for the default stream of the source's device.
 * @return 0, or an error code.
 */
int32_t rt_cuda_copy_peer_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
                                int64_t size, int64_t stream);

/* cdef: end */

#ifdef __cplusplus
}
#endif

#endif
