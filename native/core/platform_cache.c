#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* memmem */
#endif

#include "platform_cache.h"

#if defined(__GLIBC__)

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_CACHE (64 << 20)

/* As glibc has had it since 2.2; all offsets count from the header.  Until 2.32 ldconfig put an older format in front. */
static const char magic[] = "glibc-ld.so.cache1.1";

struct header {
	char magic[sizeof magic - 1];
	uint32_t entry_count;
	uint32_t unused[6];
};

struct entry {
	int32_t flags;
	uint32_t name;
	uint32_t file;
	uint32_t unused;
	uint64_t hardware; /* not 0 in an entry for some processors only */
};

_Static_assert(sizeof(struct header) == 48 && sizeof(struct entry) == 24, "not as the loader has it");

struct cache {
	size_t size;
	char bytes[];
};

static struct cache *read_whole(int file)
{
	struct stat status;
	struct cache *cache = NULL;

	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 && status.st_size <= LARGEST_CACHE)
		cache = malloc(sizeof *cache + (size_t)status.st_size);
	if (!cache)
		return NULL;
	cache->size = (size_t)status.st_size;
	if (read(file, cache->bytes, cache->size) != status.st_size) {
		free(cache);
		return NULL;
	}
	return cache;
}

struct cache *cache_read(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct cache *cache = file >= 0 ? read_whole(file) : NULL;

	if (file >= 0)
		close(file);
	return cache;
}

/* A text that ends within the cache. */
static const char *text_at(const char *cache, size_t size, uint32_t offset)
{
	if (offset >= size || !memchr(cache + offset, 0, size - offset))
		return NULL;
	return cache + offset;
}

static void each_in(const char *cache, size_t size, const char *wanted, cache_see see, void *context)
{
	struct header header;
	struct entry entry;

	if (size < sizeof header)
		return;
	memcpy(&header, cache, sizeof header);
	if (header.entry_count > (size - sizeof header) / sizeof entry)
		return;
	for (uint32_t i = 0; i < header.entry_count; i++) {
		const char *name, *file;
		memcpy(&entry, cache + sizeof header + i * sizeof entry, sizeof entry);
		name = text_at(cache, size, entry.name);
		file = text_at(cache, size, entry.file);
		if (name && file && strcmp(name, wanted) == 0)
			see(context, file, entry.hardware != 0);
	}
}

void cache_each(const struct cache *cache, const char *name, cache_see see, void *context)
{
	const char *start = cache ? memmem(cache->bytes, cache->size, magic, sizeof magic - 1) : NULL;

	if (start)
		each_in(start, cache->size - (size_t)(start - cache->bytes), name, see, context);
}

#else

struct cache *cache_read(const char *path)
{
	(void)path;
	return NULL;
}

void cache_each(const struct cache *cache, const char *name, cache_see see, void *context)
{
	(void)cache;
	(void)name;
	(void)see;
	(void)context;
}

#endif
