/* The only file that differs between operating systems, with platform_elf.c for what is in a shared object.  This one
 * is for POSIX. */
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

/* Shared objects. */

/* Opening a library maps all that it needs, and mapping what is cut short kills the process: so each is looked at. */
#define MAX_PARTS 128

struct parts {
	int count;
	char *paths[MAX_PARTS]; /* those up to `count` have been looked at and are whole */
	const char *truncated;  /* the last one, when it is cut short */
};

static bool look_at(void *context, const char *path)
{
	struct parts *parts = context;
	enum platform_file kind = platform_inspect(path);

	for (int i = 0; i < parts->count; i++) {
		if (strcmp(parts->paths[i], path) == 0)
			return true;
	}
	if (parts->count == MAX_PARTS || (kind != FILE_LIBRARY && kind != FILE_TRUNCATED))
		return true;
	parts->paths[parts->count] = strdup(path);
	if (!parts->paths[parts->count])
		return true;
	if (kind == FILE_TRUNCATED)
		parts->truncated = parts->paths[parts->count];
	parts->count++;
	return !parts->truncated;
}

/* False with the reason when the library, or one that it needs, is cut short. */
static bool is_whole(const char *path, char *why, size_t why_size)
{
	struct parts parts = {0};
	char *real = realpath(path, NULL); /* the loader may look beside either of the two */
	bool whole = look_at(&parts, path) && (!real || look_at(&parts, real));

	for (int i = 0; whole && i < parts.count; i++)
		whole = elf_each_needed(parts.paths[i], look_at, &parts);
	if (!whole)
		snprintf(why, why_size, "\"%s\" is truncated: it ends before its own header says; download or copy it again",
		         parts.truncated);
	while (parts.count)
		free(parts.paths[--parts.count]);
	free(real);
	return whole;
}

void *platform_open(const char *path, char *why, size_t why_size)
{
	char found[PATH_MAX];
	void *library;

	if (!strchr(path, '/') && platform_find(path, found, sizeof found) != FILE_MISSING)
		path = found;
	if (strchr(path, '/') && !is_whole(path, why, why_size))
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

/* The loader goes on where a file is for another machine or cannot be read. */
static bool would_be_taken(const char *folder, const char *soname, char *path, size_t path_size,
                           enum platform_file *kind)
{
	if (snprintf(path, path_size, "%s/%s", *folder ? folder : ".", soname) >= (int)path_size)
		return false;
	*kind = platform_inspect(path);
	return *kind == FILE_LIBRARY || *kind == FILE_TRUNCATED || *kind == FILE_NOT_LIBRARY;
}

#if defined(__GLIBC__)

/* The folders that the loader would go through for us, in its own words; to be freed. */
static Dl_serinfo *search_path(void)
{
	Dl_info us;
	Dl_serinfo size, *path = NULL;
	static const char here = 0;
	void *self = dladdr(&here, &us) && us.dli_fname ? dlopen(us.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;

	if (!self)
		self = dlopen(NULL, RTLD_LAZY); /* linked into the program itself */
	if (!self)
		return NULL;
	if (dlinfo(self, RTLD_DI_SERINFOSIZE, &size) == 0)
		path = malloc(size.dls_size);
	if (path && (dlinfo(self, RTLD_DI_SERINFOSIZE, path) != 0 || dlinfo(self, RTLD_DI_SERINFO, path) != 0)) {
		free(path);
		path = NULL;
	}
	dlclose(self);
	return path;
}

enum platform_file platform_find(const char *soname, char *path, size_t path_size)
{
	Dl_serinfo *folders = search_path();
	enum platform_file kind = FILE_MISSING;
	bool found = false;

	for (unsigned i = 0; folders && !found && i < folders->dls_cnt; i++)
		found = would_be_taken(folders->dls_serpath[i].dls_name, soname, path, path_size, &kind);
	free(folders);
	return found ? kind : FILE_MISSING;
}

#else

enum platform_file platform_find(const char *soname, char *path, size_t path_size)
{
	const char *rest = getenv("LD_LIBRARY_PATH");
	char folder[PATH_MAX];
	enum platform_file kind;

	while (rest && *rest) {
		size_t length = strcspn(rest, ":;");
		snprintf(folder, sizeof folder, "%.*s", (int)length, rest);
		if (would_be_taken(folder, soname, path, path_size, &kind))
			return kind;
		rest += length + (rest[length] != 0);
	}
	return FILE_MISSING;
}

#endif

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

/* This thread holds platform_open_lock.  Code that is not ours runs under that one, and may fork. */
static _Thread_local bool opening;

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

bool platform_has_room(int64_t size)
{
	void *room;

	if (size <= 0)
		return true;
	room = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return room != MAP_FAILED && munmap(room, (size_t)size) == 0;
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
	platform_lock(&platform_random_lock);
	amid_opening = !waited;
}

static void unlock_all(void)
{
	bool ours = !opening && !amid_opening;

	platform_unlock(&platform_random_lock);
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
