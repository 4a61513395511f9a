/* Prints what each cache of the loader has for a name, or "-":   cached NAME CACHE... */
#include <stdio.h>

#include "platform_cache.h"

static bool show(void *unused, const char *file)
{
	(void)unused;
	puts(file);
	return true;
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		if (!cache_find(argv[i], argv[1], show, NULL))
			puts("-");
	}
	return 0;
}
