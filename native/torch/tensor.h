/* Tensors as the shim sees them: borrowed arguments, checks, values packed for the dispatcher, results. */
#ifndef RT_TENSOR_H
#define RT_TENSOR_H

#include "call.h"
#include "rt_torch_symbols.h" /* generated: struct libtorch and the one instance of it */

enum handle_kind { KIND_TENSOR = 1 };

/* libtorch's own codes, fixed since its first stable ABI. */
enum dtype {
	DTYPE_U8 = 0, DTYPE_I8 = 1, DTYPE_I16 = 2, DTYPE_I32 = 3, DTYPE_I64 = 4, DTYPE_F16 = 5, DTYPE_F32 = 6,
	DTYPE_F64 = 7, DTYPE_BOOL = 11, DTYPE_BF16 = 15,
};

enum device_type { DEVICE_CPU = 0, DEVICE_CUDA = 1 };

struct device {
	int32_t type;
	int32_t index; /* -1: the current one (CPU always) */
};

/* A tensor argument during one call. */
struct tensor {
	const char *name; /* of the parameter, for messages */
	void *handle;     /* libtorch's own */
	int32_t dtype;
	struct device device;
	int64_t ndim;
	const int64_t *sizes; /* libtorch's own; they stay while the tensor lives */
};

/* A list of tensors as an argument; the elements are there until the call is left. */
struct tensors {
	const char *name;
	int64_t count;
	struct listed_tensor {
		struct tensor tensor;
		struct slot *slot;
	} *items;
};

bool borrow_tensors(struct call *call, const char *name, const int64_t *handles, int64_t count, struct tensors *list);
bool borrow_tensor(struct call *call, const char *name, int64_t handle, struct tensor *tensor);
bool parse_dtype(struct call *call, const char *name, const char *text, int32_t *dtype);
bool parse_device(struct call *call, const char *name, const char *text, struct device *device);

/* Checks, in the order of specs/torch/library.toml.  Each names the argument that is wrong, and returns false. */
bool check_broadcast(struct call *call, struct tensor *a, struct tensor *b);
bool check_same_device(struct call *call, struct tensor *a, struct tensor *b);
bool check_together(struct call *call, struct tensor *a, struct tensor *b);
bool check_cuda(struct call *call, const char *name, struct device device);
bool check_dim(struct call *call, const char *name, int64_t dim, struct tensor *x);
bool check_dim_optional(struct call *call, const char *name, const int64_t *dim, struct tensor *x);
bool check_new_dim(struct call *call, const char *name, int64_t dim, struct tensor *x);
bool check_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim);
bool check_reshape(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim);
bool check_expand(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim);
bool check_sum_to(struct call *call, struct tensor *x, const char *name, const int64_t *sizes, int64_t ndim);
bool check_strided(struct call *call, struct tensor *x, const char *shape_name, const int64_t *shape, int64_t shape_len,
                   const char *strides_name, const int64_t *strides, int64_t strides_len, const char *offset_name,
                   int64_t offset);
bool check_narrow(struct call *call, struct tensor *x, const char *dim_name, int64_t dim, const char *start_name,
                  int64_t start, const char *length_name, int64_t length);
bool check_at_least_one(struct call *call, struct tensors *list);
bool check_one_device(struct call *call, struct tensors *list);
bool check_joined(struct call *call, struct tensors *list, const char *name, int64_t dim);
bool check_stacked(struct call *call, struct tensors *list, const char *name, int64_t dim);
bool check_count(struct call *call, const char *data_name, int64_t data_len, const char *name, const int64_t *sizes,
                 int64_t ndim);
bool check_nonempty(struct call *call, struct tensor *x);
bool check_nonempty_along(struct call *call, const char *name, int64_t dim, struct tensor *x);
bool check_nonempty_along_optional(struct call *call, const char *name, const int64_t *dim, struct tensor *x);
bool check_at_most_2d(struct call *call, struct tensor *x);
bool check_matmul(struct call *call, struct tensor *a, struct tensor *b);
bool check_same_shape(struct call *call, struct tensor *a, struct tensor *b);
bool check_index_list(struct call *call, struct tensor *index, struct tensor *x);
bool check_parts(struct call *call, struct tensor *source, const char *name, int64_t dim, struct tensor *index,
                 struct tensor *x);
bool check_gather(struct call *call, struct tensor *x, const char *name, int64_t dim, struct tensor *index);
bool check_indices(struct call *call, struct tensor *index, const char *name, int64_t dim, struct tensor *x);
bool check_assigned(struct call *call, struct tensor *x, struct tensor *source);
bool check_listed(struct call *call, const char *name, const int64_t *places, int64_t count, struct tensor *x);
bool check_as_many(struct call *call, struct tensor *source, const char *name, const int64_t *places, int64_t count);
bool check_integers(struct call *call, struct tensor *x);
bool check_same_dtype(struct call *call, struct tensor *a, struct tensor *b);
bool check_not_boolean_product(struct call *call, struct tensor *a, struct tensor *b);
bool check_product_there(struct call *call, struct tensor *a, struct tensor *b);
bool check_boolean(struct call *call, struct tensor *x);
bool check_not_boolean(struct call *call, struct tensor *x);
bool check_not_both_boolean(struct call *call, struct tensor *a, struct tensor *b);
bool check_some(struct call *call, const char *a_name, const double *a, const char *b_name, const double *b);
bool check_approximation(struct call *call, const char *name, const char *text);
bool check_floating(struct call *call, struct tensor *x);
bool check_floating_unless_empty(struct call *call, struct tensor *x);
bool check_floating_dtype_unless_empty(struct call *call, const char *name, int32_t dtype, const char *sizes_name,
                                       const int64_t *sizes, int64_t ndim);
bool check_representable(struct call *call, const char *name, double value, struct tensor *x);
bool check_same_device_if_given(struct call *call, struct tensor *a, struct tensor *b);
bool check_same_dtype_if_given(struct call *call, struct tensor *a, struct tensor *b);
bool check_images(struct call *call, struct tensor *x);
bool check_image_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim);
bool check_filters(struct call *call, struct tensor *weight);
bool check_filter_sizes(struct call *call, const char *name, const int64_t *sizes, int64_t ndim);
bool check_steps(struct call *call, const char *name, const int64_t *numbers, int64_t count);
bool check_steps_if_given(struct call *call, const char *name, const int64_t *numbers, int64_t count);
bool check_border(struct call *call, const char *name, const int64_t *numbers, int64_t count);
bool check_conv2d(struct call *call, struct tensor *x, struct tensor *weight, const char *stride_name,
                  const int64_t *stride, int64_t stride_len, const char *padding_name, const int64_t *padding,
                  int64_t padding_len, const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                  const char *groups_name, int64_t groups);
bool check_conv2d_bias(struct call *call, struct tensor *bias, struct tensor *weight);
bool check_conv2d_input(struct call *call, struct tensor *gradient, struct tensor *weight, const char *shape_name,
                        const int64_t *shape, int64_t shape_len, const char *stride_name, const int64_t *stride,
                        int64_t stride_len, const char *padding_name, const int64_t *padding, int64_t padding_len,
                        const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                        const char *groups_name, int64_t groups);
bool check_conv2d_weight(struct call *call, struct tensor *gradient, struct tensor *x, const char *shape_name,
                         const int64_t *shape, int64_t shape_len, const char *stride_name, const int64_t *stride,
                         int64_t stride_len, const char *padding_name, const int64_t *padding, int64_t padding_len,
                         const char *dilation_name, const int64_t *dilation, int64_t dilation_len,
                         const char *groups_name, int64_t groups);
bool check_max_pool2d(struct call *call, struct tensor *x, const char *kernel_name, const int64_t *kernel,
                      int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                      const char *padding_name, const int64_t *padding, int64_t padding_len, const char *dilation_name,
                      const int64_t *dilation, int64_t dilation_len, const char *ceil_mode_name, int32_t ceil_mode);
bool check_max_pool2d_backward(struct call *call, struct tensor *gradient, struct tensor *x, const char *kernel_name,
                               const int64_t *kernel, int64_t kernel_len, const char *stride_name,
                               const int64_t *stride, int64_t stride_len, const char *padding_name,
                               const int64_t *padding, int64_t padding_len, const char *dilation_name,
                               const int64_t *dilation, int64_t dilation_len, const char *ceil_mode_name,
                               int32_t ceil_mode);
bool check_avg_pool2d(struct call *call, struct tensor *x, const char *kernel_name, const int64_t *kernel,
                      int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                      const char *padding_name, const int64_t *padding, int64_t padding_len,
                      const char *ceil_mode_name, int32_t ceil_mode);
bool check_avg_pool2d_backward(struct call *call, struct tensor *gradient, const char *shape_name,
                               const int64_t *shape, int64_t shape_len, const char *kernel_name, const int64_t *kernel,
                               int64_t kernel_len, const char *stride_name, const int64_t *stride, int64_t stride_len,
                               const char *padding_name, const int64_t *padding, int64_t padding_len,
                               const char *ceil_mode_name, int32_t ceil_mode);
bool check_linear(struct call *call, struct tensor *x, struct tensor *weight, struct tensor *bias);
bool check_table(struct call *call, struct tensor *weight);
bool check_rows(struct call *call, struct tensor *weight, struct tensor *indices);
bool check_row_gradients(struct call *call, struct tensor *gradient, struct tensor *indices, const char *rows_name,
                         int64_t rows);
bool check_layer_norm(struct call *call, struct tensor *x, const char *shape_name, const int64_t *shape,
                      int64_t shape_len, struct tensor *weight, struct tensor *bias);
bool check_features(struct call *call, struct tensor *x);
bool check_of_features(struct call *call, struct tensor *x, struct tensor *numbers);
bool check_rows_of_features(struct call *call, struct tensor *x, struct tensor *rows);
bool check_own_statistics(struct call *call, struct tensor *x);
bool check_statistics(struct call *call, struct tensor *x, struct tensor *mean, struct tensor *var);
bool check_probabilities(struct call *call, struct tensor *x);
bool check_ordinal(struct call *call, const char *name, int64_t number);
bool check_share(struct call *call, const char *name, double value);
bool check_reduction(struct call *call, const char *name, const char *text);
bool check_classes(struct call *call, struct tensor *x, struct tensor *target);
bool check_losses(struct call *call, struct tensor *gradient, struct tensor *target, const char *name, const char *reduction);
bool check_same(struct call *call, struct tensor *x);
bool check_promoted(struct call *call, struct tensor *a, struct tensor *b);
bool check_all_promoted(struct call *call, struct tensors *list);
bool check_as_float(struct call *call, struct tensor *x);
bool check_both_as_float(struct call *call, struct tensor *a, struct tensor *b);
bool check_summed(struct call *call, struct tensor *x);
bool check_given(struct call *call, const char *name, int32_t dtype);
bool check_places(struct call *call);
bool check_truth(struct call *call);

/* Conditions of routes. */
bool when_absent(const struct call *call, const int64_t *value);
bool when_not_given(const struct call *call, const struct tensor *x);
bool when_none_given(const struct call *call, const int64_t *values, int64_t count);
bool when_cpu(const struct call *call, const struct tensor *x);
bool when_cpu_both(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_cpu_floating(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_cuda(const struct call *call, const struct tensor *x);
bool when_cuda_both(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_cuda_floating(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_floating_result(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_cpu_matrices(const struct call *call, const struct tensor *a, const struct tensor *b);
bool when_cuda_matrices(const struct call *call, const struct tensor *a, const struct tensor *b);

/* Values for the dispatcher.  A failure is remembered in `call->failed`; `dispatch` then cleans up. */
void push_tensor(struct call *call, const struct tensor *x);
void push_tensor_optional(struct call *call, const struct tensor *x); /* NULL: none */
void push_i64(struct call *call, int64_t value);
void push_bool(struct call *call, int32_t value);
void push_f64(struct call *call, double value);
void push_none(struct call *call);
void push_i64_optional(struct call *call, const int64_t *value);
void push_i64_list(struct call *call, const int64_t *values, int64_t count);
void push_i64_list_present(struct call *call, const int64_t *values, int64_t count); /* as an optional list */
void push_one_i64(struct call *call, int64_t value);         /* as a list of one */
void push_one_i64_present(struct call *call, int64_t value); /* as an optional list of one */
void push_dtype(struct call *call, int32_t dtype);
void push_dtype_present(struct call *call, int32_t dtype);
void push_tensors(struct call *call, const struct tensors *list);
void push_str(struct call *call, const char *text);
void push_device_present(struct call *call, struct device device);

/* Run the operator on what was pushed, and put its one result behind a handle: 0 with the error set on failure. */
int64_t dispatch(struct call *call, const char *op, const char *overload);
/* The same end for a typed function, which has answered `status` and stored `*result`. */
int64_t finish(struct call *call, int32_t status, void **result);

/* Hooks of the core. */
bool torch_opened(void *handle, const char *path, bool brought_in);
void torch_forked(void);

#endif
