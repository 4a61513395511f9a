#include <stdio.h>
#include <string.h>

#include "inner.h"

const char *shape_text(char text[SHAPE_TEXT], const int64_t *sizes, int64_t ndim)
{
	int used = snprintf(text, SHAPE_TEXT, "[");

	for (int64_t i = 0; i < ndim; i++) {
		if (used > SHAPE_TEXT - 32) {
			used += snprintf(text + used, (size_t)(SHAPE_TEXT - used), ", ...");
			break;
		}
		used += snprintf(text + used, (size_t)(SHAPE_TEXT - used), "%s%lld", i ? ", " : "", (long long)sizes[i]);
	}
	snprintf(text + used, (size_t)(SHAPE_TEXT - used), "]");
	return text;
}

int64_t count_elements(const int64_t *sizes, int64_t ndim)
{
	int64_t count = 1;

	for (int64_t i = 0; i < ndim; i++) {
		if (sizes[i] == 0)
			return 0;
	}
	for (int64_t i = 0; i < ndim; i++)
		count *= sizes[i];
	return count;
}

void contiguous_strides(const int64_t *sizes, int64_t ndim, int64_t *strides)
{
	int64_t step = 1;

	for (int64_t i = ndim; i-- > 0;) {
		strides[i] = step;
		step *= sizes[i] ? sizes[i] : 1;
	}
}

static int64_t size_from_end(const struct tensor *x, int64_t i)
{
	return i < x->ndim ? x->sizes[x->ndim - 1 - i] : 1;
}

bool broadcast_shape(const struct tensor *a, const struct tensor *b, int64_t sizes[MAX_DIMS], int64_t *ndim)
{
	int64_t dims = a->ndim > b->ndim ? a->ndim : b->ndim;

	if (dims > MAX_DIMS)
		return false;
	for (int64_t i = 0; i < dims; i++) {
		int64_t a_size = size_from_end(a, i), b_size = size_from_end(b, i);
		if (a_size != b_size && a_size != 1 && b_size != 1)
			return false;
		sizes[dims - 1 - i] = a_size == 1 ? b_size : a_size;
	}
	*ndim = dims;
	return true;
}

/* Copy row by row; the innermost dimension in one piece where its elements lie side by side. */
void gather(void *to, const void *from, const struct tensor *x, const int64_t *strides)
{
	int64_t place[MAX_DIMS] = {0};
	int64_t size = dtype_info(x->dtype)->size;
	int64_t row = x->ndim ? x->sizes[x->ndim - 1] : 1;
	int64_t step = x->ndim ? strides[x->ndim - 1] * size : size;
	const char *source = from;
	char *target = to;

	if (count_elements(x->sizes, x->ndim) == 0)
		return;
	for (;;) {
		int64_t dim = x->ndim - 2;
		if (step == size) {
			memcpy(target, source, (size_t)(row * size));
			target += row * size;
		} else {
			const char *element = source;
			for (int64_t i = 0; i < row; i++, element += step, target += size)
				memcpy(target, element, (size_t)size);
		}
		while (dim >= 0 && ++place[dim] == x->sizes[dim]) {
			place[dim] = 0;
			source -= (x->sizes[dim] - 1) * strides[dim] * size;
			dim--;
		}
		if (dim < 0)
			return;
		source += strides[dim] * size;
	}
}
