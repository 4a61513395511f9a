#include "philox.h"

#include <math.h>

#define ROUNDS 10
#define BITS 53
#define TWO_TO_MINUS_53 (1.0 / 9007199254740992.0)
#define TWO_PI (2.0 * 3.141592653589793)

void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
	uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
	uint32_t k0 = key[0], k1 = key[1];

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t even = UINT64_C(0xD2511F53) * c0;
		uint64_t odd = UINT64_C(0xCD9E8D57) * c2;
		c0 = (uint32_t)(odd >> 32) ^ c1 ^ k0;
		c1 = (uint32_t)odd;
		c2 = (uint32_t)(even >> 32) ^ c3 ^ k1;
		c3 = (uint32_t)even;
		k0 += 0x9E3779B9; /* the golden ratio */
		k1 += 0xBB67AE85; /* the square root of 3, less 1 */
	}
	out[0] = c0;
	out[1] = c1;
	out[2] = c2;
	out[3] = c3;
}

void philox_bits(uint64_t seed, uint64_t index, uint64_t out[2])
{
	const uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), 0, 0};
	const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
	uint32_t words[4];

	philox(counter, key, words);
	out[0] = ((uint64_t)words[1] << 32 | words[0]) >> (64 - BITS);
	out[1] = ((uint64_t)words[3] << 32 | words[2]) >> (64 - BITS);
}

void philox_uniform(uint64_t seed, uint64_t index, int bits, double out[2])
{
	const double unit = 1.0 / (double)(UINT64_C(1) << bits);
	uint64_t both[2];

	philox_bits(seed, index, both);
	out[0] = (double)(both[0] >> (BITS - bits)) * unit;
	out[1] = (double)(both[1] >> (BITS - bits)) * unit;
}

/* Out of the compiler's sight, which would join them into one `sincos`.  No C library promises that its last bit is
 * theirs, and other languages compute the same numbers with a sine and a cosine. */
static double (*const volatile sine)(double) = sin;
static double (*const volatile cosine)(double) = cos;

/* Box and Muller: a point at random in the plane, by its distance and direction. */
void philox_normal(uint64_t seed, uint64_t index, double out[2])
{
	uint64_t both[2];
	double radius, angle;

	philox_bits(seed, index, both);
	radius = sqrt(-2.0 * log((double)(both[0] + 1) * TWO_TO_MINUS_53));
	angle = TWO_PI * ((double)both[1] * TWO_TO_MINUS_53);
	out[0] = radius * cosine(angle);
	out[1] = radius * sine(angle);
}
