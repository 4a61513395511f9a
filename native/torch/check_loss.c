/* What is checked of probabilities: libtorch would look while it works, and on a CUDA device abort. */
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
