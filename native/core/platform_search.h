/* Where the loader finds a library, and what that one needs: told beforehand, since opening one that is cut short kills
 * the process. */
#ifndef RT_PLATFORM_SEARCH_H
#define RT_PLATFORM_SEARCH_H

#include "platform.h"

/* False with the reason when the library, or one that opening it would bring along, is cut short. */
bool search_is_whole(const char *path, char *why, size_t why_size);

/* Whether the process has a library of that name, which the loader would take again without looking for it. */
bool search_is_loaded(const char *soname);

#endif
