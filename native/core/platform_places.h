/* The files that the loader may take for the name of a library. */
#ifndef RT_PLATFORM_PLACES_H
#define RT_PLATFORM_PLACES_H

#include "platform.h"

struct places;

struct places *places_open(void); /* as things are now; NULL when memory is used up */
void places_close(struct places *places);

/* Go through files that are there, and are neither for another machine nor unreadable, which the loader passes over; in
 * the order in which it looks for them.  `see` returns false to stop, and then so does this. */
typedef bool (*places_see)(void *context, const char *file, enum platform_file kind);

/* In the folders that come before those of a library: the program's, LD_LIBRARY_PATH. */
bool places_each_first(struct places *places, const char *name, places_see see, void *context);
/* In folders that a library names itself: "$ORIGIN:$ORIGIN/../lib". */
bool places_each_named(struct places *places, const char *folders, const char *library, const char *name,
                       places_see see, void *context);
/* In the loader's cache, and in the system's usual folders. */
bool places_each_last(struct places *places, const char *name, places_see see, void *context);
/* What a library gives as a path: "$ORIGIN/libc10.so". */
bool places_each_path(struct places *places, const char *path, const char *library, places_see see, void *context);

#endif
