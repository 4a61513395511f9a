/* What is checked of losses: probabilities and numbers of classes, which libtorch would look at while it works, and on a
 * CUDA device abort. */
#include <string.h>

#include "inner.h"

static double number_of(const char *elements, int64_t place, int32_t dtype)
{
	double number;
	float single;

	if (dtype == DTYPE_F64) {
		memcpy(&number, elements + place * (int64_t)sizeof number, sizeof number);
		return number;
	}
	memcpy(&single, elements + place * (int64_t)sizeof single, sizeof single);
	return (double)single;
}

bool check_probabilities(struct call *call, struct tensor *x)
{
	int64_t count = count_elements(x->sizes, x->ndim);
	struct tensor given = *x;
	const char *elements;

	if (count == 0)
		return true;
	if (x->dtype != DTYPE_F64 && x->dtype != DTYPE_F32 && !convert(call, &given, DTYPE_F32))
		return false;
	elements = elements_of(call, &given);
	if (!elements)
		return false;
	for (int64_t i = 0; i < count; i++) {
		double number = number_of(elements, i, given.dtype);

		if (likely(number >= 0.0 && number <= 1.0))
			continue;
		if (number != number)
			return call_bad_argument(call, x->name, "an element is nan, and all must be from 0 to 1");
		return call_bad_argument(call, x->name, "an element is %g, and all must be from 0 to 1", number);
	}
	return true;
}

/* Classes. */

bool check_reduction(struct call *call, const char *name, const char *text)
{
	if (strcmp(text, "mean") == 0 || strcmp(text, "sum") == 0 || strcmp(text, "none") == 0)
		return true;
	return call_bad_argument(call, name, "\"%.64s\" is no reduction: expected mean, sum or none", text);
}

/* Whether the second shape is the first without the dimension. */
static bool is_without(const struct tensor *x, int64_t dim, const struct tensor *target)
{
	if (target->ndim != x->ndim - 1)
		return false;
	for (int64_t i = 0; i < target->ndim; i++) {
		if (target->sizes[i] != x->sizes[i < dim ? i : i + 1])
			return false;
	}
	return true;
}

bool check_classes(struct call *call, struct tensor *x, struct tensor *target)
{
	char x_text[SHAPE_TEXT], text[SHAPE_TEXT];
	int64_t dim = x->ndim > 1, value;
	bool found;

	if (x->ndim == 0)
		return call_bad_argument(call, x->name, "it is a single number, and a dimension of classes is needed");
	if (!is_without(x, dim, target))
		return both_bad(call, x, target, "the shapes are %s and %s, and the second must be the first without the "
		                "dimension of classes", shape_text(x_text, x->sizes, x->ndim),
		                shape_text(text, target->sizes, target->ndim));
	if (!find_beyond(call, target, x->sizes[dim], &value, &found))
		return false;
	return !found || call_bad_argument(call, target->name, "a class is %lld, and there are %lld of them, from 0 on",
	                                   (long long)value, (long long)x->sizes[dim]);
}

bool check_losses(struct call *call, struct tensor *gradient, struct tensor *target, const char *name, const char *reduction)
{
	char text[SHAPE_TEXT], wanted[SHAPE_TEXT];
	int64_t ndim = strcmp(reduction, "none") == 0 ? target->ndim : 0;

	(void)name;
	if (gradient->ndim == ndim
	    && (ndim == 0 || memcmp(gradient->sizes, target->sizes, (size_t)ndim * sizeof *target->sizes) == 0))
		return true;
	return call_bad_argument(call, gradient->name, "its shape is %s, and %s is needed",
	                         shape_text(text, gradient->sizes, gradient->ndim), shape_text(wanted, target->sizes, ndim));
}
