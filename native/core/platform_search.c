/* The loader's order: the folders that a library names itself, LD_LIBRARY_PATH, the system's cache, its usual folders. */
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
#include "platform_variant.h"

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

static bool look_in(const char *folder, const struct variants *variants, const char *name, struct place *found)
{
	for (int i = 0; i < variants->count; i++) {
		int length = snprintf(found->path, sizeof found->path, "%s/%s%s", *folder ? folder : ".",
		                      variants->subfolders[i], name);
		if (length < (int)sizeof found->path && would_be_taken(found))
			return true;
	}
	return false;
}

/* The best of the files that the cache has for a name. */
struct cached {
	const struct variants *variants;
	int rank; /* among the variants */
	struct place *found;
};

static void see_cached(void *context, const char *file, bool special)
{
	struct cached *cached = context;
	struct place place;
	int rank = variants_find(cached->variants, file, special);

	if (rank < 0 || rank >= cached->rank)
		return;
	if (snprintf(place.path, sizeof place.path, "%s", file) < (int)sizeof place.path && would_be_taken(&place)) {
		*cached->found = place;
		cached->rank = rank;
	}
}

static bool look_in_cache(const struct variants *variants, const char *name, struct place *found)
{
	struct cached cached = {variants, variants->count, found};

	cache_each(CACHE, name, see_cached, &cached);
	return cached.rank < variants->count;
}

/* The folders that do not depend on which library is opened. */

#if defined(__GLIBC__)
typedef Dl_serinfo folder_list;
#else
typedef char folder_list;
#endif

struct places {
	folder_list *folders; /* NULL when they cannot be told */
	struct variants variants;
};

#if defined(__GLIBC__)

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

/* What $LIB stands for: "lib64", "lib/x86_64-linux-gnu". */
static const char *library_folder(const folder_list *folders)
{
	unsigned first = folders ? first_usual(folders) : 0;
	const char *folder = folders && first < folders->dls_cnt ? folders->dls_serpath[first].dls_name : "/lib";

	return strncmp(folder, "/usr/", 5) == 0 ? folder + 5 : folder + 1;
}

static bool look_in_listed(const struct places *places, unsigned from, unsigned to, const char *name,
                           struct place *found)
{
	for (unsigned i = from; i < to; i++) {
		if (look_in(places->folders->dls_serpath[i].dls_name, &places->variants, name, found))
			return true;
	}
	return false;
}

/* What the program or our own library names, and LD_LIBRARY_PATH. */
static bool look_in_first(const struct places *places, const char *name, struct place *found)
{
	return places->folders && look_in_listed(places, 0, first_usual(places->folders), name, found);
}

static bool look_in_usual(const struct places *places, const char *name, struct place *found)
{
	const folder_list *folders = places->folders;

	return folders && look_in_listed(places, first_usual(folders), folders->dls_cnt, name, found);
}

#else

static folder_list *loader_folders(void)
{
	const char *path = getenv("LD_LIBRARY_PATH");

	return strdup(path ? path : "");
}

static const char *library_folder(const folder_list *folders)
{
	(void)folders;
	return "lib";
}

static bool look_in_first(const struct places *places, const char *name, struct place *found)
{
	char folder[PATH_MAX];
	const char *rest = places->folders ? places->folders : "";

	while (*rest) {
		size_t length = strcspn(rest, ":;");
		snprintf(folder, sizeof folder, "%.*s", (int)length, rest);
		if (look_in(folder, &places->variants, name, found))
			return true;
		rest += length + (rest[length] != 0);
	}
	return false;
}

static bool look_in_usual(const struct places *places, const char *name, struct place *found)
{
	(void)places;
	(void)name;
	(void)found;
	return false;
}

#endif

static void list_places(struct places *places)
{
	places->folders = loader_folders();
	variants_list(&places->variants);
}

enum platform_file platform_find(const char *soname, char *path, size_t path_size)
{
	struct places places;
	struct place place;
	bool found;

	list_places(&places);
	found = look_in_first(&places, soname, &place)
	        || look_in_cache(&places.variants, soname, &place)
	        || look_in_usual(&places, soname, &place);
	free(places.folders);
	if (!found || snprintf(path, path_size, "%s", place.path) >= (int)path_size)
		return FILE_MISSING;
	return place.kind;
}

/* What the process has already, which the loader takes without a search. */

#if defined(__linux__)

/* The texts of a library in memory.  Some loaders have written the address into its table, others have left the offset. */
static const char *loaded_texts(const struct dl_phdr_info *object, const ElfW(Dyn) *entries)
{
	for (; entries->d_tag != DT_NULL; entries++) {
		if (entries->d_tag == DT_STRTAB)
			return (const char *)(entries->d_un.d_ptr + (entries->d_un.d_ptr < object->dlpi_addr ? object->dlpi_addr : 0));
	}
	return NULL;
}

static bool has_soname(const struct dl_phdr_info *object, const ElfW(Dyn) *entries, const char *soname)
{
	const char *texts = loaded_texts(object, entries);

	for (; texts && entries->d_tag != DT_NULL; entries++) {
		if (entries->d_tag == DT_SONAME && strcmp(texts + entries->d_un.d_val, soname) == 0)
			return true;
	}
	return false;
}

static int compare_soname(struct dl_phdr_info *object, size_t size, void *soname)
{
	(void)size;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
		if (segment->p_type == PT_DYNAMIC
		    && has_soname(object, (const ElfW(Dyn) *)(object->dlpi_addr + segment->p_vaddr), soname))
			return 1;
	}
	return 0;
}

bool search_is_loaded(const char *soname)
{
	char wanted[NAME_MAX + 1];

	return snprintf(wanted, sizeof wanted, "%s", soname) < (int)sizeof wanted
	       && dl_iterate_phdr(compare_soname, wanted);
}

#else

bool search_is_loaded(const char *soname)
{
	(void)soname;
	return false;
}

#endif

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
	struct places places;
	struct part *truncated;
	struct part parts[MAX_PARTS];
};

struct word {
	const char *name;
	const char *meaning;
};

/* What "$NAME" or "${NAME}" at the start of `text` means; NULL when it is neither.  `*length` is how long it is. */
static const char *meaning_of(const char *text, const struct word *words, size_t *length)
{
	for (; *text == '$' && words->name; words++) {
		size_t braces = text[1] == '{' ? 1 : 0, name = strlen(words->name);
		*length = 1 + name + 2 * braces;
		if (strncmp(text + 1 + braces, words->name, name) == 0 && (!braces || text[*length - 1] == '}'))
			return words->meaning;
	}
	*length = 1;
	return NULL;
}

/* `length` bytes of `text`, which a library says, with the loader's words written out. */
static bool write_out(const struct places *places, const char *text, size_t length, const char *library, char *written,
                      size_t size)
{
	const char *slash = strrchr(library, '/');
	char origin[PATH_MAX];
	const struct word words[] = {
		{"ORIGIN", origin}, {"LIB", library_folder(places->folders)}, {"PLATFORM", variants_platform()}, {NULL, NULL}};
	size_t used = 0, step;

	snprintf(origin, sizeof origin, "%.*s", slash ? (int)(slash - library) : 1, slash ? library : ".");
	for (const char *at = text; at < text + length; at += step) {
		const char *meaning = meaning_of(at, words, &step);
		used += (size_t)snprintf(written + used, size - used, "%.*s", meaning ? PATH_MAX : 1, meaning ? meaning : at);
		if (used >= size)
			return false;
	}
	return used > 0;
}

/* In folders that a library names, such as "$ORIGIN:$ORIGIN/../lib". */
static bool look_in_named(const struct places *places, const char *folders, const char *library, const char *name,
                          struct place *found)
{
	char folder[PATH_MAX];

	while (*folders) {
		size_t length = strcspn(folders, ":");
		if (write_out(places, folders, length, library, folder, sizeof folder)
		    && look_in(folder, &places->variants, name, found))
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
		if (look_in_named(&parts->places, parts->parts[i].rpath, parts->parts[i].path, name, found))
			return true;
	}
	return false;
}

static bool find_needed(const struct parts *parts, const char *name, struct place *found)
{
	const struct places *places = &parts->places;
	const struct part *part = &parts->parts[parts->current];

	if (strchr(name, '/'))
		return write_out(places, name, strlen(name), part->path, found->path, sizeof found->path)
		       && would_be_taken(found);
	return look_in_rpaths(parts, name, found)
	       || look_in_first(places, name, found)
	       || look_in_named(places, part->runpath, part->path, name, found)
	       || look_in_cache(&places->variants, name, found)
	       || look_in_usual(places, name, found);
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

	return search_is_loaded(name) || !find_needed(parts, name, &found) || add_part(parts, &found, parts->current);
}

static bool add_root(struct parts *parts, const char *path)
{
	struct place place;

	return !path || snprintf(place.path, sizeof place.path, "%s", path) >= (int)sizeof place.path
	       || !would_be_taken(&place) || add_part(parts, &place, -1);
}

bool search_is_whole(const char *path, char *why, size_t why_size)
{
	struct parts parts = {0};
	char *real = realpath(path, NULL); /* the loader may look beside either of the two */
	bool whole = add_root(&parts, path) && add_root(&parts, real);

	list_places(&parts.places);
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
	free(parts.places.folders);
	free(real);
	return whole;
}
