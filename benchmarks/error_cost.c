/* What a failing call costs from C: prints "NAME NANOSECONDS" lines, each a median over rounds. */
#include "library.h"

int main(int argc, char **argv)
{
	const double data[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
	const int64_t two[] = {2}, three[] = {3}, wide[] = {2, 3};
	const int64_t huge[] = {INT64_C(1) << 40, INT64_C(1) << 40};
	int64_t a, b, m;

	open_library(argc, argv);
	FUNCTION(from_data_f64);
	FUNCTION(add);
	FUNCTION(matmul);
	FUNCTION(softmax);
	FUNCTION(zeros);
	a = from_data_f64(data, 2, two, 1);
	b = from_data_f64(data, 3, three, 1);
	m = from_data_f64(data, 6, wide, 2);
	if (!a || !b || !m)
		return 1;
	MEASURE("invalid handle", 10000, add(a, 123456789));
	MEASURE("shapes that do not broadcast", 10000, add(a, b));
	MEASURE("shapes that do not multiply", 10000, matmul(m, m));
	MEASURE("dimension out of range", 10000, softmax(a, 5));
	MEASURE("unknown dtype", 10000, zeros(two, 1, "f63", "cpu"));
	MEASURE("sizes that overflow", 10000, zeros(huge, 2, "f64", "cpu"));
	return 0;
}
