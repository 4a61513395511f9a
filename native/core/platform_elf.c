#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif

#include "platform_elf.h"

#if defined(__linux__)

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
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
#define MAX_DYNAMIC 256 /* entries that are looked at */

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

/* What a library says of itself. */

struct object {
	int file;
	int segment_count;
	ElfW(Phdr) segments[MAX_SEGMENTS];
	int entry_count;
	ElfW(Dyn) entries[MAX_DYNAMIC];
	uint64_t texts; /* where in the file its names are */
};

static bool read_segments(struct object *object)
{
	ElfW(Ehdr) header;

	if (!read_at(object->file, &header, sizeof header, 0) || header.e_phnum > MAX_SEGMENTS)
		return false;
	object->segment_count = header.e_phnum;
	return read_at(object->file, object->segments, header.e_phnum * sizeof object->segments[0], header.e_phoff);
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

static bool read_entries(struct object *object)
{
	for (int i = 0; i < object->segment_count; i++) {
		const ElfW(Phdr) *segment = &object->segments[i];
		uint64_t count = segment->p_filesz / sizeof object->entries[0];
		if (segment->p_type != PT_DYNAMIC)
			continue;
		object->entry_count = count < MAX_DYNAMIC ? (int)count : MAX_DYNAMIC;
		return read_at(object->file, object->entries, (size_t)object->entry_count * sizeof object->entries[0],
		               segment->p_offset);
	}
	return false;
}

static bool find_texts(struct object *object)
{
	for (int i = 0; i < object->entry_count && object->entries[i].d_tag != DT_NULL; i++) {
		if (object->entries[i].d_tag == DT_STRTAB)
			return place_of(object, object->entries[i].d_un.d_ptr, &object->texts);
	}
	return false;
}

/* A download that was cut short may have been given its full length beforehand, in zeros. */
static bool describes_itself(int file)
{
	struct object object = {.file = file};

	return read_segments(&object) && read_entries(&object) && find_texts(&object);
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
	return describes_itself(file) ? FILE_LIBRARY : FILE_NOT_LIBRARY;
}

/* What it needs. */

/* A name that does not fit is none. */
static bool read_text(const struct object *object, uint64_t offset, char *text, size_t text_size)
{
	uint64_t place = object->texts + offset;
	ssize_t count;

	if (place < offset || place > INT64_MAX)
		return false;
	count = pread(object->file, text, text_size, (off_t)place);
	return count > 0 && memchr(text, 0, (size_t)count) != NULL && *text;
}

static bool open_object(struct object *object, const char *path)
{
	object->file = open(path, O_RDONLY | O_CLOEXEC);
	object->entry_count = 0;
	return object->file >= 0 && read_segments(object) && read_entries(object) && find_texts(object);
}

static void close_object(struct object *object)
{
	if (object->file >= 0)
		close(object->file);
}

void elf_read_paths(const char *path, char *rpath, char *runpath, size_t size)
{
	struct object object;
	int count = open_object(&object, path) ? object.entry_count : 0;

	*rpath = *runpath = 0;
	for (int i = 0; i < count && object.entries[i].d_tag != DT_NULL; i++) {
		const ElfW(Dyn) *entry = &object.entries[i];
		if (entry->d_tag == DT_RPATH && !read_text(&object, entry->d_un.d_val, rpath, size))
			*rpath = 0;
		if (entry->d_tag == DT_RUNPATH && !read_text(&object, entry->d_un.d_val, runpath, size))
			*runpath = 0;
	}
	close_object(&object);
}

bool elf_each_needed(const char *path, elf_see_needed see, void *context)
{
	struct object object;
	int count = open_object(&object, path) ? object.entry_count : 0;
	char name[PATH_MAX];
	bool go_on = true;

	for (int i = 0; go_on && i < count && object.entries[i].d_tag != DT_NULL; i++) {
		const ElfW(Dyn) *entry = &object.entries[i];
		if (entry->d_tag == DT_NEEDED && read_text(&object, entry->d_un.d_val, name, sizeof name))
			go_on = see(context, name);
	}
	close_object(&object);
	return go_on;
}

#else

enum platform_file elf_inspect(int file, uint64_t file_size)
{
	(void)file;
	return file_size ? FILE_LIBRARY : FILE_NOT_LIBRARY;
}

void elf_read_paths(const char *path, char *rpath, char *runpath, size_t size)
{
	(void)path;
	(void)size;
	*rpath = *runpath = 0;
}

bool elf_each_needed(const char *path, elf_see_needed see, void *context)
{
	(void)path;
	(void)see;
	(void)context;
	return true;
}

#endif
