/* Open the library and libtorch, add two tensors, read the sum: what a C program waits for. */
#include "library.h"

int main(int argc, char **argv)
{
	const double data[] = {1.0, 2.0};
	const int64_t shape[] = {2};
	double sum[2] = {0.0, 0.0};
	int64_t x, y;

	open_library(argc, argv);
	FUNCTION(from_data_f64);
	FUNCTION(add);
	FUNCTION(to_data_f64);
	x = from_data_f64(data, 2, shape, 1);
	y = add(x, x);
	return to_data_f64(y, sum, 2) == 2 && sum[0] == 2.0 && sum[1] == 4.0 ? 0 : 1;
}
