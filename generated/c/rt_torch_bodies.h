/* The hand-written functions that the shim calls, one below each exported function that needs more than a call.
 *
 * Generated from the specs; not to be edited by hand. */
#ifndef RT_TORCH_BODIES_H
#define RT_TORCH_BODIES_H

#include "call.h"
#include "tensor.h"

int64_t body_abi_version(void);
bool body_load(struct call *call, const struct path *path);
bool body_suggest_path(struct call *call, const struct path *path);
int32_t body_available(void);
int32_t body_function_available(const char *name);
bool body_upstream_path(struct call *call, const char **out);
bool body_upstream_version(struct call *call, const char **out);
const char *body_last_error(void);
int64_t body_last_error_code(void);
int32_t body_clear_error(void);
int64_t body_full(struct call *call, const int64_t *shape, int64_t shape_len, double value, int32_t dtype,
                  struct device device);
int64_t body_arange(struct call *call, double start, double end, double step, int32_t dtype, struct device device);
int64_t body_from_data_f64(struct call *call, const double *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len);
int64_t body_from_data_f32(struct call *call, const float *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len);
int64_t body_from_data_i64(struct call *call, const int64_t *data, int64_t data_len, const int64_t *shape,
                           int64_t shape_len);
int64_t body_from_data_bool(struct call *call, const uint8_t *data, int64_t data_len, const int64_t *shape,
                            int64_t shape_len);
bool body_manual_seed(struct call *call, int64_t seed);
bool body_random_state(struct call *call, int64_t *seed, int64_t *offset);
bool body_set_random_state(struct call *call, int64_t seed, int64_t offset);
int64_t body_randn(struct call *call, const int64_t *shape, int64_t shape_len, int32_t dtype, struct device device);
int64_t body_randn_at(struct call *call, const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
                      int32_t dtype, struct device device);
int64_t body_rand(struct call *call, const int64_t *shape, int64_t shape_len, int32_t dtype, struct device device);
int64_t body_rand_at(struct call *call, const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
                     int32_t dtype, struct device device);
bool body_to_data_f64(struct call *call, const struct tensor *x, double *out, int64_t out_cap, int64_t *out_len);
bool body_to_data_f32(struct call *call, const struct tensor *x, float *out, int64_t out_cap, int64_t *out_len);
bool body_to_data_i64(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len);
bool body_to_data_bool(struct call *call, const struct tensor *x, uint8_t *out, int64_t out_cap, int64_t *out_len);
bool body_shape(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len);
bool body_ndim(struct call *call, const struct tensor *x, int64_t *out);
bool body_numel(struct call *call, const struct tensor *x, int64_t *out);
bool body_dtype(struct call *call, const struct tensor *x, const char **out);
bool body_device(struct call *call, const struct tensor *x, const char **out);
bool body_strides(struct call *call, const struct tensor *x, int64_t *out, int64_t out_cap, int64_t *out_len);
bool body_is_contiguous(struct call *call, const struct tensor *x, int32_t *out);
int64_t body_add(struct call *call, const struct tensor *a, const struct tensor *b);
int64_t body_sub_integers(struct call *call, const struct tensor *a, const struct tensor *b);
int64_t body_add_scalar(struct call *call, const struct tensor *x, double s);
int64_t body_mul_scalar(struct call *call, const struct tensor *x, double s);
int64_t body_div_scalar(struct call *call, const struct tensor *x, double s);
int64_t body_add_scaled(struct call *call, const struct tensor *a, const struct tensor *b, double s);
int64_t body_pow_scalar(struct call *call, const struct tensor *x, double exponent);
int64_t body_clamp(struct call *call, const struct tensor *x, const double *min, const double *max);
int64_t body_mm(struct call *call, const struct tensor *a, const struct tensor *b);
bool body_sum(struct call *call, const struct tensor *x, double *out);
bool body_mean(struct call *call, const struct tensor *x, double *out);
bool body_max(struct call *call, const struct tensor *x, double *out);
bool body_min(struct call *call, const struct tensor *x, double *out);
int64_t body_sum_to(struct call *call, const struct tensor *x, const int64_t *shape, int64_t shape_len);
int64_t body_relu_backward(struct call *call, const struct tensor *gradient, const struct tensor *y);
int64_t body_leaky_relu(struct call *call, const struct tensor *x, double slope);
int64_t body_elu(struct call *call, const struct tensor *x, double alpha);
int64_t body_strided(struct call *call, const struct tensor *x, const int64_t *shape, int64_t shape_len,
                     const int64_t *strides, int64_t strides_len, int64_t offset);
int64_t body_index_add(struct call *call, const struct tensor *x, int64_t dim, const struct tensor *index,
                       const struct tensor *source);
int64_t body_take(struct call *call, const struct tensor *x, const int64_t *places, int64_t places_len);
bool body_put(struct call *call, const struct tensor *x, const int64_t *places, int64_t places_len,
              const struct tensor *source);
bool body_assign(struct call *call, const struct tensor *x, const struct tensor *source);
int64_t body_to_device(struct call *call, const struct tensor *x, struct device device);
int64_t body_conv2d_input(struct call *call, const struct tensor *gradient, const struct tensor *weight,
                          const int64_t *shape, int64_t shape_len, const int64_t *stride, int64_t stride_len,
                          const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                          int64_t groups);
int64_t body_conv2d_weight(struct call *call, const struct tensor *gradient, const struct tensor *x,
                           const int64_t *shape, int64_t shape_len, const int64_t *stride, int64_t stride_len,
                           const int64_t *padding, int64_t padding_len, const int64_t *dilation, int64_t dilation_len,
                           int64_t groups);
int64_t body_max_pool2d_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                 const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                                 const int64_t *padding, int64_t padding_len, const int64_t *dilation,
                                 int64_t dilation_len, int32_t ceil_mode);
int64_t body_max_pool2d_pick(struct call *call, const struct tensor *y, const struct tensor *x, const int64_t *kernel,
                             int64_t kernel_len, const int64_t *stride, int64_t stride_len, const int64_t *padding,
                             int64_t padding_len, const int64_t *dilation, int64_t dilation_len, int32_t ceil_mode);
int64_t body_avg_pool2d_backward(struct call *call, const struct tensor *gradient, const int64_t *shape,
                                 int64_t shape_len, const int64_t *kernel, int64_t kernel_len, const int64_t *stride,
                                 int64_t stride_len, const int64_t *padding, int64_t padding_len, int32_t ceil_mode,
                                 int32_t count_include_pad);
int64_t body_batch_norm_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                 const struct tensor *weight, double eps);
int64_t body_batch_statistics(struct call *call, const struct tensor *x);
int64_t body_batch_norm_measured(struct call *call, const struct tensor *x, const struct tensor *weight,
                                 const struct tensor *bias, const struct tensor *statistics, double eps);
int64_t body_batch_norm_measured_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                          const struct tensor *weight, const struct tensor *statistics, double eps);
int64_t body_cross_entropy(struct call *call, const struct tensor *x, const struct tensor *target,
                           const char *reduction);
int64_t body_cross_entropy_backward(struct call *call, const struct tensor *gradient, const struct tensor *x,
                                    const struct tensor *target, const char *reduction);
bool body_adam(struct call *call, const struct tensor *param, const struct tensor *gradient, const struct tensor *mean,
               const struct tensor *square, int64_t step, double lr, double beta1, double beta2, double eps,
               double weight_decay, int32_t decoupled, int64_t *new_param, int64_t *new_mean, int64_t *new_square);
int32_t body_free(int64_t x);
int64_t body_retain(struct call *call, const struct tensor *x);
int64_t body_live_handles(void);
int64_t body_wrap(struct call *call, void *data, const int64_t *shape, int64_t shape_len, const int64_t *strides,
                  int64_t strides_len, int32_t dtype, int64_t token);
int32_t body_wrap_copies(void);
bool body_released(struct call *call, int64_t *out, int64_t out_cap, int64_t *out_len);
bool body_data_ptr(struct call *call, const struct tensor *x, void **out);
bool body_to_dlpack(struct call *call, const struct tensor *x, void **out);
int64_t body_from_dlpack(struct call *call, void *managed);
int32_t body_cuda_available(void);
bool body_set_num_threads(struct call *call, int64_t n);
bool body_get_num_threads(struct call *call, int64_t *out);
int64_t body_cuda_device_count(void);
bool body_cuda_problem(struct call *call, const char **out);
bool body_cuda_current_stream(struct call *call, struct device device, void **out);
bool body_cuda_set_stream(struct call *call, void *stream, struct device device);
bool body_cuda_synchronize(struct call *call, struct device device);

#endif
