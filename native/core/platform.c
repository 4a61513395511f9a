/* The only file that differs between operating systems.  This one is for POSIX; what is said of ELF goes for Linux. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr */
#endif

#include "platform.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <elf.h>
#include <link.h>
#endif

/* Shared objects. */

void *platform_open(const char *path, char *why, size_t why_size)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		const char *reason = dlerror();
		snprintf(why, why_size, "%s", reason ? reason : "unknown reason");
	}
	return library;
}

void *platform_already_open(const char *soname)
{
	return dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
}

void platform_close(void *library)
{
	dlclose(library);
}

void *platform_symbol(void *library, const char *name)
{
	return dlsym(library, name);
}

void *platform_global_symbol(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}

bool platform_path_of(void *library, const char *symbol, char *path, size_t path_size)
{
	void *address = dlsym(library, symbol);
	Dl_info info;

	if (!address || !dladdr(address, &info) || !info.dli_fname)
		return false;
	return snprintf(path, path_size, "%s", info.dli_fname) < (int)path_size;
}

/* Files. */

#if defined(__linux__)

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

/* Mapping a file whose segments reach past its end is fatal as soon as the missing part is touched. */
static enum platform_file inspect_elf(int file, uint64_t file_size)
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
	return FILE_LIBRARY;
}

#else

static enum platform_file inspect_elf(int file, uint64_t file_size)
{
	(void)file;
	return file_size ? FILE_LIBRARY : FILE_NOT_LIBRARY;
}

#endif

enum platform_file platform_inspect(const char *path)
{
	struct stat status;
	enum platform_file kind;
	int file;

	if (stat(path, &status) != 0)
		return errno == EACCES ? FILE_UNREADABLE : FILE_MISSING;
	if (S_ISDIR(status.st_mode))
		return FILE_FOLDER;
	if (!S_ISREG(status.st_mode))
		return FILE_NOT_LIBRARY;
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return FILE_UNREADABLE;
	kind = inspect_elf(file, (uint64_t)status.st_size);
	close(file);
	return kind;
}

bool platform_same_file(const char *a, const char *b)
{
	struct stat a_status, b_status;

	return stat(a, &a_status) == 0 && stat(b, &b_status) == 0 && a_status.st_dev == b_status.st_dev
	       && a_status.st_ino == b_status.st_ino;
}

bool platform_real_path(const char *path, char *real, size_t real_size)
{
	char *found = realpath(path, NULL);
	bool fits = found && snprintf(real, real_size, "%s", found) < (int)real_size;

	free(found);
	return fits;
}

/* Threads. */

struct platform_mutex {
	pthread_mutex_t mutex;
};

struct platform_mutex platform_open_lock = {PTHREAD_MUTEX_INITIALIZER};
struct platform_mutex platform_grow_lock = {PTHREAD_MUTEX_INITIALIZER};
struct platform_mutex platform_release_lock = {PTHREAD_MUTEX_INITIALIZER};

void platform_lock(struct platform_mutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
}

void platform_unlock(struct platform_mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

void platform_nap(void)
{
	struct timespec millisecond = {0, 1000000};

	nanosleep(&millisecond, NULL);
}

int64_t platform_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Exit and fork. */

void platform_on_exit(void (*at_exit)(void))
{
	atexit(at_exit);
}

static void (*run_in_child)(void);

/* Always in this order; nothing holds one of them while it takes an earlier one. */
static void before_fork(void)
{
	platform_lock(&platform_open_lock);
	platform_lock(&platform_grow_lock);
	platform_lock(&platform_release_lock);
}

static void unlock_all(void)
{
	platform_unlock(&platform_release_lock);
	platform_unlock(&platform_grow_lock);
	platform_unlock(&platform_open_lock);
}

static void after_fork_in_child(void)
{
	unlock_all();
	run_in_child();
}

void platform_on_fork(void (*in_child)(void))
{
	run_in_child = in_child;
	pthread_atfork(before_fork, unlock_all, after_fork_in_child);
}
