/* The handle table alone, with objects that tell when they are destroyed.  Built twice: as it is, and with -DTINY,
 * where slots have few generations and there are two chunks, to see them used up. */
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"
#include "handle.h"

enum { KIND = 1, OTHER_KIND = 2 };

struct object {
	_Atomic int alive;
	_Atomic int destroyed;
};

static void destroy(void *what)
{
	struct object *object = what;

	atomic_store(&object->alive, 0);
	atomic_fetch_add(&object->destroyed, 1);
}

#ifdef TINY

/* With 2 bits of generation each slot serves three times. */
static void slots_are_used_up_and_retired(void)
{
	struct object object = {1, 0};
	int64_t given = 0;
	int64_t handle;

	while ((handle = handle_new(KIND, &object, destroy)) != 0) {
		given++;
		if (!CHECK(handle_free(handle, KIND)) || given > 10000)
			break;
		CHECK(!handle_free(handle, KIND));
	}
	CHECK_EQUAL(given, 2 * 1024 * 3);
	CHECK_EQUAL(object.destroyed, given);
	CHECK_EQUAL(handle_live(KIND), 0);
	CHECK_EQUAL(handle_new(KIND, &object, destroy), 0);
}

int main(void)
{
	static const struct test tests[] = {TEST(slots_are_used_up_and_retired)};

	return run_tests(tests, sizeof tests / sizeof *tests);
}

#else

static bool pins(int64_t handle, int kind)
{
	struct slot *slot;

	if (!handle_pin(handle, kind, &slot))
		return false;
	handle_unpin(slot);
	return true;
}

static void a_handle_is_small_and_positive(void)
{
	struct object object = {1, 0};
	int64_t handle = handle_new(KIND, &object, destroy);

	CHECK(handle > 0 && handle < 1 << 30);
	CHECK(handle_free(handle, KIND));
	CHECK_EQUAL(object.destroyed, 1);
}

static void misuse_is_noticed(void)
{
	struct object object = {1, 0};
	int64_t handle = handle_new(KIND, &object, destroy);
	int64_t never[] = {0, -1, INT64_MIN, INT64_MAX, handle + 1, handle - 1, handle + 1024, handle - 1024,
	                   handle + (INT64_C(1) << 41), handle + (INT64_C(1) << 53), -handle};

	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		CHECK(!pins(never[i], KIND));
		CHECK(!handle_free(never[i], KIND));
	}
	CHECK(!pins(handle, OTHER_KIND));
	CHECK(!handle_free(handle, OTHER_KIND));
	CHECK(pins(handle, KIND));
	CHECK(handle_free(handle, KIND));
	CHECK(!handle_free(handle, KIND));
	CHECK(!pins(handle, KIND));
	CHECK_EQUAL(object.destroyed, 1);
}

static void a_pinned_object_outlives_its_handle(void)
{
	struct object object = {1, 0};
	struct slot *first, *second, *third;
	int64_t handle = handle_new(KIND, &object, destroy);

	CHECK(handle_pin(handle, KIND, &first) == &object);
	CHECK(handle_pin(handle, KIND, &second) == &object);
	CHECK(handle_free(handle, KIND));
	CHECK(!handle_pin(handle, KIND, &third));
	CHECK(!handle_pin(handle + 1024, KIND, &third)); /* what the slot's next handle will be */
	CHECK(!handle_free(handle + 1024, KIND));
	CHECK(!handle_free(handle, KIND));
	CHECK_EQUAL(handle_live(KIND), 0);
	handle_unpin(first);
	CHECK_EQUAL(object.destroyed, 0);
	handle_unpin(second);
	CHECK_EQUAL(object.destroyed, 1);
}

static void many_live_at_once(void)
{
	enum { COUNT = 5000 };
	static struct object objects[COUNT];
	static int64_t handles[COUNT];

	for (int i = 0; i < COUNT; i++) {
		handles[i] = handle_new(KIND, &objects[i], destroy);
		CHECK(handles[i] > 0 && handles[i] < INT64_C(1) << 53);
	}
	CHECK_EQUAL(handle_live(KIND), COUNT);
	CHECK_EQUAL(handle_live(OTHER_KIND), 0);
	for (int i = 0; i < COUNT; i++) {
		struct slot *slot;
		CHECK(handle_pin(handles[i], KIND, &slot) == &objects[i]);
		handle_unpin(slot);
	}
	for (int i = 0; i < COUNT; i++)
		CHECK(handle_free(handles[i], KIND));
	for (int i = 0; i < COUNT; i++)
		CHECK_EQUAL(objects[i].destroyed, 1);
	CHECK_EQUAL(handle_live(KIND), 0);
	handles[0] = handle_new(KIND, &objects[0], destroy);
	CHECK(handles[0] < 1 << 30); /* the lowest chunk is used again */
	CHECK(handle_free(handles[0], KIND));
}

/* All 4,194,304 of them: quickly given, quickly refused, and given again. */
static void the_limit_is_reached_quickly(void)
{
	enum { LIMIT = 4096 * 1024 };
	int64_t *handles;
	struct object object = {1, 0};
	int64_t before = platform_milliseconds();

	if (getenv("TEST_ROUNDS_DIVISOR") && atoi(getenv("TEST_ROUNDS_DIVISOR")) > 1)
		return; /* a memory checker is at work */
	handles = calloc(LIMIT, sizeof *handles);
	for (int i = 0; i < LIMIT; i++)
		handles[i] = handle_new(KIND, &object, destroy);
	CHECK(handles[LIMIT - 1] != 0);
	CHECK_EQUAL(handle_live(KIND), LIMIT);
	CHECK(platform_milliseconds() - before < 10000);
	before = platform_milliseconds();
	for (int i = 0; i < 1000; i++)
		CHECK_EQUAL(handle_new(KIND, &object, destroy), 0);
	CHECK(platform_milliseconds() - before < 500);
	CHECK(handle_free(handles[12345], KIND));
	handles[12345] = handle_new(KIND, &object, destroy);
	CHECK(handles[12345] != 0);
	CHECK_EQUAL(handle_new(KIND, &object, destroy), 0);
	for (int i = 0; i < LIMIT; i++)
		CHECK(handle_free(handles[i], KIND));
	free(handles);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void garbage_finds_nothing(void)
{
	struct object object = {1, 0};
	int64_t handle = handle_new(KIND, &object, destroy);
	uint64_t seed = 88172645463325252u;

	for (int i = 0; i < rounds(1000000); i++) {
		int64_t garbage = (int64_t)(next_random(&seed) >> (i % 64));
		if (garbage == handle)
			continue;
		CHECK(!pins(garbage, KIND));
		CHECK(!handle_free(garbage, KIND));
	}
	CHECK(handle_free(handle, KIND));
}

/* Eight threads on a few shared handles: whoever pins one must find its object alive, however often the others free
 * and replace it, and whatever numbers they try. */

enum { SHARED = 16, THREADS = 8 };

static _Atomic int64_t shared[SHARED];
static _Atomic int64_t made, destroyed_objects, dead_seen;

static void destroy_and_delete(void *what)
{
	destroy(what);
	atomic_fetch_add(&destroyed_objects, 1);
	free(what);
}

static int64_t new_object(void)
{
	struct object *object = calloc(1, sizeof *object);

	object->alive = 1;
	atomic_fetch_add(&made, 1);
	return handle_new(KIND, object, destroy_and_delete);
}

static void *work(void *number)
{
	uint64_t seed = 1234567 + (uint64_t)(intptr_t)number;

	for (int i = 0; i < rounds(100000); i++) {
		uint64_t random = next_random(&seed);
		int64_t handle = atomic_load(&shared[random % SHARED]);
		struct slot *slot;
		struct object *object;

		if (random >> 60 == 0)
			handle += 1024 * (int64_t)(random >> 30 & 3); /* perhaps the next handle of the slot */
		object = handle_pin(handle, KIND, &slot);
		if (object) {
			if (random >> 40 & 1)
				handle_free(handle, KIND);
			if (!atomic_load(&object->alive))
				atomic_fetch_add(&dead_seen, 1);
			handle_unpin(slot);
		} else {
			int64_t fresh = new_object();
			handle_free(atomic_exchange(&shared[random % SHARED], fresh), KIND);
		}
	}
	return NULL;
}

static void threads_share_handles(void)
{
	pthread_t threads[THREADS];

	for (intptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < SHARED; i++)
		handle_free(atomic_load(&shared[i]), KIND);
	CHECK_EQUAL(handle_live(KIND), 0);
	CHECK_EQUAL(dead_seen, 0);
	CHECK(made > 100);
	CHECK_EQUAL(destroyed_objects, made);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(a_handle_is_small_and_positive),
		TEST(misuse_is_noticed),
		TEST(a_pinned_object_outlives_its_handle),
		TEST(many_live_at_once),
		TEST(the_limit_is_reached_quickly),
		TEST(garbage_finds_nothing),
		TEST(threads_share_handles),
	};

	return run_tests(tests, sizeof tests / sizeof *tests);
}

#endif
