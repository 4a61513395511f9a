/* Runs commands given as arguments in one process, and prints for each the status and the error's text:
 *
 *   load PATH      rt_torch_load(PATH); "-" is NULL
 *   small PATH     the same in a thread with a stack of 64 KiB
 *   suggest PATH   rt_torch_suggest_path(PATH)
 *   available      rt_torch_available()
 *   call           a call that needs libtorch
 *   path, version  what is in use
 *   cuda           rt_torch_cuda_available()
 *   devices        rt_torch_cuda_device_count()
 *   problem        rt_torch_cuda_problem()
 *   stream DEVICE  rt_torch_cuda_set_stream(somewhere, DEVICE), and whether it is then the current one
 *   synchronize DEVICE  rt_torch_cuda_synchronize(DEVICE)
 *   knows FUNCTION rt_torch_function_available(FUNCTION)
 *   fork           the rest in a child process, for which this one waits
 *   zeros DEVICE   a tensor on that device
 *   open PATH      dlopen(PATH), as somebody else in the process might
 *   setenv VALUE   RT_TORCH_LIBTORCH=VALUE */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rt_torch.h"

static int32_t call(void)
{
	double one = 1;
	int64_t x = rt_torch_from_data_f64(&one, 1, NULL, 0);

	rt_torch_free(x);
	return (int32_t)rt_torch_last_error_code();
}

static int32_t zeros(const char *device)
{
	rt_torch_free(rt_torch_zeros(NULL, 0, "f64", device));
	return (int32_t)rt_torch_last_error_code();
}

static int32_t stream(const char *device)
{
	static int somewhere;

	if (rt_torch_cuda_set_stream(&somewhere, device) != 0)
		return (int32_t)rt_torch_last_error_code();
	return rt_torch_cuda_current_stream(device) == &somewhere;
}

/* 0 in the child; the parent ends with it. */
static int32_t go_on_in_a_child(void)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0)
		return 0;
	waitpid(child, &status, 0);
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static int32_t show(const char *text)
{
	printf("%s ", text ? text : "(none)");
	return (int32_t)rt_torch_last_error_code();
}

static void *load_there(void *path)
{
	if (rt_torch_load(path) != 0)
		printf("%s ", rt_torch_last_error());
	return NULL;
}

static int32_t load_on_a_small_stack(const char *path)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int status = pthread_attr_init(&attributes) || pthread_attr_setstacksize(&attributes, 64 << 10)
	             || pthread_create(&thread, &attributes, load_there, (void *)(intptr_t)path);

	return status || pthread_join(thread, NULL) ? -1 : 0;
}

static int32_t run(const char *command, const char *argument)
{
	if (strcmp(argument, "-") == 0)
		argument = NULL;
	if (strcmp(command, "load") == 0)
		return rt_torch_load(argument);
	if (strcmp(command, "small") == 0)
		return load_on_a_small_stack(argument);
	if (strcmp(command, "suggest") == 0)
		return rt_torch_suggest_path(argument);
	if (strcmp(command, "zeros") == 0)
		return zeros(argument);
	if (strcmp(command, "stream") == 0)
		return stream(argument);
	if (strcmp(command, "synchronize") == 0)
		return rt_torch_cuda_synchronize(argument);
	if (strcmp(command, "knows") == 0)
		return rt_torch_function_available(argument);
	if (strcmp(command, "open") == 0)
		return dlopen(argument, RTLD_NOW | RTLD_LOCAL) ? 0 : -1;
	return setenv("RT_TORCH_LIBTORCH", argument ? argument : "", 1);
}

static int32_t ask(const char *command)
{
	if (strcmp(command, "path") == 0)
		return show(rt_torch_libtorch_path());
	if (strcmp(command, "version") == 0)
		return show(rt_torch_version());
	if (strcmp(command, "cuda") == 0)
		return rt_torch_cuda_available();
	if (strcmp(command, "devices") == 0)
		return (int32_t)rt_torch_cuda_device_count();
	if (strcmp(command, "problem") == 0)
		return show(rt_torch_cuda_problem());
	if (strcmp(command, "fork") == 0)
		return go_on_in_a_child();
	if (strcmp(command, "available") == 0)
		return rt_torch_available();
	return call();
}

int main(int argc, char **argv)
{
	static const char *const with_argument[] = {"load", "small", "suggest", "zeros", "open", "setenv", "stream",
	                                            "synchronize", "knows"};

	for (int i = 1; i < argc; i++) {
		const char *command = argv[i];
		int32_t status = -2;
		for (size_t j = 0; j < sizeof with_argument / sizeof *with_argument; j++) {
			if (strcmp(command, with_argument[j]) == 0 && i + 1 < argc)
				status = run(command, argv[++i]);
		}
		if (status == -2)
			status = ask(command);
		printf("%" PRId32 " %s\n", status, rt_torch_last_error_code() ? rt_torch_last_error() : "");
	}
	return 0;
}
