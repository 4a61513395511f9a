/* What is checked of products with weights, tables of rows, and normalization. */
#include <string.h>

#include "inner.h"

static bool same_sizes(const struct tensor *x, const int64_t *sizes, int64_t ndim)
{
	return x->ndim == ndim && (ndim == 0 || memcmp(x->sizes, sizes, (size_t)ndim * sizeof *sizes) == 0);
}

static bool has_shape(const struct call *call, const struct tensor *x, const int64_t *sizes, int64_t ndim)
{
	char given[SHAPE_TEXT], wanted[SHAPE_TEXT];

	return same_sizes(x, sizes, ndim)
	       || call_bad_argument(call, x->name, "its shape is %s, and %s is needed", shape_text(given, x->sizes, x->ndim),
	                            shape_text(wanted, sizes, ndim));
}

static bool two_dims(const struct call *call, const struct tensor *x, const char *meaning)
{
	return x->ndim == 2 || call_bad_argument(call, x->name, "it has %lld dimensions, and 2 are needed: %s",
	                                         (long long)x->ndim, meaning);
}

bool check_same_device_if_given(struct call *call, struct tensor *a, struct tensor *b)
{
	return !a || !b || check_same_device(call, a, b);
}

bool check_same_dtype_if_given(struct call *call, struct tensor *a, struct tensor *b)
{
	return !a || !b || check_same_dtype(call, a, b);
}

bool check_conv2d_bias(struct call *call, struct tensor *bias, struct tensor *weight)
{
	return !bias || has_shape(call, bias, weight->sizes, 1);
}

bool check_linear(struct call *call, struct tensor *x, struct tensor *weight, struct tensor *bias)
{
	int64_t sizes[MAX_DIMS];
	char x_text[SHAPE_TEXT], weight_text[SHAPE_TEXT];
	const char *problem;

	if (x->ndim == 0)
		return call_bad_argument(call, x->name, "a tensor of at least one dimension is needed, this one has none");
	if (!two_dims(call, weight, "a row for each element of the output"))
		return false;
	if (x->sizes[x->ndim - 1] != weight->sizes[1])
		return both_bad(call, x, weight, "the last sizes of %s and %s differ", shape_text(x_text, x->sizes, x->ndim),
		                shape_text(weight_text, weight->sizes, 2));
	if (bias && !has_shape(call, bias, weight->sizes, 1))
		return false;
	memcpy(sizes, x->sizes, (size_t)x->ndim * sizeof *sizes);
	sizes[x->ndim - 1] = weight->sizes[0];
	problem = overflow(sizes, x->ndim, &call->count);
	return !problem || both_bad(call, x, weight, "the %s of the result's shape %s overflows 63 bits", problem,
	                            shape_text(x_text, sizes, x->ndim));
}

/* Tables. */

bool check_table(struct call *call, struct tensor *weight)
{
	return two_dims(call, weight, "a row for each index");
}

bool check_rows(struct call *call, struct tensor *weight, struct tensor *indices)
{
	int64_t sizes[MAX_DIMS];
	const char *problem;
	char text[SHAPE_TEXT];

	if (indices->ndim >= MAX_DIMS)
		return call_bad_argument(call, indices->name, "it has %lld dimensions, and a tensor has at most %d",
		                         (long long)indices->ndim, MAX_DIMS);
	if (indices->ndim)
		memcpy(sizes, indices->sizes, (size_t)indices->ndim * sizeof *sizes);
	sizes[indices->ndim] = weight->sizes[1];
	problem = overflow(sizes, indices->ndim + 1, &call->count);
	return !problem || both_bad(call, weight, indices, "the %s of the result's shape %s overflows 63 bits", problem,
	                            shape_text(text, sizes, indices->ndim + 1));
}

bool check_row_gradients(struct call *call, struct tensor *gradient, struct tensor *indices, const char *rows_name,
                         int64_t rows)
{
	char gradient_text[SHAPE_TEXT], text[SHAPE_TEXT];
	int64_t sizes[2] = {rows, gradient->ndim ? gradient->sizes[gradient->ndim - 1] : 0};
	const char *problem;
	int64_t value;
	bool found;

	if (gradient->ndim != indices->ndim + 1
	    || (indices->ndim && memcmp(gradient->sizes, indices->sizes, (size_t)indices->ndim * sizeof *sizes) != 0))
		return both_bad(call, gradient, indices, "the shape of the gradient is %s, and that of the indices %s, behind "
		                "which one size is needed", shape_text(gradient_text, gradient->sizes, gradient->ndim),
		                shape_text(text, indices->sizes, indices->ndim));
	if (rows < 0)
		return call_bad_argument(call, rows_name, "%lld was given, and it must not be negative", (long long)rows);
	problem = overflow(sizes, 2, &call->count);
	if (problem)
		return call_bad_argument(call, rows_name, "the %s of the shape %s overflows 63 bits", problem,
		                         shape_text(text, sizes, 2));
	if (!find_beyond(call, indices, rows, &value, &found))
		return false;
	return !found || call_bad_argument(call, indices->name, "an index is %lld, and a table of %lld rows has none such",
	                                   (long long)value, (long long)rows);
}

/* Normalization. */

bool check_layer_norm(struct call *call, struct tensor *x, const char *shape_name, const int64_t *shape,
                      int64_t shape_len, struct tensor *weight, struct tensor *bias)
{
	char text[SHAPE_TEXT], x_text[SHAPE_TEXT];

	if (shape_len == 0)
		return call_bad_argument(call, shape_name, "no sizes were given, and at least one is needed");
	if (shape_len > x->ndim
	    || memcmp(x->sizes + (x->ndim - shape_len), shape, (size_t)shape_len * sizeof *shape) != 0)
		return call_bad_argument(call, shape_name, "%s are not the last sizes of `%s`, whose shape is %s",
		                         shape_text(text, shape, shape_len), x->name, shape_text(x_text, x->sizes, x->ndim));
	return (!weight || has_shape(call, weight, shape, shape_len)) && (!bias || has_shape(call, bias, shape, shape_len));
}

bool check_features(struct call *call, struct tensor *x)
{
	char text[SHAPE_TEXT];

	if (x->ndim < 2)
		return call_bad_argument(call, x->name, "it has %lld dimensions, and at least 2 are needed: batch and features",
		                         (long long)x->ndim);
	return x->sizes[1] > 0 || call_bad_argument(call, x->name, "its shape is %s, and at least one feature is needed",
	                                            shape_text(text, x->sizes, x->ndim));
}

bool check_of_features(struct call *call, struct tensor *x, struct tensor *numbers)
{
	return !numbers || has_shape(call, numbers, x->sizes + 1, 1);
}

bool check_rows_of_features(struct call *call, struct tensor *x, struct tensor *rows)
{
	const int64_t sizes[2] = {2, x->sizes[1]};

	return has_shape(call, rows, sizes, 2);
}

bool check_own_statistics(struct call *call, struct tensor *x)
{
	char text[SHAPE_TEXT];

	return count_elements(x->sizes, x->ndim) != x->sizes[1]
	       || call_bad_argument(call, x->name, "its shape is %s, and more than one value for each feature is needed, whose "
	                            "variance is taken", shape_text(text, x->sizes, x->ndim));
}

bool check_statistics(struct call *call, struct tensor *x, struct tensor *mean, struct tensor *var)
{
	if (!mean && !var)
		return check_own_statistics(call, x);
	return (mean && var) || call_bad_argument(call, (mean ? mean : var)->name, "of mean and variance it alone was given, "
	                                          "and both are needed, or neither");
}
