/* Prints a line for each cache of the loader, with what it has for a name, or "-"; a file for some processors only has a
 * star:   cached NAME CACHE... */
#include <stdio.h>
#include <stdlib.h>

#include "platform_cache.h"

static void show(void *shown, const char *file, bool special)
{
	bool *any = shown;

	printf("%s%s%s", *any ? " " : "", file, special ? "*" : "");
	*any = true;
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		bool shown = false;
		struct cache *cache = cache_read(argv[i]);
		cache_each(cache, argv[1], show, &shown);
		free(cache);
		puts(shown ? "" : "-");
	}
	return 0;
}
