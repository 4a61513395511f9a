/* The GNU loader's choice by processor: in each folder it looks for a variant of a library that is made for this one
 * before it takes what is in the folder itself. */
#ifndef RT_PLATFORM_VARIANT_H
#define RT_PLATFORM_VARIANT_H

#include <stdbool.h>

#define MAX_VARIANTS 20
#define SUBFOLDER_SIZE 40

struct variants {
	int count;
	char subfolders[MAX_VARIANTS][SUBFOLDER_SIZE]; /* "glibc-hwcaps/x86-64-v3/", the best one first; the last is "" */
};

void variants_list(struct variants *variants);

/* The place among them of a file such as "/lib/glibc-hwcaps/x86-64-v3/libc.so.6"; -1 when it is `special`, made for
 * certain processors, and not for this one. */
int variants_find(const struct variants *variants, const char *file, bool special);

const char *variants_platform(void); /* what $PLATFORM stands for */

#endif
