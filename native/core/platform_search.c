#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dl_iterate_phdr */
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

#include "platform_elf.h"
#include "platform_places.h"

/* The file for a library's name. */

struct found {
	char *path;
	size_t path_size;
	enum platform_file kind;
};

static bool take_first(void *context, const char *file, enum platform_file kind)
{
	struct found *found = context;

	if (snprintf(found->path, found->path_size, "%s", file) < (int)found->path_size)
		found->kind = kind;
	return false;
}

enum platform_file platform_find(const char *soname, char *path, size_t path_size)
{
	struct found found = {path, path_size, FILE_MISSING};
	struct places *places = places_open();

	if (places && places_each_first(places, soname, take_first, &found))
		places_each_last(places, soname, take_first, &found);
	places_close(places);
	return found.kind;
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

struct part {
	char *path;
	char *name; /* by which another one needs it */
	char *soname;
	char *rpath;
	char *runpath;
	char **needed;
	int needed_count;
	int needed_by; /* -1 for the library itself, which is the first */
	bool open;
};

struct search {
	struct places *places;
	struct part *parts;
	int count;
	int current;     /* what this one needs is looked up */
	bool danger;     /* the loader might come across a file that is cut short */
	char *truncated; /* such a file, and there is none in its place */
	bool starved;    /* memory is used up */
};

static char *copy(struct search *search, const char *text)
{
	char *copied = strdup(text);

	search->starved = search->starved || !copied;
	return copied;
}

static void replace(struct search *search, char **text, const char *by)
{
	free(*text);
	*text = copy(search, by);
}

static void add_needed(struct search *search, struct part *part, const char *name)
{
	char **larger = realloc(part->needed, (size_t)(part->needed_count + 1) * sizeof *larger);

	search->starved = search->starved || !larger;
	if (!larger)
		return;
	part->needed = larger;
	part->needed[part->needed_count] = copy(search, name);
	part->needed_count += part->needed[part->needed_count] != NULL;
}

static void see_word(void *context, enum elf_word word, const char *text)
{
	struct search *search = context;
	struct part *part = &search->parts[search->count - 1];

	switch (word) {
	case ELF_SONAME:
		replace(search, &part->soname, text);
		break;
	case ELF_NEEDED:
		add_needed(search, part, text);
		break;
	case ELF_RPATH:
		replace(search, &part->rpath, text);
		break;
	case ELF_RUNPATH:
		replace(search, &part->runpath, text);
		break;
	}
}

static void add_part(struct search *search, const char *path, const char *name, int needed_by)
{
	struct part *larger = realloc(search->parts, (size_t)(search->count + 1) * sizeof *larger);

	search->starved = search->starved || !larger;
	if (!larger)
		return;
	search->parts = larger;
	search->parts[search->count] = (struct part){.path = copy(search, path), .name = copy(search, name),
	                                             .needed_by = needed_by};
	search->count++;
	if (!search->starved)
		elf_each_word(path, see_word, search);
}

static void close_search(struct search *search)
{
	for (struct part *part = search->parts; part < search->parts + search->count; part++) {
		for (int i = 0; i < part->needed_count; i++)
			free(part->needed[i]);
		free(part->needed);
		free(part->path);
		free(part->name);
		free(part->soname);
		free(part->rpath);
		free(part->runpath);
	}
	free(search->parts);
	free(search->truncated);
	places_close(search->places);
}

/* One name that a library needs. */

/* The loader goes by the names that libraries have, and by those under which it has found them. */
static struct part *part_named(const struct search *search, const char *name)
{
	for (int i = 1; i < search->count; i++) {
		struct part *part = &search->parts[i];
		if (strcmp(part->name, name) == 0 || (part->soname && strcmp(part->soname, name) == 0))
			return part;
	}
	return NULL;
}

struct candidates {
	struct search *search;
	char *whole;     /* the first */
	char *truncated; /* the first */
};

static bool see_candidate(void *context, const char *file, enum platform_file kind)
{
	struct candidates *candidates = context;

	if (kind == FILE_LIBRARY && !candidates->whole)
		candidates->whole = copy(candidates->search, file);
	if (kind == FILE_TRUNCATED && !candidates->truncated)
		candidates->truncated = copy(candidates->search, file);
	return true;
}

/* An rpath holds for what its library needs, and for what that needs in turn; a runpath for the first only, and where
 * there is one no rpath counts. */
static void look_in_rpaths(struct search *search, const char *name, struct candidates *candidates)
{
	if (search->parts[search->current].runpath)
		return;
	for (int i = search->current; i >= 0; i = search->parts[i].needed_by) {
		const struct part *part = &search->parts[i];
		if (part->rpath && !part->runpath)
			places_each_named(search->places, part->rpath, part->path, name, see_candidate, candidates);
	}
}

/* Every place is looked at, not only those before the first whole file: where it is that the loader stops depends on
 * settings that cannot all be told. */
static void find_candidates(struct search *search, const char *name, struct candidates *candidates)
{
	const struct part *part = &search->parts[search->current];

	if (strchr(name, '/')) {
		places_each_path(search->places, name, part->path, see_candidate, candidates);
		return;
	}
	look_in_rpaths(search, name, candidates);
	places_each_first(search->places, name, see_candidate, candidates);
	if (part->runpath)
		places_each_named(search->places, part->runpath, part->path, name, see_candidate, candidates);
	places_each_last(search->places, name, see_candidate, candidates);
}

/* The loader takes a library that is open for a name only if the library says that this is its name. */
static bool would_do(const struct search *search, const char *name)
{
	const struct part *part = &search->parts[search->count - 1];

	return part->soname && strcmp(part->soname, name) == 0;
}

static void look_up(struct search *search, const char *name)
{
	struct candidates candidates = {.search = search};
	bool replaced = false;

	if (search_is_loaded(name) || part_named(search, name))
		return;
	find_candidates(search, name, &candidates);
	if (candidates.whole) {
		add_part(search, candidates.whole, name, search->current);
		replaced = !search->starved && would_do(search, name);
	}
	if (candidates.truncated) {
		search->danger = true;
		if (!replaced)
			replace(search, &search->truncated, candidates.truncated);
	}
	free(candidates.whole);
	free(candidates.truncated);
}

static void look_up_all(struct search *search)
{
	for (; search->current < search->count; search->current++) {
		for (int i = 0; i < search->parts[search->current].needed_count; i++) {
			if (search->truncated || search->starved)
				return;
			look_up(search, search->parts[search->current].needed[i]);
		}
	}
}

/* Opening the whole ones. */

static bool is_ready(const struct search *search, const struct part *part)
{
	for (int i = 0; i < part->needed_count; i++) {
		const struct part *needed = part_named(search, part->needed[i]);
		if (needed && needed != part && !needed->open)
			return false;
	}
	return true;
}

/* One that needs none that are closed; where they need each other, the last. */
static struct part *next_to_open(const struct search *search)
{
	struct part *last = NULL;

	for (int i = search->count - 1; i > 0; i--) {
		struct part *part = &search->parts[i];
		if (!part->open && is_ready(search, part))
			return part;
		if (!part->open && !last)
			last = part;
	}
	return last;
}

/* They stay open, as libraries do that have begun to work.  Whoever opens the library hears of what fails here. */
static void open_parts(struct search *search)
{
	struct part *part;

	while ((part = next_to_open(search))) {
		part->open = true;
		dlopen(part->path, RTLD_NOW | RTLD_LOCAL);
	}
}

bool search_prepare(const char *path, char *why, size_t why_size)
{
	struct search search = {.places = places_open()};
	bool safe;

	search.starved = !search.places;
	if (!search.starved)
		add_part(&search, path, "", -1);
	look_up_all(&search);
	safe = !search.starved && !search.truncated;
	if (search.starved)
		snprintf(why, why_size, "memory is used up");
	else if (search.truncated)
		snprintf(why, why_size, "\"%s\" is truncated: its end is missing; download or copy it again", search.truncated);
	else if (search.danger)
		open_parts(&search);
	close_search(&search);
	return safe;
}
