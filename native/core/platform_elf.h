/* Shared objects of the ELF format, read and not mapped: whatever is in the file, reading it is safe. */
#ifndef RT_PLATFORM_ELF_H
#define RT_PLATFORM_ELF_H

#include "platform.h"

enum platform_file elf_inspect(int file, uint64_t file_size);

/* Go through the names of the objects that a library needs, and the folders where it looks for them, one above the
 * other.  `see` returns false to stop; `path` is where the file lies, and serves for $ORIGIN. */
typedef bool (*elf_see_needed)(void *context, const char *found);
bool elf_each_needed(const char *path, elf_see_needed see, void *context);

#endif
