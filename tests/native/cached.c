/* Prints a line for each cache of the loader, with what it has for a name, or "-"; a file for some processors only has a
 * star:   cached NAME CACHE... */
#include <stdio.h>

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
		cache_each(argv[i], argv[1], show, &shown);
		puts(shown ? "" : "-");
	}
	return 0;
}
