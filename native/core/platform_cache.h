/* The cache of the GNU loader, which ldconfig writes: the files that the system has for each name of a library. */
#ifndef RT_PLATFORM_CACHE_H
#define RT_PLATFORM_CACHE_H

#include "platform.h"

/* Go through the files that the cache lists for a name, in its order, until `take` returns true.  False when none was
 * taken, and where there is no cache that can be read. */
typedef bool (*cache_take)(void *context, const char *file);
bool cache_find(const char *cache, const char *name, cache_take take, void *context);

#endif
