/* The cache of the GNU loader, which ldconfig writes: the files that the system has for each name of a library. */
#ifndef RT_PLATFORM_CACHE_H
#define RT_PLATFORM_CACHE_H

#include "platform.h"

struct cache;

struct cache *cache_read(const char *path); /* NULL where there is none that can be read; to be freed */

/* Go through the files that the cache lists for a name, in its order; `special` ones are for some processors only. */
typedef void (*cache_see)(void *context, const char *file, bool special);
void cache_each(const struct cache *cache, const char *name, cache_see see, void *context);

#endif
