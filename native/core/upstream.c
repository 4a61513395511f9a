#include "upstream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "later.h"

#define PATH_SIZE 4096

/* All of these are guarded by platform_open_lock; `loaded` and the two texts are also read without it. */
static void *_Atomic loaded;
static char *_Atomic loaded_path;
static char *_Atomic loaded_version;
static char *suggested;

/* Why the last search failed: a call that needs the library must not search again each time. */
static struct {
	bool known;
	char *environment; /* as it was at that time */
	uint64_t loads;    /* the same */
	char text[ERROR_TEXT_SIZE];
} failure;

/* One that was opened and then refused cannot be unloaded. */
static struct {
	char *path;
	char *why;
} refused;

static bool forked_amid_opening;

static bool fail(const char *format, ...) RT_PRINTF(1, 2);

static bool fail(const char *format, ...)
{
	char text[sizeof failure.text]; /* the arguments may point into the present one */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	memcpy(failure.text, text, sizeof text);
	return false;
}

static const char *environment_path(void)
{
	const char *path = library.environment ? getenv(library.environment) : NULL;

	return path ? path : "";
}

/* Opening one file. */

static bool is_usable(const char *file, enum platform_file kind)
{
	switch (kind) {
	case FILE_LIBRARY:
		return true;
	case FILE_MISSING:
		return fail("there is no file \"%s\"", file);
	case FILE_FOLDER:
		return fail("\"%s\" is a folder, not a library", file);
	case FILE_UNREADABLE:
		return fail("\"%s\" cannot be read", file);
	case FILE_FOREIGN:
		return fail("\"%s\" is a library for another kind of machine", file);
	case FILE_TRUNCATED:
		return fail("\"%s\" is truncated: it ends before its own header says; download or copy it again", file);
	case FILE_NOT_LIBRARY:
		break;
	}
	return fail("\"%s\" is no shared library", file);
}

/* The file that `path` means: itself, or the library in that folder. */
static bool find_file(const char *path, char *file, size_t file_size)
{
	enum platform_file kind = platform_inspect(path);

	if (snprintf(file, file_size, "%s%s", strchr(path, '/') ? "" : "./", path) >= (int)file_size)
		return fail("a path of %zu bytes is too long", strlen(path));
	if (kind == FILE_FOLDER) {
		for (const char *const *soname = library.sonames; *soname; soname++) {
			if (snprintf(file, file_size, "%s/%s", path, *soname) >= (int)file_size)
				return fail("a path of %zu bytes is too long", strlen(path));
			kind = platform_inspect(file);
			if (kind != FILE_MISSING)
				break;
		}
		if (kind == FILE_MISSING)
			return fail("the folder \"%s\" holds no %s", path, library.sonames[0]);
	}
	if (kind == FILE_MISSING)
		return fail("there is no file or folder \"%s\"", path);
	return is_usable(file, kind);
}

static bool identified(void *opened)
{
	for (const char *const *symbol = library.identify; *symbol; symbol++) {
		if (!platform_symbol(opened, *symbol))
			return false;
	}
	return true;
}

/* A text that lives as long as the process. */
static char *keep(const char *text)
{
	char *copy = malloc(strlen(text) + 1);

	return copy ? strcpy(copy, text) : NULL;
}

static void at_exit(void);
static void in_child(bool amid_opening);

/* From the beginning on: a call that waits for the library to be opened is in flight, so exit waits for it; and a fork
 * waits until it is open. */
RT_AT_LOAD static void before_opening(void)
{
	static bool hooked;

	if (hooked)
		return;
	platform_on_exit(at_exit);
	platform_on_fork(in_child);
	hooked = true;
}

static bool refuse(const char *real)
{
	free(refused.path);
	free(refused.why);
	refused.path = keep(real);
	refused.why = keep(error_text());
	return fail("%s", error_text());
}

/* Take an opened library into use, or close it again. */
static bool adopt(void *opened, const char *name, bool brought_in)
{
	char path[PATH_SIZE], real[PATH_SIZE];
	char *kept;

	if (!identified(opened)) {
		platform_close(opened);
		return fail("\"%s\" is no %s: it has no `%s`", name, library.upstream, library.identify[0]);
	}
	if (!library.identify[0] || !platform_path_of(opened, library.identify[0], path, sizeof path))
		snprintf(path, sizeof path, "%s", name);
	if (!platform_real_path(path, real, sizeof real))
		snprintf(real, sizeof real, "%s", path);
	if (library.opened && !library.opened(opened, real, brought_in))
		return refuse(real); /* stays open: such a library cannot be unloaded once it has started */
	kept = keep(real);
	if (!kept)
		return fail("memory is used up");
	platform_on_exit(at_exit); /* once more: after opening, so that it runs before the library's own destructors */
	atomic_store(&loaded_path, kept);
	atomic_store(&loaded, opened);
	failure.known = false;
	return true;
}

/* One that the process has already; NULL when it has none. */
static void *already_open(void)
{
	for (const char *const *soname = library.sonames; *soname; soname++) {
		void *opened = platform_already_open(*soname);
		if (opened)
			return opened;
	}
	return NULL;
}

static bool refuse_second(const char *file, const char *present)
{
	const char *version = upstream_version();

	if (refused.path && refused.why && platform_same_file(present, refused.path))
		return fail("\"%s\" cannot be loaded, since this process still has \"%s\", which was refused: %s; begin a new "
		            "process", file, refused.path, refused.why);
	return fail("\"%s\" cannot be loaded, since this process already has %s%s%s from \"%s\", and can have only one",
	            file, library.upstream, *version ? " " : "", version, present);
}

/* `*opened` tells whether there was a library to adopt; `why` is filled when there was none. */
static bool open_and_adopt(const char *file, bool *opened, char *why, size_t why_size)
{
	void *handle = platform_open(file, why, why_size);

	*opened = handle != NULL;
	return handle && adopt(handle, file, true);
}

static bool open_file(const char *path)
{
	char file[PATH_SIZE], other[PATH_SIZE], why[1024], second_why[1024];
	void *present;
	bool opened, adopted;

	before_opening();
	if (!find_file(path, file, sizeof file))
		return false;
	present = already_open();
	if (present) {
		if (platform_path_of(present, library.identify[0], other, sizeof other) && !platform_same_file(file, other)) {
			platform_close(present);
			return refuse_second(file, other);
		}
		return adopt(present, file, false);
	}
	adopted = open_and_adopt(file, &opened, why, sizeof why);
	if (!opened && platform_real_path(file, other, sizeof other) && strcmp(file, other) != 0)
		adopted = open_and_adopt(other, &opened, second_why, sizeof second_why); /* beside it are its neighbours */
	return opened ? adopted : fail("\"%s\" cannot be opened: %s", file, why);
}

/* The search. */

/* Through the system's loader path; `*there` tells a library that cannot be used from none at all. */
static bool open_by_soname(bool *there)
{
	char file[PATH_SIZE], why[1024];

	for (const char *const *soname = library.sonames; *soname; soname++) {
		enum platform_file kind = platform_find(*soname, file, sizeof file);
		bool opened, adopted;

		*there = kind != FILE_MISSING;
		if (*there && !is_usable(file, kind))
			return false;
		adopted = open_and_adopt(*there ? file : *soname, &opened, why, sizeof why);
		if (!opened && *there)
			return fail("\"%s\" cannot be opened: %s", file, why);
		*there = opened;
		if (opened)
			return adopted;
	}
	return false;
}

static bool not_found(void)
{
	char looked[PATH_SIZE + 256];
	int length = 0;

	if (library.environment)
		length = snprintf(looked, sizeof looked, "%s is not set, ", library.environment);
	if (suggested)
		snprintf(looked + length, sizeof looked - length, "the suggested \"%s\" does not exist", suggested);
	else
		snprintf(looked + length, sizeof looked - length, "no path was suggested");
	if (!library.environment)
		return fail("%s was not found: this process has none open, %s, and the system's loader path has no %s; "
		            "install it", library.upstream, looked, library.sonames[0]);
	return fail("%s was not found: this process has none open, %s, and the system's loader path has no %s; "
	            "install it, or set %s to that file or to the folder that holds it",
	            library.upstream, looked, library.sonames[0], library.environment);
}

static bool search(void)
{
	bool there = false;
	void *present;

	before_opening();
	if (forked_amid_opening)
		return fail("this process was forked while another thread was opening %s", library.upstream);
	if (*environment_path()) {
		if (open_file(environment_path()))
			return true;
		return fail("the environment variable %s says where %s is, but %s", library.environment, library.upstream,
		            failure.text);
	}
	present = already_open();
	if (present)
		return adopt(present, library.sonames[0], false);
	if (suggested) {
		if (open_file(suggested))
			return true;
		fail("the suggested path cannot be used: %s", failure.text);
		if (platform_inspect(suggested) != FILE_MISSING)
			return false; /* it is there and unusable: another one in its place would be a surprise */
	}
	if (open_by_soname(&there))
		return true;
	return there ? false : not_found();
}

static bool nothing_changed(void)
{
	return failure.known && failure.environment && strcmp(failure.environment, environment_path()) == 0
	       && failure.loads == platform_load_count();
}

/* The same answer as last time, unless the environment has changed or the process has loaded something since; with the
 * lock held. */
static bool search_once(void)
{
	bool found;

	if (nothing_changed())
		return false;
	found = search();
	free(failure.environment);
	failure.environment = keep(environment_path());
	failure.loads = platform_load_count();
	failure.known = !found;
	return found;
}

static bool load_path(const char *path)
{
	char file[PATH_SIZE];

	if (!atomic_load(&loaded))
		return forked_amid_opening ? search() : open_file(path);
	if (!find_file(path, file, sizeof file))
		return false;
	return platform_same_file(file, upstream_path()) || refuse_second(file, upstream_path());
}

static bool load_locked(const char *path)
{
	bool done;

	if (path) {
		done = load_path(path);
		failure.known = false;
		return done;
	}
	if (atomic_load(&loaded))
		return true;
	failure.known = false;
	return search_once();
}

bool upstream_load(const char *who, const char *path)
{
	bool done;

	platform_lock(&platform_open_lock);
	done = load_locked(path);
	if (!done)
		error_set(ERROR_NO_UPSTREAM, "%s: %s%s", who, path ? "argument `path`: " : "", failure.text);
	platform_unlock(&platform_open_lock);
	return done;
}

bool upstream_available(void)
{
	struct error_state before;
	bool there;

	if (atomic_load(&loaded))
		return true;
	error_save(&before);
	platform_lock(&platform_open_lock);
	there = atomic_load(&loaded) || search_once();
	platform_unlock(&platform_open_lock);
	error_restore(&before);
	return there;
}

bool upstream_suggest(const char *path)
{
	char *copy = path ? keep(path) : NULL;

	if (path && !copy)
		return false;
	platform_lock(&platform_open_lock);
	free(suggested);
	suggested = copy;
	failure.known = false;
	platform_unlock(&platform_open_lock);
	return true;
}

const char *upstream_path(void)
{
	return atomic_load(&loaded_path);
}

const char *upstream_version(void)
{
	const char *version = atomic_load(&loaded_version);

	return version ? version : "";
}

void upstream_set_version(const char *version)
{
	atomic_store(&loaded_version, keep(version));
}

/* Symbols. */

/* The place of a symbol's pointer.  It is written once, with the lock held, before the first function that needs it
 * becomes ready; so whoever sees such a function ready may read it. */
static void *pointer_of(uint16_t symbol)
{
	void *pointer;

	memcpy(&pointer, (char *)library.pointers + library.symbols[symbol].offset, sizeof pointer);
	return pointer;
}

static bool resolve(uint16_t symbol)
{
	void *pointer = pointer_of(symbol);

	if (pointer)
		return true;
	pointer = platform_symbol(atomic_load(&loaded), library.symbols[symbol].name);
	if (!pointer)
		return false;
	memcpy((char *)library.pointers + library.symbols[symbol].offset, &pointer, sizeof pointer);
	return true;
}

static void resolve_all(const struct function *function, _Atomic uint8_t *state)
{
	uint8_t result = STATE_READY;

	for (const uint16_t *symbol = function->required; *symbol != NO_SYMBOL; symbol++) {
		if (!resolve(*symbol))
			result = STATE_LACKS_SYMBOL;
	}
	for (const uint16_t *symbol = function->optional; *symbol != NO_SYMBOL; symbol++)
		resolve(*symbol);
	atomic_store_explicit(state, result, memory_order_release);
}

static const char *missing_symbol(const struct function *function)
{
	for (const uint16_t *symbol = function->required; *symbol != NO_SYMBOL; symbol++) {
		if (!pointer_of(*symbol))
			return library.symbols[*symbol].name;
	}
	return "";
}

static bool report(const struct function *function, uint8_t state)
{
	if (state == STATE_LACKS_SYMBOL)
		return error_set(ERROR_UNAVAILABLE, "%s: unavailable in %s %s: it lacks `%s`", function->name,
		                 library.upstream, upstream_version(), missing_symbol(function));
	return error_set(ERROR_UNAVAILABLE, "%s: unavailable in %s %s: it lacks an operation that this function calls by "
	                 "name", function->name, library.upstream, upstream_version());
}

static bool prepare_slowly(const struct function *function, _Atomic uint8_t *state)
{
	uint8_t result;

	platform_lock(&platform_open_lock);
	if (!atomic_load(&loaded) && !search_once()) {
		error_set(ERROR_NO_UPSTREAM, "%s: %s", function->name, failure.text);
		platform_unlock(&platform_open_lock);
		return false;
	}
	if (atomic_load_explicit(state, memory_order_acquire) == STATE_UNKNOWN)
		resolve_all(function, state);
	result = atomic_load_explicit(state, memory_order_acquire);
	platform_unlock(&platform_open_lock);
	return result == STATE_READY || report(function, result);
}

bool upstream_prepare(const struct function *function)
{
	_Atomic uint8_t *state = &library.states[function - library.functions];

	if (likely(atomic_load_explicit(state, memory_order_acquire) == STATE_READY))
		return true;
	return prepare_slowly(function, state);
}

bool upstream_lacks_operation(const struct function *function)
{
	atomic_store(&library.states[function - library.functions], STATE_LACKS_OPERATION);
	return report(function, STATE_LACKS_OPERATION);
}

bool upstream_function_available(const char *name)
{
	struct error_state before;
	bool available = false;

	error_save(&before);
	for (size_t i = 0; i < library.function_count; i++) {
		const struct function *function = &library.functions[i];
		if (strcmp(function->name, name) == 0)
			available = !function->uses_upstream || upstream_prepare(function);
	}
	error_restore(&before);
	return available;
}

/* Calls in flight.  Counters are spread over cache lines, and each thread keeps to one of them. */

#define STRIPES 64
#define LONGEST_WAIT_MS 60000 /* at exit, for a call that does not come back */
#define FOREIGN_WAIT_MS 1000

static struct {
	_Alignas(64) _Atomic int64_t count;
} in_flight[STRIPES];
static _Atomic uint32_t next_stripe;
static _Atomic bool closing;

static RT_THREAD_LOCAL struct {
	uint32_t stripe; /* counted from 1; 0 before the first call */
	int32_t depth;
} self;

bool upstream_enter(void)
{
	_Atomic int64_t *count;

	if (unlikely(!self.stripe))
		self.stripe = atomic_fetch_add(&next_stripe, 1) % STRIPES + 1;
	count = &in_flight[self.stripe - 1].count;
	atomic_fetch_add(count, 1);
	if (unlikely(atomic_load(&closing))) {
		atomic_fetch_sub(count, 1);
		return false;
	}
	self.depth++;
	return true;
}

void upstream_leave(void)
{
	self.depth--;
	atomic_fetch_sub_explicit(&in_flight[self.stripe - 1].count, 1, memory_order_release);
	if (unlikely(later_waiting()) && self.depth == 0)
		later_run_all();
}

bool upstream_inside(void)
{
	return self.depth > 0;
}

bool upstream_closing(void)
{
	return atomic_load(&closing);
}

/* Let no call begin, and wait for those of other threads: the library's destructors must not run under them. */
static void at_exit(void)
{
	int64_t give_up = platform_milliseconds() + LONGEST_WAIT_MS;

	atomic_store(&closing, true);
	for (;;) {
		int64_t others = -self.depth;
		for (int i = 0; i < STRIPES; i++)
			others += atomic_load(&in_flight[i].count);
		if (others <= 0 || platform_milliseconds() > give_up)
			break;
		platform_nap();
	}
	/* Foreign code may have ended its thread and so never come back: it is given a moment, no more. */
	give_up = platform_milliseconds() + FOREIGN_WAIT_MS;
	while (later_running_elsewhere() > 0 && platform_milliseconds() < give_up)
		platform_nap();
}

/* Only the forking thread goes on in the child. */
static void in_child(bool amid_opening)
{
	forked_amid_opening = amid_opening;
	later_fork_child();
	for (int i = 0; i < STRIPES; i++)
		atomic_store(&in_flight[i].count, 0);
	if (self.stripe)
		atomic_store(&in_flight[self.stripe - 1].count, self.depth);
	if (library.forked && atomic_load(&loaded))
		library.forked();
}
