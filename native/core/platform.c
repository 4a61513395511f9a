/* With its neighbours all that differs between operating systems (platform_search.c: what opening a library brings along;
 * platform_places.c: where the loader looks; platform_cache.c: its cache; platform_variant.c: its choice by processor;
 * platform_elf.c: what is in a library).  This one is for POSIX. */
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
#include <sys/mman.h>
#if defined(__linux__)
#include <sys/random.h>
#endif
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__linux__)
#include <link.h>
#endif

#include "platform_elf.h"
#include "platform_search.h"

/* Shared objects. */

static void *open_file(const char *path, char *why, size_t why_size)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!library) {
		const char *reason = dlerror();
		snprintf(why, why_size, "%s", reason ? reason : "unknown reason");
	}
	return library;
}

static bool is_whole(const char *path, enum platform_file kind, char *why, size_t why_size)
{
	if (kind == FILE_TRUNCATED)
		snprintf(why, why_size, "\"%s\" is truncated: its end is missing; download or copy it again", path);
	return kind != FILE_TRUNCATED && (kind != FILE_LIBRARY || search_prepare(path, why, why_size));
}

void *platform_open(const char *path, char *why, size_t why_size)
{
	void *library = NULL;
	char *found;

	if (strchr(path, '/'))
		return is_whole(path, platform_inspect(path), why, why_size) ? open_file(path, why, why_size) : NULL;
	if (search_is_loaded(path))
		return open_file(path, why, why_size);
	found = malloc(PATH_MAX);
	if (!found) {
		snprintf(why, why_size, "memory is used up");
		return NULL;
	}
	*found = 0;
	if (is_whole(found, platform_find(path, found, PATH_MAX), why, why_size))
		library = open_file(*found ? found : path, why, why_size);
	free(found);
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

#if defined(__linux__)

static int read_count(struct dl_phdr_info *info, size_t size, void *count)
{
	if (size >= offsetof(struct dl_phdr_info, dlpi_subs))
		*(uint64_t *)count = info->dlpi_adds;
	return 1; /* the first object tells all there is to know */
}

uint64_t platform_load_count(void)
{
	uint64_t count = 0;

	dl_iterate_phdr(read_count, &count);
	return count;
}

#else

uint64_t platform_load_count(void)
{
	return 0;
}

#endif

/* Files. */

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
	kind = elf_inspect(file, (uint64_t)status.st_size);
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
struct platform_mutex platform_random_lock = {PTHREAD_MUTEX_INITIALIZER};
static struct platform_mutex key_lock = {PTHREAD_MUTEX_INITIALIZER};

void platform_lock(struct platform_mutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
}

void platform_unlock(struct platform_mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

bool platform_has_room(int64_t size)
{
	void *room;

	if (size <= 0)
		return true;
	room = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room != MAP_FAILED && munmap(room, (size_t)size) == 0;
}

bool platform_at_thread_end(void (*run)(void *what), void *what)
{
	static pthread_key_t key;
	static bool made;
	bool usable;

	platform_lock(&key_lock);
	if (!made)
		made = pthread_key_create(&key, run) == 0;
	usable = made;
	platform_unlock(&key_lock);
	return usable && pthread_setspecific(key, what) == 0;
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

/* Where the system gives nothing, the time and where it has put us must do. */
uint64_t platform_entropy(void)
{
	uint64_t bits = 0;
	int file;

#if defined(__linux__)
	if (getrandom(&bits, sizeof bits, 0) == sizeof bits)
		return bits;
#endif
	file = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (file < 0 || read(file, &bits, sizeof bits) != sizeof bits) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		bits = (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&now ^ (uint64_t)getpid() << 48;
	}
	if (file >= 0)
		close(file);
	return bits;
}

/* Exit and fork. */

void platform_on_exit(void (*at_exit)(void))
{
	atexit(at_exit);
}

#if defined(__GLIBC__)

/* How C++ has the destructors of a thread's own objects run.  Those of the thread that calls exit run before anything
 * that was registered for exit, by the C++ standard's word and glibc's practice. */
int __cxa_thread_atexit_impl(void (*run)(void *what), void *what, void *in_library) __attribute__((weak));

void platform_before_exit(void (*run)(void *unused))
{
	static char here;

	if (__cxa_thread_atexit_impl)
		__cxa_thread_atexit_impl(run, NULL, &here);
}

#else

void platform_before_exit(void (*run)(void *unused))
{
	(void)run;
}

#endif

static struct platform_mutex fork_lock = {PTHREAD_MUTEX_INITIALIZER}; /* one fork at a time */
static void (*run_before_fork)(void), (*run_in_parent)(void), (*run_in_child)(void);

/* Always in this order; nothing holds one of them while it takes an earlier one. */
static void before_fork(void)
{
	platform_lock(&fork_lock);
	run_before_fork();
	platform_lock(&platform_open_lock);
	platform_lock(&platform_grow_lock);
	platform_lock(&platform_release_lock);
	platform_lock(&platform_random_lock);
	platform_lock(&key_lock);
}

static void unlock_all(void)
{
	platform_unlock(&key_lock);
	platform_unlock(&platform_random_lock);
	platform_unlock(&platform_release_lock);
	platform_unlock(&platform_grow_lock);
	platform_unlock(&platform_open_lock);
}

static void after_fork_in_parent(void)
{
	unlock_all();
	run_in_parent();
	platform_unlock(&fork_lock);
}

static void after_fork_in_child(void)
{
	unlock_all();
	run_in_child();
	platform_unlock(&fork_lock);
}

void platform_on_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void))
{
	run_before_fork = before;
	run_in_parent = in_parent;
	run_in_child = in_child;
	pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}
