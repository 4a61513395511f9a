/* What the C benchmarks share: functions looked up in a library that is opened at run time, and a stopwatch. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "rt_torch.h"

static void *library;

static void *symbol(const char *name)
{
	void *found = dlsym(library, name);

	if (!found) {
		fprintf(stderr, "no %s\n", name);
		exit(1);
	}
	return found;
}

#define FUNCTION(name) __typeof__(rt_torch_##name) *name = (__typeof__(rt_torch_##name) *)symbol("rt_torch_" #name)

/* Open argv[1], and have it load the libtorch at argv[2]. */
static void open_library(int argc, char **argv)
{
	if (argc < 3 || !(library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL))) {
		fprintf(stderr, "cannot open the library: %s\n", argc < 3 ? "no path" : dlerror());
		exit(1);
	}
	FUNCTION(load);
	FUNCTION(last_error);
	if (load(argv[2]) != 0) {
		fprintf(stderr, "%s\n", last_error());
		exit(1);
	}
}

#define ROUNDS 21

static inline double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static inline int ascending(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return (difference > 0) - (difference < 0);
}

/* Time `call`, which returns 0, and print the median over the rounds for one turn. */
#define MEASURE(title, turns, call)                                           \
	do {                                                                  \
		double taken[ROUNDS];                                         \
		for (int round = 0; round < ROUNDS; round++) {                \
			double start = now();                                 \
			for (int turn = 0; turn < (turns); turn++)            \
				if ((call) != 0)                              \
					return 1;                             \
			taken[round] = (now() - start) / (turns);             \
		}                                                             \
		qsort(taken, ROUNDS, sizeof taken[0], ascending);             \
		printf("%s\t%.0f\n", title, taken[ROUNDS / 2]);               \
	} while (0)
