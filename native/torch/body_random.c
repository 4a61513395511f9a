/* Random numbers of our own: libtorch's C interface cannot seed its generator. */
#include "inner.h"
#include "philox.h"
#include "rt_torch_bodies.h"

/* The process's generator: the next block of which stream.  Guarded by platform_random_lock. */
static struct {
	bool seeded;
	uint64_t seed;
	uint64_t offset;
} generator;

static void seed_if_needed(void)
{
	if (generator.seeded)
		return;
	generator.seed = platform_entropy() >> 1; /* no negative number */
	generator.offset = 0;
	generator.seeded = true;
}

static void set_generator(int64_t seed, int64_t offset)
{
	platform_lock(&platform_random_lock);
	generator.seed = (uint64_t)seed;
	generator.offset = (uint64_t)offset;
	generator.seeded = true;
	platform_unlock(&platform_random_lock);
}

bool body_manual_seed(struct call *call, int64_t seed)
{
	(void)call;
	set_generator(seed, 0);
	return true;
}

bool body_set_random_state(struct call *call, int64_t seed, int64_t offset)
{
	(void)call;
	set_generator(seed, offset);
	return true;
}

bool body_random_state(struct call *call, int64_t *seed, int64_t *offset)
{
	(void)call;
	platform_lock(&platform_random_lock);
	seed_if_needed();
	*seed = (int64_t)generator.seed;
	*offset = (int64_t)generator.offset;
	platform_unlock(&platform_random_lock);
	return true;
}

/* The place of so many blocks that nobody else draws. */
static void take_blocks(uint64_t blocks, uint64_t *seed, uint64_t *offset)
{
	platform_lock(&platform_random_lock);
	seed_if_needed();
	*seed = generator.seed;
	*offset = generator.offset;
	generator.offset += blocks;
	platform_unlock(&platform_random_lock);
}

static uint64_t blocks_of(const struct filled *filled)
{
	return ((uint64_t)filled->count + 1) / 2;
}

static void store(const struct filled *filled, int64_t i, double value)
{
	if (filled->dtype == DTYPE_F32)
		((float *)filled->elements)[i] = (float)value;
	else
		((double *)filled->elements)[i] = value;
}

/* Bits of a number from 0 to below 1 that the dtype can hold. */
static int bits_of(int32_t dtype)
{
	switch (dtype) {
	case DTYPE_F32:
		return 24;
	case DTYPE_F16:
		return 11;
	case DTYPE_BF16:
		return 8;
	default:
		return 53;
	}
}

struct stream {
	uint64_t seed;
	uint64_t offset; /* in blocks */
	int bits;        /* of uniform samples; 0 for normal ones */
};

static void fill(const struct filled *filled, const struct stream *stream)
{
	for (int64_t i = 0; i < filled->count; i += 2) {
		uint64_t block = stream->offset + (uint64_t)i / 2;
		double two[2];
		if (stream->bits)
			philox_uniform(stream->seed, block, stream->bits, two);
		else
			philox_normal(stream->seed, block, two);
		store(filled, i, two[0]);
		if (i + 1 < filled->count)
			store(filled, i + 1, two[1]);
	}
}

static int64_t drawn(struct call *call, const int64_t *shape, int64_t shape_len, int bits, int32_t dtype,
                     struct device device)
{
	struct stream stream = {.bits = bits};
	struct filled filled;

	if (!new_to_fill(call, shape, shape_len, dtype, &filled))
		return 0;
	take_blocks(blocks_of(&filled), &stream.seed, &stream.offset);
	fill(&filled, &stream);
	return give_created(call, &filled, dtype, device);
}

static int64_t taken(struct call *call, const int64_t *shape, int64_t shape_len, struct stream stream, int32_t dtype,
                     struct device device)
{
	struct filled filled;

	if (!new_to_fill(call, shape, shape_len, dtype, &filled))
		return 0;
	fill(&filled, &stream);
	return give_created(call, &filled, dtype, device);
}

int64_t body_randn(struct call *call, const int64_t *shape, int64_t shape_len, int32_t dtype, struct device device)
{
	return drawn(call, shape, shape_len, 0, dtype, device);
}

int64_t body_rand(struct call *call, const int64_t *shape, int64_t shape_len, int32_t dtype, struct device device)
{
	return drawn(call, shape, shape_len, bits_of(dtype), dtype, device);
}

int64_t body_randn_at(struct call *call, const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
                      int32_t dtype, struct device device)
{
	struct stream stream = {(uint64_t)seed, (uint64_t)offset, 0};

	return taken(call, shape, shape_len, stream, dtype, device);
}

int64_t body_rand_at(struct call *call, const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
                     int32_t dtype, struct device device)
{
	struct stream stream = {(uint64_t)seed, (uint64_t)offset, bits_of(dtype)};

	return taken(call, shape, shape_len, stream, dtype, device);
}
