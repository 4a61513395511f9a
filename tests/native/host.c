/* Loads a plugin in one thread while another one computes:   host PLUGIN   or, with libtorch open by then,
 * host PLUGIN loaded.  Linked with -rdynamic. */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "rt_torch.h"

extern volatile int32_t in_plugin;
volatile int32_t in_plugin;

static void *open_plugin(void *path)
{
	if (!dlopen(path, RTLD_NOW | RTLD_LOCAL))
		puts(dlerror());
	return NULL;
}

int main(int argc, char **argv)
{
	double one = 1;
	pthread_t thread;
	int64_t x;

	alarm(20); /* where the two wait for each other */
	if (argc > 2)
		rt_torch_load(NULL);
	pthread_create(&thread, NULL, open_plugin, argv[1]);
	while (!in_plugin)
		usleep(100);
	x = rt_torch_from_data_f64(&one, 1, NULL, 0);
	if (!x)
		puts(rt_torch_last_error());
	pthread_join(thread, NULL);
	rt_torch_free(x);
	printf("%d %d\n", x != 0, in_plugin == 2);
	return 0;
}
