/* A slot's state is one atomic word: the generation in the upper half; in the lower one the number of pins, of which
 * the owner holds one, and CLOSED.
 *
 *   pins 0            free
 *   pins 1 or more    live: pins may be added
 *   CLOSED, pins      freed while calls still use it: pins only go
 *   CLOSED, no pins   being filled or emptied by one thread, which alone may touch it; or used up for good
 *
 * The generation changes as a slot becomes free, so that a handle to what it held before fits no more. */
#include "handle.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "upstream.h"

#ifndef HANDLE_GENERATION_BITS /* the tests have fewer, to see slots used up */
#define HANDLE_GENERATION_BITS 31
#endif
#ifndef HANDLE_CHUNKS
#define HANDLE_CHUNKS 4096
#endif

#define SLOT_BITS 10
#define SLOTS (1 << SLOT_BITS)
#define CHUNK_SHIFT 41
#define LAST_GENERATION ((UINT64_C(1) << HANDLE_GENERATION_BITS) - 1)
#define PROBES 64 /* when so many slots in a row are taken, the search begins anew at the lowest chunk */

#define CLOSED UINT32_C(0x80000000)

struct slot {
	_Atomic uint64_t state;
	void *object;
	void (*destroy)(void *object);
	_Atomic int32_t kind;
	uint32_t chunk;
};

struct chunk {
	_Atomic uint32_t cursor; /* where the search for a free slot starts: goes round, so that slots rest between uses */
	struct slot slots[SLOTS];
};

static struct chunk *_Atomic chunks[HANDLE_CHUNKS];
static _Atomic uint32_t chunk_count;
static _Atomic uint32_t roomy_chunk; /* a guess at the lowest one with room: low handles are faster in Python */

static uint32_t pins_of(uint64_t state)
{
	return (uint32_t)state;
}

static uint64_t generation_of(uint64_t state)
{
	return state >> 32;
}

static uint64_t make_state(uint64_t generation, uint32_t pins)
{
	return generation << 32 | pins;
}

/* Live, with room for another pin. */
static bool is_live(uint64_t state)
{
	return pins_of(state) - 1 < CLOSED - 2;
}

/* Whether a search of the whole chunk found nothing, and nothing was freed there since.  Beside the chunks, so that
 * going through all of them is quick.  It may stay set although a slot was freed at the very moment of the search: that
 * slot waits for the next one to be freed. */
static _Atomic bool packed[HANDLE_CHUNKS];

/* Claim a free slot of the chunk for the calling thread, looking at some of them only. */
static struct slot *claim(struct chunk *chunk, int probes)
{
	uint32_t place = atomic_load_explicit(&chunk->cursor, memory_order_relaxed);

	while (probes--) {
		struct slot *slot = &chunk->slots[place++ % SLOTS];
		uint64_t state = atomic_load_explicit(&slot->state, memory_order_relaxed);

		if (pins_of(state) == 0
		    && atomic_compare_exchange_strong_explicit(&slot->state, &state, state | CLOSED, memory_order_acquire,
		                                               memory_order_relaxed)) {
			/* Other threads may have moved it meanwhile: then some of them look at taken slots, no more. */
			atomic_store_explicit(&chunk->cursor, place, memory_order_relaxed);
			return slot;
		}
	}
	atomic_store_explicit(&chunk->cursor, place, memory_order_relaxed);
	return NULL;
}

static bool add_chunk(void)
{
	uint32_t count = atomic_load_explicit(&chunk_count, memory_order_relaxed);
	struct chunk *chunk;

	if (count == HANDLE_CHUNKS)
		return false;
	chunk = calloc(1, sizeof *chunk);
	if (!chunk)
		return false;
	for (int i = 0; i < SLOTS; i++) {
		chunk->slots[i].chunk = count;
		atomic_init(&chunk->slots[i].state, make_state(1, 0)); /* from 1 on: no handle is 0 */
	}
	atomic_store_explicit(&chunks[count], chunk, memory_order_release);
	atomic_store_explicit(&chunk_count, count + 1, memory_order_release);
	return true;
}

static struct chunk *chunk_at(uint32_t index)
{
	return atomic_load_explicit(&chunks[index], memory_order_acquire);
}

/* Any free slot of the chunk. */
static struct slot *claim_last(uint32_t index)
{
	struct slot *slot;

	atomic_store(&packed[index], true); /* before the search: who frees a slot during it takes this back */
	slot = claim(chunk_at(index), SLOTS);
	if (slot)
		atomic_store(&packed[index], false);
	return slot;
}

/* A slot of the lowest chunk that has room, and a new chunk where none has. */
static struct slot *claim_anywhere(void)
{
	struct slot *slot = NULL;

	platform_lock(&platform_grow_lock);
	for (uint32_t i = 0; !slot && (i < atomic_load_explicit(&chunk_count, memory_order_relaxed) || add_chunk()); i++) {
		if (atomic_load_explicit(&packed[i], memory_order_relaxed))
			continue;
		slot = claim_last(i);
		if (slot)
			atomic_store_explicit(&roomy_chunk, i, memory_order_relaxed);
	}
	platform_unlock(&platform_grow_lock);
	return slot;
}

int64_t handle_new(int kind, void *object, void (*destroy)(void *object))
{
	struct chunk *chunk = chunk_at(atomic_load_explicit(&roomy_chunk, memory_order_relaxed));
	struct slot *slot = chunk ? claim(chunk, PROBES) : NULL;
	uint64_t generation;

	if (!slot)
		slot = claim_anywhere();
	if (!slot)
		return 0;
	slot->object = object;
	slot->destroy = destroy;
	atomic_store_explicit(&slot->kind, kind, memory_order_relaxed);
	generation = generation_of(atomic_load_explicit(&slot->state, memory_order_relaxed));
	atomic_store_explicit(&slot->state, make_state(generation, 1), memory_order_release);
	return (int64_t)((uint64_t)slot->chunk << CHUNK_SHIFT | generation << SLOT_BITS
	                 | (uint64_t)(slot - chunk_at(slot->chunk)->slots));
}

/* The slot that a handle points at, whether or not it is still its own. */
static struct slot *slot_of(int64_t handle, uint64_t *generation)
{
	uint64_t chunk_index = (uint64_t)handle >> CHUNK_SHIFT;
	struct chunk *chunk;

	if (handle <= 0 || chunk_index >= HANDLE_CHUNKS)
		return NULL;
	chunk = chunk_at((uint32_t)chunk_index);
	if (!chunk)
		return NULL;
	*generation = (uint64_t)handle >> SLOT_BITS & ((UINT64_C(1) << (CHUNK_SHIFT - SLOT_BITS)) - 1);
	return &chunk->slots[handle % SLOTS];
}

/* The kind is read before the exchange that proves that the slot still holds what the handle stands for. */
static bool matches(const struct slot *slot, uint64_t state, uint64_t generation, int kind)
{
	return generation_of(state) == generation && is_live(state)
	       && atomic_load_explicit(&slot->kind, memory_order_relaxed) == kind;
}

void *handle_pin(int64_t handle, int kind, struct slot **pinned)
{
	uint64_t generation = 0;
	struct slot *slot = slot_of(handle, &generation);
	uint64_t state;

	if (!slot)
		return NULL;
	state = atomic_load_explicit(&slot->state, memory_order_acquire);
	while (matches(slot, state, generation, kind)) {
		if (atomic_compare_exchange_weak_explicit(&slot->state, &state, state + 1, memory_order_acquire,
		                                          memory_order_acquire)) {
			*pinned = slot;
			return slot->object;
		}
	}
	return NULL;
}

int handle_kind(int64_t handle)
{
	uint64_t generation = 0;
	struct slot *slot = slot_of(handle, &generation);
	uint64_t state = slot ? atomic_load_explicit(&slot->state, memory_order_acquire) : 0;

	if (!slot || generation_of(state) != generation || !is_live(state))
		return 0;
	return atomic_load_explicit(&slot->kind, memory_order_relaxed);
}

/* The last pin of a closed slot is gone: it is ours alone. */
static void empty(struct slot *slot)
{
	struct chunk *chunk = chunk_at(slot->chunk);
	uint64_t generation = generation_of(atomic_load_explicit(&slot->state, memory_order_relaxed));

	if (upstream_closing())
		return;
	slot->destroy(slot->object);
	slot->object = NULL;
	if (generation == LAST_GENERATION)
		return;
	atomic_store_explicit(&slot->state, make_state(generation + 1, 0), memory_order_release);
	if (atomic_load_explicit(&packed[slot->chunk], memory_order_relaxed))
		atomic_store_explicit(&packed[slot->chunk], false, memory_order_release);
	if (slot->chunk < atomic_load_explicit(&roomy_chunk, memory_order_relaxed)) {
		/* A chunk that was given up for full has room again: here. */
		atomic_store_explicit(&chunk->cursor, (uint32_t)(slot - chunk->slots), memory_order_relaxed);
		atomic_store_explicit(&roomy_chunk, slot->chunk, memory_order_relaxed);
	}
}

void handle_unpin(struct slot *slot)
{
	uint64_t before = atomic_fetch_sub_explicit(&slot->state, 1, memory_order_acq_rel);

	if (pins_of(before) == (CLOSED | 1))
		empty(slot);
}

static bool close_slot(struct slot *slot, uint64_t generation, int kind)
{
	uint64_t state = atomic_load_explicit(&slot->state, memory_order_acquire);

	while (matches(slot, state, generation, kind)) {
		uint64_t closed = (state - 1) | CLOSED;
		if (atomic_compare_exchange_weak_explicit(&slot->state, &state, closed, memory_order_acq_rel,
		                                          memory_order_acquire)) {
			if (pins_of(closed) == CLOSED)
				empty(slot);
			return true;
		}
	}
	return false;
}

bool handle_free(int64_t handle, int kind)
{
	uint64_t generation = 0;
	struct slot *slot = slot_of(handle, &generation);
	bool entered, freed;

	if (!slot)
		return false;
	entered = upstream_enter(); /* exit waits until the object is destroyed */
	freed = close_slot(slot, generation, kind);
	if (entered)
		upstream_leave();
	return freed;
}

int64_t handle_live(int kind)
{
	uint32_t count = atomic_load_explicit(&chunk_count, memory_order_acquire);
	int64_t live = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct chunk *chunk = chunk_at(i);
		for (int j = 0; j < SLOTS; j++) {
			uint64_t state = atomic_load_explicit(&chunk->slots[j].state, memory_order_acquire);
			live += is_live(state) && atomic_load_explicit(&chunk->slots[j].kind, memory_order_relaxed) == kind;
		}
	}
	return live;
}
