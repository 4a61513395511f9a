/* With its neighbours (platform_search.c: where shared objects are; platform_elf.c: what is in them; platform_cache.c:
 * the loader's cache) all that differs between operating systems.  This one is for POSIX. */
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
#include <link.h>
#endif

#include "platform_elf.h"
#include "platform_search.h"

/* Shared objects. */

void *platform_open(const char *path, char *why, size_t why_size)
{
	char found[PATH_MAX];
	void *library;

	if (!strchr(path, '/') && platform_find(path, found, sizeof found) != FILE_MISSING)
		path = found;
	if (strchr(path, '/') && !search_is_whole(path, why, why_size))
		return NULL;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
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
static struct platform_mutex key_lock = {PTHREAD_MUTEX_INITIALIZER};

/* This thread holds platform_open_lock.  Code that is not ours runs under that one, and may fork. */
static RT_THREAD_LOCAL bool opening;

void platform_lock(struct platform_mutex *mutex)
{
	pthread_mutex_lock(&mutex->mutex);
	if (mutex == &platform_open_lock)
		opening = true;
}

void platform_unlock(struct platform_mutex *mutex)
{
	if (mutex == &platform_open_lock)
		opening = false;
	pthread_mutex_unlock(&mutex->mutex);
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

/* Exit and fork. */

void platform_on_exit(void (*at_exit)(void))
{
	atexit(at_exit);
}

#define LONGEST_FORK_WAIT_MS 30000

static void (*run_in_child)(bool amid_opening);
static bool amid_opening; /* of another thread: guarded by platform_grow_lock, which every fork holds */

/* The other thread may itself wait for the fork to be over, in a C library where registering a fork handler waits for
 * those that run: so not for ever. */
static bool wait_for_opening(void)
{
	int64_t give_up = platform_milliseconds() + LONGEST_FORK_WAIT_MS;

	while (pthread_mutex_trylock(&platform_open_lock.mutex) != 0) {
		if (platform_milliseconds() > give_up)
			return false;
		platform_nap();
	}
	return true;
}

/* Always in this order; nothing holds one of them while it takes an earlier one. */
static void before_fork(void)
{
	bool waited = opening || wait_for_opening();

	platform_lock(&platform_grow_lock);
	platform_lock(&platform_release_lock);
	platform_lock(&key_lock);
	amid_opening = !waited;
}

static void unlock_all(void)
{
	bool ours = !opening && !amid_opening;

	platform_unlock(&key_lock);
	platform_unlock(&platform_release_lock);
	platform_unlock(&platform_grow_lock);
	if (ours)
		pthread_mutex_unlock(&platform_open_lock.mutex);
}

static void after_fork_in_child(void)
{
	bool broken = amid_opening;

	unlock_all();
	if (broken) {
		static const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
		platform_open_lock.mutex = fresh; /* who held it is not there */
	}
	run_in_child(broken);
}

void platform_on_fork(void (*in_child)(bool amid_opening))
{
	run_in_child = in_child;
	pthread_atfork(before_fork, unlock_all, after_fork_in_child);
}
