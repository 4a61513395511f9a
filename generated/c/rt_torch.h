/* rt_torch: Tensors on libtorch, from C, without linking it.
 *
 * Generated from the specs; not to be edited by hand.
 *
 * Between the two `cdef` comments stand declarations only, which a parser of plain C can be given as they are. */
#ifndef RT_TORCH_H
#define RT_TORCH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* cdef: begin */

/** Version of the C ABI that this header describes. */
#define RT_TORCH_ABI 1

enum {
	RT_TORCH_NONE = -1, /**< An optional handle that is not given. */
	RT_TORCH_ABSENT = -1 /**< Length of an optional list that is not given. */
};

/** Codes that `rt_torch_last_error_code` and every status return. */
enum rt_torch_error {
	RT_TORCH_ERROR_OK = 0, /**< No error. */
	RT_TORCH_ERROR_INVALID_HANDLE = 1, /**< The number is no live handle of the kind that the argument wants. */
	RT_TORCH_ERROR_BAD_ARGUMENT = 2, /**< An argument's value is not one that the function takes; a text that is no valid UTF-8 never is. */
	RT_TORCH_ERROR_NO_UPSTREAM = 3, /**< libtorch was not found, or the one found cannot be used. */
	RT_TORCH_ERROR_UNAVAILABLE = 4, /**< This libtorch lacks something that the function needs. */
	RT_TORCH_ERROR_REFUSED = 5, /**< libtorch itself refused the operation (before 2.13, which gives no reasons, maybe for want of memory). */
	RT_TORCH_ERROR_OUT_OF_MEMORY = 6 /**< Memory or handles are used up (in libtorch before 2.13, known only where the result itself finds no room). */
};

/* Finding libtorch */

/**
 * Version of this library's own C ABI; it grows when functions are added, and none is ever removed.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_torch_abi_version(void);

/**
 * Open libtorch now instead of at the first call that needs it.
 *
 * Without a path the search runs: the RT_TORCH_LIBTORCH environment variable, a libtorch already in the process, the
 * path suggested with rt_torch_suggest_path, the system's loader path. Loading again is a success if it means the same
 * file, and refused otherwise: one process can hold one libtorch. A path that does not exist or cannot be used is the
 * error `no_upstream`.
 *
 * @param path  File libtorch_cpu.so or a folder that holds it (`torch/lib`), in at most 4095 bytes; NULL runs the
 *              search.
 * @return 0, or an error code.
 */
int32_t rt_torch_load(const char *path);

/**
 * Say where libtorch probably is, to be tried ahead of the system's loader path when a search runs.
 *
 * @param path  File libtorch_cpu.so or a folder that holds it, in at most 4095 bytes; NULL takes the suggestion back.
 * @return 0, or an error code.
 */
int32_t rt_torch_suggest_path(const char *path);

/**
 * Whether libtorch is there: 1 when it is loaded or the search finds and loads it now, otherwise 0.
 *
 * The reason for a 0 is what rt_torch_load(NULL) then reports.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return 1 for yes, 0 for no.
 */
int32_t rt_torch_available(void);

/**
 * Whether the function of that name would work with the libtorch that is there; 0 for an unknown name.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @param name  A function of this library, for example "rt_torch_add".
 * @return 1 for yes, 0 for no.
 */
int32_t rt_torch_function_available(const char *name);

/**
 * File that libtorch was loaded from.
 *
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_torch_libtorch_path(void);

/**
 * Version of the libtorch in use, for example "2.13.0".
 *
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_torch_version(void);

/* Errors */

/**
 * Text of this thread's last failure; empty when there was none.
 *
 * The text names the function, the argument, what was given and what was expected. It stays readable until the thread's
 * next failure.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return UTF-8 text, never to be freed.
 */
const char *rt_torch_last_error(void);

/**
 * Code of this thread's last call: 0 after a success, otherwise one of the error codes.
 *
 * Where a failure value is also a legal result (NaN from a sum, say), this tells them apart.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_torch_last_error_code(void);

/**
 * Forget this thread's last failure, code and text.
 *
 * @return 0, or an error code.
 */
int32_t rt_torch_clear_error(void);

/* Creation */

/**
 * A tensor of zeros.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_zeros(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);

/**
 * A tensor of ones.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_ones(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);

/**
 * A tensor whose elements are all `value`.
 *
 * For an integer dtype `value` must be a whole number that it holds, where torch cuts a fraction off; as a double holds
 * integers up to 2^53 only, a larger one is the nearest double (rt_torch_from_data_i64 takes every i64). For bool,
 * anything but 0 is true.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param value      The number; for a floating-point dtype also NaN or an infinity.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_full(const int64_t *shape, int64_t shape_len, double value, const char *dtype, const char *device);

/**
 * The numbers from `start` on, `step` apart, that come before `end`.
 *
 * Their count is (end - start) / step, computed in f64 and rounded up. Element i is start + i * step in f64, which for
 * f32 is then rounded once, and for f16 and bf16 converted by libtorch. Of an integer dtype, every element must be a
 * whole number that it holds, where torch cuts fractions off and wraps around; these are added as integers, exactly. In
 * a floating-point dtype what is too large is infinite. bool is refused.
 *
 * @param start   The first element.
 * @param end     Where the range ends; it is not an element itself.
 * @param step    The distance; a negative one goes down.
 * @param dtype   Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                names, such as "float32", are accepted too.
 * @param device  Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_arange(double start, double end, double step, const char *dtype, const char *device);

/**
 * Copy `data` into a new contiguous f64 tensor of shape `shape`.
 *
 * @param data       Elements in row-major order.
 * @param data_len   Number of elements of `data`.
 * @param shape      Sizes; their product must be the number of elements.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_from_data_f64(const double *data, int64_t data_len, const int64_t *shape, int64_t shape_len);

/**
 * Copy `data` into a new contiguous f32 tensor of shape `shape`.
 *
 * @param data       Elements in row-major order.
 * @param data_len   Number of elements of `data`.
 * @param shape      Sizes; their product must be the number of elements.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_from_data_f32(const float *data, int64_t data_len, const int64_t *shape, int64_t shape_len);

/**
 * Copy `data` into a new contiguous i64 tensor of shape `shape`.
 *
 * @param data       Elements in row-major order.
 * @param data_len   Number of elements of `data`.
 * @param shape      Sizes; their product must be the number of elements.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_from_data_i64(const int64_t *data, int64_t data_len, const int64_t *shape, int64_t shape_len);

/**
 * Copy `data` into a new contiguous bool tensor of shape `shape`; every byte but 0 is true.
 *
 * @param data       One byte per element, in row-major order.
 * @param data_len   Number of elements of `data`.
 * @param shape      Sizes; their product must be the number of elements.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_from_data_bool(const uint8_t *data, int64_t data_len, const int64_t *shape, int64_t shape_len);

/* Random numbers */

/**
 * Begin the stream of random numbers of that seed, from which rt_torch_randn then draws.
 *
 * The generator is the process's: all threads draw from it, each number once. Before the first call the seed is a
 * random one that the system gives. A forked child goes on from where its parent was, and so draws the same numbers
 * unless it is given a seed of its own.
 *
 * @param seed  Any number; each names another stream.
 * @return 0, or an error code.
 */
int32_t rt_torch_manual_seed(int64_t seed);

/**
 * Where the generator is: its seed, and how many blocks of two numbers were drawn. rt_torch_set_random_state takes both
 * back.
 *
 * @param seed    Where the result `seed` is written.
 * @param offset  Where the result `offset` is written.
 * @return 0, or an error code.
 */
int32_t rt_torch_random_state(int64_t *seed, int64_t *offset);

/**
 * Put the generator to a place in a stream, such as one that rt_torch_random_state gave.
 *
 * @param seed    Any number; each names another stream.
 * @param offset  Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
 * @return 0, or an error code.
 */
int32_t rt_torch_set_random_state(int64_t seed, int64_t offset);

/**
 * A tensor of independent samples of the standard normal distribution.
 *
 * Drawn from the generator that rt_torch_manual_seed seeds, as rt_torch_randn_at describes; of an odd count of numbers
 * the last block's second one is dropped. They do not depend on the libtorch in use, nor on the device. A tensor that
 * has elements takes a floating-point dtype.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_randn(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);

/**
 * Samples of the standard normal distribution from a given place in a stream; the generator stays where it is.
 *
 * Block k is Philox4x32-10 of the key `seed` and the counter offset + k, both as 64 bits, the low 32 first. Of its four
 * words two numbers u and v of 53 bits are made, the low word first; sqrt(-2 * log((u + 1) / 2^53)) times the cosine
 * and the sine of 2 * pi * v / 2^53 are elements 2k and 2k + 1, computed in f64. For f32 they are rounded once, for f16
 * and bf16 converted by libtorch. A tensor that has elements takes a floating-point dtype.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param seed       Any number; each names another stream.
 * @param offset     Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_randn_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset, const char *dtype,
                          const char *device);

/**
 * A tensor of independent samples of the uniform distribution from 0 to below 1.
 *
 * Drawn from the generator that rt_torch_manual_seed seeds, as rt_torch_rand_at describes; of an odd count of numbers
 * the last block's second one is dropped. They do not depend on the libtorch in use, nor on the device. A tensor that
 * has elements takes a floating-point dtype.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_rand(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);

/**
 * Samples of the uniform distribution from 0 to below 1 from a given place in a stream; the generator stays where it
 * is.
 *
 * Block k gives the two numbers u and v of 53 bits that rt_torch_randn_at describes. For f64, elements 2k and 2k + 1
 * are u / 2^53 and v / 2^53. A smaller dtype takes as many of the upper bits as its numbers have, so that none is
 * rounded up to 1: f32 the upper 24, f16 the upper 11, bf16 the upper 8; for f32 the elements are floor(u / 2^29) /
 * 2^24 and floor(v / 2^29) / 2^24. A tensor that has elements takes a floating-point dtype.
 *
 * @param shape      Sizes; none makes a 0-dim tensor, a 0 among them an empty one.
 * @param shape_len  Number of elements of `shape`.
 * @param seed       Any number; each names another stream.
 * @param offset     Blocks to leave out, each of two numbers; a negative one stands for 2^64 more.
 * @param dtype      Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                   names, such as "float32", are accepted too.
 * @param device     Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_rand_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset, const char *dtype,
                         const char *device);

/* Reading back */

/**
 * Copy the elements of a tensor of dtype f64 out in row-major order, whatever its strides and device.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_to_data_f64(int64_t x, double *out, int64_t out_cap);

/**
 * Copy the elements of a tensor of dtype f32 out in row-major order, whatever its strides and device.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_to_data_f32(int64_t x, float *out, int64_t out_cap);

/**
 * Copy the elements of a tensor of dtype i64 out in row-major order, whatever its strides and device.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_to_data_i64(int64_t x, int64_t *out, int64_t out_cap);

/**
 * Copy the elements of a tensor of dtype bool out in row-major order, whatever its strides and device, one byte per
 * element, 0 or 1.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_to_data_bool(int64_t x, uint8_t *out, int64_t out_cap);

/* Properties */

/**
 * Sizes of the dimensions.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_shape(int64_t x, int64_t *out, int64_t out_cap);

/**
 * Number of dimensions.
 *
 * @param x  A tensor handle.
 * @return The number. On failure -1.
 */
int64_t rt_torch_ndim(int64_t x);

/**
 * Number of elements.
 *
 * @param x  A tensor handle.
 * @return The number. On failure -1.
 */
int64_t rt_torch_numel(int64_t x);

/**
 * Element type, for example "f64".
 *
 * @param x  A tensor handle.
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_torch_dtype(int64_t x);

/**
 * Device that holds the elements, for example "cpu" or "cuda:0".
 *
 * @param x  A tensor handle.
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_torch_device(int64_t x);

/**
 * Distance, in elements, from one element to the next in each dimension.
 *
 * @param x        A tensor handle.
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_strides(int64_t x, int64_t *out, int64_t out_cap);

/**
 * Whether the elements lie in row-major order without gaps: 1 or 0.
 *
 * @param x  A tensor handle.
 * @return 1 for yes, 0 for no. On failure -1.
 */
int32_t rt_torch_is_contiguous(int64_t x);

/* Element-wise arithmetic */

/**
 * Sum of `a` and `b`, element by element; for two bool tensors, logical or.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_add(int64_t a, int64_t b);

/**
 * Difference of `a` and `b`, element by element.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sub(int64_t a, int64_t b);

/**
 * Product of `a` and `b`, element by element; for two bool tensors, logical and.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_mul(int64_t a, int64_t b);

/**
 * True quotient of `a` and `b`, element by element; division by zero gives an infinity or NaN.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_div(int64_t a, int64_t b);

/**
 * Negative of each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_neg(int64_t x);

/**
 * `x + s` for each element.
 *
 * @param x  A tensor handle.
 * @param s  The number.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_add_scalar(int64_t x, double s);

/**
 * `x * s` for each element.
 *
 * @param x  A tensor handle.
 * @param s  The number.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_mul_scalar(int64_t x, double s);

/**
 * `x / s` for each element; division by zero gives an infinity or NaN.
 *
 * @param x  A tensor handle.
 * @param s  The number.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_div_scalar(int64_t x, double s);

/**
 * `a + s * b`, element by element.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @param s  The number.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_add_scaled(int64_t a, int64_t b, double s);

/**
 * The larger of `a` and `b`, element by element; NaN where one of the two is NaN.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_maximum(int64_t a, int64_t b);

/**
 * The smaller of `a` and `b`, element by element; NaN where one of the two is NaN.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_minimum(int64_t a, int64_t b);

/* Element-wise functions */

/**
 * e to the power of each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_exp(int64_t x);

/**
 * Natural logarithm of each element; -infinity at 0, NaN below.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_log(int64_t x);

/**
 * Square root of each element; NaN below 0.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sqrt(int64_t x);

/**
 * Each element to the power of `exponent`.
 *
 * @param x         A tensor handle.
 * @param exponent  The exponent.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_pow(int64_t x, double exponent);

/**
 * Absolute value of each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_abs(int64_t x);

/**
 * 1 for each element above 0, -1 for each below, 0 for 0 and NaN; a bool stays as it is.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sign(int64_t x);

/**
 * Each element, but `min` where it is smaller, and `max` where it is larger; NaN stays NaN.
 *
 * Where `min` is larger than `max`, all elements are `max`. A bound that is NaN makes all of them NaN. For integers the
 * bounds must be whole numbers that the dtype holds, where torch would make the result floating-point; beyond 2**53 the
 * nearest f64 is the bound.
 *
 * @param x    A tensor handle.
 * @param min  The smallest that an element may be; NULL for no bound.
 * @param max  The largest that an element may be; NULL for no bound.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_clamp(int64_t x, const double *min, const double *max);

/**
 * Sine of each element, which is an angle in radians.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sin(int64_t x);

/**
 * Cosine of each element, which is an angle in radians.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_cos(int64_t x);

/**
 * Error function of each element: the share of a normal distribution of variance 1/2 within `x` of its mean.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_erf(int64_t x);

/**
 * Each element of `a` to the power of the element of `b`; NaN for a negative one to a power that is no integer.
 *
 * Integers give integers, modulo their range; to a negative power, 1 and -1 give 1 and -1, and all others 0.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_pow_tensor(int64_t a, int64_t b);

/* Matrices */

/**
 * Matrix product of `a` and `b`; leading dimensions broadcast, a 1-dim tensor is a vector.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_matmul(int64_t a, int64_t b);

/**
 * `x` with the dimensions `dim0` and `dim1` exchanged.
 *
 * @param x     A tensor handle.
 * @param dim0  First dimension; a negative one counts from the end.
 * @param dim1  Second dimension; a negative one counts from the end.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_transpose(int64_t x, int64_t dim0, int64_t dim1);

/**
 * Transpose of a matrix; a tensor of fewer than two dimensions is returned as it is.
 *
 * @param x  A tensor handle.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_transpose_2d(int64_t x);

/* Reductions */

/**
 * Sum of all elements as a number; 0 for an empty tensor.
 *
 * An integer sum beyond 2^53 is rounded to a double; rt_torch_sum_tensor keeps it exact.
 *
 * @param x  A tensor handle.
 * @return The number. On failure NaN.
 */
double rt_torch_sum(int64_t x);

/**
 * Mean of all elements as a number; NaN for an empty tensor.
 *
 * @param x  A tensor handle.
 * @return The number. On failure NaN.
 */
double rt_torch_mean(int64_t x);

/**
 * Largest element as a number; NaN if any element is NaN.
 *
 * @param x  A tensor handle.
 * @return The number. On failure NaN.
 */
double rt_torch_max(int64_t x);

/**
 * Smallest element as a number; NaN if any element is NaN.
 *
 * @param x  A tensor handle.
 * @return The number. On failure NaN.
 */
double rt_torch_min(int64_t x);

/**
 * Sum of all elements as a 0-dim tensor; exact for integers, modulo 2^64.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sum_tensor(int64_t x);

/**
 * Mean of all elements as a 0-dim tensor.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_mean_tensor(int64_t x);

/**
 * Largest element as a 0-dim tensor.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_max_tensor(int64_t x);

/**
 * Smallest element as a 0-dim tensor.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_min_tensor(int64_t x);

/**
 * Sum along one dimension.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce; a negative one counts from the end.
 * @param keepdim  1 to keep the reduced dimension with size 1, 0 to drop it.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sum_dim(int64_t x, int64_t dim, int32_t keepdim);

/**
 * Mean along one dimension.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce; a negative one counts from the end.
 * @param keepdim  1 to keep the reduced dimension with size 1, 0 to drop it.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_mean_dim(int64_t x, int64_t dim, int32_t keepdim);

/**
 * `x` summed to the shape `shape`, as if it had been expanded from that: what was repeated is added up again.
 *
 * Summed are the dimensions that `shape` does not have, which are the first ones, and those that it has with size 1.
 *
 * @param x          A tensor handle.
 * @param shape      Sizes of the result.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sum_to(int64_t x, const int64_t *shape, int64_t shape_len);

/**
 * Largest element along one dimension; NaN where an element is NaN.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce; a negative one counts from the end.
 * @param keepdim  1 to keep the reduced dimension with size 1, 0 to drop it.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_amax(int64_t x, int64_t dim, int32_t keepdim);

/**
 * Smallest element along one dimension; NaN where an element is NaN.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce; a negative one counts from the end.
 * @param keepdim  1 to keep the reduced dimension with size 1, 0 to drop it.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_amin(int64_t x, int64_t dim, int32_t keepdim);

/**
 * Place of the largest element along one dimension, or among all elements in row-major order; the result is i64.
 *
 * Of several such elements it is the first one's; a NaN counts as largest.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce, a negative one counting from the end; NULL for all of them.
 * @param keepdim  1 to keep the reduced dimensions with size 1, 0 to drop them.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_argmax(int64_t x, const int64_t *dim, int32_t keepdim);

/**
 * Place of the smallest element along one dimension, or among all elements in row-major order; the result is i64.
 *
 * Of several such elements it is the first one's; a NaN counts as smallest.
 *
 * @param x        A tensor handle.
 * @param dim      Dimension to reduce, a negative one counting from the end; NULL for all of them.
 * @param keepdim  1 to keep the reduced dimensions with size 1, 0 to drop them.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_argmin(int64_t x, const int64_t *dim, int32_t keepdim);

/* Activations */

/**
 * max(x, 0) for each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_relu(int64_t x);

/**
 * Gradient of rt_torch_relu, given the one with respect to its result: the same where the result is above 0 or NaN, and
 * 0 elsewhere.
 *
 * @param gradient  Gradient with respect to the result.
 * @param y         The result.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_relu_backward(int64_t gradient, int64_t y);

/**
 * 1 / (1 + exp(-x)) for each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_sigmoid(int64_t x);

/**
 * Hyperbolic tangent of each element.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_tanh(int64_t x);

/**
 * Softmax of `x` along `dim`.
 *
 * @param x    A tensor handle.
 * @param dim  Dimension that sums to 1; a negative one counts from the end.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_softmax(int64_t x, int64_t dim);

/**
 * Logarithm of the softmax of `x` along `dim`, computed without overflow.
 *
 * @param x    A tensor handle.
 * @param dim  Dimension that is normalised; a negative one counts from the end.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_log_softmax(int64_t x, int64_t dim);

/**
 * Each element that is above 0, and `slope * x` for the others.
 *
 * @param x      A tensor handle.
 * @param slope  What the elements that are not above 0 are multiplied by.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_leaky_relu(int64_t x, double slope);

/**
 * Each element that is at least 0, and `alpha * (exp(x) - 1)` for the others.
 *
 * @param x      A tensor handle.
 * @param alpha  What the result comes close to, with its sign changed, where `x` is far below 0.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_elu(int64_t x, double alpha);

/**
 * `x` times the share of the standard normal distribution that is below `x`, for each element.
 *
 * @param x            A tensor handle.
 * @param approximate  "none", or "tanh" for 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) instead.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_gelu(int64_t x, const char *approximate);

/* Comparison */

/**
 * For each element, whether `a` and `b` are equal; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_eq(int64_t a, int64_t b);

/**
 * For each element, whether `a` and `b` differ; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_ne(int64_t a, int64_t b);

/**
 * For each element, whether `a` is greater than `b`; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_gt(int64_t a, int64_t b);

/**
 * For each element, whether `a` is less than `b`; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_lt(int64_t a, int64_t b);

/**
 * For each element, whether `a` is greater than `b` or equal to it; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_ge(int64_t a, int64_t b);

/**
 * For each element, whether `a` is less than `b` or equal to it; the result is bool.
 *
 * @param a  A tensor handle.
 * @param b  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_le(int64_t a, int64_t b);

/**
 * Elements of `a` where `cond` is true, of `b` elsewhere; the three broadcast.
 *
 * @param cond  A tensor of dtype bool, or of dtype u8, where anything but 0 is true.
 * @param a     A tensor handle.
 * @param b     A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_where(int64_t cond, int64_t a, int64_t b);

/* Shape */

/**
 * `x` with other sizes and the same elements in row-major order.
 *
 * @param x          A tensor handle.
 * @param shape      Sizes; one of them may be -1, to be worked out.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle, owned by the caller, to a tensor that may share the memory of its input. On failure 0.
 */
int64_t rt_torch_reshape(int64_t x, const int64_t *shape, int64_t shape_len);

/**
 * All elements in one dimension, in row-major order.
 *
 * @param x  A tensor handle.
 * @return A handle, owned by the caller, to a tensor that may share the memory of its input. On failure 0.
 */
int64_t rt_torch_flatten(int64_t x);

/**
 * `x` without its dimensions of size 1.
 *
 * @param x    A tensor handle.
 * @param dim  The only dimension to drop, if its size is 1; NULL drops all of size 1.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_squeeze(int64_t x, const int64_t *dim);

/**
 * `x` with a new dimension of size 1.
 *
 * @param x    A tensor handle.
 * @param dim  Where the new dimension stands in the result; a negative one counts from the end.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_unsqueeze(int64_t x, int64_t dim);

/**
 * `x` with its elements repeated along dimensions of size 1, and along new ones in front, without a copy.
 *
 * @param x          A tensor handle.
 * @param shape      Sizes; -1 keeps that of `x`.
 * @param shape_len  Number of elements of `shape`.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_expand(int64_t x, const int64_t *shape, int64_t shape_len);

/**
 * The part of `x` that has `length` elements along `dim`, from `start` on.
 *
 * @param x       A tensor handle.
 * @param dim     Dimension that is cut; a negative one counts from the end.
 * @param start   The first element; a negative one counts from the end.
 * @param length  Number of elements.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_narrow(int64_t x, int64_t dim, int64_t start, int64_t length);

/**
 * Elements in the memory of `x`, with other steps from one to the next.
 *
 * @param x            A tensor handle.
 * @param shape        Sizes.
 * @param shape_len    Number of elements of `shape`.
 * @param strides      Steps in elements, none negative.
 * @param strides_len  Number of elements of `strides`.
 * @param offset       Of the first one, in elements behind the first of `x`.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_strided(int64_t x, const int64_t *shape, int64_t shape_len, const int64_t *strides,
                         int64_t strides_len, int64_t offset);

/* Gathering and scattering */

/**
 * The parts of `x` along `dim` that `index` names, one after the other.
 *
 * @param x      A tensor handle.
 * @param dim    Dimension that is indexed; a negative one counts from the end.
 * @param index  A tensor of dtype i64 with at most one dimension; each index counts from 0.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_index_select(int64_t x, int64_t dim, int64_t index);

/**
 * `x` with each part of `source` along `dim` added to the part that its index names; for bool, logical or.
 *
 * @param x       A tensor handle.
 * @param dim     Dimension that is indexed; a negative one counts from the end.
 * @param index   A tensor of dtype i64 with at most one dimension; each index counts from 0, and may come several
 *                times.
 * @param source  What is added; but for `dim`, where it has as many parts as there are indices, it has the shape of
 *                `x`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_index_add(int64_t x, int64_t dim, int64_t index, int64_t source);

/**
 * For each place of `index`, the element of `x` at the same place, but along `dim` at the place that the index names.
 *
 * @param x      A tensor handle.
 * @param dim    Dimension that is indexed; a negative one counts from the end.
 * @param index  A tensor of dtype i64 with as many dimensions as `x`, and but for `dim` no larger; each index counts
 *               from 0.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_gather(int64_t x, int64_t dim, int64_t index);

/**
 * `x` with each element of `source` added at the same place, but along `dim` at the place that its index names; for
 * bool, logical or.
 *
 * It undoes rt_torch_gather. torch lets `source` be larger than `index`, and its gradient does not; here the two have
 * one shape.
 *
 * @param x       A tensor handle.
 * @param dim     Dimension that is indexed; a negative one counts from the end.
 * @param index   A tensor of dtype i64 with as many dimensions as `x`, and but for `dim` no larger; each index counts
 *                from 0, and may come several times.
 * @param source  What is added; it has the shape of `index`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_scatter_add(int64_t x, int64_t dim, int64_t index, int64_t source);

/**
 * The elements at these places, counted in row-major order, in one dimension.
 *
 * @param x           A tensor handle.
 * @param places      Each from 0 to the number of elements - 1.
 * @param places_len  Number of elements of `places`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_take(int64_t x, const int64_t *places, int64_t places_len);

/**
 * Set the elements of `x` at these places, counted in row-major order, in place.
 *
 * Of a place that is named twice, on a GPU any of its elements stays.
 *
 * @param x           A tensor handle.
 * @param places      Each from 0 to the number of elements - 1.
 * @param places_len  Number of elements of `places`.
 * @param source      As many elements, in any shape.
 * @return 0, or an error code.
 */
int32_t rt_torch_put(int64_t x, const int64_t *places, int64_t places_len, int64_t source);

/**
 * Set the elements of `x` to those of `source`, in place.
 *
 * They are converted to the dtype of `x`, and moved to its device. Where both share memory, they must be the same
 * elements, or none in common.
 *
 * @param x       A tensor handle.
 * @param source  A tensor that broadcasts to the shape of `x`.
 * @return 0, or an error code.
 */
int32_t rt_torch_assign(int64_t x, int64_t source);

/* Joining */

/**
 * The tensors one after the other along `dim`, of the dtype that all promote to.
 *
 * A tensor of the shape [0] adds nothing, whatever shapes the others have.
 *
 * @param tensors      At least one, with the same sizes but for that of `dim`.
 * @param tensors_len  Number of elements of `tensors`.
 * @param dim          Dimension in which they are joined; a negative one counts from the end.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_cat(const int64_t *tensors, int64_t tensors_len, int64_t dim);

/**
 * The tensors one after the other along a new dimension, of the dtype that all promote to.
 *
 * @param tensors      At least one, all of one shape.
 * @param tensors_len  Number of elements of `tensors`.
 * @param dim          Where the new dimension stands in the result; a negative one counts from the end.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_stack(const int64_t *tensors, int64_t tensors_len, int64_t dim);

/* Copies and conversions */

/**
 * A copy of `x` with memory of its own.
 *
 * The order of the elements in memory is that of `x`, as far as they lie without gaps.
 *
 * @param x  A tensor handle.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_clone(int64_t x);

/**
 * `x` outside of any gradient that libtorch records; the memory is shared.
 *
 * @param x  A tensor handle.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_detach(int64_t x);

/**
 * `x` in row-major order without gaps: itself when it is so already, otherwise a copy.
 *
 * @param x  A tensor handle.
 * @return A handle, owned by the caller, to a tensor that may share the memory of its input. On failure 0.
 */
int64_t rt_torch_contiguous(int64_t x);

/**
 * `x` with its elements converted to `dtype`: itself when it has that dtype already, otherwise a copy.
 *
 * Floating-point to integer truncates towards zero; what does not fit is whatever libtorch makes of it. Anything but 0
 * becomes true.
 *
 * @param x      A tensor handle.
 * @param dtype  Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *               names, such as "float32", are accepted too.
 * @return A handle, owned by the caller, to a tensor that may share the memory of its input. On failure 0.
 */
int64_t rt_torch_to_dtype(int64_t x, const char *dtype);

/**
 * `x` on another device: itself when it is there already, otherwise a copy.
 *
 * @param x       A tensor handle.
 * @param device  Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return A handle, owned by the caller, to a tensor that may share the memory of its input. On failure 0.
 */
int64_t rt_torch_to_device(int64_t x, const char *device);

/* Networks */

/**
 * `x` times the transpose of `weight`, plus `bias`, along the last dimension of `x`.
 *
 * @param x       A tensor handle.
 * @param weight  A matrix: a row for each element of the output, a column for each of the input.
 * @param bias    A vector, an element for each row of `weight`.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_linear(int64_t x, int64_t weight, int64_t bias);

/**
 * Convolution of images with filters, in the sense that networks have it: the filters are not reversed.
 *
 * @param x             Images: batch, channels, height and width.
 * @param weight        Filters: output channels, channels of a group, height and width.
 * @param bias          A number for each output channel.
 * @param stride        Steps from window to window.
 * @param stride_len    Number of elements of `stride`.
 * @param padding       Zeros around each image, on each side.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param groups        Groups that the channels, and the output channels, fall into; each is convolved by itself.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_conv2d(int64_t x, int64_t weight, int64_t bias, const int64_t *stride, int64_t stride_len,
                        const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                        int64_t groups);

/**
 * Gradient of rt_torch_conv2d with respect to the images, given the one with respect to its result.
 *
 * @param gradient      Gradient with respect to the result.
 * @param weight        Filters: output channels, channels of a group, height and width.
 * @param shape         Shape of the images: batch, channels, height and width.
 * @param shape_len     Number of elements of `shape`.
 * @param stride        Steps from window to window.
 * @param stride_len    Number of elements of `stride`.
 * @param padding       Zeros around each image, on each side.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param groups        Groups that the channels, and the output channels, fall into.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_conv2d_input(int64_t gradient, int64_t weight, const int64_t *shape, int64_t shape_len,
                              const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
                              const int64_t *dilation, int64_t dilation_len, int64_t groups);

/**
 * Gradient of rt_torch_conv2d with respect to the filters, given the one with respect to its result.
 *
 * @param gradient      Gradient with respect to the result.
 * @param x             Images: batch, channels, height and width.
 * @param shape         Shape of the filters: output channels, channels of a group, height and width.
 * @param shape_len     Number of elements of `shape`.
 * @param stride        Steps from window to window.
 * @param stride_len    Number of elements of `stride`.
 * @param padding       Zeros around each image, on each side.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param groups        Groups that the channels, and the output channels, fall into.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_conv2d_weight(int64_t gradient, int64_t x, const int64_t *shape, int64_t shape_len,
                               const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
                               const int64_t *dilation, int64_t dilation_len, int64_t groups);

/**
 * Largest element of each window on the images; NaN where the window has one.
 *
 * @param x             Images: batch, channels, height and width.
 * @param kernel        Height and width of the windows.
 * @param kernel_len    Number of elements of `kernel`.
 * @param stride        Steps from window to window; those of `kernel` when absent.
 * @param stride_len    Number of elements of `stride`; -1 when it is not given.
 * @param padding       How far windows reach over the edges of the images, on each side; at most half of `kernel`.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param ceil_mode     1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_max_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                            int64_t stride_len, const int64_t *padding, int64_t padding_len, const int64_t *dilation,
                            int64_t dilation_len, int32_t ceil_mode);

/**
 * Gradient of rt_torch_max_pool2d, given the one with respect to its result: each element of it goes to where the
 * window had its largest.
 *
 * Of several that are largest the first counts, and of several NaN the last.
 *
 * @param gradient      Gradient with respect to the result.
 * @param x             Images: batch, channels, height and width.
 * @param kernel        Height and width of the windows.
 * @param kernel_len    Number of elements of `kernel`.
 * @param stride        Steps from window to window; those of `kernel` when absent.
 * @param stride_len    Number of elements of `stride`; -1 when it is not given.
 * @param padding       How far windows reach over the edges of the images, on each side; at most half of `kernel`.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param ceil_mode     1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_max_pool2d_backward(int64_t gradient, int64_t x, const int64_t *kernel, int64_t kernel_len,
                                     const int64_t *stride, int64_t stride_len, const int64_t *padding,
                                     int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                                     int32_t ceil_mode);

/**
 * The elements of `y` at the places where the windows on `x` have their largest.
 *
 * Of several that are largest the first counts, and of several NaN the last.
 *
 * @param y             What is picked from, of the shape of `x`.
 * @param x             Images: batch, channels, height and width.
 * @param kernel        Height and width of the windows.
 * @param kernel_len    Number of elements of `kernel`.
 * @param stride        Steps from window to window; those of `kernel` when absent.
 * @param stride_len    Number of elements of `stride`; -1 when it is not given.
 * @param padding       How far windows reach over the edges of the images, on each side; at most half of `kernel`.
 * @param padding_len   Number of elements of `padding`.
 * @param dilation      Steps from element to element of a window.
 * @param dilation_len  Number of elements of `dilation`.
 * @param ceil_mode     1 to have windows at the far edges that reach further over them, 0 to leave such windows out.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_max_pool2d_pick(int64_t y, int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                                 int64_t stride_len, const int64_t *padding, int64_t padding_len,
                                 const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);

/**
 * Mean of each window on the images.
 *
 * @param x                  Images: batch, channels, height and width.
 * @param kernel             Height and width of the windows.
 * @param kernel_len         Number of elements of `kernel`.
 * @param stride             Steps from window to window; those of `kernel` when absent.
 * @param stride_len         Number of elements of `stride`; -1 when it is not given.
 * @param padding            Zeros around each image, on each side; at most half of `kernel`.
 * @param padding_len        Number of elements of `padding`.
 * @param ceil_mode          1 to have windows at the far edges that reach further over them, 0 to leave such windows
 *                           out.
 * @param count_include_pad  1 to count the zeros around the images, 0 to count the images' own elements only.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_avg_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                            int64_t stride_len, const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                            int32_t count_include_pad);

/**
 * Gradient of rt_torch_avg_pool2d, given the one with respect to its result: each element of it is shared out among its
 * window.
 *
 * @param gradient           Gradient with respect to the result.
 * @param shape              Shape of the images: batch, channels, height and width.
 * @param shape_len          Number of elements of `shape`.
 * @param kernel             Height and width of the windows.
 * @param kernel_len         Number of elements of `kernel`.
 * @param stride             Steps from window to window; those of `kernel` when absent.
 * @param stride_len         Number of elements of `stride`; -1 when it is not given.
 * @param padding            Zeros around each image, on each side; at most half of `kernel`.
 * @param padding_len        Number of elements of `padding`.
 * @param ceil_mode          1 to have windows at the far edges that reach further over them, 0 to leave such windows
 *                           out.
 * @param count_include_pad  1 to count the zeros around the images, 0 to count the images' own elements only.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_avg_pool2d_backward(int64_t gradient, const int64_t *shape, int64_t shape_len, const int64_t *kernel,
                                     int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                                     const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                                     int32_t count_include_pad);

/**
 * The rows of `weight` that `indices` name, in a dimension behind those of `indices`.
 *
 * @param weight   A table: a row for each index.
 * @param indices  Numbers of rows, i64.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_embedding(int64_t weight, int64_t indices);

/**
 * Gradient of rt_torch_embedding with respect to the table: each row is the sum of those of `gradient` whose index it
 * is.
 *
 * @param gradient  Gradient with respect to the result.
 * @param indices   Numbers of rows, i64.
 * @param rows      Number of rows of the table.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_embedding_backward(int64_t gradient, int64_t indices, int64_t rows);

/**
 * `x` minus its mean and over its standard deviation, both along its last dimensions, times `weight` and plus `bias`.
 *
 * @param x          A tensor handle.
 * @param shape      Sizes of the last dimensions.
 * @param shape_len  Number of elements of `shape`.
 * @param weight     A tensor of these sizes.
 * @param bias       A tensor of these sizes.
 * @param eps        What is added to the variance, whose root is the standard deviation.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_layer_norm(int64_t x, const int64_t *shape, int64_t shape_len, int64_t weight, int64_t bias,
                            double eps);

/**
 * `x` minus the mean and over the standard deviation of each feature, times `weight` and plus `bias`.
 *
 * Without `mean` and `var` they are those of the batch: of all values that a feature has, the variance being the mean
 * of their squared distances from the mean.
 *
 * @param x       Batch, features, and any dimensions more.
 * @param weight  A number for each feature.
 * @param bias    A number for each feature.
 * @param mean    The mean of each feature, if not the batch's own; goes with `var`.
 * @param var     The variance of each feature; goes with `mean`.
 * @param eps     What is added to the variance, whose root is the standard deviation.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_batch_norm(int64_t x, int64_t weight, int64_t bias, int64_t mean, int64_t var, double eps);

/**
 * Gradient of rt_torch_batch_norm with the batch's own mean and variance with respect to `x`, given the one with
 * respect to its result.
 *
 * @param gradient  Gradient with respect to the result.
 * @param x         Batch, features, and any dimensions more.
 * @param weight    A number for each feature.
 * @param eps       What is added to the variance, whose root is the standard deviation.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_batch_norm_backward(int64_t gradient, int64_t x, int64_t weight, double eps);

/**
 * Mean and variance of all values that a feature has: a row of means, and one of variances.
 *
 * The variance is the mean of the squared distances from the mean.
 *
 * @param x  Batch, features, and any dimensions more.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_batch_statistics(int64_t x);

/**
 * rt_torch_batch_norm by the batch's own mean and variance, where these are known already.
 *
 * @param x           Batch, features, and any dimensions more.
 * @param weight      A number for each feature.
 * @param bias        A number for each feature.
 * @param statistics  What rt_torch_batch_statistics gives for `x`; the derivative by `x` takes them for that.
 * @param eps         What is added to the variance, whose root is the standard deviation.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_batch_norm_measured(int64_t x, int64_t weight, int64_t bias, int64_t statistics, double eps);

/**
 * Gradient of rt_torch_batch_norm_measured with respect to `x`, given the one with respect to its result.
 *
 * @param gradient    Gradient with respect to the result.
 * @param x           Batch, features, and any dimensions more.
 * @param weight      A number for each feature.
 * @param statistics  What rt_torch_batch_statistics gives for `x`; the derivative by `x` takes them for that.
 * @param eps         What is added to the variance, whose root is the standard deviation.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_batch_norm_measured_backward(int64_t gradient, int64_t x, int64_t weight, int64_t statistics,
                                              double eps);

/* Losses */

/**
 * -target * log(x) - (1 - target) * log(1 - x) for each element, where logarithms below -100 count as -100.
 *
 * @param x       Probabilities, from 0 to 1.
 * @param target  What they should be, from 0 to 1.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_binary_cross_entropy(int64_t x, int64_t target);

/**
 * Minus the log-softmax of `x` at the number of the right class, for each sample.
 *
 * @param x          Any numbers, of the shape [classes], [samples, classes] or [samples, classes, ...].
 * @param target     Numbers of classes, i64, in that shape without the classes.
 * @param reduction  "mean" or "sum" of all samples, or "none" for these themselves.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_cross_entropy(int64_t x, int64_t target, const char *reduction);

/**
 * Gradient of rt_torch_cross_entropy, given the one with respect to its result: the softmax of `x`, less 1 at the right
 * class, times that of each sample.
 *
 * @param gradient   Gradient with respect to the result.
 * @param x          Any numbers, of the shape [classes], [samples, classes] or [samples, classes, ...].
 * @param target     Numbers of classes, i64, in that shape without the classes.
 * @param reduction  What became of the samples: "mean", "sum" or "none".
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_cross_entropy_backward(int64_t gradient, int64_t x, int64_t target, const char *reduction);

/* Steps of optimizers */

/**
 * A step of Adam (Kingma and Ba, 2015), or of AdamW (Loshchilov and Hutter, 2019); what it is given stays as it is.
 *
 * @param param         A tensor handle.
 * @param gradient      Gradient with respect to the parameter.
 * @param mean          Running mean of the gradient; zeros before the first step.
 * @param square        Running mean of its square; zeros before the first step.
 * @param step          Number of this step, from 1 on.
 * @param lr            Learning rate.
 * @param beta1         How much of `mean` is kept.
 * @param beta2         How much of `square` is kept.
 * @param eps           What is added to the root of the square.
 * @param weight_decay  How much of the parameter is added to the gradient, or with `decoupled` taken off the parameter,
 *                      times `lr`.
 * @param decoupled     Whether the weight decay is AdamW's.
 * @param new_param     Where the result `new_param` is written.
 * @param new_mean      Where the result `new_mean` is written.
 * @param new_square    Where the result `new_square` is written.
 * @return 0, or an error code.
 */
int32_t rt_torch_adam(int64_t param, int64_t gradient, int64_t mean, int64_t square, int64_t step, double lr,
                      double beta1, double beta2, double eps, double weight_decay, int32_t decoupled,
                      int64_t *new_param, int64_t *new_mean, int64_t *new_square);

/* Ownership and shared memory */

/**
 * Give a tensor handle back; the memory goes when nothing uses it any more.
 *
 * At most 4,194,304 handles can be live at once. Returns the code for an invalid handle when `x` is none, was freed
 * already or is of another kind; the thread's error state stays as it is, so that a finalizer cannot hide an error. A
 * call in another thread that uses `x` completes first.
 *
 * @param x  A tensor handle.
 * @return 0, or an error code.
 */
int32_t rt_torch_free(int64_t x);

/**
 * A second handle to the same tensor; each of the two is freed on its own.
 *
 * @param x  A tensor handle.
 * @return A handle, owned by the caller, to a tensor that shares the memory of its input. On failure 0.
 */
int64_t rt_torch_retain(int64_t x);

/**
 * Number of tensor handles that have not been freed.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_torch_live_handles(void);

/**
 * A CPU tensor on memory that the caller keeps alive, without copying.
 *
 * When the last tensor or view that uses the memory is gone, `token` appears in rt_torch_released; only then may the
 * memory go. Where rt_torch_wrap_copies says 1 (libtorch 2.10), the data is copied instead and the token appears at
 * once.
 *
 * @param data         First element; may be NULL where there are no elements. Must stay valid until rt_torch_released
 *                     returns the token.
 * @param shape        Sizes.
 * @param shape_len    Number of elements of `shape`.
 * @param strides      Steps in elements, none negative; NULL for row-major order.
 * @param strides_len  Number of elements of `strides`; -1 when it is not given.
 * @param dtype        Element type: "f64", "f32", "f16", "bf16", "i64", "i32", "i16", "i8", "u8" or "bool"; torch's own
 *                     names, such as "float32", are accepted too.
 * @param token        Any number; it comes back from rt_torch_released.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_wrap(void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides, int64_t strides_len,
                      const char *dtype, int64_t token);

/**
 * Whether rt_torch_wrap copies because this libtorch cannot tell when memory is no longer used (2.10).
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return 1 for yes, 0 for no.
 */
int32_t rt_torch_wrap_copies(void);

/**
 * Take the tokens of wrapped memory that nothing uses any more; each is given once.
 *
 * Poll it: asked with NULL and 0 it tells how many there are, given room for all it hands them over. A success leaves
 * the thread's error state as it is, so that a finalizer may poll without hiding an error.
 *
 * @param out      Where the elements are written; NULL with an `out_cap` of 0 asks for their number only.
 * @param out_cap  Number of elements that `out` has room for; too few is an error, and nothing is written.
 * @return The number of elements. On failure -1.
 */
int64_t rt_torch_released(int64_t *out, int64_t out_cap);

/**
 * Address of the first element, for reading and writing in place; NULL without an error for an empty tensor.
 *
 * Valid as long as a handle to `x` or to a view of it lives. Mind strides and device.
 *
 * @param x  A tensor handle.
 * @return An address. On failure NULL.
 */
void *rt_torch_data_ptr(int64_t x);

/**
 * A new `DLManagedTensor` that shares the memory of `x`; its consumer calls its deleter.
 *
 * @param x  A tensor handle.
 * @return An address. On failure NULL.
 */
void *rt_torch_to_dlpack(int64_t x);

/**
 * A tensor on the memory of a `DLManagedTensor`, which this library then owns.
 *
 * On success the deleter is called when the last tensor or view is gone, at the end of the call to this library in
 * which that happens, and in the same thread (on libtorch 2.10 the data is copied, and it is called at the end of this
 * one); on failure the caller still owns `managed`.
 *
 * @param managed  Address of a `DLManagedTensor` of DLPack's unversioned form. Owned by the library after a success,
 *                 and not to be touched.
 * @return A handle to a new tensor, owned by the caller. On failure 0.
 */
int64_t rt_torch_from_dlpack(void *managed);

/* Threads and devices */

/**
 * Whether tensors can be placed on a CUDA device: a libtorch with CUDA, a driver and a device are there.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return 1 for yes, 0 for no.
 */
int32_t rt_torch_cuda_available(void);

/**
 * Number of threads that libtorch uses inside one operation started from this thread.
 *
 * @param n  1 to 1024: a system ends a process that starts some tens of thousands of threads.
 * @return 0, or an error code.
 */
int32_t rt_torch_set_num_threads(int64_t n);

/**
 * Number of threads that libtorch uses inside one operation started from this thread.
 *
 * @return The number. On failure -1.
 */
int64_t rt_torch_get_num_threads(void);

/* CUDA in libtorch */

/**
 * How many CUDA devices tensors can be placed on; 0 where there is no libtorch, or no CUDA for it.
 *
 * The driver is asked when this is first wanted, and then once: CUDA does not survive a fork.
 *
 * It cannot fail, and leaves the thread's error state alone.
 *
 * @return The number.
 */
int64_t rt_torch_cuda_device_count(void);

/**
 * Why tensors cannot be placed on a CUDA device, and what to do about it; "" where they can.
 *
 * @return UTF-8 text, never to be freed. On failure NULL.
 */
const char *rt_torch_cuda_problem(void);

/**
 * The stream that libtorch works in on a CUDA device, in this thread: a `cudaStream_t`, NULL for the default one.
 *
 * @param device  Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return An address. On failure NULL.
 */
void *rt_torch_cuda_current_stream(const char *device);

/**
 * Have libtorch work in this stream on a CUDA device, in this thread, until another one is set.
 *
 * What works in different streams is not ordered by itself: wait for a stream, or for an event of it, before memory
 * that it writes is used in another one.
 *
 * @param stream  A `cudaStream_t` of that device; NULL for the default one. Must stay until another one is set, and
 *                what was begun in it is done.
 * @param device  Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return 0, or an error code.
 */
int32_t rt_torch_cuda_set_stream(void *stream, const char *device);

/**
 * Wait until all is done that libtorch has begun in this thread's stream on a CUDA device.
 *
 * @param device  Device: "cpu", "cuda" or "gpu" (the first CUDA device), or "cuda:N".
 * @return 0, or an error code.
 */
int32_t rt_torch_cuda_synchronize(const char *device);

/* cdef: end */

#ifdef __cplusplus
}
#endif

#endif
