/* What the hand-written files on tensors share, and the rendered shim does not use. */
#ifndef RT_INNER_H
#define RT_INNER_H

#include "tensor.h"

#define SPARE_SLOTS 8 /* a later version's operator may take more arguments: zeros stand for absent ones */
#define MAX_DIMS 64 /* libtorch's own limit in many operators */

/* Element types. */

enum category { CATEGORY_BOOL, CATEGORY_INTEGER, CATEGORY_FLOATING };

struct dtype_info {
	int32_t code;
	const char *name;       /* "f64" */
	const char *torch_name; /* "float64" */
	int64_t size;           /* in bytes */
	enum category category;
	uint8_t dlpack_code;
};

const struct dtype_info *dtype_info(int32_t dtype); /* one with the name "unknown" for a code that is not ours */
const struct dtype_info *dtype_of_dlpack(uint8_t code, uint8_t bits); /* NULL when there is none */
const char *dtype_name(int32_t dtype);
bool dtype_floating(int32_t dtype);
double dtype_largest(int32_t dtype); /* of a floating-point one: its largest finite value */
int32_t dtype_promote(int32_t a, int32_t b);                            /* of two tensors of one dimensionality */
int32_t dtype_of_result(const struct tensor *a, const struct tensor *b); /* torch's result_type */

const char *device_text(struct device device); /* "cuda:0"; lives as long as the process */

/* Shapes. */

#define SHAPE_TEXT 200
const char *shape_text(char text[SHAPE_TEXT], const int64_t *sizes, int64_t ndim); /* "[2, 3]" */
int64_t count_elements(const int64_t *sizes, int64_t ndim);
void contiguous_strides(const int64_t *sizes, int64_t ndim, int64_t *strides);
/* The shape that the two broadcast to; false when they do not. */
bool broadcast_shape(const struct tensor *a, const struct tensor *b, int64_t sizes[MAX_DIMS], int64_t *ndim);

/* What is wrong with sizes that are not negative; NULL when nothing is, and then `*count` is their product. */
const char *overflow(const int64_t *sizes, int64_t ndim, int64_t *count);
/* Record what is wrong with two arguments together; always false. */
bool both_bad(const struct call *call, const struct tensor *a, const struct tensor *b, const char *format, ...)
	RT_PRINTF(4, 5);

/* The elements where the processor can read them, one after the other; NULL with the error set on failure. */
const char *elements_of(struct call *call, const struct tensor *x);
/* The first of the indices, which are i64, that is not in 0 to `size` - 1.  False with the error set where they cannot be
 * read. */
bool find_beyond(struct call *call, struct tensor *index, int64_t size, int64_t *value, bool *found);

/* libtorch. */

int64_t torch_version(void); /* 0x020d000000000000 for 2.13.0; 0 before it is loaded */
const char *torch_reason(void);         /* why it refused just now; "" where it cannot tell (before 2.13) */
bool torch_refused(struct call *call); /* record that; always false */
/* Take away the exception that Python code left pending in this thread, and show it; false when there is none. */
bool python_raised(char *text, size_t size);
void torch_delete(void *tensor);        /* a cleanup: void torch_delete(tensor handle of libtorch's) */

/* Results and temporaries. */

void read_tensor(void *handle, struct tensor *tensor); /* fill in all but the name */
int64_t give_tensor(struct call *call, void *tensor);  /* behind a handle, if the dtype is the expected one */
bool is_expected(const struct call *call, int32_t dtype); /* of a result; false with the error set */
bool keep_temporary(struct call *call, void *handle, struct tensor *tensor); /* until the call is left */
/* Run the operator on what was pushed; `*result` is then the caller's to delete. */
bool run(struct call *call, const char *op, const char *overload, void **result);
/* The same for an operator of several results, of which only one is wanted: the others are deleted. */
bool run_for_one(struct call *call, const char *op, const char *overload, int count, int wanted, void **result);
/* The same, and all of them are then the caller's to delete. */
bool run_for_all(struct call *call, const char *op, const char *overload, int count, void **results);
/* The same for an operator that changes what was pushed, and gives nothing. */
bool run_in_place(struct call *call, const char *op, const char *overload);
/* As `run`, into a tensor that is deleted when the call is left. */
bool run_temporary(struct call *call, const char *op, const char *overload, struct tensor *result);
bool convert(struct call *call, struct tensor *x, int32_t dtype); /* `x` becomes a temporary of that dtype */
bool move(struct call *call, struct tensor *x, struct device device); /* the same, on that device */
bool bring_to_cpu(struct call *call, struct tensor *x);
bool bring_number(struct call *call, struct tensor *number, int32_t dtype, struct device device); /* of no dimensions */
void push_device(struct call *call, struct device device);
void push_no_tensors(struct call *call);                                                   /* as a list */
void push_one_tensor(struct call *call, const struct tensor *x);                            /* as a list */
void push_two_tensors(struct call *call, const struct tensor *a, const struct tensor *b); /* as a list */
void drop_pushed(struct call *call);
bool new_contiguous_on(struct call *call, struct device device, const int64_t *sizes, int64_t ndim, int32_t dtype,
                       void **tensor);
bool new_contiguous(struct call *call, const int64_t *sizes, int64_t ndim, int32_t dtype, void **tensor, void **data);
/* A new tensor to be filled by the CPU, which `give_created` then converts and moves. */
struct filled {
	void *tensor;
	void *elements;
	int64_t count;
	int32_t dtype; /* of `elements`: f64 where f16 or bf16 is wanted */
};
bool new_to_fill(struct call *call, const int64_t *sizes, int64_t ndim, int32_t dtype, struct filled *filled);
int64_t give_created(struct call *call, const struct filled *filled, int32_t dtype, struct device device);
/* Elements of a strided CPU tensor, in row-major order. */
void gather(void *to, const void *from, const struct tensor *x, const int64_t *strides);

bool reshape(struct call *call, struct tensor *x, const int64_t *sizes, int64_t ndim); /* `x` becomes a temporary */
bool expand(struct call *call, struct tensor *x, const int64_t *sizes, int64_t ndim); /* the same */
bool both_bad(const struct call *call, const struct tensor *a, const struct tensor *b, const char *format, ...)
	RT_PRINTF(4, 5);

/* A number beside a tensor. */

typedef bool (*binary)(struct call *call, const struct tensor *a, const struct tensor *b, void **result);
bool multiply(struct call *call, const struct tensor *a, const struct tensor *b, void **result);
bool subtract(struct call *call, const struct tensor *a, const struct tensor *b, void **result);
/* The operation on `x` and a number of its dtype; `*result` is then the caller's to delete. */
bool with_number(struct call *call, const struct tensor *x, double value, binary operation, void **result);
/* The same, into a tensor that is deleted when the call is left. */
bool with_number_temporary(struct call *call, struct tensor *x, double value, binary operation);
/* A temporary without dimensions, of the dtype of `x` and where that is. */
bool number_like(struct call *call, const struct tensor *x, double value, struct tensor *scalar);
/* A whole number that the integer dtype holds, as that; false with the error set for any other. */
bool whole_number(const struct call *call, const char *name, double value, int32_t dtype, int64_t *out);

/* Memory that others own. */

struct foreign {
	void *data;
	int32_t dtype;
	struct device device;
	int64_t ndim;
	const int64_t *sizes;
	const int64_t *strides;
};

bool check_strides(const struct call *call, const char *name, const struct foreign *memory);
/* A tensor on that memory; `released(owner)` is called, on whatever thread, when nothing uses it any more.  Where
 * libtorch cannot tell (2.10), the elements are copied and it is called at once.  On failure it is not called. */
int64_t give_foreign(struct call *call, const struct foreign *memory, void (*released)(void *owner), void *owner);

#endif
