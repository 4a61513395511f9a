#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "platform_elf.h"

#if defined(__linux__)

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OUR_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OUR_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OUR_MACHINE EM_S390
#endif

#define MAX_SEGMENTS 64
#define MAX_ENTRIES 4096     /* of its dynamic section */
#define MAX_TEXT (1 << 20)

static bool read_at(int file, void *bytes, size_t count, uint64_t offset)
{
	return offset <= INT64_MAX && pread(file, bytes, count, (off_t)offset) == (ssize_t)count;
}

static bool foreign(const ElfW(Ehdr) *header)
{
	const uint16_t one = 1;
	unsigned char our_order = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;

	if (header->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
		return true;
	if (header->e_ident[EI_DATA] != our_order)
		return true;
#if defined(OUR_MACHINE)
	return header->e_machine != OUR_MACHINE;
#else
	return false;
#endif
}

/* The dynamic section: what the loader reads. */

struct object {
	int file;
	int segment_count;
	ElfW(Phdr) segments[MAX_SEGMENTS];
	uint64_t entries; /* where in the file they are */
	int entry_count;
	uint64_t texts; /* where its names are */
};

static bool read_segments(struct object *object)
{
	ElfW(Ehdr) header;

	if (!read_at(object->file, &header, sizeof header, 0))
		return false;
	object->segment_count = header.e_phnum < MAX_SEGMENTS ? header.e_phnum : MAX_SEGMENTS;
	return read_at(object->file, object->segments, (size_t)object->segment_count * sizeof object->segments[0],
	               header.e_phoff);
}

/* Where in the file an address lies. */
static bool place_of(const struct object *object, uint64_t address, uint64_t *place)
{
	for (int i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];
		if (segment->p_type == PT_LOAD && address >= segment->p_vaddr
		    && address - segment->p_vaddr < segment->p_filesz) {
			*place = segment->p_offset + (address - segment->p_vaddr);
			return true;
		}
	}
	return false;
}

static bool find_entries(struct object *object)
{
	for (int i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];
		uint64_t count = segment->p_filesz / sizeof(ElfW(Dyn));
		if (segment->p_type != PT_DYNAMIC)
			continue;
		object->entries = segment->p_offset;
		object->entry_count = count < MAX_ENTRIES ? (int)count : MAX_ENTRIES;
		return true;
	}
	return false;
}

static bool read_entry(const struct object *object, int i, ElfW(Dyn) *entry)
{
	return i < object->entry_count
	       && read_at(object->file, entry, sizeof *entry, object->entries + (uint64_t)i * sizeof *entry)
	       && entry->d_tag != DT_NULL;
}

static bool find_texts(struct object *object)
{
	ElfW(Dyn) entry;

	for (int i = 0; read_entry(object, i, &entry); i++) {
		if (entry.d_tag == DT_STRTAB)
			return place_of(object, entry.d_un.d_ptr, &object->texts);
	}
	return false;
}

static bool read_object(struct object *object)
{
	return read_segments(object) && find_entries(object) && find_texts(object);
}

/* A download that was cut short may have been given its full length beforehand, in zeros.  Then the list of its sections,
 * which linkers put at the end, is of zeros too; a library may have none. */
static bool has_its_end(int file)
{
	ElfW(Ehdr) header;
	ElfW(Shdr) names;

	if (!read_at(file, &header, sizeof header, 0) || header.e_shoff == 0 || header.e_shentsize != sizeof names)
		return true;
	return !read_at(file, &names, sizeof names, header.e_shoff + header.e_shstrndx * sizeof names)
	       || names.sh_type == SHT_STRTAB;
}

static bool is_complete(int file)
{
	struct object object = {.file = file};

	return read_object(&object) && has_its_end(file);
}

/* Mapping a file whose segments reach past its end is fatal as soon as the missing part is touched. */
enum platform_file elf_inspect(int file, uint64_t file_size)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) segment;

	if (file_size < SELFMAG || !read_at(file, &header, SELFMAG, 0) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		return FILE_NOT_LIBRARY;
	if (!read_at(file, &header, sizeof header, 0))
		return FILE_TRUNCATED;
	if (foreign(&header))
		return FILE_FOREIGN;
	if (header.e_type != ET_DYN || header.e_phentsize != sizeof segment)
		return FILE_NOT_LIBRARY;
	for (unsigned i = 0; i < header.e_phnum; i++) {
		if (!read_at(file, &segment, sizeof segment, header.e_phoff + i * sizeof segment))
			return FILE_TRUNCATED;
		if (segment.p_type == PT_LOAD
		    && (segment.p_offset > file_size || segment.p_filesz > file_size - segment.p_offset))
			return FILE_TRUNCATED;
	}
	return is_complete(file) ? FILE_LIBRARY : FILE_TRUNCATED;
}

/* What it says. */

/* To be freed; NULL where there is none that ends. */
static char *read_text(const struct object *object, uint64_t offset)
{
	uint64_t place = object->texts + offset;
	char *text = NULL;

	if (place < offset || place > INT64_MAX)
		return NULL;
	for (size_t size = 256; size <= MAX_TEXT; size *= 4) {
		char *larger = realloc(text, size);
		ssize_t count = larger ? pread(object->file, larger, size, (off_t)place) : 0;
		text = larger ? larger : text;
		if (count > 0 && memchr(text, 0, (size_t)count))
			return text;
		if (count < (ssize_t)size)
			break;
	}
	free(text);
	return NULL;
}

static bool word_of(const ElfW(Dyn) *entry, enum elf_word *word)
{
	static const struct {
		int64_t tag;
		enum elf_word word;
	} words[] = {
		{DT_SONAME, ELF_SONAME}, {DT_NEEDED, ELF_NEEDED}, {DT_AUXILIARY, ELF_NEEDED}, {DT_FILTER, ELF_NEEDED},
		{DT_RPATH, ELF_RPATH}, {DT_RUNPATH, ELF_RUNPATH}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (entry->d_tag == words[i].tag) {
			*word = words[i].word;
			return true;
		}
	}
	return false;
}

static void each_word(const struct object *object, elf_see see, void *context)
{
	ElfW(Dyn) entry;
	enum elf_word word;

	for (int i = 0; read_entry(object, i, &entry); i++) {
		char *text = word_of(&entry, &word) ? read_text(object, entry.d_un.d_val) : NULL;
		if (text)
			see(context, word, text);
		free(text);
	}
}

void elf_each_word(const char *path, elf_see see, void *context)
{
	struct object object = {.file = open(path, O_RDONLY | O_CLOEXEC)};

	if (object.file < 0)
		return;
	if (read_object(&object))
		each_word(&object, see, context);
	close(object.file);
}

#else

enum platform_file elf_inspect(int file, uint64_t file_size)
{
	(void)file;
	return file_size ? FILE_LIBRARY : FILE_NOT_LIBRARY;
}

void elf_each_word(const char *path, elf_see see, void *context)
{
	(void)path;
	(void)see;
	(void)context;
}

#endif
