/* Indexing that libtorch's schema has a Scalar for. */
#include "inner.h"
#include "rt_torch_bodies.h"

/* Each index again for all elements of the part that it names: then it is scatter_add's. */
int64_t body_index_add(struct call *call, const struct tensor *x, int64_t dim, const struct tensor *index,
                       const struct tensor *source)
{
	struct tensor places = *index;
	int64_t sizes[MAX_DIMS];

	for (int64_t i = 0; i < x->ndim; i++)
		sizes[i] = 1;
	if (x->ndim)
		sizes[dim < 0 ? dim + x->ndim : dim] = count_elements(index->sizes, index->ndim);
	if (!reshape(call, &places, sizes, x->ndim) || !expand(call, &places, source->sizes, source->ndim))
		return 0;
	push_tensor(call, x);
	push_i64(call, dim);
	push_tensor(call, &places);
	push_tensor(call, source);
	return dispatch(call, "aten::scatter_add", "");
}
