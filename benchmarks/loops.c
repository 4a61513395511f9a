/* Loops over C functions, called from Python so that C takes its turns beside the others in one process. */
#include <stdint.h>

typedef int64_t unary(int64_t x);
typedef int64_t binary(int64_t a, int64_t b);
typedef int32_t release(int64_t x);

int unary_loop(unary *call, release *free, int64_t x, int64_t turns)
{
	int status = 0;

	for (int64_t turn = 0; turn < turns; turn++)
		status |= free(call(x));
	return status;
}

int binary_loop(binary *call, release *free, int64_t a, int64_t b, int64_t turns)
{
	int status = 0;

	for (int64_t turn = 0; turn < turns; turn++)
		status |= free(call(a, b));
	return status;
}
