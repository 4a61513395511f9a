/* Everything that differs between operating systems: shared objects, files, mutexes, entropy, exit and fork. */
#ifndef RT_PLATFORM_H
#define RT_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define RT_EXPORT __attribute__((visibility("default")))
#define RT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define RT_AT_LOAD __attribute__((constructor)) /* runs when our own library is loaded */
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#else
#define RT_EXPORT
#define RT_PRINTF(text, first)
#define RT_AT_LOAD
#define likely(x) (x)
#define unlikely(x) (x)
#endif

/* For a few bytes of each thread.  In a shared object the usual thread-local variables are found by a call into the
 * loader, which would then be a library that ours needs; these are where each thread begins, which is faster too.  What
 * is loaded later shares little room there. */
#if defined(__GLIBC__)
#define RT_THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))
#else
#define RT_THREAD_LOCAL _Thread_local
#endif

/* Shared objects.  `why` receives the loader's own words on failure, or that the library, or one that it needs, is cut
 * short: the loader would not survive it. */
void *platform_open(const char *path, char *why, size_t why_size);
void *platform_already_open(const char *soname); /* NULL unless the process holds it */
void platform_close(void *library);
void *platform_symbol(void *library, const char *name); /* NULL when missing */
void *platform_global_symbol(const char *name);         /* the process-wide search */
bool platform_path_of(void *library, const char *symbol, char *path, size_t path_size);
uint64_t platform_load_count(void); /* grows whenever the process loads a shared object, where that can be known */

/* Files. */
enum platform_file {
	FILE_MISSING,
	FILE_FOLDER,
	FILE_UNREADABLE,
	FILE_NOT_LIBRARY, /* no shared object at all */
	FILE_FOREIGN,     /* one for another machine */
	FILE_TRUNCATED,   /* cut short: opening it would kill the process */
	FILE_LIBRARY,
};
enum platform_file platform_inspect(const char *path); /* reads headers only; recognises a truncated shared object */
/* The file that the loader would take for a bare name. */
enum platform_file platform_find(const char *soname, char *path, size_t path_size);
bool platform_same_file(const char *a, const char *b);
bool platform_real_path(const char *path, char *real, size_t real_size); /* without symbolic links */

bool platform_has_room(int64_t size); /* that many bytes of memory can be had */

/* Threads. */
struct platform_mutex;
extern struct platform_mutex platform_open_lock, platform_grow_lock, platform_release_lock, platform_random_lock;
void platform_lock(struct platform_mutex *mutex);
void platform_unlock(struct platform_mutex *mutex);
/* `run(what)` as this thread ends, the same `run` in every thread; false when memory is used up. */
bool platform_at_thread_end(void (*run)(void *what), void *what);
void platform_nap(void); /* about a millisecond */
int64_t platform_milliseconds(void);
uint64_t platform_entropy(void); /* 64 bits that nobody can tell before */

/* `at_exit` runs before the static destructors of whatever was loaded earlier. */
void platform_on_exit(void (*at_exit)(void));
/* `run` when the calling thread calls exit or returns from main, before anything else that exit does; but also when just
 * this thread ends.  Where there is no such thing, never. */
void platform_before_exit(void (*run)(void *unused));
/* `before` a fork, and after it in both processes; in between all locks above are held. */
void platform_on_fork(void (*before)(void), void (*in_parent)(void), void (*in_child)(void));

#endif
