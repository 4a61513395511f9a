/* Random numbers: the algorithm against known answers, and the generator that all threads share, on the stand-in for
 * libtorch whose path is the first argument. */
#define _GNU_SOURCE

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "philox.h"
#include "rt_torch.h"

/* The generator. */

static void philox_gives_random123_s_answers(void)
{
	/* From its tests/kat_vectors: "philox4x32 10". */
	static const struct {
		uint32_t counter[4], key[2], expected[4];
	} answers[] = {
		{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
		 {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
		 {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		uint32_t out[4];
		philox(answers[i].counter, answers[i].key, out);
		for (int word = 0; word < 4; word++)
			CHECK_EQUAL(out[word], answers[i].expected[word]);
	}
}

static bool close_to(double given, double expected)
{
	return fabs(given - expected) <= 1e-15 * fabs(expected);
}

static void samples_are_made_of_both_halves_of_a_block(void)
{
	double two[2];

	philox_normal(42, 0, two);
	CHECK(close_to(two[0], -0.6653748678073486));
	CHECK(close_to(two[1], 1.036023808655465));
	philox_normal(7, UINT64_C(1) << 32, two);
	CHECK(close_to(two[0], -1.9719480012199495));
	philox_normal(UINT64_MAX, 0, two);
	CHECK(close_to(two[0], 1.4785186758104731));
}

static void uniform_samples_are_the_upper_bits(void)
{
	double two[2];

	philox_uniform(42, 0, 53, two);
	CHECK(two[0] == 0.4685865183391049);
	CHECK(two[1] == 0.34086154938517876);
	philox_uniform(42, 0, 24, two);
	CHECK(two[0] == 0.4685865044593811);
	philox_uniform(42, 0, 8, two);
	CHECK(two[0] == 119.0 / 256.0);
}

/* Tensors of it. */

static int64_t draw(int64_t count)
{
	return rt_torch_randn(&count, 1, "f64", "cpu");
}

static const double *elements(int64_t x)
{
	return rt_torch_data_ptr(x);
}

static bool same(int64_t x, int64_t y, int64_t y_start, int64_t count)
{
	return memcmp(elements(x), elements(y) + y_start, (size_t)count * sizeof(double)) == 0;
}

static void a_seed_names_a_stream(void)
{
	const int64_t eight = 8;
	int64_t x, y, all, seed, offset;

	CHECK_EQUAL(rt_torch_manual_seed(42), 0);
	x = draw(3);
	y = draw(4);
	CHECK_EQUAL(rt_torch_random_state(&seed, &offset), 0);
	CHECK_EQUAL(seed, 42);
	CHECK_EQUAL(offset, 4);
	all = rt_torch_randn_at(&eight, 1, 42, 0, "f64", "cpu");
	CHECK(same(x, all, 0, 3)); /* the fourth number is dropped */
	CHECK(same(y, all, 4, 4));
	rt_torch_random_state(&seed, &offset);
	CHECK_EQUAL(offset, 4);
	rt_torch_free(x);
	CHECK_EQUAL(rt_torch_set_random_state(42, 2), 0);
	x = draw(4);
	CHECK(same(x, y, 0, 4));
	rt_torch_free(x);
	rt_torch_free(y);
	rt_torch_free(all);
}

static void f32_is_rounded_once(void)
{
	const int64_t count = 5;
	int64_t doubles = rt_torch_randn_at(&count, 1, 3, 1, "f64", "cpu");
	int64_t floats = rt_torch_randn_at(&count, 1, 3, 1, "f32", "cpu");
	const float *rounded = rt_torch_data_ptr(floats);

	for (int i = 0; i < count; i++)
		CHECK(rounded[i] == (float)elements(doubles)[i]);
	rt_torch_free(doubles);
	rt_torch_free(floats);
}

static void a_counter_goes_round(void)
{
	const int64_t four = 4, two = 2;
	int64_t x, first, second, seed, offset;

	rt_torch_set_random_state(9, -1);
	x = draw(4);
	first = rt_torch_randn_at(&two, 1, 9, -1, "f64", "cpu");
	second = rt_torch_randn_at(&two, 1, 9, 0, "f64", "cpu");
	CHECK(same(first, x, 0, 2) && same(second, x, 2, 2));
	rt_torch_random_state(&seed, &offset);
	CHECK_EQUAL(offset, 1);
	rt_torch_free(rt_torch_randn_at(&four, 1, 9, INT64_MAX, "f64", "cpu"));
	rt_torch_free(x);
	rt_torch_free(first);
	rt_torch_free(second);
}

/* Threads and processes. */

enum { THREADS = 4, DRAWS = 200, EACH = 3 };

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void *draw_often(void *place)
{
	double *out = place;

	for (int i = 0; i < rounds(DRAWS); i++) {
		int64_t x = draw(EACH);
		memcpy(out + i * EACH, elements(x), EACH * sizeof *out);
		rt_torch_free(x);
	}
	return NULL;
}

static void no_two_threads_draw_the_same(void)
{
	static double drawn[THREADS][DRAWS * EACH], together[THREADS * DRAWS * EACH];
	int64_t each = (int64_t)rounds(DRAWS) * EACH, count = 0;
	pthread_t threads[THREADS];
	int64_t seed, offset;

	rt_torch_manual_seed(1);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, draw_often, drawn[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		memcpy(together + count, drawn[i], (size_t)each * sizeof(double));
		count += each;
	}
	rt_torch_random_state(&seed, &offset);
	CHECK_EQUAL(offset, (int64_t)THREADS * rounds(DRAWS) * 2);
	qsort(together, (size_t)count, sizeof(double), compare);
	for (int64_t i = 1; i < count; i++)
		CHECK(together[i - 1] < together[i]);
}

static _Atomic bool enough;

static void *draw_until_it_is_enough(void *unused)
{
	while (!atomic_load(&enough))
		rt_torch_free(draw(2));
	return unused;
}

/* The lock is never left with a thread that the child does not have. */
static void a_child_goes_on_where_its_parent_was(void)
{
	pthread_t thread;

	atomic_store(&enough, false);
	rt_torch_manual_seed(5);
	pthread_create(&thread, NULL, draw_until_it_is_enough, NULL);
	for (int i = 0; i < rounds(20); i++) {
		int status;
		pid_t child = fork();
		if (child == 0) {
			int64_t seed, offset, after;
			alarm(60);
			rt_torch_random_state(&seed, &offset);
			rt_torch_free(draw(2));
			rt_torch_random_state(&seed, &after);
			_exit(seed == 5 && after == offset + 1 ? 0 : 1);
		}
		CHECK_EQUAL(waitpid(child, &status, 0), child);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	atomic_store(&enough, true);
	pthread_join(thread, NULL);
}

/* Before anything was seeded. */
static void the_first_seed_is_the_system_s(void)
{
	int64_t seed, offset, again, x, y;
	const int64_t two = 2;

	x = draw(2);
	rt_torch_random_state(&seed, &offset);
	CHECK(seed >= 0);
	CHECK_EQUAL(offset, 1);
	rt_torch_random_state(&again, &offset);
	CHECK_EQUAL(again, seed);
	y = rt_torch_randn_at(&two, 1, seed, 0, "f64", "cpu");
	CHECK(same(x, y, 0, 2));
	rt_torch_free(x);
	rt_torch_free(y);
}

static void integers_are_refused(void)
{
	const int64_t two = 2;

	CHECK_EQUAL(rt_torch_randn_at(&two, 1, 0, 0, "i64", "cpu"), 0);
	CHECK_EQUAL(rt_torch_last_error_code(), RT_TORCH_ERROR_BAD_ARGUMENT);
	CHECK(strstr(rt_torch_last_error(), "floating-point") != NULL);
	CHECK_EQUAL(rt_torch_live_handles(), 0);
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(the_first_seed_is_the_system_s),
		TEST(philox_gives_random123_s_answers),
		TEST(samples_are_made_of_both_halves_of_a_block),
		TEST(uniform_samples_are_the_upper_bits),
		TEST(a_seed_names_a_stream),
		TEST(f32_is_rounded_once),
		TEST(a_counter_goes_round),
		TEST(no_two_threads_draw_the_same),
		TEST(a_child_goes_on_where_its_parent_was),
		TEST(integers_are_refused),
	};

	if (argc != 2 || rt_torch_load(argv[1]) != 0) {
		puts("which libtorch?");
		return 1;
	}
	return run_tests(tests, sizeof tests / sizeof *tests);
}
