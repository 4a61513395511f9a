/* The functions of libtorch that are called, found at run time.  NULL until resolved, or when this libtorch lacks them.
 *
 * Generated from the specs; not to be edited by hand. */
#ifndef RT_TORCH_SYMBOLS_H
#define RT_TORCH_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct libtorch {
	uint64_t (*aoti_torch_abi_version)(void);
	int32_t (*aoti_torch_aten_subtract_Tensor)(void *self, void *other, double alpha, void **ret0);
	int32_t (*aoti_torch_cpu_abs)(void *self, void **ret0);
	int32_t (*aoti_torch_cpu_add_Scalar)(void *self, double other, double alpha, void **ret0);
	int32_t (*aoti_torch_cpu_add_Tensor)(void *self, void *other, double alpha, void **ret0);
	int32_t (*aoti_torch_cpu_mm_out)(void *out, void *self, void *mat2);
	int32_t (*aoti_torch_cpu_mul_Scalar)(void *self, double other, void **ret0);
	int32_t (*aoti_torch_cpu_mul_Tensor)(void *self, void *other, void **ret0);
	int32_t (*aoti_torch_cpu_pow_Tensor_Scalar)(void *self, double exponent, void **ret0);
	int32_t (*aoti_torch_create_tensor_from_blob)(void *data, int64_t ndim, const int64_t *sizes_ptr,
	                                              const int64_t *strides_ptr, int64_t storage_offset, int32_t dtype,
	                                              int32_t device_type, int32_t device_index, void **ret);
	int32_t (*aoti_torch_delete_tensor_object)(void *tensor);
	int32_t (*aoti_torch_empty_strided)(int64_t ndim, const int64_t *sizes_ptr, const int64_t *strides_ptr,
	                                    int32_t dtype, int32_t device_type, int32_t device_index,
	                                    void **ret_new_tensor);
	int32_t (*aoti_torch_get_data_ptr)(void *tensor, void **ret_data_ptr);
	int32_t (*aoti_torch_get_device_index)(void *tensor, int32_t *ret_device_index);
	int32_t (*aoti_torch_get_device_type)(void *tensor, int32_t *ret_device_type);
	int32_t (*aoti_torch_get_dim)(void *tensor, int64_t *ret_dim);
	int32_t (*aoti_torch_get_dtype)(void *tensor, int32_t *ret_dtype);
	int32_t (*aoti_torch_get_sizes)(void *tensor, int64_t **ret_sizes);
	int32_t (*aoti_torch_get_storage_offset)(void *tensor, int64_t *ret_storage_offset);
	int32_t (*aoti_torch_get_strides)(void *tensor, int64_t **ret_strides);
	bool (*aoti_torch_grad_mode_is_enabled)(void);
	void (*aoti_torch_grad_mode_set_enabled)(bool enabled);
	int32_t (*aoti_torch_is_contiguous)(void *tensor, bool *ret_is_contiguous);
	int32_t (*aoti_torch_new_tensor_handle)(void *orig_handle, void **new_handle);
	int32_t (*aoti_torch_scalar_to_tensor_float32)(float value, void **ret_new_tensor);
	int32_t (*aoti_torch_scalar_to_tensor_float64)(double value, void **ret_new_tensor);
	int32_t (*aoti_torch_scalar_to_tensor_int64)(int64_t value, void **ret_new_tensor);
	int32_t (*torch_call_dispatcher)(const char *opName, const char *overloadName, uint64_t *stack,
	                                 uint64_t extension_build_version);
	const char *(*torch_exception_get_what_without_backtrace)(void);
	int32_t (*torch_from_blob)(void *data, int64_t ndim, const int64_t *sizes_ptr, const int64_t *strides_ptr,
	                           int64_t storage_offset, int32_t dtype, int32_t device_type, int32_t device_index,
	                           void **ret, int32_t layout, const uint8_t *opaque_metadata,
	                           int64_t opaque_metadata_size, void (*deleter)(void *data, void *ctx),
	                           void *deleter_ctx);
	int32_t (*torch_get_num_threads)(uint32_t *out_num_threads);
	int32_t (*torch_parallel_for)(int64_t begin, int64_t end, int64_t grain_size,
	                              void (*func)(int64_t begin, int64_t end, void *ctx), void *ctx);
	int32_t (*torch_list_push_back)(void *list_handle, uint64_t element);
	int32_t (*torch_new_string_handle)(const char *data, size_t length, void **handle);
	int32_t (*torch_delete_string)(void *handle);
	int32_t (*torch_new_list_reserve_size)(size_t size, void **ret);
	int32_t (*torch_delete_list)(void *list_handle);
	int32_t (*torch_new_stable_ivalue)(uint64_t **ret_value);
	void (*_ZN2at15set_num_threadsEi)(int num_threads);
	void *(*_Znwm)(size_t size);
	int32_t (*aoti_torch_cuda_add_Scalar)(void *self, double other, double alpha, void **ret0);
	int32_t (*aoti_torch_cuda_add_Tensor)(void *self, void *other, double alpha, void **ret0);
	int32_t (*aoti_torch_cuda_mm_out)(void *out, void *self, void *mat2);
	int32_t (*aoti_torch_cuda_mul_Scalar)(void *self, double other, void **ret0);
	int32_t (*aoti_torch_cuda_mul_Tensor)(void *self, void *other, void **ret0);
	int32_t (*aoti_torch_cuda_pow_Tensor_Scalar)(void *self, double exponent, void **ret0);
	int32_t (*aoti_torch_get_current_cuda_stream)(int32_t device_index, void **ret_stream);
	int32_t (*torch_cuda_stream_synchronize)(void *stream, int32_t device_index);
	int32_t (*torch_set_current_cuda_stream)(void *stream, int32_t device_index);
};
extern struct libtorch libtorch;

extern const struct library rt_torch_library; /* what is known of it */

#endif
