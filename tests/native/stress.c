/* What must not crash or hang, on a real libtorch:
 *
 *   stress exit   leave main while threads compute
 *   stress fork   fork after a parallel operation, and compute in the child
 *   stress fork-loading MS  fork while four threads load libtorch and compute for the first time, after that many
 *                           milliseconds, and compute in the child
 *   stress exit-loading MS  leave main while they do
 *   stress cycles create, use and free a million times; print the memory's growth in KB */
#define _GNU_SOURCE

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt_torch.h"

static int64_t square(int64_t size, double value)
{
	int64_t shape[] = {size, size};
	int64_t ones = rt_torch_ones(shape, 2, "f64", "cpu");
	int64_t result = rt_torch_mul_scalar(ones, value);

	rt_torch_free(ones);
	return result;
}

static void *compute(void *number)
{
	int64_t size = (intptr_t)number % 4 ? 4 : 100;

	for (;;) {
		int64_t x = square(size, 1.5);
		int64_t y = rt_torch_matmul(x, x);
		int64_t z = rt_torch_exp(y);
		rt_torch_free(x);
		rt_torch_free(y);
		rt_torch_free(z);
	}
	return NULL;
}

/* Registered before libtorch is there, so it runs after libtorch's destructors: time to trip over what they left. */
static void linger(void)
{
	usleep(20000);
}

static int leave_while_computing(void)
{
	pthread_t thread;

	rt_torch_free(square(8, 1));
	for (intptr_t i = 0; i < 4; i++)
		pthread_create(&thread, NULL, compute, (void *)i);
	usleep(20000);
	return 0;
}

static void start_computing(const char *milliseconds)
{
	pthread_t thread;

	for (intptr_t i = 0; i < 4; i++)
		pthread_create(&thread, NULL, compute, (void *)i);
	usleep((useconds_t)atoi(milliseconds) * 1000);
}

static int leave_while_loading(const char *milliseconds)
{
	alarm(40);
	start_computing(milliseconds);
	return 0;
}

static int fork_while_loading(const char *milliseconds)
{
	pid_t child;
	int status;

	alarm(40);
	start_computing(milliseconds);
	child = fork();
	if (child == 0) {
		alarm(40);
		_exit(rt_torch_sum(square(4, 1)) == 16 ? 0 : 1);
	}
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		_exit(1);
	_exit(WEXITSTATUS(status));
}

static int fork_after_computing(void)
{
	int64_t x = square(300, 2);
	int64_t y = rt_torch_matmul(x, x);
	pid_t child;
	int status;

	rt_torch_free(rt_torch_exp(y));
	child = fork();
	if (child == 0) {
		int64_t z = rt_torch_matmul(x, y);
		double sum = rt_torch_sum(rt_torch_relu(z));
		exit(rt_torch_get_num_threads() == 1 && sum > 0 ? 0 : 1);
	}
	alarm(20);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
}

static int64_t resident_kb(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long long total = 0, resident = 0;

	if (!file || fscanf(file, "%lld %lld", &total, &resident) != 2)
		return -1;
	fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void cycle(int64_t x, int count)
{
	int64_t shape[] = {4};
	double data[] = {1, 2, 3, 4};

	for (int i = 0; i < count; i++) {
		int64_t y = rt_torch_from_data_f64(data, 4, shape, 1);
		int64_t z = i % 2 ? rt_torch_relu(y) : rt_torch_add(x, y);
		rt_torch_free(y);
		rt_torch_free(z);
	}
}

static int cycle_a_million_times(void)
{
	int64_t shape[] = {4};
	int64_t x = rt_torch_zeros(shape, 1, "f64", "cpu");
	int64_t before;

	cycle(x, 10000);
	before = resident_kb();
	cycle(x, 1000000);
	printf("%" PRId64 " KB, ", resident_kb() - before);
	rt_torch_free(x);
	printf("%" PRId64 " handles\n", rt_torch_live_handles());
	return 0;
}

int main(int argc, char **argv)
{
	atexit(linger);
	if (argc == 3 && strcmp(argv[1], "fork-loading") == 0)
		return fork_while_loading(argv[2]);
	if (argc == 3 && strcmp(argv[1], "exit-loading") == 0)
		return leave_while_loading(argv[2]);
	if (argc != 2 || rt_torch_load(NULL) != 0) {
		fprintf(stderr, "%s\n", rt_torch_last_error());
		return 2;
	}
	if (strcmp(argv[1], "exit") == 0)
		return leave_while_computing();
	if (strcmp(argv[1], "fork") == 0)
		return fork_after_computing();
	return cycle_a_million_times();
}
