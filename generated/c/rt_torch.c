/* The exported functions: each enters a call, looks at its arguments, takes a route to libtorch, and leaves.
 *
 * Generated from the specs; not to be edited by hand. */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rt_torch_bodies.h"
#include "rt_torch_symbols.h"

#pragma GCC visibility push(default)
#include "rt_torch.h"
#pragma GCC visibility pop

struct libtorch libtorch;

/* What is looked up in libtorch. */

enum {
	SYM_aoti_torch_abi_version,
	SYM_aoti_torch_aten_subtract_Tensor,
	SYM_aoti_torch_cpu_abs,
	SYM_aoti_torch_cpu_add_Scalar,
	SYM_aoti_torch_cpu_add_Tensor,
	SYM_aoti_torch_cpu_mm_out,
	SYM_aoti_torch_cpu_mul_Scalar,
	SYM_aoti_torch_cpu_mul_Tensor,
	SYM_aoti_torch_cpu_pow_Tensor_Scalar,
	SYM_aoti_torch_create_tensor_from_blob,
	SYM_aoti_torch_delete_tensor_object,
	SYM_aoti_torch_empty_strided,
	SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype,
	SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_get_storage_offset,
	SYM_aoti_torch_get_strides,
	SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled,
	SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle,
	SYM_aoti_torch_scalar_to_tensor_float32,
	SYM_aoti_torch_scalar_to_tensor_float64,
	SYM_aoti_torch_scalar_to_tensor_int64,
	SYM_torch_call_dispatcher,
	SYM_torch_exception_get_what_without_backtrace,
	SYM_torch_from_blob,
	SYM_torch_get_num_threads,
	SYM_torch_parallel_for,
	SYM_torch_list_push_back,
	SYM_torch_new_string_handle,
	SYM_torch_delete_string,
	SYM_torch_new_list_reserve_size,
	SYM_torch_delete_list,
	SYM_torch_new_stable_ivalue,
	SYM__ZN2at15set_num_threadsEi,
	SYM__Znwm,
	SYM_aoti_torch_cuda_add_Scalar,
	SYM_aoti_torch_cuda_add_Tensor,
	SYM_aoti_torch_cuda_mm_out,
	SYM_aoti_torch_cuda_mul_Scalar,
	SYM_aoti_torch_cuda_mul_Tensor,
	SYM_aoti_torch_cuda_pow_Tensor_Scalar,
	SYM_aoti_torch_get_current_cuda_stream,
	SYM_torch_cuda_stream_synchronize,
	SYM_torch_set_current_cuda_stream,
	SYMBOL_COUNT
};

static const struct symbol symbols[SYMBOL_COUNT] = {
	{"aoti_torch_abi_version", offsetof(struct libtorch, aoti_torch_abi_version), false},
	{"aoti_torch_aten_subtract_Tensor", offsetof(struct libtorch, aoti_torch_aten_subtract_Tensor), false},
	{"aoti_torch_cpu_abs", offsetof(struct libtorch, aoti_torch_cpu_abs), false},
	{"aoti_torch_cpu_add_Scalar", offsetof(struct libtorch, aoti_torch_cpu_add_Scalar), false},
	{"aoti_torch_cpu_add_Tensor", offsetof(struct libtorch, aoti_torch_cpu_add_Tensor), false},
	{"aoti_torch_cpu_mm_out", offsetof(struct libtorch, aoti_torch_cpu_mm_out), false},
	{"aoti_torch_cpu_mul_Scalar", offsetof(struct libtorch, aoti_torch_cpu_mul_Scalar), false},
	{"aoti_torch_cpu_mul_Tensor", offsetof(struct libtorch, aoti_torch_cpu_mul_Tensor), false},
	{"aoti_torch_cpu_pow_Tensor_Scalar", offsetof(struct libtorch, aoti_torch_cpu_pow_Tensor_Scalar), false},
	{"aoti_torch_create_tensor_from_blob", offsetof(struct libtorch, aoti_torch_create_tensor_from_blob), false},
	{"aoti_torch_delete_tensor_object", offsetof(struct libtorch, aoti_torch_delete_tensor_object), false},
	{"aoti_torch_empty_strided", offsetof(struct libtorch, aoti_torch_empty_strided), false},
	{"aoti_torch_get_data_ptr", offsetof(struct libtorch, aoti_torch_get_data_ptr), false},
	{"aoti_torch_get_device_index", offsetof(struct libtorch, aoti_torch_get_device_index), false},
	{"aoti_torch_get_device_type", offsetof(struct libtorch, aoti_torch_get_device_type), false},
	{"aoti_torch_get_dim", offsetof(struct libtorch, aoti_torch_get_dim), false},
	{"aoti_torch_get_dtype", offsetof(struct libtorch, aoti_torch_get_dtype), false},
	{"aoti_torch_get_sizes", offsetof(struct libtorch, aoti_torch_get_sizes), false},
	{"aoti_torch_get_storage_offset", offsetof(struct libtorch, aoti_torch_get_storage_offset), false},
	{"aoti_torch_get_strides", offsetof(struct libtorch, aoti_torch_get_strides), false},
	{"aoti_torch_grad_mode_is_enabled", offsetof(struct libtorch, aoti_torch_grad_mode_is_enabled), false},
	{"aoti_torch_grad_mode_set_enabled", offsetof(struct libtorch, aoti_torch_grad_mode_set_enabled), false},
	{"aoti_torch_is_contiguous", offsetof(struct libtorch, aoti_torch_is_contiguous), false},
	{"aoti_torch_new_tensor_handle", offsetof(struct libtorch, aoti_torch_new_tensor_handle), false},
	{"aoti_torch_scalar_to_tensor_float32", offsetof(struct libtorch, aoti_torch_scalar_to_tensor_float32), false},
	{"aoti_torch_scalar_to_tensor_float64", offsetof(struct libtorch, aoti_torch_scalar_to_tensor_float64), false},
	{"aoti_torch_scalar_to_tensor_int64", offsetof(struct libtorch, aoti_torch_scalar_to_tensor_int64), false},
	{"torch_call_dispatcher", offsetof(struct libtorch, torch_call_dispatcher), false},
	{"torch_exception_get_what_without_backtrace", offsetof(struct libtorch, torch_exception_get_what_without_backtrace), false},
	{"torch_from_blob", offsetof(struct libtorch, torch_from_blob), false},
	{"torch_get_num_threads", offsetof(struct libtorch, torch_get_num_threads), false},
	{"torch_parallel_for", offsetof(struct libtorch, torch_parallel_for), false},
	{"torch_list_push_back", offsetof(struct libtorch, torch_list_push_back), false},
	{"torch_new_string_handle", offsetof(struct libtorch, torch_new_string_handle), false},
	{"torch_delete_string", offsetof(struct libtorch, torch_delete_string), false},
	{"torch_new_list_reserve_size", offsetof(struct libtorch, torch_new_list_reserve_size), false},
	{"torch_delete_list", offsetof(struct libtorch, torch_delete_list), false},
	{"torch_new_stable_ivalue", offsetof(struct libtorch, torch_new_stable_ivalue), false},
	{"_ZN2at15set_num_threadsEi", offsetof(struct libtorch, _ZN2at15set_num_threadsEi), false},
	{"_Znwm", offsetof(struct libtorch, _Znwm), false},
	{"aoti_torch_cuda_add_Scalar", offsetof(struct libtorch, aoti_torch_cuda_add_Scalar), true},
	{"aoti_torch_cuda_add_Tensor", offsetof(struct libtorch, aoti_torch_cuda_add_Tensor), true},
	{"aoti_torch_cuda_mm_out", offsetof(struct libtorch, aoti_torch_cuda_mm_out), true},
	{"aoti_torch_cuda_mul_Scalar", offsetof(struct libtorch, aoti_torch_cuda_mul_Scalar), true},
	{"aoti_torch_cuda_mul_Tensor", offsetof(struct libtorch, aoti_torch_cuda_mul_Tensor), true},
	{"aoti_torch_cuda_pow_Tensor_Scalar", offsetof(struct libtorch, aoti_torch_cuda_pow_Tensor_Scalar), true},
	{"aoti_torch_get_current_cuda_stream", offsetof(struct libtorch, aoti_torch_get_current_cuda_stream), true},
	{"torch_cuda_stream_synchronize", offsetof(struct libtorch, torch_cuda_stream_synchronize), true},
	{"torch_set_current_cuda_stream", offsetof(struct libtorch, torch_set_current_cuda_stream), true},
};

/* What functions need of it, and what they use where that exists; each list is named after its first function. */

static const uint16_t nothing[] = {NO_SYMBOL};
static const uint16_t required_libtorch_path[] = {
	SYM_aoti_torch_abi_version, NO_SYMBOL
};
static const uint16_t required_zeros[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_torch_call_dispatcher, SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list,
	NO_SYMBOL
};
static const uint16_t optional_zeros[] = {
	SYM_torch_exception_get_what_without_backtrace, SYM_torch_new_stable_ivalue, SYM__Znwm, NO_SYMBOL
};
static const uint16_t required_full[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t required_from_data_f64[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t optional_from_data_f64[] = {
	SYM_torch_exception_get_what_without_backtrace, NO_SYMBOL
};
static const uint16_t required_to_data_f64[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_get_strides, SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t required_shape[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_new_tensor_handle,
	NO_SYMBOL
};
static const uint16_t required_strides[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_get_strides,
	SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t required_is_contiguous[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t required_add[] = {
	SYM_aoti_torch_aten_subtract_Tensor, SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided,
	SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t optional_add[] = {
	SYM_aoti_torch_cpu_add_Tensor, SYM_torch_exception_get_what_without_backtrace, SYM_torch_new_stable_ivalue,
	SYM__Znwm, SYM_aoti_torch_cuda_add_Tensor, NO_SYMBOL
};
static const uint16_t required_sub[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t optional_sub[] = {
	SYM_aoti_torch_aten_subtract_Tensor, SYM_torch_exception_get_what_without_backtrace,
	SYM_torch_new_stable_ivalue, SYM__Znwm, NO_SYMBOL
};
static const uint16_t required_mul[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t optional_mul[] = {
	SYM_aoti_torch_cpu_mul_Tensor, SYM_torch_exception_get_what_without_backtrace, SYM_aoti_torch_cuda_mul_Tensor,
	NO_SYMBOL
};
static const uint16_t required_add_scalar[] = {
	SYM_aoti_torch_aten_subtract_Tensor, SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_aoti_torch_scalar_to_tensor_float32,
	SYM_aoti_torch_scalar_to_tensor_float64, SYM_torch_call_dispatcher, SYM_torch_list_push_back,
	SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t optional_add_scalar[] = {
	SYM_aoti_torch_cpu_add_Scalar, SYM_torch_exception_get_what_without_backtrace, SYM_aoti_torch_cuda_add_Scalar,
	NO_SYMBOL
};
static const uint16_t required_mul_scalar[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_aoti_torch_scalar_to_tensor_float32, SYM_aoti_torch_scalar_to_tensor_float64, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t optional_mul_scalar[] = {
	SYM_aoti_torch_cpu_mul_Scalar, SYM_torch_exception_get_what_without_backtrace, SYM_torch_new_stable_ivalue,
	SYM__Znwm, SYM_aoti_torch_cuda_mul_Scalar, NO_SYMBOL
};
static const uint16_t required_add_scaled[] = {
	SYM_aoti_torch_aten_subtract_Tensor, SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t optional_add_scaled[] = {
	SYM_aoti_torch_cpu_add_Tensor, SYM_torch_exception_get_what_without_backtrace, NO_SYMBOL
};
static const uint16_t optional_pow[] = {
	SYM_aoti_torch_cpu_pow_Tensor_Scalar, SYM_torch_exception_get_what_without_backtrace,
	SYM_torch_new_stable_ivalue, SYM__Znwm, SYM_aoti_torch_cuda_pow_Tensor_Scalar, NO_SYMBOL
};
static const uint16_t optional_abs[] = {
	SYM_aoti_torch_cpu_abs, SYM_torch_exception_get_what_without_backtrace, NO_SYMBOL
};
static const uint16_t required_clamp[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_aoti_torch_scalar_to_tensor_float32, SYM_aoti_torch_scalar_to_tensor_float64,
	SYM_aoti_torch_scalar_to_tensor_int64, SYM_torch_call_dispatcher, SYM_torch_list_push_back,
	SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t optional_matmul[] = {
	SYM_aoti_torch_cpu_mm_out, SYM_aoti_torch_empty_strided, SYM_torch_exception_get_what_without_backtrace,
	SYM_aoti_torch_cuda_mm_out, NO_SYMBOL
};
static const uint16_t required_relu_backward[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_is_contiguous, SYM_aoti_torch_new_tensor_handle,
	SYM_aoti_torch_scalar_to_tensor_float32, SYM_aoti_torch_scalar_to_tensor_float64,
	SYM_aoti_torch_scalar_to_tensor_int64, SYM_torch_call_dispatcher, SYM_torch_parallel_for,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t required_leaky_relu[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_aoti_torch_scalar_to_tensor_float32, SYM_aoti_torch_scalar_to_tensor_float64,
	SYM_aoti_torch_scalar_to_tensor_int64, SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t required_gelu[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle,
	SYM_torch_call_dispatcher, SYM_torch_new_string_handle, SYM_torch_delete_string, NO_SYMBOL
};
static const uint16_t required_strided[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_get_storage_offset, SYM_aoti_torch_get_strides, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t required_index_select[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t required_index_add[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher, SYM_torch_list_push_back,
	SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t required_take[] = {
	SYM_aoti_torch_create_tensor_from_blob, SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr,
	SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim,
	SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t required_cross_entropy_backward[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle, SYM_aoti_torch_scalar_to_tensor_float32,
	SYM_aoti_torch_scalar_to_tensor_float64, SYM_aoti_torch_scalar_to_tensor_int64, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t required_adam[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_grad_mode_is_enabled, SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_is_contiguous,
	SYM_aoti_torch_new_tensor_handle, SYM_aoti_torch_scalar_to_tensor_float32, SYM_torch_call_dispatcher,
	SYM_torch_list_push_back, SYM_torch_new_list_reserve_size, SYM_torch_delete_list, NO_SYMBOL
};
static const uint16_t required_wrap[] = {
	SYM_aoti_torch_create_tensor_from_blob, SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_empty_strided,
	SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index, SYM_aoti_torch_get_device_type,
	SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes, SYM_aoti_torch_grad_mode_is_enabled,
	SYM_aoti_torch_grad_mode_set_enabled, SYM_aoti_torch_new_tensor_handle, SYM_torch_call_dispatcher, NO_SYMBOL
};
static const uint16_t optional_wrap[] = {
	SYM_torch_exception_get_what_without_backtrace, SYM_torch_from_blob, SYM_torch_new_stable_ivalue, SYM__Znwm,
	NO_SYMBOL
};
static const uint16_t required_data_ptr[] = {
	SYM_aoti_torch_delete_tensor_object, SYM_aoti_torch_get_data_ptr, SYM_aoti_torch_get_device_index,
	SYM_aoti_torch_get_device_type, SYM_aoti_torch_get_dim, SYM_aoti_torch_get_dtype, SYM_aoti_torch_get_sizes,
	SYM_aoti_torch_new_tensor_handle, NO_SYMBOL
};
static const uint16_t required_set_num_threads[] = {
	SYM__ZN2at15set_num_threadsEi, NO_SYMBOL
};
static const uint16_t required_get_num_threads[] = {
	SYM_torch_get_num_threads, NO_SYMBOL
};
static const uint16_t required_cuda_current_stream[] = {
	SYM_aoti_torch_get_current_cuda_stream, NO_SYMBOL
};
static const uint16_t required_cuda_set_stream[] = {
	SYM_torch_set_current_cuda_stream, NO_SYMBOL
};
static const uint16_t required_cuda_synchronize[] = {
	SYM_aoti_torch_get_current_cuda_stream, SYM_torch_cuda_stream_synchronize, NO_SYMBOL
};

enum {
	FN_ABI_VERSION,
	FN_LOAD,
	FN_SUGGEST_PATH,
	FN_AVAILABLE,
	FN_FUNCTION_AVAILABLE,
	FN_LIBTORCH_PATH,
	FN_VERSION,
	FN_LAST_ERROR,
	FN_LAST_ERROR_CODE,
	FN_CLEAR_ERROR,
	FN_ZEROS,
	FN_ONES,
	FN_FULL,
	FN_ARANGE,
	FN_FROM_DATA_F64,
	FN_FROM_DATA_F32,
	FN_FROM_DATA_I64,
	FN_FROM_DATA_BOOL,
	FN_MANUAL_SEED,
	FN_RANDOM_STATE,
	FN_SET_RANDOM_STATE,
	FN_RANDN,
	FN_RANDN_AT,
	FN_RAND,
	FN_RAND_AT,
	FN_TO_DATA_F64,
	FN_TO_DATA_F32,
	FN_TO_DATA_I64,
	FN_TO_DATA_BOOL,
	FN_SHAPE,
	FN_NDIM,
	FN_NUMEL,
	FN_DTYPE,
	FN_DEVICE,
	FN_STRIDES,
	FN_IS_CONTIGUOUS,
	FN_ADD,
	FN_SUB,
	FN_MUL,
	FN_DIV,
	FN_NEG,
	FN_ADD_SCALAR,
	FN_MUL_SCALAR,
	FN_DIV_SCALAR,
	FN_ADD_SCALED,
	FN_MAXIMUM,
	FN_MINIMUM,
	FN_EXP,
	FN_LOG,
	FN_SQRT,
	FN_POW,
	FN_ABS,
	FN_SIGN,
	FN_CLAMP,
	FN_SIN,
	FN_COS,
	FN_ERF,
	FN_POW_TENSOR,
	FN_MATMUL,
	FN_TRANSPOSE,
	FN_TRANSPOSE_2D,
	FN_SUM,
	FN_MEAN,
	FN_MAX,
	FN_MIN,
	FN_SUM_TENSOR,
	FN_MEAN_TENSOR,
	FN_MAX_TENSOR,
	FN_MIN_TENSOR,
	FN_SUM_DIM,
	FN_MEAN_DIM,
	FN_SUM_TO,
	FN_AMAX,
	FN_AMIN,
	FN_ARGMAX,
	FN_ARGMIN,
	FN_RELU,
	FN_RELU_BACKWARD,
	FN_SIGMOID,
	FN_TANH,
	FN_SOFTMAX,
	FN_LOG_SOFTMAX,
	FN_LEAKY_RELU,
	FN_ELU,
	FN_GELU,
	FN_EQ,
	FN_NE,
	FN_GT,
	FN_LT,
	FN_GE,
	FN_LE,
	FN_WHERE,
	FN_RESHAPE,
	FN_FLATTEN,
	FN_SQUEEZE,
	FN_UNSQUEEZE,
	FN_EXPAND,
	FN_NARROW,
	FN_STRIDED,
	FN_INDEX_SELECT,
	FN_INDEX_ADD,
	FN_GATHER,
	FN_SCATTER_ADD,
	FN_TAKE,
	FN_PUT,
	FN_ASSIGN,
	FN_CAT,
	FN_STACK,
	FN_CLONE,
	FN_DETACH,
	FN_CONTIGUOUS,
	FN_TO_DTYPE,
	FN_TO_DEVICE,
	FN_LINEAR,
	FN_CONV2D,
	FN_CONV2D_INPUT,
	FN_CONV2D_WEIGHT,
	FN_MAX_POOL2D,
	FN_MAX_POOL2D_BACKWARD,
	FN_MAX_POOL2D_PICK,
	FN_AVG_POOL2D,
	FN_AVG_POOL2D_BACKWARD,
	FN_EMBEDDING,
	FN_EMBEDDING_BACKWARD,
	FN_LAYER_NORM,
	FN_BATCH_NORM,
	FN_BATCH_NORM_BACKWARD,
	FN_BATCH_STATISTICS,
	FN_BATCH_NORM_MEASURED,
	FN_BATCH_NORM_MEASURED_BACKWARD,
	FN_BINARY_CROSS_ENTROPY,
	FN_CROSS_ENTROPY,
	FN_CROSS_ENTROPY_BACKWARD,
	FN_ADAM,
	FN_FREE,
	FN_RETAIN,
	FN_LIVE_HANDLES,
	FN_WRAP,
	FN_WRAP_COPIES,
	FN_RELEASED,
	FN_DATA_PTR,
	FN_TO_DLPACK,
	FN_FROM_DLPACK,
	FN_CUDA_AVAILABLE,
	FN_SET_NUM_THREADS,
	FN_GET_NUM_THREADS,
	FN_CUDA_DEVICE_COUNT,
	FN_CUDA_PROBLEM,
	FN_CUDA_CURRENT_STREAM,
	FN_CUDA_SET_STREAM,
	FN_CUDA_SYNCHRONIZE,
	FUNCTION_COUNT
};

static _Atomic uint8_t states[FUNCTION_COUNT];

#define FUNCTION(place, symbol, required, optional, uses_upstream) \
	[place] = {symbol, required, optional, &rt_torch_library, &states[place], uses_upstream}

static const struct function functions[FUNCTION_COUNT] = {
	FUNCTION(FN_ABI_VERSION, "rt_torch_abi_version", nothing, nothing, false),
	FUNCTION(FN_LOAD, "rt_torch_load", nothing, nothing, false),
	FUNCTION(FN_SUGGEST_PATH, "rt_torch_suggest_path", nothing, nothing, false),
	FUNCTION(FN_AVAILABLE, "rt_torch_available", nothing, nothing, false),
	FUNCTION(FN_FUNCTION_AVAILABLE, "rt_torch_function_available", nothing, nothing, false),
	FUNCTION(FN_LIBTORCH_PATH, "rt_torch_libtorch_path", required_libtorch_path, nothing, true),
	FUNCTION(FN_VERSION, "rt_torch_version", required_libtorch_path, nothing, true),
	FUNCTION(FN_LAST_ERROR, "rt_torch_last_error", nothing, nothing, false),
	FUNCTION(FN_LAST_ERROR_CODE, "rt_torch_last_error_code", nothing, nothing, false),
	FUNCTION(FN_CLEAR_ERROR, "rt_torch_clear_error", nothing, nothing, false),
	FUNCTION(FN_ZEROS, "rt_torch_zeros", required_zeros, optional_zeros, true),
	FUNCTION(FN_ONES, "rt_torch_ones", required_zeros, optional_zeros, true),
	FUNCTION(FN_FULL, "rt_torch_full", required_full, optional_zeros, true),
	FUNCTION(FN_ARANGE, "rt_torch_arange", required_full, optional_zeros, true),
	FUNCTION(FN_FROM_DATA_F64, "rt_torch_from_data_f64", required_from_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_FROM_DATA_F32, "rt_torch_from_data_f32", required_from_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_FROM_DATA_I64, "rt_torch_from_data_i64", required_from_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_FROM_DATA_BOOL, "rt_torch_from_data_bool", required_from_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_MANUAL_SEED, "rt_torch_manual_seed", nothing, nothing, false),
	FUNCTION(FN_RANDOM_STATE, "rt_torch_random_state", nothing, nothing, false),
	FUNCTION(FN_SET_RANDOM_STATE, "rt_torch_set_random_state", nothing, nothing, false),
	FUNCTION(FN_RANDN, "rt_torch_randn", required_full, optional_zeros, true),
	FUNCTION(FN_RANDN_AT, "rt_torch_randn_at", required_full, optional_zeros, true),
	FUNCTION(FN_RAND, "rt_torch_rand", required_full, optional_zeros, true),
	FUNCTION(FN_RAND_AT, "rt_torch_rand_at", required_full, optional_zeros, true),
	FUNCTION(FN_TO_DATA_F64, "rt_torch_to_data_f64", required_to_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_TO_DATA_F32, "rt_torch_to_data_f32", required_to_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_TO_DATA_I64, "rt_torch_to_data_i64", required_to_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_TO_DATA_BOOL, "rt_torch_to_data_bool", required_to_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_SHAPE, "rt_torch_shape", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_NDIM, "rt_torch_ndim", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_NUMEL, "rt_torch_numel", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_DTYPE, "rt_torch_dtype", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_DEVICE, "rt_torch_device", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_STRIDES, "rt_torch_strides", required_strides, optional_from_data_f64, true),
	FUNCTION(FN_IS_CONTIGUOUS, "rt_torch_is_contiguous", required_is_contiguous, optional_from_data_f64, true),
	FUNCTION(FN_ADD, "rt_torch_add", required_add, optional_add, true),
	FUNCTION(FN_SUB, "rt_torch_sub", required_sub, optional_sub, true),
	FUNCTION(FN_MUL, "rt_torch_mul", required_mul, optional_mul, true),
	FUNCTION(FN_DIV, "rt_torch_div", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_NEG, "rt_torch_neg", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_ADD_SCALAR, "rt_torch_add_scalar", required_add_scalar, optional_add_scalar, true),
	FUNCTION(FN_MUL_SCALAR, "rt_torch_mul_scalar", required_mul_scalar, optional_mul_scalar, true),
	FUNCTION(FN_DIV_SCALAR, "rt_torch_div_scalar", required_mul_scalar, optional_zeros, true),
	FUNCTION(FN_ADD_SCALED, "rt_torch_add_scaled", required_add_scaled, optional_add_scaled, true),
	FUNCTION(FN_MAXIMUM, "rt_torch_maximum", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_MINIMUM, "rt_torch_minimum", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_EXP, "rt_torch_exp", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_LOG, "rt_torch_log", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_SQRT, "rt_torch_sqrt", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_POW, "rt_torch_pow", required_mul_scalar, optional_pow, true),
	FUNCTION(FN_ABS, "rt_torch_abs", required_mul, optional_abs, true),
	FUNCTION(FN_SIGN, "rt_torch_sign", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_CLAMP, "rt_torch_clamp", required_clamp, optional_zeros, true),
	FUNCTION(FN_SIN, "rt_torch_sin", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_COS, "rt_torch_cos", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_ERF, "rt_torch_erf", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_POW_TENSOR, "rt_torch_pow_tensor", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_MATMUL, "rt_torch_matmul", required_mul, optional_matmul, true),
	FUNCTION(FN_TRANSPOSE, "rt_torch_transpose", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_TRANSPOSE_2D, "rt_torch_transpose_2d", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_SUM, "rt_torch_sum", required_mul, optional_zeros, true),
	FUNCTION(FN_MEAN, "rt_torch_mean", required_mul, optional_zeros, true),
	FUNCTION(FN_MAX, "rt_torch_max", required_mul, optional_zeros, true),
	FUNCTION(FN_MIN, "rt_torch_min", required_mul, optional_zeros, true),
	FUNCTION(FN_SUM_TENSOR, "rt_torch_sum_tensor", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_MEAN_TENSOR, "rt_torch_mean_tensor", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_MAX_TENSOR, "rt_torch_max_tensor", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_MIN_TENSOR, "rt_torch_min_tensor", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_SUM_DIM, "rt_torch_sum_dim", required_zeros, optional_zeros, true),
	FUNCTION(FN_MEAN_DIM, "rt_torch_mean_dim", required_zeros, optional_zeros, true),
	FUNCTION(FN_SUM_TO, "rt_torch_sum_to", required_zeros, optional_zeros, true),
	FUNCTION(FN_AMAX, "rt_torch_amax", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_AMIN, "rt_torch_amin", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_ARGMAX, "rt_torch_argmax", required_mul, optional_zeros, true),
	FUNCTION(FN_ARGMIN, "rt_torch_argmin", required_mul, optional_zeros, true),
	FUNCTION(FN_RELU, "rt_torch_relu", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_RELU_BACKWARD, "rt_torch_relu_backward", required_relu_backward, optional_zeros, true),
	FUNCTION(FN_SIGMOID, "rt_torch_sigmoid", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_TANH, "rt_torch_tanh", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_SOFTMAX, "rt_torch_softmax", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_LOG_SOFTMAX, "rt_torch_log_softmax", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_LEAKY_RELU, "rt_torch_leaky_relu", required_leaky_relu, optional_zeros, true),
	FUNCTION(FN_ELU, "rt_torch_elu", required_clamp, optional_zeros, true),
	FUNCTION(FN_GELU, "rt_torch_gelu", required_gelu, optional_from_data_f64, true),
	FUNCTION(FN_EQ, "rt_torch_eq", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_NE, "rt_torch_ne", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_GT, "rt_torch_gt", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_LT, "rt_torch_lt", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_GE, "rt_torch_ge", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_LE, "rt_torch_le", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_WHERE, "rt_torch_where", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_RESHAPE, "rt_torch_reshape", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_FLATTEN, "rt_torch_flatten", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_SQUEEZE, "rt_torch_squeeze", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_UNSQUEEZE, "rt_torch_unsqueeze", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_EXPAND, "rt_torch_expand", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_NARROW, "rt_torch_narrow", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_STRIDED, "rt_torch_strided", required_strided, optional_zeros, true),
	FUNCTION(FN_INDEX_SELECT, "rt_torch_index_select", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_INDEX_ADD, "rt_torch_index_add", required_index_add, optional_zeros, true),
	FUNCTION(FN_GATHER, "rt_torch_gather", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_SCATTER_ADD, "rt_torch_scatter_add", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_TAKE, "rt_torch_take", required_take, optional_zeros, true),
	FUNCTION(FN_PUT, "rt_torch_put", required_take, optional_zeros, true),
	FUNCTION(FN_ASSIGN, "rt_torch_assign", required_mul, optional_zeros, true),
	FUNCTION(FN_CAT, "rt_torch_cat", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_STACK, "rt_torch_stack", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_CLONE, "rt_torch_clone", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_DETACH, "rt_torch_detach", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_CONTIGUOUS, "rt_torch_contiguous", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_TO_DTYPE, "rt_torch_to_dtype", required_mul, optional_from_data_f64, true),
	FUNCTION(FN_TO_DEVICE, "rt_torch_to_device", required_mul, optional_zeros, true),
	FUNCTION(FN_LINEAR, "rt_torch_linear", required_mul, optional_zeros, true),
	FUNCTION(FN_CONV2D, "rt_torch_conv2d", required_zeros, optional_zeros, true),
	FUNCTION(FN_CONV2D_INPUT, "rt_torch_conv2d_input", required_sub, optional_zeros, true),
	FUNCTION(FN_CONV2D_WEIGHT, "rt_torch_conv2d_weight", required_sub, optional_zeros, true),
	FUNCTION(FN_MAX_POOL2D, "rt_torch_max_pool2d", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_MAX_POOL2D_BACKWARD, "rt_torch_max_pool2d_backward", required_zeros, optional_zeros, true),
	FUNCTION(FN_MAX_POOL2D_PICK, "rt_torch_max_pool2d_pick", required_zeros, optional_zeros, true),
	FUNCTION(FN_AVG_POOL2D, "rt_torch_avg_pool2d", required_zeros, optional_from_data_f64, true),
	FUNCTION(FN_AVG_POOL2D_BACKWARD, "rt_torch_avg_pool2d_backward", required_sub, optional_zeros, true),
	FUNCTION(FN_EMBEDDING, "rt_torch_embedding", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_EMBEDDING_BACKWARD, "rt_torch_embedding_backward", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_LAYER_NORM, "rt_torch_layer_norm", required_zeros, optional_zeros, true),
	FUNCTION(FN_BATCH_NORM, "rt_torch_batch_norm", required_mul, optional_zeros, true),
	FUNCTION(FN_BATCH_NORM_BACKWARD, "rt_torch_batch_norm_backward", required_zeros, optional_zeros, true),
	FUNCTION(FN_BATCH_STATISTICS, "rt_torch_batch_statistics", required_zeros, optional_zeros, true),
	FUNCTION(FN_BATCH_NORM_MEASURED, "rt_torch_batch_norm_measured", required_mul, optional_zeros, true),
	FUNCTION(FN_BATCH_NORM_MEASURED_BACKWARD, "rt_torch_batch_norm_measured_backward", required_add_scalar, optional_zeros, true),
	FUNCTION(FN_BINARY_CROSS_ENTROPY, "rt_torch_binary_cross_entropy", required_index_select, optional_from_data_f64, true),
	FUNCTION(FN_CROSS_ENTROPY, "rt_torch_cross_entropy", required_index_select, optional_zeros, true),
	FUNCTION(FN_CROSS_ENTROPY_BACKWARD, "rt_torch_cross_entropy_backward", required_cross_entropy_backward, optional_zeros, true),
	FUNCTION(FN_ADAM, "rt_torch_adam", required_adam, optional_zeros, true),
	FUNCTION(FN_FREE, "rt_torch_free", nothing, nothing, false),
	FUNCTION(FN_RETAIN, "rt_torch_retain", required_shape, optional_from_data_f64, true),
	FUNCTION(FN_LIVE_HANDLES, "rt_torch_live_handles", nothing, nothing, false),
	FUNCTION(FN_WRAP, "rt_torch_wrap", required_wrap, optional_wrap, true),
	FUNCTION(FN_WRAP_COPIES, "rt_torch_wrap_copies", nothing, nothing, false),
	FUNCTION(FN_RELEASED, "rt_torch_released", nothing, nothing, false),
	FUNCTION(FN_DATA_PTR, "rt_torch_data_ptr", required_data_ptr, optional_from_data_f64, true),
	FUNCTION(FN_TO_DLPACK, "rt_torch_to_dlpack", required_to_data_f64, optional_from_data_f64, true),
	FUNCTION(FN_FROM_DLPACK, "rt_torch_from_dlpack", required_wrap, optional_wrap, true),
	FUNCTION(FN_CUDA_AVAILABLE, "rt_torch_cuda_available", nothing, nothing, false),
	FUNCTION(FN_SET_NUM_THREADS, "rt_torch_set_num_threads", required_set_num_threads, nothing, true),
	FUNCTION(FN_GET_NUM_THREADS, "rt_torch_get_num_threads", required_get_num_threads, nothing, true),
	FUNCTION(FN_CUDA_DEVICE_COUNT, "rt_torch_cuda_device_count", nothing, nothing, false),
	FUNCTION(FN_CUDA_PROBLEM, "rt_torch_cuda_problem", required_libtorch_path, nothing, true),
	FUNCTION(FN_CUDA_CURRENT_STREAM, "rt_torch_cuda_current_stream", required_cuda_current_stream, nothing, true),
	FUNCTION(FN_CUDA_SET_STREAM, "rt_torch_cuda_set_stream", required_cuda_set_stream, nothing, true),
	FUNCTION(FN_CUDA_SYNCHRONIZE, "rt_torch_cuda_synchronize", required_cuda_synchronize, nothing, true),
};

static const char *const sonames[] = {"libtorch_cpu.so", NULL};
static const char *const users[] = {NULL};
static const char *const identify[] = {"aoti_torch_abi_version", NULL};

static struct upstream state;

const struct library rt_torch_library = {
	.name = "rt_torch",
	.upstream = "libtorch",
	.environment = "RT_TORCH_LIBTORCH",
	.install = NULL,
	.sonames = sonames,
	.users = users,
	.identify = identify,
	.symbols = symbols,
	.symbol_count = SYMBOL_COUNT,
	.pointers = &libtorch,
	.functions = functions,
	.function_count = FUNCTION_COUNT,
	.state = &state,
	.opened = torch_opened,
	.forked = torch_forked,
};

int64_t rt_torch_abi_version(void)
{
	return body_abi_version();
}

int32_t rt_torch_load(const char *path)
{
	struct call call;
	struct path path_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_LOAD])))
		return error_code();
	ok = (!path || parse_path(&call, "path", path, &path_value))
	    && body_load(&call, path ? &path_value : NULL);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_suggest_path(const char *path)
{
	struct call call;
	struct path path_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SUGGEST_PATH])))
		return error_code();
	ok = (!path || parse_path(&call, "path", path, &path_value))
	    && body_suggest_path(&call, path ? &path_value : NULL);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_available(void)
{
	return body_available();
}

int32_t rt_torch_function_available(const char *name)
{
	return body_function_available(name);
}

const char *rt_torch_libtorch_path(void)
{
	struct call call;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_LIBTORCH_PATH])))
		return NULL;
	ok = body_upstream_path(&call, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

const char *rt_torch_version(void)
{
	struct call call;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_VERSION])))
		return NULL;
	ok = body_upstream_version(&call, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

const char *rt_torch_last_error(void)
{
	return body_last_error();
}

int64_t rt_torch_last_error_code(void)
{
	return body_last_error_code();
}

int32_t rt_torch_clear_error(void)
{
	return body_clear_error();
}

int64_t rt_torch_zeros(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ZEROS])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value)) {
		push_i64_list(&call, shape, shape_len);
		push_dtype_present(&call, dtype_value);
		push_none(&call);
		push_device_present(&call, device_value);
		push_none(&call);
		result = dispatch(&call, "aten::zeros", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_ones(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ONES])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value)) {
		push_i64_list(&call, shape, shape_len);
		push_dtype_present(&call, dtype_value);
		push_none(&call);
		push_device_present(&call, device_value);
		push_none(&call);
		result = dispatch(&call, "aten::ones", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_full(const int64_t *shape, int64_t shape_len, double value, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FULL])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value))
		result = body_full(&call, shape, shape_len, value, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_arange(double start, double end, double step, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ARANGE])))
		return 0;
	if (parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_given(&call, "dtype", dtype_value))
		result = body_arange(&call, start, end, step, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_from_data_f64(const double *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FROM_DATA_F64])))
		return 0;
	if (check_list(&call, "data", data, data_len)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_count(&call, "data", data_len, "shape", shape, shape_len))
		result = body_from_data_f64(&call, data, data_len, shape, shape_len);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_from_data_f32(const float *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FROM_DATA_F32])))
		return 0;
	if (check_list(&call, "data", data, data_len)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_count(&call, "data", data_len, "shape", shape, shape_len))
		result = body_from_data_f32(&call, data, data_len, shape, shape_len);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_from_data_i64(const int64_t *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FROM_DATA_I64])))
		return 0;
	if (check_list(&call, "data", data, data_len)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_count(&call, "data", data_len, "shape", shape, shape_len))
		result = body_from_data_i64(&call, data, data_len, shape, shape_len);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_from_data_bool(const uint8_t *data, int64_t data_len, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FROM_DATA_BOOL])))
		return 0;
	if (check_list(&call, "data", data, data_len)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_count(&call, "data", data_len, "shape", shape, shape_len))
		result = body_from_data_bool(&call, data, data_len, shape, shape_len);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_torch_manual_seed(int64_t seed)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MANUAL_SEED])))
		return error_code();
	ok = body_manual_seed(&call, seed);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_random_state(int64_t *seed, int64_t *offset)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_RANDOM_STATE])))
		return error_code();
	ok = check_ptr(&call, "seed", seed)
	    && check_ptr(&call, "offset", offset)
	    && body_random_state(&call, seed, offset);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_set_random_state(int64_t seed, int64_t offset)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SET_RANDOM_STATE])))
		return error_code();
	ok = body_set_random_state(&call, seed, offset);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_torch_randn(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RANDN])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_floating_dtype_unless_empty(&call, "dtype", dtype_value, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value))
		result = body_randn(&call, shape, shape_len, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_randn_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset, const char *dtype,
                          const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RANDN_AT])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_floating_dtype_unless_empty(&call, "dtype", dtype_value, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value))
		result = body_randn_at(&call, shape, shape_len, seed, offset, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_rand(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RAND])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_floating_dtype_unless_empty(&call, "dtype", dtype_value, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value))
		result = body_rand(&call, shape, shape_len, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_rand_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset, const char *dtype,
                         const char *device)
{
	struct call call;
	int32_t dtype_value;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RAND_AT])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && parse_device(&call, "device", device, &device_value)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_floating_dtype_unless_empty(&call, "dtype", dtype_value, "shape", shape, shape_len)
	    && check_given(&call, "dtype", dtype_value))
		result = body_rand_at(&call, shape, shape_len, seed, offset, dtype_value, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_to_data_f64(int64_t x, double *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DATA_F64])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_to_data_f64(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_to_data_f32(int64_t x, float *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DATA_F32])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_to_data_f32(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_to_data_i64(int64_t x, int64_t *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DATA_I64])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_to_data_i64(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_to_data_bool(int64_t x, uint8_t *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DATA_BOOL])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_to_data_bool(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_shape(int64_t x, int64_t *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SHAPE])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_shape(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_ndim(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_NDIM])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_ndim(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_numel(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_NUMEL])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_numel(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

const char *rt_torch_dtype(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_DTYPE])))
		return NULL;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_dtype(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

const char *rt_torch_device(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_DEVICE])))
		return NULL;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_device(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_torch_strides(int64_t x, int64_t *out, int64_t out_cap)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_STRIDES])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_out(&call, out, out_cap)
	    && body_strides(&call, &x_tensor, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int32_t rt_torch_is_contiguous(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int32_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_IS_CONTIGUOUS])))
		return -1;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_is_contiguous(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_add(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ADD])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		if (when_cpu_floating(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cpu_add_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cpu_add_Tensor(a_tensor.handle, b_tensor.handle, 1.0, &raw),
			                &raw);
		} else if (when_cuda_floating(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cuda_add_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cuda_add_Tensor(a_tensor.handle, b_tensor.handle, 1.0, &raw),
			                &raw);
		} else {
			result = body_add(&call, &a_tensor, &b_tensor);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sub(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SUB])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_not_boolean(&call, &a_tensor)
	    && check_not_boolean(&call, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		if (when_floating_result(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_aten_subtract_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_aten_subtract_Tensor(a_tensor.handle, b_tensor.handle, 1.0, &raw),
			                &raw);
		} else {
			result = body_sub_integers(&call, &a_tensor, &b_tensor);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_mul(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MUL])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		if (when_cpu_both(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cpu_mul_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cpu_mul_Tensor(a_tensor.handle, b_tensor.handle, &raw),
			                &raw);
		} else if (when_cuda_both(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cuda_mul_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cuda_mul_Tensor(a_tensor.handle, b_tensor.handle, &raw),
			                &raw);
		} else {
			push_tensor(&call, &a_tensor);
			push_tensor(&call, &b_tensor);
			result = dispatch(&call, "aten::mul", "Tensor");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_div(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_DIV])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_both_as_float(&call, &a_tensor, &b_tensor)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::div", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_neg(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_NEG])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_not_boolean(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::neg", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_add_scalar(int64_t x, double s)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ADD_SCALAR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		if (when_cpu(&call, &x_tensor)
		    && libtorch.aoti_torch_cpu_add_Scalar) {
			void *raw = NULL;

			result = finish(&call, libtorch.aoti_torch_cpu_add_Scalar(x_tensor.handle, s, 1.0, &raw), &raw);
		} else if (when_cuda(&call, &x_tensor)
		    && libtorch.aoti_torch_cuda_add_Scalar) {
			void *raw = NULL;

			result = finish(&call, libtorch.aoti_torch_cuda_add_Scalar(x_tensor.handle, s, 1.0, &raw),
			                &raw);
		} else {
			result = body_add_scalar(&call, &x_tensor, s);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_mul_scalar(int64_t x, double s)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MUL_SCALAR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		if (when_cpu(&call, &x_tensor)
		    && libtorch.aoti_torch_cpu_mul_Scalar) {
			void *raw = NULL;

			result = finish(&call, libtorch.aoti_torch_cpu_mul_Scalar(x_tensor.handle, s, &raw), &raw);
		} else if (when_cuda(&call, &x_tensor)
		    && libtorch.aoti_torch_cuda_mul_Scalar) {
			void *raw = NULL;

			result = finish(&call, libtorch.aoti_torch_cuda_mul_Scalar(x_tensor.handle, s, &raw), &raw);
		} else {
			result = body_mul_scalar(&call, &x_tensor, s);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_div_scalar(int64_t x, double s)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_DIV_SCALAR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor))
		result = body_div_scalar(&call, &x_tensor, s);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_add_scaled(int64_t a, int64_t b, double s)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ADD_SCALED])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_floating(&call, &a_tensor)
	    && check_floating(&call, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		if (when_cpu_floating(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cpu_add_Tensor) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cpu_add_Tensor(a_tensor.handle, b_tensor.handle, s, &raw),
			                &raw);
		} else {
			result = body_add_scaled(&call, &a_tensor, &b_tensor, s);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_maximum(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MAXIMUM])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::maximum", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_minimum(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MINIMUM])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::minimum", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_exp(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EXP])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::exp", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_log(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LOG])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::log", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sqrt(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SQRT])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::sqrt", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_pow(int64_t x, double exponent)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_POW])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)
	    && check_representable(&call, "exponent", exponent, &x_tensor)) {
		if (when_cpu(&call, &x_tensor)
		    && libtorch.aoti_torch_cpu_pow_Tensor_Scalar) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cpu_pow_Tensor_Scalar(x_tensor.handle, exponent, &raw),
			                &raw);
		} else if (when_cuda(&call, &x_tensor)
		    && libtorch.aoti_torch_cuda_pow_Tensor_Scalar) {
			void *raw = NULL;

			result = finish(&call,
			                libtorch.aoti_torch_cuda_pow_Tensor_Scalar(x_tensor.handle, exponent, &raw),
			                &raw);
		} else {
			result = body_pow_scalar(&call, &x_tensor, exponent);
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_abs(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ABS])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_not_boolean(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		if (when_cpu(&call, &x_tensor)
		    && libtorch.aoti_torch_cpu_abs) {
			void *raw = NULL;

			result = finish(&call, libtorch.aoti_torch_cpu_abs(x_tensor.handle, &raw), &raw);
		} else {
			push_tensor(&call, &x_tensor);
			result = dispatch(&call, "aten::abs", "");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sign(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SIGN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::sign", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_clamp(int64_t x, const double *min, const double *max)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CLAMP])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_not_boolean(&call, &x_tensor)
	    && check_some(&call, "min", min, "max", max)
	    && check_same(&call, &x_tensor))
		result = body_clamp(&call, &x_tensor, min, max);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sin(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SIN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::sin", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_cos(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_COS])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::cos", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_erf(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ERF])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::erf", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_pow_tensor(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_POW_TENSOR])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_not_both_boolean(&call, &a_tensor, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::pow", "Tensor_Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_matmul(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MATMUL])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_same_dtype(&call, &a_tensor, &b_tensor)
	    && check_not_boolean_product(&call, &a_tensor, &b_tensor)
	    && check_matmul(&call, &a_tensor, &b_tensor)
	    && check_product_there(&call, &a_tensor, &b_tensor)
	    && check_same(&call, &a_tensor)) {
		if (when_cpu_matrices(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cpu_mm_out
		    && libtorch.aoti_torch_empty_strided) {
			result = body_mm(&call, &a_tensor, &b_tensor);
		} else if (when_cuda_matrices(&call, &a_tensor, &b_tensor)
		    && libtorch.aoti_torch_cuda_mm_out
		    && libtorch.aoti_torch_empty_strided) {
			result = body_mm(&call, &a_tensor, &b_tensor);
		} else {
			push_tensor(&call, &a_tensor);
			push_tensor(&call, &b_tensor);
			result = dispatch(&call, "aten::matmul", "");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_transpose(int64_t x, int64_t dim0, int64_t dim1)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TRANSPOSE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_dim(&call, "dim0", dim0, &x_tensor)
	    && check_dim(&call, "dim1", dim1, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim0);
		push_i64(&call, dim1);
		result = dispatch(&call, "aten::transpose", "int");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_transpose_2d(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TRANSPOSE_2D])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_at_most_2d(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::t", "");
	}
	call_leave(&call, result != 0);
	return result;
}

double rt_torch_sum(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	double result = 0.0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SUM])))
		return NAN;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_summed(&call, &x_tensor)
	    && body_sum(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NAN;
}

double rt_torch_mean(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	double result = 0.0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MEAN])))
		return NAN;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_same(&call, &x_tensor)
	    && body_mean(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NAN;
}

double rt_torch_max(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	double result = 0.0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MAX])))
		return NAN;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_nonempty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)
	    && body_max(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NAN;
}

double rt_torch_min(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	double result = 0.0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_MIN])))
		return NAN;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && check_nonempty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)
	    && body_min(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NAN;
}

int64_t rt_torch_sum_tensor(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SUM_TENSOR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_summed(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_none(&call);
		result = dispatch(&call, "aten::sum", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_mean_tensor(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MEAN_TENSOR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_none(&call);
		result = dispatch(&call, "aten::mean", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_max_tensor(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MAX_TENSOR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_nonempty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::max", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_min_tensor(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MIN_TENSOR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_nonempty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::min", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sum_dim(int64_t x, int64_t dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SUM_DIM])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_summed(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_one_i64_present(&call, dim);
		push_bool(&call, keepdim);
		push_none(&call);
		result = dispatch(&call, "aten::sum", "dim_IntList");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_mean_dim(int64_t x, int64_t dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MEAN_DIM])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_one_i64_present(&call, dim);
		push_bool(&call, keepdim);
		push_none(&call);
		result = dispatch(&call, "aten::mean", "dim");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sum_to(int64_t x, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SUM_TO])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_sum_to(&call, &x_tensor, "shape", shape, shape_len)
	    && check_summed(&call, &x_tensor))
		result = body_sum_to(&call, &x_tensor, shape, shape_len);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_amax(int64_t x, int64_t dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_AMAX])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_nonempty_along(&call, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_one_i64(&call, dim);
		push_bool(&call, keepdim);
		result = dispatch(&call, "aten::amax", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_amin(int64_t x, int64_t dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_AMIN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_nonempty_along(&call, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_one_i64(&call, dim);
		push_bool(&call, keepdim);
		result = dispatch(&call, "aten::amin", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_argmax(int64_t x, const int64_t *dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ARGMAX])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_not_boolean(&call, &x_tensor)
	    && check_dim_optional(&call, "dim", dim, &x_tensor)
	    && check_nonempty_along_optional(&call, "dim", dim, &x_tensor)
	    && check_places(&call)) {
		push_tensor(&call, &x_tensor);
		push_i64_optional(&call, dim);
		push_bool(&call, keepdim);
		result = dispatch(&call, "aten::argmax", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_argmin(int64_t x, const int64_t *dim, int32_t keepdim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ARGMIN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_bool(&call, "keepdim", keepdim)
	    && check_not_boolean(&call, &x_tensor)
	    && check_dim_optional(&call, "dim", dim, &x_tensor)
	    && check_nonempty_along_optional(&call, "dim", dim, &x_tensor)
	    && check_places(&call)) {
		push_tensor(&call, &x_tensor);
		push_i64_optional(&call, dim);
		push_bool(&call, keepdim);
		result = dispatch(&call, "aten::argmin", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_relu(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RELU])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_not_boolean(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::relu", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_relu_backward(int64_t gradient, int64_t y)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor y_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RELU_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "y", y, &y_tensor)
	    && check_together(&call, &gradient_tensor, &y_tensor)
	    && check_same_shape(&call, &gradient_tensor, &y_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &y_tensor)
	    && check_floating(&call, &gradient_tensor)
	    && check_same(&call, &gradient_tensor))
		result = body_relu_backward(&call, &gradient_tensor, &y_tensor);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_sigmoid(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SIGMOID])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::sigmoid", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_tanh(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TANH])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_as_float(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::tanh", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_softmax(int64_t x, int64_t dim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SOFTMAX])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_floating_unless_empty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_none(&call);
		result = dispatch(&call, "aten::softmax", "int");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_log_softmax(int64_t x, int64_t dim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LOG_SOFTMAX])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_floating_unless_empty(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_none(&call);
		result = dispatch(&call, "aten::log_softmax", "int");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_leaky_relu(int64_t x, double slope)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LEAKY_RELU])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_same(&call, &x_tensor))
		result = body_leaky_relu(&call, &x_tensor, slope);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_elu(int64_t x, double alpha)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_ELU])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_same(&call, &x_tensor))
		result = body_elu(&call, &x_tensor, alpha);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_gelu(int64_t x, const char *approximate)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_GELU])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_str(&call, "approximate", approximate)
	    && check_floating(&call, &x_tensor)
	    && check_approximation(&call, "approximate", approximate)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_str(&call, approximate);
		result = dispatch(&call, "aten::gelu", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_eq(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EQ])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::eq", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_ne(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_NE])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::ne", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_gt(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_GT])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::gt", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_lt(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LT])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::lt", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_ge(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_GE])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::ge", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_le(int64_t a, int64_t b)
{
	struct call call;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LE])))
		return 0;
	if (borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_truth(&call)) {
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::le", "Tensor");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_where(int64_t cond, int64_t a, int64_t b)
{
	struct call call;
	struct tensor cond_tensor;
	struct tensor a_tensor;
	struct tensor b_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_WHERE])))
		return 0;
	if (borrow_tensor(&call, "cond", cond, &cond_tensor)
	    && borrow_tensor(&call, "a", a, &a_tensor)
	    && borrow_tensor(&call, "b", b, &b_tensor)
	    && check_boolean(&call, &cond_tensor)
	    && check_same_device(&call, &cond_tensor, &a_tensor)
	    && check_same_device(&call, &cond_tensor, &b_tensor)
	    && check_same_device(&call, &a_tensor, &b_tensor)
	    && check_broadcast(&call, &cond_tensor, &a_tensor)
	    && check_broadcast(&call, &cond_tensor, &b_tensor)
	    && check_broadcast(&call, &a_tensor, &b_tensor)
	    && check_promoted(&call, &a_tensor, &b_tensor)) {
		push_tensor(&call, &cond_tensor);
		push_tensor(&call, &a_tensor);
		push_tensor(&call, &b_tensor);
		result = dispatch(&call, "aten::where", "self");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_reshape(int64_t x, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RESHAPE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_reshape(&call, &x_tensor, "shape", shape, shape_len)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64_list(&call, shape, shape_len);
		result = dispatch(&call, "aten::reshape", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_flatten(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FLATTEN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, 0);
		push_i64(&call, -1);
		result = dispatch(&call, "aten::flatten", "using_ints");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_squeeze(int64_t x, const int64_t *dim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SQUEEZE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_dim_optional(&call, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		if (when_absent(&call, dim)) {
			push_tensor(&call, &x_tensor);
			result = dispatch(&call, "aten::squeeze", "");
		} else {
			push_tensor(&call, &x_tensor);
			push_i64(&call, *dim);
			result = dispatch(&call, "aten::squeeze", "dim");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_unsqueeze(int64_t x, int64_t dim)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_UNSQUEEZE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_new_dim(&call, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		result = dispatch(&call, "aten::unsqueeze", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_expand(int64_t x, const int64_t *shape, int64_t shape_len)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EXPAND])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_expand(&call, &x_tensor, "shape", shape, shape_len)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64_list(&call, shape, shape_len);
		push_bool(&call, 0);
		result = dispatch(&call, "aten::expand", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_narrow(int64_t x, int64_t dim, int64_t start, int64_t length)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_NARROW])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_narrow(&call, &x_tensor, "dim", dim, "start", start, "length", length)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_i64(&call, start);
		push_i64(&call, length);
		result = dispatch(&call, "aten::narrow", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_strided(int64_t x, const int64_t *shape, int64_t shape_len, const int64_t *strides,
                         int64_t strides_len, int64_t offset)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_STRIDED])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_list(&call, "strides", strides, strides_len)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_strided(&call, &x_tensor, "shape", shape, shape_len, "strides", strides, strides_len, "offset",
	                     offset)
	    && check_same(&call, &x_tensor))
		result = body_strided(&call, &x_tensor, shape, shape_len, strides, strides_len, offset);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_index_select(int64_t x, int64_t dim, int64_t index)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor index_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_INDEX_SELECT])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "index", index, &index_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_together(&call, &x_tensor, &index_tensor)
	    && check_integers(&call, &index_tensor)
	    && check_index_list(&call, &index_tensor, &x_tensor)
	    && check_indices(&call, &index_tensor, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_tensor(&call, &index_tensor);
		result = dispatch(&call, "aten::index_select", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_index_add(int64_t x, int64_t dim, int64_t index, int64_t source)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor index_tensor;
	struct tensor source_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_INDEX_ADD])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "index", index, &index_tensor)
	    && borrow_tensor(&call, "source", source, &source_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_together(&call, &x_tensor, &index_tensor)
	    && check_together(&call, &x_tensor, &source_tensor)
	    && check_integers(&call, &index_tensor)
	    && check_same_dtype(&call, &x_tensor, &source_tensor)
	    && check_index_list(&call, &index_tensor, &x_tensor)
	    && check_parts(&call, &source_tensor, "dim", dim, &index_tensor, &x_tensor)
	    && check_indices(&call, &index_tensor, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor))
		result = body_index_add(&call, &x_tensor, dim, &index_tensor, &source_tensor);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_gather(int64_t x, int64_t dim, int64_t index)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor index_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_GATHER])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "index", index, &index_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_together(&call, &x_tensor, &index_tensor)
	    && check_integers(&call, &index_tensor)
	    && check_gather(&call, &x_tensor, "dim", dim, &index_tensor)
	    && check_indices(&call, &index_tensor, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_tensor(&call, &index_tensor);
		push_bool(&call, 0);
		result = dispatch(&call, "aten::gather", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_scatter_add(int64_t x, int64_t dim, int64_t index, int64_t source)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor index_tensor;
	struct tensor source_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_SCATTER_ADD])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "index", index, &index_tensor)
	    && borrow_tensor(&call, "source", source, &source_tensor)
	    && check_dim(&call, "dim", dim, &x_tensor)
	    && check_together(&call, &x_tensor, &index_tensor)
	    && check_together(&call, &x_tensor, &source_tensor)
	    && check_integers(&call, &index_tensor)
	    && check_same_dtype(&call, &x_tensor, &source_tensor)
	    && check_same_shape(&call, &index_tensor, &source_tensor)
	    && check_gather(&call, &x_tensor, "dim", dim, &index_tensor)
	    && check_indices(&call, &index_tensor, "dim", dim, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, dim);
		push_tensor(&call, &index_tensor);
		push_tensor(&call, &source_tensor);
		result = dispatch(&call, "aten::scatter_add", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_take(int64_t x, const int64_t *places, int64_t places_len)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TAKE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "places", places, places_len)
	    && check_listed(&call, "places", places, places_len, &x_tensor)
	    && check_same(&call, &x_tensor))
		result = body_take(&call, &x_tensor, places, places_len);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_torch_put(int64_t x, const int64_t *places, int64_t places_len, int64_t source)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor source_tensor;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_PUT])))
		return error_code();
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "source", source, &source_tensor)
	    && check_list(&call, "places", places, places_len)
	    && check_together(&call, &x_tensor, &source_tensor)
	    && check_same_dtype(&call, &x_tensor, &source_tensor)
	    && check_listed(&call, "places", places, places_len, &x_tensor)
	    && check_as_many(&call, &source_tensor, "places", places, places_len)
	    && body_put(&call, &x_tensor, places, places_len, &source_tensor);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_assign(int64_t x, int64_t source)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor source_tensor;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_ASSIGN])))
		return error_code();
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "source", source, &source_tensor)
	    && check_assigned(&call, &x_tensor, &source_tensor)
	    && body_assign(&call, &x_tensor, &source_tensor);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_torch_cat(const int64_t *tensors, int64_t tensors_len, int64_t dim)
{
	struct call call;
	struct tensors tensors_list;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CAT])))
		return 0;
	if (borrow_tensors(&call, "tensors", tensors, tensors_len, &tensors_list)
	    && check_at_least_one(&call, &tensors_list)
	    && check_one_device(&call, &tensors_list)
	    && check_joined(&call, &tensors_list, "dim", dim)
	    && check_all_promoted(&call, &tensors_list)) {
		push_tensors(&call, &tensors_list);
		push_i64(&call, dim);
		result = dispatch(&call, "aten::cat", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_stack(const int64_t *tensors, int64_t tensors_len, int64_t dim)
{
	struct call call;
	struct tensors tensors_list;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_STACK])))
		return 0;
	if (borrow_tensors(&call, "tensors", tensors, tensors_len, &tensors_list)
	    && check_at_least_one(&call, &tensors_list)
	    && check_one_device(&call, &tensors_list)
	    && check_stacked(&call, &tensors_list, "dim", dim)
	    && check_all_promoted(&call, &tensors_list)) {
		push_tensors(&call, &tensors_list);
		push_i64(&call, dim);
		result = dispatch(&call, "aten::stack", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_clone(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CLONE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_none(&call);
		result = dispatch(&call, "aten::clone", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_detach(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_DETACH])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		result = dispatch(&call, "aten::detach", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_contiguous(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CONTIGUOUS])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64(&call, 0);
		result = dispatch(&call, "aten::contiguous", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_to_dtype(int64_t x, const char *dtype)
{
	struct call call;
	struct tensor x_tensor;
	int32_t dtype_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DTYPE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && check_given(&call, "dtype", dtype_value)) {
		push_tensor(&call, &x_tensor);
		push_dtype(&call, dtype_value);
		push_bool(&call, 0);
		push_bool(&call, 0);
		push_none(&call);
		result = dispatch(&call, "aten::to", "dtype");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_to_device(int64_t x, const char *device)
{
	struct call call;
	struct tensor x_tensor;
	struct device device_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DEVICE])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && parse_device(&call, "device", device, &device_value)
	    && check_same(&call, &x_tensor))
		result = body_to_device(&call, &x_tensor, device_value);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_linear(int64_t x, int64_t weight, int64_t bias)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor bias_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LINEAR])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "weight", weight, &weight_tensor)
	    && (bias == HANDLE_NONE || borrow_tensor(&call, "bias", bias, &bias_tensor))
	    && check_same_device(&call, &x_tensor, &weight_tensor)
	    && check_same_device_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_dtype(&call, &x_tensor, &weight_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_linear(&call, &x_tensor, &weight_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_tensor(&call, &weight_tensor);
		push_tensor_optional(&call, bias == HANDLE_NONE ? NULL : &bias_tensor);
		result = dispatch(&call, "aten::linear", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_conv2d(int64_t x, int64_t weight, int64_t bias, const int64_t *stride, int64_t stride_len,
                        const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                        int64_t groups)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor bias_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CONV2D])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "weight", weight, &weight_tensor)
	    && (bias == HANDLE_NONE || borrow_tensor(&call, "bias", bias, &bias_tensor))
	    && check_list(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_same_device(&call, &x_tensor, &weight_tensor)
	    && check_same_device_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_dtype(&call, &x_tensor, &weight_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_images(&call, &x_tensor)
	    && check_filters(&call, &weight_tensor)
	    && check_steps(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_conv2d(&call, &x_tensor, &weight_tensor, "stride", stride, stride_len, "padding", padding,
	                    padding_len, "dilation", dilation, dilation_len, "groups", groups)
	    && check_conv2d_bias(&call, bias == HANDLE_NONE ? NULL : &bias_tensor, &weight_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_tensor(&call, &weight_tensor);
		push_tensor_optional(&call, bias == HANDLE_NONE ? NULL : &bias_tensor);
		push_i64_list(&call, stride, stride_len);
		push_i64_list(&call, padding, padding_len);
		push_i64_list(&call, dilation, dilation_len);
		push_i64(&call, groups);
		result = dispatch(&call, "aten::conv2d", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_conv2d_input(int64_t gradient, int64_t weight, const int64_t *shape, int64_t shape_len,
                              const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
                              const int64_t *dilation, int64_t dilation_len, int64_t groups)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor weight_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CONV2D_INPUT])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "weight", weight, &weight_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_list(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_same_device(&call, &gradient_tensor, &weight_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &weight_tensor)
	    && check_floating(&call, &gradient_tensor)
	    && check_images(&call, &gradient_tensor)
	    && check_filters(&call, &weight_tensor)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_image_sizes(&call, "shape", shape, shape_len)
	    && check_steps(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_conv2d_input(&call, &gradient_tensor, &weight_tensor, "shape", shape, shape_len, "stride", stride,
	                          stride_len, "padding", padding, padding_len, "dilation", dilation, dilation_len,
	                          "groups", groups)
	    && check_same(&call, &gradient_tensor)) {
		result = body_conv2d_input(&call, &gradient_tensor, &weight_tensor, shape, shape_len, stride,
		                           stride_len, padding, padding_len, dilation, dilation_len, groups);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_conv2d_weight(int64_t gradient, int64_t x, const int64_t *shape, int64_t shape_len,
                               const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
                               const int64_t *dilation, int64_t dilation_len, int64_t groups)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CONV2D_WEIGHT])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_list(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_same_device(&call, &gradient_tensor, &x_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &x_tensor)
	    && check_floating(&call, &gradient_tensor)
	    && check_images(&call, &gradient_tensor)
	    && check_images(&call, &x_tensor)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_filter_sizes(&call, "shape", shape, shape_len)
	    && check_steps(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_conv2d_weight(&call, &gradient_tensor, &x_tensor, "shape", shape, shape_len, "stride", stride,
	                           stride_len, "padding", padding, padding_len, "dilation", dilation, dilation_len,
	                           "groups", groups)
	    && check_same(&call, &gradient_tensor)) {
		result = body_conv2d_weight(&call, &gradient_tensor, &x_tensor, shape, shape_len, stride,
		                            stride_len, padding, padding_len, dilation, dilation_len, groups);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_max_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                            int64_t stride_len, const int64_t *padding, int64_t padding_len, const int64_t *dilation,
                            int64_t dilation_len, int32_t ceil_mode)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MAX_POOL2D])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "kernel", kernel, kernel_len)
	    && check_list_optional(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_bool(&call, "ceil_mode", ceil_mode)
	    && check_floating(&call, &x_tensor)
	    && check_images(&call, &x_tensor)
	    && check_steps(&call, "kernel", kernel, kernel_len)
	    && check_steps_if_given(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_max_pool2d(&call, &x_tensor, "kernel", kernel, kernel_len, "stride", stride, stride_len,
	                        "padding", padding, padding_len, "dilation", dilation, dilation_len, "ceil_mode",
	                        ceil_mode)
	    && check_same(&call, &x_tensor)) {
		if (when_none_given(&call, stride, stride_len)) {
			push_tensor(&call, &x_tensor);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, padding, padding_len);
			push_i64_list(&call, dilation, dilation_len);
			push_bool(&call, ceil_mode);
			result = dispatch(&call, "aten::max_pool2d", "");
		} else {
			push_tensor(&call, &x_tensor);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, stride, stride_len);
			push_i64_list(&call, padding, padding_len);
			push_i64_list(&call, dilation, dilation_len);
			push_bool(&call, ceil_mode);
			result = dispatch(&call, "aten::max_pool2d", "");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_max_pool2d_backward(int64_t gradient, int64_t x, const int64_t *kernel, int64_t kernel_len,
                                     const int64_t *stride, int64_t stride_len, const int64_t *padding,
                                     int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                                     int32_t ceil_mode)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MAX_POOL2D_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "kernel", kernel, kernel_len)
	    && check_list_optional(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_bool(&call, "ceil_mode", ceil_mode)
	    && check_same_device(&call, &gradient_tensor, &x_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_images(&call, &x_tensor)
	    && check_steps(&call, "kernel", kernel, kernel_len)
	    && check_steps_if_given(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_max_pool2d(&call, &x_tensor, "kernel", kernel, kernel_len, "stride", stride, stride_len,
	                        "padding", padding, padding_len, "dilation", dilation, dilation_len, "ceil_mode",
	                        ceil_mode)
	    && check_max_pool2d_backward(&call, &gradient_tensor, &x_tensor, "kernel", kernel, kernel_len, "stride",
	                                 stride, stride_len, "padding", padding, padding_len, "dilation", dilation,
	                                 dilation_len, "ceil_mode", ceil_mode)
	    && check_same(&call, &x_tensor)) {
		result = body_max_pool2d_backward(&call, &gradient_tensor, &x_tensor, kernel, kernel_len,
		                                  stride, stride_len, padding, padding_len, dilation,
		                                  dilation_len, ceil_mode);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_max_pool2d_pick(int64_t y, int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                                 int64_t stride_len, const int64_t *padding, int64_t padding_len,
                                 const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode)
{
	struct call call;
	struct tensor y_tensor;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_MAX_POOL2D_PICK])))
		return 0;
	if (borrow_tensor(&call, "y", y, &y_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "kernel", kernel, kernel_len)
	    && check_list_optional(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_list(&call, "dilation", dilation, dilation_len)
	    && check_bool(&call, "ceil_mode", ceil_mode)
	    && check_same_device(&call, &y_tensor, &x_tensor)
	    && check_same_dtype(&call, &y_tensor, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_images(&call, &x_tensor)
	    && check_same_shape(&call, &y_tensor, &x_tensor)
	    && check_steps(&call, "kernel", kernel, kernel_len)
	    && check_steps_if_given(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_steps(&call, "dilation", dilation, dilation_len)
	    && check_max_pool2d(&call, &x_tensor, "kernel", kernel, kernel_len, "stride", stride, stride_len,
	                        "padding", padding, padding_len, "dilation", dilation, dilation_len, "ceil_mode",
	                        ceil_mode)
	    && check_same(&call, &x_tensor)) {
		result = body_max_pool2d_pick(&call, &y_tensor, &x_tensor, kernel, kernel_len, stride,
		                              stride_len, padding, padding_len, dilation, dilation_len,
		                              ceil_mode);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_avg_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                            int64_t stride_len, const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                            int32_t count_include_pad)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_AVG_POOL2D])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_list(&call, "kernel", kernel, kernel_len)
	    && check_list_optional(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_bool(&call, "ceil_mode", ceil_mode)
	    && check_bool(&call, "count_include_pad", count_include_pad)
	    && check_floating(&call, &x_tensor)
	    && check_images(&call, &x_tensor)
	    && check_steps(&call, "kernel", kernel, kernel_len)
	    && check_steps_if_given(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_avg_pool2d(&call, &x_tensor, "kernel", kernel, kernel_len, "stride", stride, stride_len,
	                        "padding", padding, padding_len, "ceil_mode", ceil_mode)
	    && check_same(&call, &x_tensor)) {
		if (when_none_given(&call, stride, stride_len)) {
			push_tensor(&call, &x_tensor);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, padding, padding_len);
			push_bool(&call, ceil_mode);
			push_bool(&call, count_include_pad);
			push_none(&call);
			result = dispatch(&call, "aten::avg_pool2d", "");
		} else {
			push_tensor(&call, &x_tensor);
			push_i64_list(&call, kernel, kernel_len);
			push_i64_list(&call, stride, stride_len);
			push_i64_list(&call, padding, padding_len);
			push_bool(&call, ceil_mode);
			push_bool(&call, count_include_pad);
			push_none(&call);
			result = dispatch(&call, "aten::avg_pool2d", "");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_avg_pool2d_backward(int64_t gradient, const int64_t *shape, int64_t shape_len, const int64_t *kernel,
                                     int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                                     const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                                     int32_t count_include_pad)
{
	struct call call;
	struct tensor gradient_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_AVG_POOL2D_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && check_list(&call, "shape", shape, shape_len)
	    && check_list(&call, "kernel", kernel, kernel_len)
	    && check_list_optional(&call, "stride", stride, stride_len)
	    && check_list(&call, "padding", padding, padding_len)
	    && check_bool(&call, "ceil_mode", ceil_mode)
	    && check_bool(&call, "count_include_pad", count_include_pad)
	    && check_floating(&call, &gradient_tensor)
	    && check_sizes(&call, "shape", shape, shape_len)
	    && check_image_sizes(&call, "shape", shape, shape_len)
	    && check_steps(&call, "kernel", kernel, kernel_len)
	    && check_steps_if_given(&call, "stride", stride, stride_len)
	    && check_border(&call, "padding", padding, padding_len)
	    && check_avg_pool2d_backward(&call, &gradient_tensor, "shape", shape, shape_len, "kernel", kernel,
	                                 kernel_len, "stride", stride, stride_len, "padding", padding, padding_len,
	                                 "ceil_mode", ceil_mode)
	    && check_same(&call, &gradient_tensor)) {
		result = body_avg_pool2d_backward(&call, &gradient_tensor, shape, shape_len, kernel, kernel_len,
		                                  stride, stride_len, padding, padding_len, ceil_mode,
		                                  count_include_pad);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_embedding(int64_t weight, int64_t indices)
{
	struct call call;
	struct tensor weight_tensor;
	struct tensor indices_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EMBEDDING])))
		return 0;
	if (borrow_tensor(&call, "weight", weight, &weight_tensor)
	    && borrow_tensor(&call, "indices", indices, &indices_tensor)
	    && check_together(&call, &weight_tensor, &indices_tensor)
	    && check_table(&call, &weight_tensor)
	    && check_integers(&call, &indices_tensor)
	    && check_rows(&call, &weight_tensor, &indices_tensor)
	    && check_indices(&call, &indices_tensor, "0", 0, &weight_tensor)
	    && check_same(&call, &weight_tensor)) {
		push_tensor(&call, &weight_tensor);
		push_tensor(&call, &indices_tensor);
		push_i64(&call, -1);
		push_bool(&call, 0);
		push_bool(&call, 0);
		result = dispatch(&call, "aten::embedding", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_embedding_backward(int64_t gradient, int64_t indices, int64_t rows)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor indices_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_EMBEDDING_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "indices", indices, &indices_tensor)
	    && check_together(&call, &gradient_tensor, &indices_tensor)
	    && check_floating(&call, &gradient_tensor)
	    && check_integers(&call, &indices_tensor)
	    && check_row_gradients(&call, &gradient_tensor, &indices_tensor, "rows", rows)
	    && check_same(&call, &gradient_tensor)) {
		push_tensor(&call, &gradient_tensor);
		push_tensor(&call, &indices_tensor);
		push_i64(&call, rows);
		push_i64(&call, -1);
		push_bool(&call, 0);
		result = dispatch(&call, "aten::embedding_dense_backward", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_layer_norm(int64_t x, const int64_t *shape, int64_t shape_len, int64_t weight, int64_t bias,
                            double eps)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor bias_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_LAYER_NORM])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && (weight == HANDLE_NONE || borrow_tensor(&call, "weight", weight, &weight_tensor))
	    && (bias == HANDLE_NONE || borrow_tensor(&call, "bias", bias, &bias_tensor))
	    && check_list(&call, "shape", shape, shape_len)
	    && check_same_device_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_device_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_layer_norm(&call, &x_tensor, "shape", shape, shape_len,
	                        weight == HANDLE_NONE ? NULL : &weight_tensor,
	                        bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_i64_list(&call, shape, shape_len);
		push_tensor_optional(&call, weight == HANDLE_NONE ? NULL : &weight_tensor);
		push_tensor_optional(&call, bias == HANDLE_NONE ? NULL : &bias_tensor);
		push_f64(&call, eps);
		push_bool(&call, 1);
		result = dispatch(&call, "aten::layer_norm", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_batch_norm(int64_t x, int64_t weight, int64_t bias, int64_t mean, int64_t var, double eps)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor bias_tensor;
	struct tensor mean_tensor;
	struct tensor var_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BATCH_NORM])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && (weight == HANDLE_NONE || borrow_tensor(&call, "weight", weight, &weight_tensor))
	    && (bias == HANDLE_NONE || borrow_tensor(&call, "bias", bias, &bias_tensor))
	    && (mean == HANDLE_NONE || borrow_tensor(&call, "mean", mean, &mean_tensor))
	    && (var == HANDLE_NONE || borrow_tensor(&call, "var", var, &var_tensor))
	    && check_same_device_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_device_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_device_if_given(&call, &x_tensor, mean == HANDLE_NONE ? NULL : &mean_tensor)
	    && check_same_device_if_given(&call, &x_tensor, var == HANDLE_NONE ? NULL : &var_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, mean == HANDLE_NONE ? NULL : &mean_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, var == HANDLE_NONE ? NULL : &var_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_features(&call, &x_tensor)
	    && check_of_features(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_of_features(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_of_features(&call, &x_tensor, mean == HANDLE_NONE ? NULL : &mean_tensor)
	    && check_of_features(&call, &x_tensor, var == HANDLE_NONE ? NULL : &var_tensor)
	    && check_statistics(&call, &x_tensor, mean == HANDLE_NONE ? NULL : &mean_tensor,
	                        var == HANDLE_NONE ? NULL : &var_tensor)
	    && check_same(&call, &x_tensor)) {
		if (when_not_given(&call, mean == HANDLE_NONE ? NULL : &mean_tensor)) {
			push_tensor(&call, &x_tensor);
			push_tensor_optional(&call, weight == HANDLE_NONE ? NULL : &weight_tensor);
			push_tensor_optional(&call, bias == HANDLE_NONE ? NULL : &bias_tensor);
			push_tensor_optional(&call, mean == HANDLE_NONE ? NULL : &mean_tensor);
			push_tensor_optional(&call, var == HANDLE_NONE ? NULL : &var_tensor);
			push_bool(&call, 1);
			push_f64(&call, 0.0);
			push_f64(&call, eps);
			push_bool(&call, 1);
			result = dispatch(&call, "aten::batch_norm", "");
		} else {
			push_tensor(&call, &x_tensor);
			push_tensor_optional(&call, weight == HANDLE_NONE ? NULL : &weight_tensor);
			push_tensor_optional(&call, bias == HANDLE_NONE ? NULL : &bias_tensor);
			push_tensor_optional(&call, mean == HANDLE_NONE ? NULL : &mean_tensor);
			push_tensor_optional(&call, var == HANDLE_NONE ? NULL : &var_tensor);
			push_bool(&call, 0);
			push_f64(&call, 0.0);
			push_f64(&call, eps);
			push_bool(&call, 1);
			result = dispatch(&call, "aten::batch_norm", "");
		}
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_batch_norm_backward(int64_t gradient, int64_t x, int64_t weight, double eps)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BATCH_NORM_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && (weight == HANDLE_NONE || borrow_tensor(&call, "weight", weight, &weight_tensor))
	    && check_same_device(&call, &gradient_tensor, &x_tensor)
	    && check_same_device_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &x_tensor)
	    && check_same_shape(&call, &gradient_tensor, &x_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_features(&call, &x_tensor)
	    && check_of_features(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_own_statistics(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		result = body_batch_norm_backward(&call, &gradient_tensor, &x_tensor,
		                                  weight == HANDLE_NONE ? NULL : &weight_tensor, eps);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_batch_statistics(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BATCH_STATISTICS])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_features(&call, &x_tensor)
	    && check_nonempty(&call, &x_tensor)
	    && check_same(&call, &x_tensor))
		result = body_batch_statistics(&call, &x_tensor);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_batch_norm_measured(int64_t x, int64_t weight, int64_t bias, int64_t statistics, double eps)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor bias_tensor;
	struct tensor statistics_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BATCH_NORM_MEASURED])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && (weight == HANDLE_NONE || borrow_tensor(&call, "weight", weight, &weight_tensor))
	    && (bias == HANDLE_NONE || borrow_tensor(&call, "bias", bias, &bias_tensor))
	    && borrow_tensor(&call, "statistics", statistics, &statistics_tensor)
	    && check_same_device_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_device_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_device(&call, &x_tensor, &statistics_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_same_dtype(&call, &x_tensor, &statistics_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_features(&call, &x_tensor)
	    && check_of_features(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_of_features(&call, &x_tensor, bias == HANDLE_NONE ? NULL : &bias_tensor)
	    && check_rows_of_features(&call, &x_tensor, &statistics_tensor)
	    && check_own_statistics(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		result = body_batch_norm_measured(&call, &x_tensor,
		                                  weight == HANDLE_NONE ? NULL : &weight_tensor,
		                                  bias == HANDLE_NONE ? NULL : &bias_tensor, &statistics_tensor,
		                                  eps);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_batch_norm_measured_backward(int64_t gradient, int64_t x, int64_t weight, int64_t statistics,
                                              double eps)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor x_tensor;
	struct tensor weight_tensor;
	struct tensor statistics_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BATCH_NORM_MEASURED_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && (weight == HANDLE_NONE || borrow_tensor(&call, "weight", weight, &weight_tensor))
	    && borrow_tensor(&call, "statistics", statistics, &statistics_tensor)
	    && check_same_device(&call, &gradient_tensor, &x_tensor)
	    && check_same_device_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_device(&call, &x_tensor, &statistics_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &x_tensor)
	    && check_same_shape(&call, &gradient_tensor, &x_tensor)
	    && check_same_dtype_if_given(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_same_dtype(&call, &x_tensor, &statistics_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_features(&call, &x_tensor)
	    && check_of_features(&call, &x_tensor, weight == HANDLE_NONE ? NULL : &weight_tensor)
	    && check_rows_of_features(&call, &x_tensor, &statistics_tensor)
	    && check_own_statistics(&call, &x_tensor)
	    && check_same(&call, &x_tensor)) {
		result = body_batch_norm_measured_backward(&call, &gradient_tensor, &x_tensor,
		                                           weight == HANDLE_NONE ? NULL : &weight_tensor,
		                                           &statistics_tensor, eps);
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_binary_cross_entropy(int64_t x, int64_t target)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor target_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_BINARY_CROSS_ENTROPY])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "target", target, &target_tensor)
	    && check_together(&call, &x_tensor, &target_tensor)
	    && check_same_shape(&call, &x_tensor, &target_tensor)
	    && check_same_dtype(&call, &x_tensor, &target_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_probabilities(&call, &x_tensor)
	    && check_probabilities(&call, &target_tensor)
	    && check_same(&call, &x_tensor)) {
		push_tensor(&call, &x_tensor);
		push_tensor(&call, &target_tensor);
		push_none(&call);
		push_i64(&call, 0);
		result = dispatch(&call, "aten::binary_cross_entropy", "");
	}
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_cross_entropy(int64_t x, int64_t target, const char *reduction)
{
	struct call call;
	struct tensor x_tensor;
	struct tensor target_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CROSS_ENTROPY])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "target", target, &target_tensor)
	    && check_str(&call, "reduction", reduction)
	    && check_together(&call, &x_tensor, &target_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_integers(&call, &target_tensor)
	    && check_reduction(&call, "reduction", reduction)
	    && check_classes(&call, &x_tensor, &target_tensor)
	    && check_same(&call, &x_tensor))
		result = body_cross_entropy(&call, &x_tensor, &target_tensor, reduction);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_cross_entropy_backward(int64_t gradient, int64_t x, int64_t target, const char *reduction)
{
	struct call call;
	struct tensor gradient_tensor;
	struct tensor x_tensor;
	struct tensor target_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_CROSS_ENTROPY_BACKWARD])))
		return 0;
	if (borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "x", x, &x_tensor)
	    && borrow_tensor(&call, "target", target, &target_tensor)
	    && check_str(&call, "reduction", reduction)
	    && check_same_device(&call, &gradient_tensor, &x_tensor)
	    && check_together(&call, &x_tensor, &target_tensor)
	    && check_same_dtype(&call, &gradient_tensor, &x_tensor)
	    && check_floating(&call, &x_tensor)
	    && check_integers(&call, &target_tensor)
	    && check_reduction(&call, "reduction", reduction)
	    && check_classes(&call, &x_tensor, &target_tensor)
	    && check_losses(&call, &gradient_tensor, &target_tensor, "reduction", reduction)
	    && check_same(&call, &x_tensor)) {
		result = body_cross_entropy_backward(&call, &gradient_tensor, &x_tensor, &target_tensor,
		                                     reduction);
	}
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_torch_adam(int64_t param, int64_t gradient, int64_t mean, int64_t square, int64_t step, double lr,
                      double beta1, double beta2, double eps, double weight_decay, int32_t decoupled,
                      int64_t *new_param, int64_t *new_mean, int64_t *new_square)
{
	struct call call;
	struct tensor param_tensor;
	struct tensor gradient_tensor;
	struct tensor mean_tensor;
	struct tensor square_tensor;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_ADAM])))
		return error_code();
	ok = borrow_tensor(&call, "param", param, &param_tensor)
	    && borrow_tensor(&call, "gradient", gradient, &gradient_tensor)
	    && borrow_tensor(&call, "mean", mean, &mean_tensor)
	    && borrow_tensor(&call, "square", square, &square_tensor)
	    && check_bool(&call, "decoupled", decoupled)
	    && check_ptr(&call, "new_param", new_param)
	    && check_ptr(&call, "new_mean", new_mean)
	    && check_ptr(&call, "new_square", new_square)
	    && check_together(&call, &param_tensor, &gradient_tensor)
	    && check_together(&call, &param_tensor, &mean_tensor)
	    && check_together(&call, &param_tensor, &square_tensor)
	    && check_same_shape(&call, &param_tensor, &gradient_tensor)
	    && check_same_shape(&call, &param_tensor, &mean_tensor)
	    && check_same_shape(&call, &param_tensor, &square_tensor)
	    && check_same_dtype(&call, &param_tensor, &gradient_tensor)
	    && check_same_dtype(&call, &param_tensor, &mean_tensor)
	    && check_same_dtype(&call, &param_tensor, &square_tensor)
	    && check_floating(&call, &param_tensor)
	    && check_ordinal(&call, "step", step)
	    && check_share(&call, "beta1", beta1)
	    && check_share(&call, "beta2", beta2)
	    && check_same(&call, &param_tensor)
	    && body_adam(&call, &param_tensor, &gradient_tensor, &mean_tensor, &square_tensor, step, lr, beta1, beta2,
	                 eps, weight_decay, decoupled, new_param, new_mean, new_square);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_free(int64_t x)
{
	return body_free(x);
}

int64_t rt_torch_retain(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_RETAIN])))
		return 0;
	if (borrow_tensor(&call, "x", x, &x_tensor))
		result = body_retain(&call, &x_tensor);
	call_leave(&call, result != 0);
	return result;
}

int64_t rt_torch_live_handles(void)
{
	return body_live_handles();
}

int64_t rt_torch_wrap(void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides, int64_t strides_len,
                      const char *dtype, int64_t token)
{
	struct call call;
	int32_t dtype_value;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_WRAP])))
		return 0;
	if (check_list(&call, "shape", shape, shape_len)
	    && check_list_optional(&call, "strides", strides, strides_len)
	    && parse_dtype(&call, "dtype", dtype, &dtype_value)
	    && check_sizes(&call, "shape", shape, shape_len))
		result = body_wrap(&call, data, shape, shape_len, strides, strides_len, dtype_value, token);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_torch_wrap_copies(void)
{
	return body_wrap_copies();
}

int64_t rt_torch_released(int64_t *out, int64_t out_cap)
{
	struct call call;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_RELEASED])))
		return -1;
	ok = check_out(&call, out, out_cap)
	    && body_released(&call, out, out_cap, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

void *rt_torch_data_ptr(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_DATA_PTR])))
		return NULL;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_data_ptr(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

void *rt_torch_to_dlpack(int64_t x)
{
	struct call call;
	struct tensor x_tensor;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_TO_DLPACK])))
		return NULL;
	ok = borrow_tensor(&call, "x", x, &x_tensor)
	    && body_to_dlpack(&call, &x_tensor, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int64_t rt_torch_from_dlpack(void *managed)
{
	struct call call;
	int64_t result = 0;

	if (unlikely(!call_enter(&call, &functions[FN_FROM_DLPACK])))
		return 0;
	if (check_ptr(&call, "managed", managed))
		result = body_from_dlpack(&call, managed);
	call_leave(&call, result != 0);
	return result;
}

int32_t rt_torch_cuda_available(void)
{
	return body_cuda_available();
}

int32_t rt_torch_set_num_threads(int64_t n)
{
	struct call call;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_SET_NUM_THREADS])))
		return error_code();
	ok = body_set_num_threads(&call, n);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int64_t rt_torch_get_num_threads(void)
{
	struct call call;
	int64_t result = 0;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_GET_NUM_THREADS])))
		return -1;
	ok = body_get_num_threads(&call, &result);
	call_leave(&call, ok);
	return ok ? result : -1;
}

int64_t rt_torch_cuda_device_count(void)
{
	return body_cuda_device_count();
}

const char *rt_torch_cuda_problem(void)
{
	struct call call;
	const char *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_CUDA_PROBLEM])))
		return NULL;
	ok = body_cuda_problem(&call, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

void *rt_torch_cuda_current_stream(const char *device)
{
	struct call call;
	struct device device_value;
	void *result = NULL;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_CUDA_CURRENT_STREAM])))
		return NULL;
	ok = parse_device(&call, "device", device, &device_value)
	    && check_cuda(&call, "device", device_value)
	    && body_cuda_current_stream(&call, device_value, &result);
	call_leave(&call, ok);
	return ok ? result : NULL;
}

int32_t rt_torch_cuda_set_stream(void *stream, const char *device)
{
	struct call call;
	struct device device_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_CUDA_SET_STREAM])))
		return error_code();
	ok = parse_device(&call, "device", device, &device_value)
	    && check_cuda(&call, "device", device_value)
	    && body_cuda_set_stream(&call, stream, device_value);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}

int32_t rt_torch_cuda_synchronize(const char *device)
{
	struct call call;
	struct device device_value;
	bool ok;

	if (unlikely(!call_enter(&call, &functions[FN_CUDA_SYNCHRONIZE])))
		return error_code();
	ok = parse_device(&call, "device", device, &device_value)
	    && check_cuda(&call, "device", device_value)
	    && body_cuda_synchronize(&call, device_value);
	call_leave(&call, ok);
	return ok ? 0 : error_code();
}
