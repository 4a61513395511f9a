/* What opening a library would bring along: told beforehand, since to open one that is cut short kills the process. */
#ifndef RT_PLATFORM_SEARCH_H
#define RT_PLATFORM_SEARCH_H

#include "platform.h"

/* Make sure that opening the library opens nothing that is cut short: where the loader might come across such a file for
 * something that the library needs, open whole ones in its place beforehand.  False with the reason when there is none. */
bool search_prepare(const char *path, char *why, size_t why_size);

/* Whether the process has a library of that name, which the loader would take again without looking for it. */
bool search_is_loaded(const char *soname);

#endif
