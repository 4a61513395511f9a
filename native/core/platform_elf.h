/* Shared objects of the ELF format, read and not mapped: whatever is in the file, reading it is safe. */
#ifndef RT_PLATFORM_ELF_H
#define RT_PLATFORM_ELF_H

#include "platform.h"

enum platform_file elf_inspect(int file, uint64_t file_size);

/* The folders where a library says that what it needs is, as they stand in it: "" where it names none. */
void elf_read_paths(const char *path, char *rpath, char *runpath, size_t size);

/* Go through the names of what a library needs; `see` returns false to stop, and then so does this. */
typedef bool (*elf_see_needed)(void *context, const char *name);
bool elf_each_needed(const char *path, elf_see_needed see, void *context);

#endif
