#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* dladdr, dlinfo */
#endif

#include "platform_places.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <link.h>
#endif

#include "platform_cache.h"
#include "platform_variant.h"

#define CACHE "/etc/ld.so.cache"
#define MAX_FOLDERS 4096

struct places {
	int count;
	char *folders[MAX_FOLDERS]; /* the same for each library */
	int usual;                  /* from here on they are the system's, which come last */
	struct variants variants;
	struct cache *cache;
	char folder[PATH_MAX], file[PATH_MAX];
};

/* The folders that do not depend on which library is opened. */

static void add_folder(struct places *places, const char *folder)
{
	for (int i = 0; i < places->count; i++) {
		if (strcmp(places->folders[i], folder) == 0)
			return;
	}
	if (places->count < MAX_FOLDERS && (places->folders[places->count] = strdup(folder)))
		places->count++;
}

#if defined(__GLIBC__)

/* /lib64, /usr/lib/x86_64-linux-gnu and the like. */
static bool is_usual(const char *folder)
{
	const char *lib = strncmp(folder, "/usr", 4) == 0 ? folder + 4 : folder;
	const char *inner;

	if (strncmp(lib, "/lib", 4) != 0)
		return false;
	lib += strspn(lib + 4, "x3264") + 4;
	inner = *lib == '/' ? strstr(lib, "-linux-") : NULL;
	return !*lib || (inner && !strchr(lib + 1, '/'));
}

/* Those that the loader would go through for what `self` opens, in its own words. */
static void add_listed(struct places *places, void *self, bool usual)
{
	Dl_serinfo size, *list = NULL;
	unsigned first;

	if (dlinfo(self, RTLD_DI_SERINFOSIZE, &size) == 0)
		list = malloc(size.dls_size);
	if (!list || dlinfo(self, RTLD_DI_SERINFOSIZE, list) != 0 || dlinfo(self, RTLD_DI_SERINFO, list) != 0) {
		free(list);
		return;
	}
	/* The list does not say where the usual ones begin.  One of LD_LIBRARY_PATH that looks like them counts as usual. */
	for (first = list->dls_cnt; first > 0 && is_usual(list->dls_serpath[first - 1].dls_name); first--)
		continue;
	for (unsigned i = usual ? first : 0; i < (usual ? list->dls_cnt : first); i++)
		add_folder(places, list->dls_serpath[i].dls_name);
	free(list);
}

/* Our own library's folders hold what the program's do, unless it names some itself. */
static void add_folders(struct places *places)
{
	Dl_info us;
	static const char here = 0;
	void *program = dlopen(NULL, RTLD_LAZY);
	void *self = dladdr(&here, &us) && us.dli_fname ? dlopen(us.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;

	for (int usual = 0; usual < 2; usual++) {
		if (usual)
			places->usual = places->count;
		if (self)
			add_listed(places, self, usual);
		if (program)
			add_listed(places, program, usual);
	}
	if (self)
		dlclose(self);
	if (program)
		dlclose(program);
}

#else

static void add_folders(struct places *places)
{
	const char *rest = getenv("LD_LIBRARY_PATH");

	while (rest && *rest) {
		size_t length = strcspn(rest, ":;");
		if (snprintf(places->folder, sizeof places->folder, "%.*s", (int)length, rest) < PATH_MAX)
			add_folder(places, places->folder);
		rest += length + (rest[length] != 0);
	}
	places->usual = places->count;
}

#endif

struct places *places_open(void)
{
	struct places *places = calloc(1, sizeof *places);

	if (!places)
		return NULL;
	variants_list(&places->variants);
	places->cache = cache_read(CACHE);
	add_folders(places);
	return places;
}

void places_close(struct places *places)
{
	if (!places)
		return;
	for (int i = 0; i < places->count; i++)
		free(places->folders[i]);
	free(places->cache);
	free(places);
}

/* Looking. */

static bool see_file(const char *file, places_see see, void *context)
{
	enum platform_file kind = platform_inspect(file);

	if (kind == FILE_LIBRARY || kind == FILE_TRUNCATED || kind == FILE_NOT_LIBRARY)
		return see(context, file, kind);
	return true;
}

static bool each_in(struct places *places, const char *folder, const char *name, places_see see, void *context)
{
	for (int i = 0; i < places->variants.count; i++) {
		int length = snprintf(places->file, sizeof places->file, "%s/%s%s", *folder ? folder : ".",
		                      places->variants.subfolders[i], name);
		if (length < (int)sizeof places->file && !see_file(places->file, see, context))
			return false;
	}
	return true;
}

bool places_each_first(struct places *places, const char *name, places_see see, void *context)
{
	for (int i = 0; i < places->usual; i++) {
		if (!each_in(places, places->folders[i], name, see, context))
			return false;
	}
	return true;
}

/* The files of one variant that the cache has. */
struct cached {
	const struct variants *variants;
	int variant;
	places_see see;
	void *context;
	bool go_on;
};

static void see_cached(void *context, const char *file, bool special)
{
	struct cached *cached = context;

	if (cached->go_on && variants_find(cached->variants, file, special) == cached->variant)
		cached->go_on = see_file(file, cached->see, cached->context);
}

bool places_each_last(struct places *places, const char *name, places_see see, void *context)
{
	struct cached cached = {&places->variants, 0, see, context, true};

	for (; cached.go_on && cached.variant < places->variants.count; cached.variant++)
		cache_each(places->cache, name, see_cached, &cached);
	for (int i = places->usual; cached.go_on && i < places->count; i++)
		cached.go_on = each_in(places, places->folders[i], name, see, context);
	return cached.go_on;
}

/* The loader's words in what a library says. */

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

/* `length` bytes of `text` with those words written out, as places->folder. */
static bool write_out(struct places *places, const char *text, size_t length, const char *library, const char *lib)
{
	const char *slash = strrchr(library, '/');
	const char *origin = slash ? strndup(library, (size_t)(slash - library)) : strdup(".");
	const struct word words[] = {
		{"ORIGIN", origin}, {"LIB", lib}, {"PLATFORM", variants_platform()}, {NULL, NULL}};
	size_t used = 0, step;

	*places->folder = 0;
	for (const char *at = text; origin && used < PATH_MAX && at < text + length; at += step) {
		const char *meaning = meaning_of(at, words, &step);
		used += (size_t)snprintf(places->folder + used, PATH_MAX - used, "%.*s", meaning ? PATH_MAX : 1,
		                         meaning ? meaning : at);
	}
	free((char *)origin);
	return origin && used < PATH_MAX;
}

/* What $LIB may stand for; NULL after the last.  Which it is, only the loader knows. */
static const char *library_folder(const struct places *places, int i)
{
	static const char *const common[] = {"lib64", "lib", "lib32"};
	const char *usual;

	if (i < 3)
		return common[i];
	if (places->usual + i - 3 >= places->count)
		return NULL;
	usual = places->folders[places->usual + i - 3];
	return strncmp(usual, "/usr/", 5) == 0 ? usual + 5 : usual + 1;
}

/* Calls `look` once, or for each meaning of $LIB where that is in the text, with places->folder filled. */
typedef bool (*look_there)(struct places *places, const char *name, places_see see, void *context);
static bool each_meaning(struct places *places, const char *text, size_t length, const char *library, look_there look,
                         const char *name, places_see see, void *context)
{
	bool varies = memmem(text, length, "LIB", 3);
	const char *lib;

	for (int i = 0; (lib = library_folder(places, i)) && (varies || i == 0); i++) {
		if (write_out(places, text, length, library, lib) && !look(places, name, see, context))
			return false;
	}
	return true;
}

static bool look_in_folder(struct places *places, const char *name, places_see see, void *context)
{
	return each_in(places, places->folder, name, see, context);
}

static bool look_at_path(struct places *places, const char *name, places_see see, void *context)
{
	(void)name;
	return see_file(places->folder, see, context);
}

bool places_each_named(struct places *places, const char *folders, const char *library, const char *name,
                       places_see see, void *context)
{
	for (const char *at = folders; *folders; at++) {
		size_t length = strcspn(at, ":");
		if (!each_meaning(places, at, length, library, look_in_folder, name, see, context))
			return false;
		at += length;
		if (!*at)
			break;
	}
	return true;
}

bool places_each_path(struct places *places, const char *path, const char *library, places_see see, void *context)
{
	return each_meaning(places, path, strlen(path), library, look_at_path, NULL, see, context);
}
