/* Random numbers that are the same everywhere: a stream is named by a seed, and a place in it by the index of a block,
 * so that any part can be computed on its own. */
#ifndef RT_PHILOX_H
#define RT_PHILOX_H

#include <stdint.h>

/* Philox4x32 with 10 rounds, as defined by Random123 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as
 * 1, 2, 3", 2011): 128 random bits. */
void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The two numbers of 53 bits that block `index` of the stream `seed` gives. */
void philox_bits(uint64_t seed, uint64_t index, uint64_t out[2]);

/* The two samples of the uniform distribution from 0 to below 1: as many of the upper bits of each as are asked for, at
 * most 53. */
void philox_uniform(uint64_t seed, uint64_t index, int bits, double out[2]);

/* The two samples of the standard normal distribution that block `index` of the stream `seed` gives. */
void philox_normal(uint64_t seed, uint64_t index, double out[2]);

#endif
