/* Shared objects of the ELF format, read and not mapped: whatever is in the file, reading it is safe. */
#ifndef RT_PLATFORM_ELF_H
#define RT_PLATFORM_ELF_H

#include "platform.h"

enum platform_file elf_inspect(int file, uint64_t file_size);

/* What a library says of itself and of what it needs. */
enum elf_word {
	ELF_SONAME,
	ELF_NEEDED,  /* or wanted beside it, as a filter is */
	ELF_RPATH,   /* where what it needs is, and what that needs in turn */
	ELF_RUNPATH, /* where what it needs is */
};

/* Go through these words in the order in which they are in the file; `see` may keep no text. */
typedef void (*elf_see)(void *context, enum elf_word word, const char *text);
void elf_each_word(const char *path, elf_see see, void *context);

#endif
