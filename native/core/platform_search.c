/* The loader's order: the folders that a library names itself, LD_LIBRARY_PATH, the system's cache, its usual folders.
 * Not followed: $LIB and $PLATFORM, whose values only the loader knows, and its variants for some processors. */
#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr, dlinfo */
#endif

#include "platform_search.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <link.h>
#endif

#include "platform_cache.h"
#include "platform_elf.h"

#define CACHE "/etc/ld.so.cache"

struct place {
	char path[PATH_MAX];
	enum platform_file kind;
};

/* The loader goes on where a file is for another machine or cannot be read. */
static bool would_be_taken(struct place *place)
{
	place->kind = platform_inspect(place->path);
	return place->kind == FILE_LIBRARY || place->kind == FILE_TRUNCATED || place->kind == FILE_NOT_LIBRARY;
}

static bool look_in(const char *folder, const char *name, struct place *found)
{
	int length = snprintf(found->path, sizeof found->path, "%s/%s", *folder ? folder : ".", name);

	return length < (int)sizeof found->path && would_be_taken(found);
}

static bool take_cached(void *found, const char *file)
{
	struct place *place = found;

	return snprintf(place->path, sizeof place->path, "%s", file) < (int)sizeof place->path && would_be_taken(place);
}

/* The folders that do not depend on which library is opened. */

#if defined(__GLIBC__)

typedef Dl_serinfo folder_list;

/* Those that the loader would go through for us, in its own words; to be freed. */
static folder_list *loader_folders(void)
{
	Dl_info us;
	Dl_serinfo size, *list = NULL;
	static const char here = 0;
	void *self = dladdr(&here, &us) && us.dli_fname ? dlopen(us.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;

	if (!self)
		self = dlopen(NULL, RTLD_LAZY); /* linked into the program itself */
	if (!self)
		return NULL;
	if (dlinfo(self, RTLD_DI_SERINFOSIZE, &size) == 0)
		list = malloc(size.dls_size);
	if (list && (dlinfo(self, RTLD_DI_SERINFOSIZE, list) != 0 || dlinfo(self, RTLD_DI_SERINFO, list) != 0)) {
		free(list);
		list = NULL;
	}
	dlclose(self);
	return list;
}

/* /lib64, /usr/lib/x86_64-linux-gnu and the like, and not /usr/lib/something, which LD_LIBRARY_PATH may name. */
static bool is_usual(const char *folder)
{
	const char *lib = strncmp(folder, "/usr", 4) == 0 ? folder + 4 : folder;
	const char *inner;

	if (strncmp(lib, "/lib", 4) != 0)
		return false;
	inner = strchr(lib + 1, '/');
	return !inner || (!strchr(inner + 1, '/') && strstr(inner, "-linux-"));
}

/* Where the system's usual folders begin, which come last: the list itself does not say. */
static unsigned first_usual(const folder_list *folders)
{
	unsigned i = folders->dls_cnt;

	while (i > 0 && is_usual(folders->dls_serpath[i - 1].dls_name))
		i--;
	return i;
}

static bool look_in_listed(const folder_list *folders, unsigned from, unsigned to, const char *name,
                           struct place *found)
{
	for (unsigned i = from; i < to; i++) {
		if (look_in(folders->dls_serpath[i].dls_name, name, found))
			return true;
	}
	return false;
}

/* What the program or our own library names, and LD_LIBRARY_PATH. */
static bool look_in_first(const folder_list *folders, const char *name, struct place *found)
{
	return folders && look_in_listed(folders, 0, first_usual(folders), name, found);
}

static bool look_in_usual(const folder_list *folders, const char *name, struct place *found)
{
	return folders && look_in_listed(folders, first_usual(folders), folders->dls_cnt, name, found);
}

#else

typedef char folder_list;

static folder_list *loader_folders(void)
{
	const char *path = getenv("LD_LIBRARY_PATH");

	return strdup(path ? path : "");
}

static bool look_in_first(const folder_list *folders, const char *name, struct place *found)
{
	char folder[PATH_MAX];
	const char *rest = folders ? folders : "";

	while (*rest) {
		size_t length = strcspn(rest, ":;");
		snprintf(folder, sizeof folder, "%.*s", (int)length, rest);
		if (look_in(folder, name, found))
			return true;
		rest += length + (rest[length] != 0);
	}
	return false;
}

static bool look_in_usual(const folder_list *folders, const char *name, struct place *found)
{
	(void)folders;
	(void)name;
	(void)found;
	return false;
}

#endif

enum platform_file platform_find(const char *soname, char *path, size_t path_size)
{
	folder_list *folders = loader_folders();
	struct place place;
	bool found = look_in_first(folders, soname, &place)
	             || cache_find(CACHE, soname, take_cached, &place)
	             || look_in_usual(folders, soname, &place);

	free(folders);
	if (!found || snprintf(path, path_size, "%s", place.path) >= (int)path_size)
		return FILE_MISSING;
	return place.kind;
}

/* All that is opened along with a library. */

#define MAX_PARTS 128

struct part {
	char *path;
	char *rpath;   /* "" where there is a runpath */
	char *runpath;
	int needed_by; /* -1 for the library itself */
};

struct parts {
	int count;
	int current; /* what this one needs is looked up */
	folder_list *folders;
	struct part *truncated;
	struct part parts[MAX_PARTS];
};

/* `length` bytes of `text` with $ORIGIN, the folder of the library that says it, written out. */
static bool write_out(const char *text, size_t length, const char *library, char *written, size_t size)
{
	const char *slash = strrchr(library, '/');
	size_t used = 0;

	for (const char *at = text; at < text + length; ) {
		size_t skip = strncmp(at, "$ORIGIN", 7) == 0 ? 7 : strncmp(at, "${ORIGIN}", 9) == 0 ? 9 : 0;
		if (skip && slash)
			used += (size_t)snprintf(written + used, size - used, "%.*s", (int)(slash - library), library);
		else
			used += (size_t)snprintf(written + used, size - used, "%c", skip ? '.' : *at);
		at += skip ? skip : 1;
		if (used >= size)
			return false;
	}
	return used > 0;
}

/* In folders that a library names, such as "$ORIGIN:$ORIGIN/../lib". */
static bool look_in_named(const char *folders, const char *library, const char *name, struct place *found)
{
	char folder[PATH_MAX];

	while (*folders) {
		size_t length = strcspn(folders, ":");
		if (write_out(folders, length, library, folder, sizeof folder) && look_in(folder, name, found))
			return true;
		folders += length + (folders[length] != 0);
	}
	return false;
}

/* An rpath holds for what its library needs, and for what that needs in turn; a runpath for the first only, and where
 * there is one no rpath counts. */
static bool look_in_rpaths(const struct parts *parts, const char *name, struct place *found)
{
	if (*parts->parts[parts->current].runpath)
		return false;
	for (int i = parts->current; i >= 0; i = parts->parts[i].needed_by) {
		if (look_in_named(parts->parts[i].rpath, parts->parts[i].path, name, found))
			return true;
	}
	return false;
}

static bool find_needed(const struct parts *parts, const char *name, struct place *found)
{
	const struct part *part = &parts->parts[parts->current];

	if (strchr(name, '/'))
		return write_out(name, strlen(name), part->path, found->path, sizeof found->path) && would_be_taken(found);
	return look_in_rpaths(parts, name, found)
	       || look_in_first(parts->folders, name, found)
	       || look_in_named(part->runpath, part->path, name, found)
	       || cache_find(CACHE, name, take_cached, found)
	       || look_in_usual(parts->folders, name, found);
}

/* False when it is cut short.  Memory that is used up leaves it out: opening it will say so. */
static bool add_part(struct parts *parts, const struct place *place, int needed_by)
{
	char rpath[PATH_MAX], runpath[PATH_MAX];
	struct part *part = &parts->parts[parts->count];

	for (int i = 0; i < parts->count; i++) {
		if (strcmp(parts->parts[i].path, place->path) == 0)
			return true;
	}
	if (parts->count == MAX_PARTS || (place->kind != FILE_LIBRARY && place->kind != FILE_TRUNCATED))
		return true;
	elf_read_paths(place->path, rpath, runpath, PATH_MAX);
	*part = (struct part){strdup(place->path), strdup(*runpath ? "" : rpath), strdup(runpath), needed_by};
	if (!part->path || !part->rpath || !part->runpath) {
		free(part->path);
		free(part->rpath);
		free(part->runpath);
		return true;
	}
	parts->count++;
	if (place->kind == FILE_TRUNCATED)
		parts->truncated = part;
	return !parts->truncated;
}

static bool see_needed(void *context, const char *name)
{
	struct parts *parts = context;
	struct place found;

	return !find_needed(parts, name, &found) || add_part(parts, &found, parts->current);
}

static bool add_root(struct parts *parts, const char *path)
{
	struct place place;

	return !path || snprintf(place.path, sizeof place.path, "%s", path) >= (int)sizeof place.path
	       || !would_be_taken(&place) || add_part(parts, &place, -1);
}

bool search_is_whole(const char *path, char *why, size_t why_size)
{
	struct parts parts = {.folders = loader_folders()};
	char *real = realpath(path, NULL); /* the loader may look beside either of the two */
	bool whole = add_root(&parts, path) && add_root(&parts, real);

	for (; whole && parts.current < parts.count; parts.current++)
		whole = elf_each_needed(parts.parts[parts.current].path, see_needed, &parts);
	if (!whole)
		snprintf(why, why_size, "\"%s\" is truncated: it ends before its own header says; download or copy it again",
		         parts.truncated->path);
	for (int i = 0; i < parts.count; i++) {
		free(parts.parts[i].path);
		free(parts.parts[i].rpath);
		free(parts.parts[i].runpath);
	}
	free(parts.folders);
	free(real);
	return whole;
}
