/* A library whose functions return a status, and write what they have to tell through pointers. */
#include <stddef.h>
#include <stdint.h>

int32_t meter_version(int *version)
{
	*version = 7;
	return 0;
}

int32_t meter_range(size_t *low, int which, double *high)
{
	if (which < 0)
		return 3;
	*low = (size_t)which;
	*high = which + 0.5;
	return 0;
}

int32_t meter_unit(int32_t side, const char **unit)
{
	*unit = side ? "feet" : "metres";
	return 0;
}

int32_t meter_reset(unsigned int to, size_t count)
{
	return to == 1 || count == 1 ? 5 : 0;
}

int32_t meter_is_even(unsigned char number, int *even)
{
	*even = number % 2 == 0 ? 2 : 0;
	return 0;
}

int32_t meter_compare(void *mine, void *other, float *distance)
{
	*distance = other ? (float)(*(int *)mine - *(int *)other) : 0.25f;
	return 0;
}

double meter_half(int32_t number)
{
	return number / 2.0;
}

int32_t meter_open(void **handle)
{
	static int numbers[8];
	static int count;

	numbers[count] = count * 10;
	*handle = &numbers[count++];
	return 0;
}
