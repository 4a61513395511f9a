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

static void fill(const struct filled *filled, uint64_t seed, uint64_t offset)
{
	for (int64_t i = 0; i < filled->count; i += 2) {
		double two[2];
		philox_normal(seed, offset + (uint64_t)i / 2, two);
		store(filled, i, two[0]);
		if (i + 1 < filled->count)
			store(filled, i + 1, two[1]);
	}
}

int64_t body_randn(struct call *call, const int64_t *shape, int64_t shape_len, int32_t dtype, struct device device)
{
	struct filled filled;
	uint64_t seed, offset;

	if (!new_to_fill(call, shape, shape_len, dtype, &filled))
		return 0;
	take_blocks(blocks_of(&filled), &seed, &offset);
	fill(&filled, seed, offset);
	return give_created(call, &filled, dtype, device);
}

int64_t body_randn_at(struct call *call, const int64_t *shape, int64_t shape_len, int64_t seed, int64_t offset,
                      int32_t dtype, struct device device)
{
	struct filled filled;

	if (!new_to_fill(call, shape, shape_len, dtype, &filled))
		return 0;
	fill(&filled, (uint64_t)seed, (uint64_t)offset);
	return give_created(call, &filled, dtype, device);
}
