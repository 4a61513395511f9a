"""Build the extension of cffi's API mode: `python -m rt_torch_bindings.cffi_api_build [FOLDER]`.

Without a folder it comes to lie beside this file.  The extension does not link the library that it calls: it calls
through a table of function pointers, which is filled at run time.  A C compiler, Python's headers and the cffi package
are needed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

EXTENSION = "_rt_torch_cffi"

PROTOTYPES = """
int64_t rt_torch_abi_version(void);
int32_t rt_torch_load(const char *path);
int32_t rt_torch_suggest_path(const char *path);
int32_t rt_torch_available(void);
int32_t rt_torch_function_available(const char *name);
const char *rt_torch_libtorch_path(void);
const char *rt_torch_version(void);
const char *rt_torch_last_error(void);
int64_t rt_torch_last_error_code(void);
int32_t rt_torch_clear_error(void);
int64_t rt_torch_zeros(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);
int64_t rt_torch_ones(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);
int64_t rt_torch_full(const int64_t *shape, int64_t shape_len, double value, const char *dtype,
		const char *device);
int64_t rt_torch_arange(double start, double end, double step, const char *dtype, const char *device);
int64_t rt_torch_from_data_f64(const double *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
int64_t rt_torch_from_data_f32(const float *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
int64_t rt_torch_from_data_i64(const int64_t *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
int64_t rt_torch_from_data_bool(const uint8_t *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
int32_t rt_torch_manual_seed(int64_t seed);
int32_t rt_torch_random_state(int64_t *seed, int64_t *offset);
int32_t rt_torch_set_random_state(int64_t seed, int64_t offset);
int64_t rt_torch_randn(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);
int64_t rt_torch_randn_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
		const char *dtype, const char *device);
int64_t rt_torch_rand(const int64_t *shape, int64_t shape_len, const char *dtype, const char *device);
int64_t rt_torch_rand_at(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
		const char *dtype, const char *device);
int64_t rt_torch_to_data_f64(int64_t x, double *out, int64_t out_cap);
int64_t rt_torch_to_data_f32(int64_t x, float *out, int64_t out_cap);
int64_t rt_torch_to_data_i64(int64_t x, int64_t *out, int64_t out_cap);
int64_t rt_torch_to_data_bool(int64_t x, uint8_t *out, int64_t out_cap);
int64_t rt_torch_shape(int64_t x, int64_t *out, int64_t out_cap);
int64_t rt_torch_ndim(int64_t x);
int64_t rt_torch_numel(int64_t x);
const char *rt_torch_dtype(int64_t x);
const char *rt_torch_device(int64_t x);
int64_t rt_torch_strides(int64_t x, int64_t *out, int64_t out_cap);
int32_t rt_torch_is_contiguous(int64_t x);
int64_t rt_torch_add(int64_t a, int64_t b);
int64_t rt_torch_sub(int64_t a, int64_t b);
int64_t rt_torch_mul(int64_t a, int64_t b);
int64_t rt_torch_div(int64_t a, int64_t b);
int64_t rt_torch_neg(int64_t x);
int64_t rt_torch_add_scalar(int64_t x, double s);
int64_t rt_torch_mul_scalar(int64_t x, double s);
int64_t rt_torch_div_scalar(int64_t x, double s);
int64_t rt_torch_add_scaled(int64_t a, int64_t b, double s);
int64_t rt_torch_maximum(int64_t a, int64_t b);
int64_t rt_torch_minimum(int64_t a, int64_t b);
int64_t rt_torch_exp(int64_t x);
int64_t rt_torch_log(int64_t x);
int64_t rt_torch_sqrt(int64_t x);
int64_t rt_torch_pow(int64_t x, double exponent);
int64_t rt_torch_abs(int64_t x);
int64_t rt_torch_sign(int64_t x);
int64_t rt_torch_clamp(int64_t x, const double *min, const double *max);
int64_t rt_torch_sin(int64_t x);
int64_t rt_torch_cos(int64_t x);
int64_t rt_torch_erf(int64_t x);
int64_t rt_torch_pow_tensor(int64_t a, int64_t b);
int64_t rt_torch_matmul(int64_t a, int64_t b);
int64_t rt_torch_transpose(int64_t x, int64_t dim0, int64_t dim1);
int64_t rt_torch_transpose_2d(int64_t x);
double rt_torch_sum(int64_t x);
double rt_torch_mean(int64_t x);
double rt_torch_max(int64_t x);
double rt_torch_min(int64_t x);
int64_t rt_torch_sum_tensor(int64_t x);
int64_t rt_torch_mean_tensor(int64_t x);
int64_t rt_torch_max_tensor(int64_t x);
int64_t rt_torch_min_tensor(int64_t x);
int64_t rt_torch_sum_dim(int64_t x, int64_t dim, int32_t keepdim);
int64_t rt_torch_mean_dim(int64_t x, int64_t dim, int32_t keepdim);
int64_t rt_torch_sum_to(int64_t x, const int64_t *shape, int64_t shape_len);
int64_t rt_torch_amax(int64_t x, int64_t dim, int32_t keepdim);
int64_t rt_torch_amin(int64_t x, int64_t dim, int32_t keepdim);
int64_t rt_torch_argmax(int64_t x, const int64_t *dim, int32_t keepdim);
int64_t rt_torch_argmin(int64_t x, const int64_t *dim, int32_t keepdim);
int64_t rt_torch_relu(int64_t x);
int64_t rt_torch_relu_backward(int64_t gradient, int64_t y);
int64_t rt_torch_sigmoid(int64_t x);
int64_t rt_torch_tanh(int64_t x);
int64_t rt_torch_softmax(int64_t x, int64_t dim);
int64_t rt_torch_log_softmax(int64_t x, int64_t dim);
int64_t rt_torch_leaky_relu(int64_t x, double slope);
int64_t rt_torch_elu(int64_t x, double alpha);
int64_t rt_torch_gelu(int64_t x, const char *approximate);
int64_t rt_torch_eq(int64_t a, int64_t b);
int64_t rt_torch_ne(int64_t a, int64_t b);
int64_t rt_torch_gt(int64_t a, int64_t b);
int64_t rt_torch_lt(int64_t a, int64_t b);
int64_t rt_torch_ge(int64_t a, int64_t b);
int64_t rt_torch_le(int64_t a, int64_t b);
int64_t rt_torch_where(int64_t cond, int64_t a, int64_t b);
int64_t rt_torch_reshape(int64_t x, const int64_t *shape, int64_t shape_len);
int64_t rt_torch_flatten(int64_t x);
int64_t rt_torch_squeeze(int64_t x, const int64_t *dim);
int64_t rt_torch_unsqueeze(int64_t x, int64_t dim);
int64_t rt_torch_expand(int64_t x, const int64_t *shape, int64_t shape_len);
int64_t rt_torch_narrow(int64_t x, int64_t dim, int64_t start, int64_t length);
int64_t rt_torch_strided(int64_t x, const int64_t *shape, int64_t shape_len, const int64_t *strides,
		int64_t strides_len, int64_t offset);
int64_t rt_torch_index_select(int64_t x, int64_t dim, int64_t index);
int64_t rt_torch_index_add(int64_t x, int64_t dim, int64_t index, int64_t source);
int64_t rt_torch_gather(int64_t x, int64_t dim, int64_t index);
int64_t rt_torch_scatter_add(int64_t x, int64_t dim, int64_t index, int64_t source);
int64_t rt_torch_take(int64_t x, const int64_t *places, int64_t places_len);
int32_t rt_torch_put(int64_t x, const int64_t *places, int64_t places_len, int64_t source);
int32_t rt_torch_assign(int64_t x, int64_t source);
int64_t rt_torch_cat(const int64_t *tensors, int64_t tensors_len, int64_t dim);
int64_t rt_torch_stack(const int64_t *tensors, int64_t tensors_len, int64_t dim);
int64_t rt_torch_clone(int64_t x);
int64_t rt_torch_detach(int64_t x);
int64_t rt_torch_contiguous(int64_t x);
int64_t rt_torch_to_dtype(int64_t x, const char *dtype);
int64_t rt_torch_to_device(int64_t x, const char *device);
int64_t rt_torch_linear(int64_t x, int64_t weight, int64_t bias);
int64_t rt_torch_conv2d(int64_t x, int64_t weight, int64_t bias, const int64_t *stride,
		int64_t stride_len, const int64_t *padding, int64_t padding_len, const int64_t *dilation,
		int64_t dilation_len, int64_t groups);
int64_t rt_torch_conv2d_input(int64_t gradient, int64_t weight, const int64_t *shape, int64_t shape_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int64_t groups);
int64_t rt_torch_conv2d_weight(int64_t gradient, int64_t x, const int64_t *shape, int64_t shape_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int64_t groups);
int64_t rt_torch_max_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
		int64_t stride_len, const int64_t *padding, int64_t padding_len, const int64_t *dilation,
		int64_t dilation_len, int32_t ceil_mode);
int64_t rt_torch_max_pool2d_backward(int64_t gradient, int64_t x, const int64_t *kernel,
		int64_t kernel_len, const int64_t *stride, int64_t stride_len, const int64_t *padding,
		int64_t padding_len, const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
int64_t rt_torch_max_pool2d_pick(int64_t y, int64_t x, const int64_t *kernel, int64_t kernel_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
int64_t rt_torch_avg_pool2d(int64_t x, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
		int64_t stride_len, const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
		int32_t count_include_pad);
int64_t rt_torch_avg_pool2d_backward(int64_t gradient, const int64_t *shape, int64_t shape_len,
		const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
		const int64_t *padding, int64_t padding_len, int32_t ceil_mode, int32_t count_include_pad);
int64_t rt_torch_embedding(int64_t weight, int64_t indices);
int64_t rt_torch_embedding_backward(int64_t gradient, int64_t indices, int64_t rows);
int64_t rt_torch_layer_norm(int64_t x, const int64_t *shape, int64_t shape_len, int64_t weight,
		int64_t bias, double eps);
int64_t rt_torch_batch_norm(int64_t x, int64_t weight, int64_t bias, int64_t mean, int64_t var,
		double eps);
int64_t rt_torch_batch_norm_backward(int64_t gradient, int64_t x, int64_t weight, double eps);
int64_t rt_torch_batch_statistics(int64_t x);
int64_t rt_torch_batch_norm_measured(int64_t x, int64_t weight, int64_t bias, int64_t statistics,
		double eps);
int64_t rt_torch_batch_norm_measured_backward(int64_t gradient, int64_t x, int64_t weight,
		int64_t statistics, double eps);
int64_t rt_torch_binary_cross_entropy(int64_t x, int64_t target);
int64_t rt_torch_cross_entropy(int64_t x, int64_t target, const char *reduction);
int64_t rt_torch_cross_entropy_backward(int64_t gradient, int64_t x, int64_t target,
		const char *reduction);
int32_t rt_torch_adam(int64_t param, int64_t gradient, int64_t mean, int64_t square, int64_t step,
		double lr, double beta1, double beta2, double eps, double weight_decay, int32_t decoupled,
		int64_t *new_param, int64_t *new_mean, int64_t *new_square);
int32_t rt_torch_free(int64_t x);
int64_t rt_torch_retain(int64_t x);
int64_t rt_torch_live_handles(void);
int64_t rt_torch_wrap(void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides,
		int64_t strides_len, const char *dtype, int64_t token);
int32_t rt_torch_wrap_copies(void);
int64_t rt_torch_released(int64_t *out, int64_t out_cap);
void *rt_torch_data_ptr(int64_t x);
void *rt_torch_to_dlpack(int64_t x);
int64_t rt_torch_from_dlpack(void *managed);
int32_t rt_torch_cuda_available(void);
int32_t rt_torch_set_num_threads(int64_t n);
int64_t rt_torch_get_num_threads(void);
int64_t rt_torch_cuda_device_count(void);
const char *rt_torch_cuda_problem(void);
void *rt_torch_cuda_current_stream(const char *device);
int32_t rt_torch_cuda_set_stream(void *stream, const char *device);
int32_t rt_torch_cuda_synchronize(const char *device);
"""

BINDING = """
const char *rt_torch_bind_library(const char *path);
int32_t rt_torch_found(const char *name);
"""

SOURCE = r"""
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static struct {
	int64_t (*rt_torch_abi_version)(void);
	int32_t (*rt_torch_load)(const char *path);
	int32_t (*rt_torch_suggest_path)(const char *path);
	int32_t (*rt_torch_available)(void);
	int32_t (*rt_torch_function_available)(const char *name);
	const char *(*rt_torch_libtorch_path)(void);
	const char *(*rt_torch_version)(void);
	const char *(*rt_torch_last_error)(void);
	int64_t (*rt_torch_last_error_code)(void);
	int32_t (*rt_torch_clear_error)(void);
	int64_t (*rt_torch_zeros)(const int64_t *shape, int64_t shape_len, const char *dtype,
		const char *device);
	int64_t (*rt_torch_ones)(const int64_t *shape, int64_t shape_len, const char *dtype,
		const char *device);
	int64_t (*rt_torch_full)(const int64_t *shape, int64_t shape_len, double value, const char *dtype,
		const char *device);
	int64_t (*rt_torch_arange)(double start, double end, double step, const char *dtype,
		const char *device);
	int64_t (*rt_torch_from_data_f64)(const double *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
	int64_t (*rt_torch_from_data_f32)(const float *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
	int64_t (*rt_torch_from_data_i64)(const int64_t *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
	int64_t (*rt_torch_from_data_bool)(const uint8_t *data, int64_t data_len, const int64_t *shape,
		int64_t shape_len);
	int32_t (*rt_torch_manual_seed)(int64_t seed);
	int32_t (*rt_torch_random_state)(int64_t *seed, int64_t *offset);
	int32_t (*rt_torch_set_random_state)(int64_t seed, int64_t offset);
	int64_t (*rt_torch_randn)(const int64_t *shape, int64_t shape_len, const char *dtype,
		const char *device);
	int64_t (*rt_torch_randn_at)(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
		const char *dtype, const char *device);
	int64_t (*rt_torch_rand)(const int64_t *shape, int64_t shape_len, const char *dtype,
		const char *device);
	int64_t (*rt_torch_rand_at)(const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
		const char *dtype, const char *device);
	int64_t (*rt_torch_to_data_f64)(int64_t x, double *out, int64_t out_cap);
	int64_t (*rt_torch_to_data_f32)(int64_t x, float *out, int64_t out_cap);
	int64_t (*rt_torch_to_data_i64)(int64_t x, int64_t *out, int64_t out_cap);
	int64_t (*rt_torch_to_data_bool)(int64_t x, uint8_t *out, int64_t out_cap);
	int64_t (*rt_torch_shape)(int64_t x, int64_t *out, int64_t out_cap);
	int64_t (*rt_torch_ndim)(int64_t x);
	int64_t (*rt_torch_numel)(int64_t x);
	const char *(*rt_torch_dtype)(int64_t x);
	const char *(*rt_torch_device)(int64_t x);
	int64_t (*rt_torch_strides)(int64_t x, int64_t *out, int64_t out_cap);
	int32_t (*rt_torch_is_contiguous)(int64_t x);
	int64_t (*rt_torch_add)(int64_t a, int64_t b);
	int64_t (*rt_torch_sub)(int64_t a, int64_t b);
	int64_t (*rt_torch_mul)(int64_t a, int64_t b);
	int64_t (*rt_torch_div)(int64_t a, int64_t b);
	int64_t (*rt_torch_neg)(int64_t x);
	int64_t (*rt_torch_add_scalar)(int64_t x, double s);
	int64_t (*rt_torch_mul_scalar)(int64_t x, double s);
	int64_t (*rt_torch_div_scalar)(int64_t x, double s);
	int64_t (*rt_torch_add_scaled)(int64_t a, int64_t b, double s);
	int64_t (*rt_torch_maximum)(int64_t a, int64_t b);
	int64_t (*rt_torch_minimum)(int64_t a, int64_t b);
	int64_t (*rt_torch_exp)(int64_t x);
	int64_t (*rt_torch_log)(int64_t x);
	int64_t (*rt_torch_sqrt)(int64_t x);
	int64_t (*rt_torch_pow)(int64_t x, double exponent);
	int64_t (*rt_torch_abs)(int64_t x);
	int64_t (*rt_torch_sign)(int64_t x);
	int64_t (*rt_torch_clamp)(int64_t x, const double *min, const double *max);
	int64_t (*rt_torch_sin)(int64_t x);
	int64_t (*rt_torch_cos)(int64_t x);
	int64_t (*rt_torch_erf)(int64_t x);
	int64_t (*rt_torch_pow_tensor)(int64_t a, int64_t b);
	int64_t (*rt_torch_matmul)(int64_t a, int64_t b);
	int64_t (*rt_torch_transpose)(int64_t x, int64_t dim0, int64_t dim1);
	int64_t (*rt_torch_transpose_2d)(int64_t x);
	double (*rt_torch_sum)(int64_t x);
	double (*rt_torch_mean)(int64_t x);
	double (*rt_torch_max)(int64_t x);
	double (*rt_torch_min)(int64_t x);
	int64_t (*rt_torch_sum_tensor)(int64_t x);
	int64_t (*rt_torch_mean_tensor)(int64_t x);
	int64_t (*rt_torch_max_tensor)(int64_t x);
	int64_t (*rt_torch_min_tensor)(int64_t x);
	int64_t (*rt_torch_sum_dim)(int64_t x, int64_t dim, int32_t keepdim);
	int64_t (*rt_torch_mean_dim)(int64_t x, int64_t dim, int32_t keepdim);
	int64_t (*rt_torch_sum_to)(int64_t x, const int64_t *shape, int64_t shape_len);
	int64_t (*rt_torch_amax)(int64_t x, int64_t dim, int32_t keepdim);
	int64_t (*rt_torch_amin)(int64_t x, int64_t dim, int32_t keepdim);
	int64_t (*rt_torch_argmax)(int64_t x, const int64_t *dim, int32_t keepdim);
	int64_t (*rt_torch_argmin)(int64_t x, const int64_t *dim, int32_t keepdim);
	int64_t (*rt_torch_relu)(int64_t x);
	int64_t (*rt_torch_relu_backward)(int64_t gradient, int64_t y);
	int64_t (*rt_torch_sigmoid)(int64_t x);
	int64_t (*rt_torch_tanh)(int64_t x);
	int64_t (*rt_torch_softmax)(int64_t x, int64_t dim);
	int64_t (*rt_torch_log_softmax)(int64_t x, int64_t dim);
	int64_t (*rt_torch_leaky_relu)(int64_t x, double slope);
	int64_t (*rt_torch_elu)(int64_t x, double alpha);
	int64_t (*rt_torch_gelu)(int64_t x, const char *approximate);
	int64_t (*rt_torch_eq)(int64_t a, int64_t b);
	int64_t (*rt_torch_ne)(int64_t a, int64_t b);
	int64_t (*rt_torch_gt)(int64_t a, int64_t b);
	int64_t (*rt_torch_lt)(int64_t a, int64_t b);
	int64_t (*rt_torch_ge)(int64_t a, int64_t b);
	int64_t (*rt_torch_le)(int64_t a, int64_t b);
	int64_t (*rt_torch_where)(int64_t cond, int64_t a, int64_t b);
	int64_t (*rt_torch_reshape)(int64_t x, const int64_t *shape, int64_t shape_len);
	int64_t (*rt_torch_flatten)(int64_t x);
	int64_t (*rt_torch_squeeze)(int64_t x, const int64_t *dim);
	int64_t (*rt_torch_unsqueeze)(int64_t x, int64_t dim);
	int64_t (*rt_torch_expand)(int64_t x, const int64_t *shape, int64_t shape_len);
	int64_t (*rt_torch_narrow)(int64_t x, int64_t dim, int64_t start, int64_t length);
	int64_t (*rt_torch_strided)(int64_t x, const int64_t *shape, int64_t shape_len, const int64_t *strides,
		int64_t strides_len, int64_t offset);
	int64_t (*rt_torch_index_select)(int64_t x, int64_t dim, int64_t index);
	int64_t (*rt_torch_index_add)(int64_t x, int64_t dim, int64_t index, int64_t source);
	int64_t (*rt_torch_gather)(int64_t x, int64_t dim, int64_t index);
	int64_t (*rt_torch_scatter_add)(int64_t x, int64_t dim, int64_t index, int64_t source);
	int64_t (*rt_torch_take)(int64_t x, const int64_t *places, int64_t places_len);
	int32_t (*rt_torch_put)(int64_t x, const int64_t *places, int64_t places_len, int64_t source);
	int32_t (*rt_torch_assign)(int64_t x, int64_t source);
	int64_t (*rt_torch_cat)(const int64_t *tensors, int64_t tensors_len, int64_t dim);
	int64_t (*rt_torch_stack)(const int64_t *tensors, int64_t tensors_len, int64_t dim);
	int64_t (*rt_torch_clone)(int64_t x);
	int64_t (*rt_torch_detach)(int64_t x);
	int64_t (*rt_torch_contiguous)(int64_t x);
	int64_t (*rt_torch_to_dtype)(int64_t x, const char *dtype);
	int64_t (*rt_torch_to_device)(int64_t x, const char *device);
	int64_t (*rt_torch_linear)(int64_t x, int64_t weight, int64_t bias);
	int64_t (*rt_torch_conv2d)(int64_t x, int64_t weight, int64_t bias, const int64_t *stride,
		int64_t stride_len, const int64_t *padding, int64_t padding_len, const int64_t *dilation,
		int64_t dilation_len, int64_t groups);
	int64_t (*rt_torch_conv2d_input)(int64_t gradient, int64_t weight, const int64_t *shape,
		int64_t shape_len, const int64_t *stride, int64_t stride_len, const int64_t *padding,
		int64_t padding_len, const int64_t *dilation, int64_t dilation_len, int64_t groups);
	int64_t (*rt_torch_conv2d_weight)(int64_t gradient, int64_t x, const int64_t *shape, int64_t shape_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int64_t groups);
	int64_t (*rt_torch_max_pool2d)(int64_t x, const int64_t *kernel, int64_t kernel_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
	int64_t (*rt_torch_max_pool2d_backward)(int64_t gradient, int64_t x, const int64_t *kernel,
		int64_t kernel_len, const int64_t *stride, int64_t stride_len, const int64_t *padding,
		int64_t padding_len, const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
	int64_t (*rt_torch_max_pool2d_pick)(int64_t y, int64_t x, const int64_t *kernel, int64_t kernel_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
	int64_t (*rt_torch_avg_pool2d)(int64_t x, const int64_t *kernel, int64_t kernel_len,
		const int64_t *stride, int64_t stride_len, const int64_t *padding, int64_t padding_len,
		int32_t ceil_mode, int32_t count_include_pad);
	int64_t (*rt_torch_avg_pool2d_backward)(int64_t gradient, const int64_t *shape, int64_t shape_len,
		const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
		const int64_t *padding, int64_t padding_len, int32_t ceil_mode, int32_t count_include_pad);
	int64_t (*rt_torch_embedding)(int64_t weight, int64_t indices);
	int64_t (*rt_torch_embedding_backward)(int64_t gradient, int64_t indices, int64_t rows);
	int64_t (*rt_torch_layer_norm)(int64_t x, const int64_t *shape, int64_t shape_len, int64_t weight,
		int64_t bias, double eps);
	int64_t (*rt_torch_batch_norm)(int64_t x, int64_t weight, int64_t bias, int64_t mean, int64_t var,
		double eps);
	int64_t (*rt_torch_batch_norm_backward)(int64_t gradient, int64_t x, int64_t weight, double eps);
	int64_t (*rt_torch_batch_statistics)(int64_t x);
	int64_t (*rt_torch_batch_norm_measured)(int64_t x, int64_t weight, int64_t bias, int64_t statistics,
		double eps);
	int64_t (*rt_torch_batch_norm_measured_backward)(int64_t gradient, int64_t x, int64_t weight,
		int64_t statistics, double eps);
	int64_t (*rt_torch_binary_cross_entropy)(int64_t x, int64_t target);
	int64_t (*rt_torch_cross_entropy)(int64_t x, int64_t target, const char *reduction);
	int64_t (*rt_torch_cross_entropy_backward)(int64_t gradient, int64_t x, int64_t target,
		const char *reduction);
	int32_t (*rt_torch_adam)(int64_t param, int64_t gradient, int64_t mean, int64_t square, int64_t step,
		double lr, double beta1, double beta2, double eps, double weight_decay, int32_t decoupled,
		int64_t *new_param, int64_t *new_mean, int64_t *new_square);
	int32_t (*rt_torch_free)(int64_t x);
	int64_t (*rt_torch_retain)(int64_t x);
	int64_t (*rt_torch_live_handles)(void);
	int64_t (*rt_torch_wrap)(void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides,
		int64_t strides_len, const char *dtype, int64_t token);
	int32_t (*rt_torch_wrap_copies)(void);
	int64_t (*rt_torch_released)(int64_t *out, int64_t out_cap);
	void *(*rt_torch_data_ptr)(int64_t x);
	void *(*rt_torch_to_dlpack)(int64_t x);
	int64_t (*rt_torch_from_dlpack)(void *managed);
	int32_t (*rt_torch_cuda_available)(void);
	int32_t (*rt_torch_set_num_threads)(int64_t n);
	int64_t (*rt_torch_get_num_threads)(void);
	int64_t (*rt_torch_cuda_device_count)(void);
	const char *(*rt_torch_cuda_problem)(void);
	void *(*rt_torch_cuda_current_stream)(const char *device);
	int32_t (*rt_torch_cuda_set_stream)(void *stream, const char *device);
	int32_t (*rt_torch_cuda_synchronize)(const char *device);
} table;

static const struct {
	const char *name;
	void *place;
} entries[] = {
	{ "rt_torch_abi_version", &table.rt_torch_abi_version },
	{ "rt_torch_load", &table.rt_torch_load },
	{ "rt_torch_suggest_path", &table.rt_torch_suggest_path },
	{ "rt_torch_available", &table.rt_torch_available },
	{ "rt_torch_function_available", &table.rt_torch_function_available },
	{ "rt_torch_libtorch_path", &table.rt_torch_libtorch_path },
	{ "rt_torch_version", &table.rt_torch_version },
	{ "rt_torch_last_error", &table.rt_torch_last_error },
	{ "rt_torch_last_error_code", &table.rt_torch_last_error_code },
	{ "rt_torch_clear_error", &table.rt_torch_clear_error },
	{ "rt_torch_zeros", &table.rt_torch_zeros },
	{ "rt_torch_ones", &table.rt_torch_ones },
	{ "rt_torch_full", &table.rt_torch_full },
	{ "rt_torch_arange", &table.rt_torch_arange },
	{ "rt_torch_from_data_f64", &table.rt_torch_from_data_f64 },
	{ "rt_torch_from_data_f32", &table.rt_torch_from_data_f32 },
	{ "rt_torch_from_data_i64", &table.rt_torch_from_data_i64 },
	{ "rt_torch_from_data_bool", &table.rt_torch_from_data_bool },
	{ "rt_torch_manual_seed", &table.rt_torch_manual_seed },
	{ "rt_torch_random_state", &table.rt_torch_random_state },
	{ "rt_torch_set_random_state", &table.rt_torch_set_random_state },
	{ "rt_torch_randn", &table.rt_torch_randn },
	{ "rt_torch_randn_at", &table.rt_torch_randn_at },
	{ "rt_torch_rand", &table.rt_torch_rand },
	{ "rt_torch_rand_at", &table.rt_torch_rand_at },
	{ "rt_torch_to_data_f64", &table.rt_torch_to_data_f64 },
	{ "rt_torch_to_data_f32", &table.rt_torch_to_data_f32 },
	{ "rt_torch_to_data_i64", &table.rt_torch_to_data_i64 },
	{ "rt_torch_to_data_bool", &table.rt_torch_to_data_bool },
	{ "rt_torch_shape", &table.rt_torch_shape },
	{ "rt_torch_ndim", &table.rt_torch_ndim },
	{ "rt_torch_numel", &table.rt_torch_numel },
	{ "rt_torch_dtype", &table.rt_torch_dtype },
	{ "rt_torch_device", &table.rt_torch_device },
	{ "rt_torch_strides", &table.rt_torch_strides },
	{ "rt_torch_is_contiguous", &table.rt_torch_is_contiguous },
	{ "rt_torch_add", &table.rt_torch_add },
	{ "rt_torch_sub", &table.rt_torch_sub },
	{ "rt_torch_mul", &table.rt_torch_mul },
	{ "rt_torch_div", &table.rt_torch_div },
	{ "rt_torch_neg", &table.rt_torch_neg },
	{ "rt_torch_add_scalar", &table.rt_torch_add_scalar },
	{ "rt_torch_mul_scalar", &table.rt_torch_mul_scalar },
	{ "rt_torch_div_scalar", &table.rt_torch_div_scalar },
	{ "rt_torch_add_scaled", &table.rt_torch_add_scaled },
	{ "rt_torch_maximum", &table.rt_torch_maximum },
	{ "rt_torch_minimum", &table.rt_torch_minimum },
	{ "rt_torch_exp", &table.rt_torch_exp },
	{ "rt_torch_log", &table.rt_torch_log },
	{ "rt_torch_sqrt", &table.rt_torch_sqrt },
	{ "rt_torch_pow", &table.rt_torch_pow },
	{ "rt_torch_abs", &table.rt_torch_abs },
	{ "rt_torch_sign", &table.rt_torch_sign },
	{ "rt_torch_clamp", &table.rt_torch_clamp },
	{ "rt_torch_sin", &table.rt_torch_sin },
	{ "rt_torch_cos", &table.rt_torch_cos },
	{ "rt_torch_erf", &table.rt_torch_erf },
	{ "rt_torch_pow_tensor", &table.rt_torch_pow_tensor },
	{ "rt_torch_matmul", &table.rt_torch_matmul },
	{ "rt_torch_transpose", &table.rt_torch_transpose },
	{ "rt_torch_transpose_2d", &table.rt_torch_transpose_2d },
	{ "rt_torch_sum", &table.rt_torch_sum },
	{ "rt_torch_mean", &table.rt_torch_mean },
	{ "rt_torch_max", &table.rt_torch_max },
	{ "rt_torch_min", &table.rt_torch_min },
	{ "rt_torch_sum_tensor", &table.rt_torch_sum_tensor },
	{ "rt_torch_mean_tensor", &table.rt_torch_mean_tensor },
	{ "rt_torch_max_tensor", &table.rt_torch_max_tensor },
	{ "rt_torch_min_tensor", &table.rt_torch_min_tensor },
	{ "rt_torch_sum_dim", &table.rt_torch_sum_dim },
	{ "rt_torch_mean_dim", &table.rt_torch_mean_dim },
	{ "rt_torch_sum_to", &table.rt_torch_sum_to },
	{ "rt_torch_amax", &table.rt_torch_amax },
	{ "rt_torch_amin", &table.rt_torch_amin },
	{ "rt_torch_argmax", &table.rt_torch_argmax },
	{ "rt_torch_argmin", &table.rt_torch_argmin },
	{ "rt_torch_relu", &table.rt_torch_relu },
	{ "rt_torch_relu_backward", &table.rt_torch_relu_backward },
	{ "rt_torch_sigmoid", &table.rt_torch_sigmoid },
	{ "rt_torch_tanh", &table.rt_torch_tanh },
	{ "rt_torch_softmax", &table.rt_torch_softmax },
	{ "rt_torch_log_softmax", &table.rt_torch_log_softmax },
	{ "rt_torch_leaky_relu", &table.rt_torch_leaky_relu },
	{ "rt_torch_elu", &table.rt_torch_elu },
	{ "rt_torch_gelu", &table.rt_torch_gelu },
	{ "rt_torch_eq", &table.rt_torch_eq },
	{ "rt_torch_ne", &table.rt_torch_ne },
	{ "rt_torch_gt", &table.rt_torch_gt },
	{ "rt_torch_lt", &table.rt_torch_lt },
	{ "rt_torch_ge", &table.rt_torch_ge },
	{ "rt_torch_le", &table.rt_torch_le },
	{ "rt_torch_where", &table.rt_torch_where },
	{ "rt_torch_reshape", &table.rt_torch_reshape },
	{ "rt_torch_flatten", &table.rt_torch_flatten },
	{ "rt_torch_squeeze", &table.rt_torch_squeeze },
	{ "rt_torch_unsqueeze", &table.rt_torch_unsqueeze },
	{ "rt_torch_expand", &table.rt_torch_expand },
	{ "rt_torch_narrow", &table.rt_torch_narrow },
	{ "rt_torch_strided", &table.rt_torch_strided },
	{ "rt_torch_index_select", &table.rt_torch_index_select },
	{ "rt_torch_index_add", &table.rt_torch_index_add },
	{ "rt_torch_gather", &table.rt_torch_gather },
	{ "rt_torch_scatter_add", &table.rt_torch_scatter_add },
	{ "rt_torch_take", &table.rt_torch_take },
	{ "rt_torch_put", &table.rt_torch_put },
	{ "rt_torch_assign", &table.rt_torch_assign },
	{ "rt_torch_cat", &table.rt_torch_cat },
	{ "rt_torch_stack", &table.rt_torch_stack },
	{ "rt_torch_clone", &table.rt_torch_clone },
	{ "rt_torch_detach", &table.rt_torch_detach },
	{ "rt_torch_contiguous", &table.rt_torch_contiguous },
	{ "rt_torch_to_dtype", &table.rt_torch_to_dtype },
	{ "rt_torch_to_device", &table.rt_torch_to_device },
	{ "rt_torch_linear", &table.rt_torch_linear },
	{ "rt_torch_conv2d", &table.rt_torch_conv2d },
	{ "rt_torch_conv2d_input", &table.rt_torch_conv2d_input },
	{ "rt_torch_conv2d_weight", &table.rt_torch_conv2d_weight },
	{ "rt_torch_max_pool2d", &table.rt_torch_max_pool2d },
	{ "rt_torch_max_pool2d_backward", &table.rt_torch_max_pool2d_backward },
	{ "rt_torch_max_pool2d_pick", &table.rt_torch_max_pool2d_pick },
	{ "rt_torch_avg_pool2d", &table.rt_torch_avg_pool2d },
	{ "rt_torch_avg_pool2d_backward", &table.rt_torch_avg_pool2d_backward },
	{ "rt_torch_embedding", &table.rt_torch_embedding },
	{ "rt_torch_embedding_backward", &table.rt_torch_embedding_backward },
	{ "rt_torch_layer_norm", &table.rt_torch_layer_norm },
	{ "rt_torch_batch_norm", &table.rt_torch_batch_norm },
	{ "rt_torch_batch_norm_backward", &table.rt_torch_batch_norm_backward },
	{ "rt_torch_batch_statistics", &table.rt_torch_batch_statistics },
	{ "rt_torch_batch_norm_measured", &table.rt_torch_batch_norm_measured },
	{ "rt_torch_batch_norm_measured_backward", &table.rt_torch_batch_norm_measured_backward },
	{ "rt_torch_binary_cross_entropy", &table.rt_torch_binary_cross_entropy },
	{ "rt_torch_cross_entropy", &table.rt_torch_cross_entropy },
	{ "rt_torch_cross_entropy_backward", &table.rt_torch_cross_entropy_backward },
	{ "rt_torch_adam", &table.rt_torch_adam },
	{ "rt_torch_free", &table.rt_torch_free },
	{ "rt_torch_retain", &table.rt_torch_retain },
	{ "rt_torch_live_handles", &table.rt_torch_live_handles },
	{ "rt_torch_wrap", &table.rt_torch_wrap },
	{ "rt_torch_wrap_copies", &table.rt_torch_wrap_copies },
	{ "rt_torch_released", &table.rt_torch_released },
	{ "rt_torch_data_ptr", &table.rt_torch_data_ptr },
	{ "rt_torch_to_dlpack", &table.rt_torch_to_dlpack },
	{ "rt_torch_from_dlpack", &table.rt_torch_from_dlpack },
	{ "rt_torch_cuda_available", &table.rt_torch_cuda_available },
	{ "rt_torch_set_num_threads", &table.rt_torch_set_num_threads },
	{ "rt_torch_get_num_threads", &table.rt_torch_get_num_threads },
	{ "rt_torch_cuda_device_count", &table.rt_torch_cuda_device_count },
	{ "rt_torch_cuda_problem", &table.rt_torch_cuda_problem },
	{ "rt_torch_cuda_current_stream", &table.rt_torch_cuda_current_stream },
	{ "rt_torch_cuda_set_stream", &table.rt_torch_cuda_set_stream },
	{ "rt_torch_cuda_synchronize", &table.rt_torch_cuda_synchronize },
};

#define ENTRIES (sizeof entries / sizeof entries[0])

/* Fill the table from the library at `path`; NULL, or why it cannot be opened.  What it lacks stays NULL. */
static const char *rt_torch_bind_library(const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	if (library == NULL)
		return dlerror();
	for (i = 0; i < ENTRIES; i++) {
		void *symbol = dlsym(library, entries[i].name);
		memcpy(entries[i].place, &symbol, sizeof symbol);
	}
	return NULL;
}

static int32_t rt_torch_found(const char *name)
{
	void *symbol = NULL;
	size_t i;

	for (i = 0; i < ENTRIES; i++)
		if (strcmp(entries[i].name, name) == 0)
			memcpy(&symbol, entries[i].place, sizeof symbol);
	return symbol != NULL;
}

#define rt_torch_abi_version table.rt_torch_abi_version
#define rt_torch_load table.rt_torch_load
#define rt_torch_suggest_path table.rt_torch_suggest_path
#define rt_torch_available table.rt_torch_available
#define rt_torch_function_available table.rt_torch_function_available
#define rt_torch_libtorch_path table.rt_torch_libtorch_path
#define rt_torch_version table.rt_torch_version
#define rt_torch_last_error table.rt_torch_last_error
#define rt_torch_last_error_code table.rt_torch_last_error_code
#define rt_torch_clear_error table.rt_torch_clear_error
#define rt_torch_zeros table.rt_torch_zeros
#define rt_torch_ones table.rt_torch_ones
#define rt_torch_full table.rt_torch_full
#define rt_torch_arange table.rt_torch_arange
#define rt_torch_from_data_f64 table.rt_torch_from_data_f64
#define rt_torch_from_data_f32 table.rt_torch_from_data_f32
#define rt_torch_from_data_i64 table.rt_torch_from_data_i64
#define rt_torch_from_data_bool table.rt_torch_from_data_bool
#define rt_torch_manual_seed table.rt_torch_manual_seed
#define rt_torch_random_state table.rt_torch_random_state
#define rt_torch_set_random_state table.rt_torch_set_random_state
#define rt_torch_randn table.rt_torch_randn
#define rt_torch_randn_at table.rt_torch_randn_at
#define rt_torch_rand table.rt_torch_rand
#define rt_torch_rand_at table.rt_torch_rand_at
#define rt_torch_to_data_f64 table.rt_torch_to_data_f64
#define rt_torch_to_data_f32 table.rt_torch_to_data_f32
#define rt_torch_to_data_i64 table.rt_torch_to_data_i64
#define rt_torch_to_data_bool table.rt_torch_to_data_bool
#define rt_torch_shape table.rt_torch_shape
#define rt_torch_ndim table.rt_torch_ndim
#define rt_torch_numel table.rt_torch_numel
#define rt_torch_dtype table.rt_torch_dtype
#define rt_torch_device table.rt_torch_device
#define rt_torch_strides table.rt_torch_strides
#define rt_torch_is_contiguous table.rt_torch_is_contiguous
#define rt_torch_add table.rt_torch_add
#define rt_torch_sub table.rt_torch_sub
#define rt_torch_mul table.rt_torch_mul
#define rt_torch_div table.rt_torch_div
#define rt_torch_neg table.rt_torch_neg
#define rt_torch_add_scalar table.rt_torch_add_scalar
#define rt_torch_mul_scalar table.rt_torch_mul_scalar
#define rt_torch_div_scalar table.rt_torch_div_scalar
#define rt_torch_add_scaled table.rt_torch_add_scaled
#define rt_torch_maximum table.rt_torch_maximum
#define rt_torch_minimum table.rt_torch_minimum
#define rt_torch_exp table.rt_torch_exp
#define rt_torch_log table.rt_torch_log
#define rt_torch_sqrt table.rt_torch_sqrt
#define rt_torch_pow table.rt_torch_pow
#define rt_torch_abs table.rt_torch_abs
#define rt_torch_sign table.rt_torch_sign
#define rt_torch_clamp table.rt_torch_clamp
#define rt_torch_sin table.rt_torch_sin
#define rt_torch_cos table.rt_torch_cos
#define rt_torch_erf table.rt_torch_erf
#define rt_torch_pow_tensor table.rt_torch_pow_tensor
#define rt_torch_matmul table.rt_torch_matmul
#define rt_torch_transpose table.rt_torch_transpose
#define rt_torch_transpose_2d table.rt_torch_transpose_2d
#define rt_torch_sum table.rt_torch_sum
#define rt_torch_mean table.rt_torch_mean
#define rt_torch_max table.rt_torch_max
#define rt_torch_min table.rt_torch_min
#define rt_torch_sum_tensor table.rt_torch_sum_tensor
#define rt_torch_mean_tensor table.rt_torch_mean_tensor
#define rt_torch_max_tensor table.rt_torch_max_tensor
#define rt_torch_min_tensor table.rt_torch_min_tensor
#define rt_torch_sum_dim table.rt_torch_sum_dim
#define rt_torch_mean_dim table.rt_torch_mean_dim
#define rt_torch_sum_to table.rt_torch_sum_to
#define rt_torch_amax table.rt_torch_amax
#define rt_torch_amin table.rt_torch_amin
#define rt_torch_argmax table.rt_torch_argmax
#define rt_torch_argmin table.rt_torch_argmin
#define rt_torch_relu table.rt_torch_relu
#define rt_torch_relu_backward table.rt_torch_relu_backward
#define rt_torch_sigmoid table.rt_torch_sigmoid
#define rt_torch_tanh table.rt_torch_tanh
#define rt_torch_softmax table.rt_torch_softmax
#define rt_torch_log_softmax table.rt_torch_log_softmax
#define rt_torch_leaky_relu table.rt_torch_leaky_relu
#define rt_torch_elu table.rt_torch_elu
#define rt_torch_gelu table.rt_torch_gelu
#define rt_torch_eq table.rt_torch_eq
#define rt_torch_ne table.rt_torch_ne
#define rt_torch_gt table.rt_torch_gt
#define rt_torch_lt table.rt_torch_lt
#define rt_torch_ge table.rt_torch_ge
#define rt_torch_le table.rt_torch_le
#define rt_torch_where table.rt_torch_where
#define rt_torch_reshape table.rt_torch_reshape
#define rt_torch_flatten table.rt_torch_flatten
#define rt_torch_squeeze table.rt_torch_squeeze
#define rt_torch_unsqueeze table.rt_torch_unsqueeze
#define rt_torch_expand table.rt_torch_expand
#define rt_torch_narrow table.rt_torch_narrow
#define rt_torch_strided table.rt_torch_strided
#define rt_torch_index_select table.rt_torch_index_select
#define rt_torch_index_add table.rt_torch_index_add
#define rt_torch_gather table.rt_torch_gather
#define rt_torch_scatter_add table.rt_torch_scatter_add
#define rt_torch_take table.rt_torch_take
#define rt_torch_put table.rt_torch_put
#define rt_torch_assign table.rt_torch_assign
#define rt_torch_cat table.rt_torch_cat
#define rt_torch_stack table.rt_torch_stack
#define rt_torch_clone table.rt_torch_clone
#define rt_torch_detach table.rt_torch_detach
#define rt_torch_contiguous table.rt_torch_contiguous
#define rt_torch_to_dtype table.rt_torch_to_dtype
#define rt_torch_to_device table.rt_torch_to_device
#define rt_torch_linear table.rt_torch_linear
#define rt_torch_conv2d table.rt_torch_conv2d
#define rt_torch_conv2d_input table.rt_torch_conv2d_input
#define rt_torch_conv2d_weight table.rt_torch_conv2d_weight
#define rt_torch_max_pool2d table.rt_torch_max_pool2d
#define rt_torch_max_pool2d_backward table.rt_torch_max_pool2d_backward
#define rt_torch_max_pool2d_pick table.rt_torch_max_pool2d_pick
#define rt_torch_avg_pool2d table.rt_torch_avg_pool2d
#define rt_torch_avg_pool2d_backward table.rt_torch_avg_pool2d_backward
#define rt_torch_embedding table.rt_torch_embedding
#define rt_torch_embedding_backward table.rt_torch_embedding_backward
#define rt_torch_layer_norm table.rt_torch_layer_norm
#define rt_torch_batch_norm table.rt_torch_batch_norm
#define rt_torch_batch_norm_backward table.rt_torch_batch_norm_backward
#define rt_torch_batch_statistics table.rt_torch_batch_statistics
#define rt_torch_batch_norm_measured table.rt_torch_batch_norm_measured
#define rt_torch_batch_norm_measured_backward table.rt_torch_batch_norm_measured_backward
#define rt_torch_binary_cross_entropy table.rt_torch_binary_cross_entropy
#define rt_torch_cross_entropy table.rt_torch_cross_entropy
#define rt_torch_cross_entropy_backward table.rt_torch_cross_entropy_backward
#define rt_torch_adam table.rt_torch_adam
#define rt_torch_free table.rt_torch_free
#define rt_torch_retain table.rt_torch_retain
#define rt_torch_live_handles table.rt_torch_live_handles
#define rt_torch_wrap table.rt_torch_wrap
#define rt_torch_wrap_copies table.rt_torch_wrap_copies
#define rt_torch_released table.rt_torch_released
#define rt_torch_data_ptr table.rt_torch_data_ptr
#define rt_torch_to_dlpack table.rt_torch_to_dlpack
#define rt_torch_from_dlpack table.rt_torch_from_dlpack
#define rt_torch_cuda_available table.rt_torch_cuda_available
#define rt_torch_set_num_threads table.rt_torch_set_num_threads
#define rt_torch_get_num_threads table.rt_torch_get_num_threads
#define rt_torch_cuda_device_count table.rt_torch_cuda_device_count
#define rt_torch_cuda_problem table.rt_torch_cuda_problem
#define rt_torch_cuda_current_stream table.rt_torch_cuda_current_stream
#define rt_torch_cuda_set_stream table.rt_torch_cuda_set_stream
#define rt_torch_cuda_synchronize table.rt_torch_cuda_synchronize

/* What follows replaces macros that cffi's code below uses; a cffi that has them no more just runs a little slower.
 *
 * Nothing here looks at errno. */
#undef _cffi_restore_errno
#undef _cffi_save_errno
#define _cffi_restore_errno() ((void)0)
#define _cffi_save_errno() ((void)0)

static int32_t to_int32(PyObject *object)
{
	long long value = PyLong_AsLongLong(object);

	if (value == (int32_t)value)
		return (int32_t)value;
	PyErr_SetString(PyExc_OverflowError, "the integer does not fit into 32 bits");
	return -1;
}

/* Integers as Python's own functions take them: cffi itself would also take a Decimal. */
#undef _cffi_to_c_int
#define _cffi_to_c_int(object, type) ((type)(sizeof(type) == 8 ? PyLong_AsLongLong(object) : to_int32(object)))
"""

# These return at once and may be called by finalizers, so giving up the interpreter's lock would only cost time.
QUICK: list[str] = [
    "rt_torch_clear_error",
    "rt_torch_free",
]


def builder() -> Any:
    """The description that cffi makes C code from."""
    import cffi

    ffi = cffi.FFI()
    ffi.cdef(PROTOTYPES + BINDING)
    ffi.set_source(EXTENSION, SOURCE)
    return ffi


def emit_c(path: str) -> None:
    """Write the extension's C code, for a build system to compile."""
    with contextlib.redirect_stdout(io.StringIO()):  # cffi says what it does
        builder().emit_c_code(path)
    source = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(re.sub(r"_cffi_f_(\w+)\(.*?\n}\n", _keep_lock, source, flags=re.DOTALL), encoding="utf-8")


def _keep_lock(wrapper: re.Match[str]) -> str:
    """One of cffi's functions, for a quick one without the lines that give the lock up and take it back."""
    if wrapper[1] not in QUICK:
        return wrapper[0]
    return re.sub(r" *Py_(BEGIN|END)_ALLOW_THREADS\n", "", wrapper[0])


def build(folder: str | os.PathLike[str]) -> Path:
    """Compile the extension into `folder`; raises ImportError without cffi, RuntimeError when it cannot be compiled."""
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file():
        raise RuntimeError(
            f"Python's headers are not installed (there is no {header}; on Debian: apt install python3-dev)"
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (EXTENSION + str(sysconfig.get_config_var("EXT_SUFFIX")))
    with tempfile.TemporaryDirectory() as temporary:
        source = f"{temporary}/{EXTENSION}.c"
        emit_c(source)
        _compile(source, str(target))
    return target


def _compile(source: str, target: str) -> None:
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    options = ["-O2", "-fPIC", "-shared", f"-I{sysconfig.get_path('include')}", source, "-o", target, "-ldl"]
    try:
        done = subprocess.run([*compiler, *options], check=False, capture_output=True, text=True)
    except OSError as error:
        raise RuntimeError(f"{compiler[0]} cannot be run: {error}") from None
    if done.returncode:
        raise RuntimeError(f"{compiler[0]} failed:\n{done.stderr}")


def main(arguments: list[str]) -> int:
    if len(arguments) == 2 and arguments[0] == "--emit-c":
        emit_c(arguments[1])
        return 0
    if len(arguments) > 1 or "".join(arguments).startswith("-"):
        print("usage: python -m rt_torch_bindings.cffi_api_build [FOLDER] | --emit-c FILE", file=sys.stderr)
        return 2
    try:
        print(build(arguments[0] if arguments else Path(__file__).parent))
    except (ImportError, RuntimeError) as error:
        print(f"API mode cannot be built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
