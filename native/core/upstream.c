#include "upstream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "later.h"

/* A library's state is guarded by platform_open_lock; `loaded` and the two texts are also read without it.  That lock is
 * never held while the loader is asked for anything: the loader has one of its own, and under it runs foreign code, which
 * may call us.  So several threads may load at the same time.  They open the same file, and the first to have done so
 * takes it into use for all. */

/* Those that were ever to be loaded, of whom exit and fork have to know. */
static const struct library *_Atomic libraries;

static RT_THREAD_LOCAL struct {
	uint32_t stripe; /* counted from 1; 0 before the first call */
	int32_t depth;
	const struct library *loading; /* NULL when it loads none */
	bool forking;
} self;

/* One thread's attempt to load, with what would be too much for a small stack. */
struct attempt {
	const struct library *library;
	char why[ERROR_TEXT_SIZE]; /* it failed */
	bool passing;              /* it failed because of what goes on just now */
	char elsewhere[PATH_SIZE], found[PATH_SIZE], file[PATH_SIZE], other[PATH_SIZE];
	char loader_why[2][1024];
};

static bool fail(struct attempt *attempt, const char *format, ...) RT_PRINTF(2, 3);

static bool fail(struct attempt *attempt, const char *format, ...)
{
	char text[sizeof attempt->why]; /* the arguments may point into the present one */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	memcpy(attempt->why, text, sizeof text);
	return false;
}

static const char *environment_path(const struct library *library)
{
	const char *path = library->environment ? getenv(library->environment) : NULL;

	return path ? path : "";
}

/* Opening one file. */

static bool is_usable(struct attempt *attempt, const char *file, enum platform_file kind)
{
	switch (kind) {
	case FILE_LIBRARY:
		return true;
	case FILE_MISSING:
		return fail(attempt, "there is no file \"%s\"", file);
	case FILE_FOLDER:
		return fail(attempt, "\"%s\" is a folder, not a library", file);
	case FILE_UNREADABLE:
		return fail(attempt, "\"%s\" cannot be read", file);
	case FILE_FOREIGN:
		return fail(attempt, "\"%s\" is a library for another kind of machine", file);
	case FILE_TRUNCATED:
		return fail(attempt, "\"%s\" is truncated: its end is missing; download or copy it again", file);
	case FILE_NOT_LIBRARY:
		break;
	}
	return fail(attempt, "\"%s\" is no shared library", file);
}

/* The file that `path` means: itself, or the library in that folder. */
static bool find_file(struct attempt *attempt, const char *path, char *file, size_t file_size)
{
	enum platform_file kind = platform_inspect(path);

	if (snprintf(file, file_size, "%s%s", strchr(path, '/') ? "" : "./", path) >= (int)file_size)
		return fail(attempt, "a path of %zu bytes is too long", strlen(path));
	if (kind == FILE_FOLDER) {
		for (const char *const *soname = attempt->library->sonames; *soname; soname++) {
			if (snprintf(file, file_size, "%s/%s", path, *soname) >= (int)file_size)
				return fail(attempt, "a path of %zu bytes is too long", strlen(path));
			kind = platform_inspect(file);
			if (kind != FILE_MISSING)
				break;
		}
		if (kind == FILE_MISSING)
			return fail(attempt, "the folder \"%s\" holds no %s", path, attempt->library->sonames[0]);
	}
	if (kind == FILE_MISSING)
		return fail(attempt, "there is no file or folder \"%s\"", path);
	return is_usable(attempt, file, kind);
}

static bool identified(const struct library *library, void *opened)
{
	for (const char *const *symbol = library->identify; *symbol; symbol++) {
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
static void before_exit(void *unused);
static void before_fork(void);
static void after_fork(void);
static void in_child(void);

RT_AT_LOAD static void before_loading(void)
{
	static bool hooked;

	if (hooked)
		return;
	platform_on_exit(at_exit);
	platform_before_exit(before_exit);
	platform_on_fork(before_fork, after_fork, in_child);
	hooked = true;
}

/* Let exit and fork know of the library. */
static void enlist(const struct library *library)
{
	platform_lock(&platform_open_lock);
	if (!library->state->enlisted) {
		library->state->enlisted = true;
		library->state->next = atomic_load(&libraries);
		atomic_store(&libraries, library);
	}
	platform_unlock(&platform_open_lock);
}

/* Exit and fork wait for a thread that loads, as they do for one that computes. */
static bool begin_loading(struct attempt *attempt)
{
	const struct library *library = attempt->library;

	before_loading();
	if (self.loading) {
		attempt->passing = true;
		return fail(attempt, "this thread is loading %s just now", self.loading->upstream);
	}
	if (library->state->forked_amid_loading)
		return fail(attempt, "this process was forked while another thread was opening %s", library->upstream);
	if (!upstream_enter())
		return fail(attempt, "the process is exiting");
	enlist(library);
	self.loading = library;
	atomic_fetch_add(&library->state->loading_threads, 1);
	return true;
}

static void end_loading(struct attempt *attempt)
{
	atomic_fetch_sub(&attempt->library->state->loading_threads, 1);
	self.loading = NULL;
	upstream_leave();
}

static bool refuse(struct attempt *attempt, const char *real)
{
	struct upstream *state = attempt->library->state;

	platform_lock(&platform_open_lock);
	free(state->refused.path);
	free(state->refused.why);
	state->refused.path = keep(real);
	state->refused.why = keep(error_text());
	platform_unlock(&platform_open_lock);
	return fail(attempt, "%s", error_text());
}

static bool refuse_second(struct attempt *attempt, const char *file, const char *present)
{
	struct upstream *state = attempt->library->state;
	const struct library *library = attempt->library;
	const char *version = upstream_version(library);

	platform_lock(&platform_open_lock);
	if (state->refused.path && state->refused.why && platform_same_file(present, state->refused.path))
		fail(attempt, "\"%s\" cannot be loaded, since this process still has \"%s\", which was refused: %s; begin a new "
		     "process", file, state->refused.path, state->refused.why);
	else
		fail(attempt, "\"%s\" cannot be loaded, since this process already has %s%s%s from \"%s\", and can have only one",
		     file, library->upstream, *version ? " " : "", version, present);
	platform_unlock(&platform_open_lock);
	return false;
}

static bool take_into_use(struct attempt *attempt, void *opened, const char *real)
{
	struct upstream *state = attempt->library->state;
	char *kept = keep(real);
	bool first;

	if (!kept)
		return fail(attempt, "memory is used up");
	platform_lock(&platform_open_lock);
	first = !atomic_load(&state->loaded);
	if (first) {
		platform_on_exit(at_exit); /* once more: after opening, so that it runs before the library's own destructors */
		atomic_store(&state->path, kept);
		atomic_store(&state->loaded, opened);
		state->failure.known = false;
	}
	platform_unlock(&platform_open_lock);
	if (!first)
		free(kept);
	return atomic_load(&state->loaded) == opened
	       || refuse_second(attempt, real, upstream_path(attempt->library));
}

static bool brought_in(const struct attempt *attempt)
{
	bool ours;

	platform_lock(&platform_open_lock);
	ours = attempt->library->state->opening.threads > 0 && attempt->library->state->opening.brought_in;
	platform_unlock(&platform_open_lock);
	return ours;
}

/* Take an opened library into use, or close it again. */
static bool adopt(struct attempt *attempt, void *opened, const char *name)
{
	const struct library *library = attempt->library;
	char path[PATH_SIZE], real[PATH_SIZE];

	if (atomic_load(&library->state->loaded) == opened)
		return true;
	if (!identified(library, opened)) {
		platform_close(opened);
		return fail(attempt, "\"%s\" is no %s: it has no `%s`", name, library->upstream,
		            library->identify[0]);
	}
	if (!library->identify[0] || !platform_path_of(opened, library->identify[0], path, sizeof path))
		snprintf(path, sizeof path, "%s", name);
	if (!platform_real_path(path, real, sizeof real))
		snprintf(real, sizeof real, "%s", path);
	if (library->opened && !library->opened(opened, real, brought_in(attempt)))
		return refuse(attempt, real); /* stays open: such a library cannot be unloaded once it has started */
	return take_into_use(attempt, opened, real);
}

/* The one that somebody else in the process uses, who may have brought it along under any name; NULL when there is none. */
static void *used_already(const struct library *library)
{
	char path[PATH_SIZE];

	for (const char *const *user = library->users; *user; user++) {
		void *opened = platform_already_open(*user);
		bool found = opened && platform_path_of(opened, library->identify[0], path, sizeof path);
		if (opened)
			platform_close(opened);
		if (found)
			return platform_already_open(path);
	}
	return NULL;
}

/* One that the process has already; NULL when it has none. */
static void *already_open(const struct library *library)
{
	void *used = used_already(library);

	if (used)
		return used;
	for (const char *const *soname = library->sonames; *soname; soname++) {
		void *opened = platform_already_open(*soname);
		if (opened)
			return opened;
	}
	return NULL;
}

/* A process can have only one.  To wait for the thread that opens another one would be to wait for the loader, which
 * may wait for us. */
static bool begin_opening(struct attempt *attempt, const char *file)
{
	struct upstream *state = attempt->library->state;
	char other[PATH_SIZE] = "";

	platform_lock(&platform_open_lock);
	if (state->opening.threads && strcmp(file, state->opening.file) != 0
	    && !platform_same_file(file, state->opening.file)) {
		strcpy(other, state->opening.file);
	} else if (state->opening.threads++ == 0) {
		snprintf(state->opening.file, sizeof state->opening.file, "%s", file);
		state->opening.brought_in = false;
	}
	platform_unlock(&platform_open_lock);
	if (!*other)
		return true;
	attempt->passing = true;
	return fail(attempt, "\"%s\" cannot be loaded, since another thread is opening \"%s\" just now, and this process can "
	            "have only one", file, other);
}

static void set_brought_in(struct attempt *attempt)
{
	platform_lock(&platform_open_lock);
	attempt->library->state->opening.brought_in = true;
	platform_unlock(&platform_open_lock);
}

static void end_opening(struct attempt *attempt)
{
	platform_lock(&platform_open_lock);
	attempt->library->state->opening.threads--;
	platform_unlock(&platform_open_lock);
}

/* `*opened` tells whether there was a library to adopt; `why` is filled when there was none. */
static bool open_and_adopt(struct attempt *attempt, const char *file, bool *opened, char *why, size_t why_size)
{
	void *handle = platform_open(file, why, why_size);

	*opened = handle != NULL;
	return handle && adopt(attempt, handle, file);
}

static bool open_alone(struct attempt *attempt, const char *file)
{
	const struct library *library = attempt->library;
	char *other = attempt->other, *why = attempt->loader_why[0], *second_why = attempt->loader_why[1];
	size_t why_size = sizeof attempt->loader_why[0];
	void *present = already_open(library);
	bool opened, adopted;

	if (present) {
		if (platform_path_of(present, library->identify[0], other, PATH_SIZE) && !platform_same_file(file, other)) {
			platform_close(present);
			return refuse_second(attempt, file, other);
		}
		return adopt(attempt, present, file);
	}
	set_brought_in(attempt);
	adopted = open_and_adopt(attempt, file, &opened, why, why_size);
	if (!opened && platform_real_path(file, other, PATH_SIZE) && strcmp(file, other) != 0)
		adopted = open_and_adopt(attempt, other, &opened, second_why, why_size); /* beside it are its neighbours */
	return opened ? adopted : fail(attempt, "\"%s\" cannot be opened: %s", file, why);
}

static bool open_file(struct attempt *attempt, const char *path)
{
	bool done;

	if (!find_file(attempt, path, attempt->file, PATH_SIZE) || !begin_opening(attempt, attempt->file))
		return false;
	done = open_alone(attempt, attempt->file);
	end_opening(attempt);
	return done;
}

/* The search. */

/* What another thread is opening; "" when none is. */
static void opened_elsewhere(struct attempt *attempt)
{
	struct upstream *state = attempt->library->state;

	platform_lock(&platform_open_lock);
	strcpy(attempt->elsewhere, state->opening.threads ? state->opening.file : "");
	platform_unlock(&platform_open_lock);
}

/* A loader may know more places than can be told beforehand. */
static bool open_bare(struct attempt *attempt, const char *soname, bool *there)
{
	bool adopted;

	*there = true;
	if (!begin_opening(attempt, soname))
		return false;
	set_brought_in(attempt);
	adopted = open_and_adopt(attempt, soname, there, attempt->loader_why[0], sizeof attempt->loader_why[0]);
	end_opening(attempt);
	return adopted;
}

/* Through the system's loader path; `*there` tells a library that cannot be used from none at all. */
static bool open_by_soname(struct attempt *attempt, bool *there)
{
	char *file = attempt->found;
	bool opened = false;

	for (const char *const *soname = attempt->library->sonames; *soname && !*there; soname++) {
		enum platform_file kind = platform_find(*soname, file, PATH_SIZE);
		*there = kind != FILE_MISSING;
		opened = *there ? is_usable(attempt, file, kind) && open_file(attempt, file) : open_bare(attempt, *soname, there);
	}
	return opened;
}

/* A copy; NULL where none was suggested, or memory is used up. */
static char *suggestion(const struct attempt *attempt)
{
	const char *path;
	char *copy;

	platform_lock(&platform_open_lock);
	path = attempt->library->state->suggested;
	copy = path ? keep(path) : NULL;
	platform_unlock(&platform_open_lock);
	return copy;
}

static bool not_found(struct attempt *attempt, const char *suggestion)
{
	const struct library *library = attempt->library;
	char looked[PATH_SIZE + 256];
	const char *install = library->install ? library->install : "install it";
	int length = 0;

	if (library->environment)
		length = snprintf(looked, sizeof looked, "%s is not set, ", library->environment);
	if (suggestion)
		snprintf(looked + length, sizeof looked - length, "the suggested \"%s\" does not exist", suggestion);
	else
		snprintf(looked + length, sizeof looked - length, "no path was suggested");
	if (!library->environment)
		return fail(attempt, "%s was not found: this process has none open, %s, and the system's loader path has no %s; "
		            "%s", library->upstream, looked, library->sonames[0], install);
	return fail(attempt, "%s was not found: this process has none open, %s, and the system's loader path has no %s; "
	            "%s, or set %s to that file or to the folder that holds it",
	            library->upstream, looked, library->sonames[0], install, library->environment);
}

static bool search_elsewhere(struct attempt *attempt, const char *suggestion)
{
	bool there = false;

	if (suggestion) {
		if (open_file(attempt, suggestion))
			return true;
		fail(attempt, "the suggested path cannot be used: %s", attempt->why);
		if (platform_inspect(suggestion) != FILE_MISSING)
			return false; /* it is there and unusable: another one in its place would be a surprise */
	}
	if (open_by_soname(attempt, &there))
		return true;
	return there ? false : not_found(attempt, suggestion);
}

static bool search(struct attempt *attempt)
{
	const struct library *library = attempt->library;
	char *suggestion_copy;
	void *present;
	bool found;

	opened_elsewhere(attempt);
	if (*attempt->elsewhere && open_file(attempt, attempt->elsewhere))
		return true;
	if (*environment_path(library)) {
		if (open_file(attempt, environment_path(library)))
			return true;
		return fail(attempt, "the environment variable %s says where %s is, but %s", library->environment,
		            library->upstream, attempt->why);
	}
	present = already_open(library);
	if (present)
		return adopt(attempt, present, library->sonames[0]);
	suggestion_copy = suggestion(attempt);
	found = search_elsewhere(attempt, suggestion_copy);
	free(suggestion_copy);
	return found;
}

static bool nothing_changed(struct attempt *attempt)
{
	struct upstream *state = attempt->library->state;
	uint64_t loads = platform_load_count();
	bool same;

	platform_lock(&platform_open_lock);
	same = state->failure.known && state->failure.environment && state->failure.loads == loads
	       && strcmp(state->failure.environment, environment_path(attempt->library)) == 0;
	if (same)
		fail(attempt, "%s", state->failure.text);
	platform_unlock(&platform_open_lock);
	return same;
}

static void remember(const struct attempt *attempt)
{
	struct upstream *state = attempt->library->state;
	uint64_t loads = platform_load_count();

	platform_lock(&platform_open_lock);
	free(state->failure.environment);
	state->failure.environment = keep(environment_path(attempt->library));
	state->failure.loads = loads;
	memcpy(state->failure.text, attempt->why, sizeof state->failure.text);
	state->failure.known = !attempt->passing;
	platform_unlock(&platform_open_lock);
}

static void forget_failure(struct attempt *attempt)
{
	platform_lock(&platform_open_lock);
	attempt->library->state->failure.known = false;
	platform_unlock(&platform_open_lock);
}

/* The same answer as last time, unless the environment has changed or the process has loaded something since. */
static bool search_once(struct attempt *attempt)
{
	bool found;

	attempt->passing = false;
	if (nothing_changed(attempt) || !begin_loading(attempt))
		return false;
	found = search(attempt) || atomic_load(&attempt->library->state->loaded);
	if (!found)
		remember(attempt);
	end_loading(attempt);
	return found;
}

static bool load_path(struct attempt *attempt, const char *path)
{
	const struct library *library = attempt->library;
	bool done;

	if (!atomic_load(&library->state->loaded)) {
		if (!begin_loading(attempt))
			return false;
		done = open_file(attempt, path);
		forget_failure(attempt);
		end_loading(attempt);
		return done;
	}
	if (!find_file(attempt, path, attempt->file, PATH_SIZE))
		return false;
	return platform_same_file(attempt->file, upstream_path(library))
	       || refuse_second(attempt, attempt->file, upstream_path(library));
}

static bool load_any(struct attempt *attempt)
{
	if (atomic_load(&attempt->library->state->loaded))
		return true;
	forget_failure(attempt);
	return search_once(attempt);
}

static struct attempt *new_attempt(const struct library *library)
{
	struct attempt *attempt = calloc(1, sizeof *attempt);

	if (attempt)
		attempt->library = library;
	return attempt;
}

bool upstream_load(const struct library *library, const char *who, const char *path)
{
	struct attempt *attempt = new_attempt(library);
	bool there;

	if (!attempt)
		return error_set(ERROR_NO_UPSTREAM, "%s: memory is used up", who);
	there = path ? load_path(attempt, path) : load_any(attempt);
	if (!there)
		error_set(ERROR_NO_UPSTREAM, "%s: %s%s", who, path ? "argument `path`: " : "", attempt->why);
	free(attempt);
	return there;
}

/* As a call begins that needs the library. */
static bool load_for(const struct function *function)
{
	struct attempt *attempt = new_attempt(function->library);
	bool there;

	if (!attempt)
		return error_set(ERROR_NO_UPSTREAM, "%s: memory is used up", function->name);
	there = search_once(attempt);
	if (!there)
		error_set(ERROR_NO_UPSTREAM, "%s: %s", function->name, attempt->why);
	free(attempt);
	return there;
}

bool upstream_available(const struct library *library)
{
	struct error_state before;
	struct attempt *attempt;
	bool there;

	if (atomic_load(&library->state->loaded))
		return true;
	attempt = new_attempt(library);
	error_save(&before);
	there = attempt && search_once(attempt);
	error_restore(&before);
	free(attempt);
	return there;
}

bool upstream_suggest(const struct library *library, const char *path)
{
	char *copy = path ? keep(path) : NULL;

	if (path && !copy)
		return false;
	platform_lock(&platform_open_lock);
	free(library->state->suggested);
	library->state->suggested = copy;
	library->state->failure.known = false;
	platform_unlock(&platform_open_lock);
	return true;
}

const char *upstream_path(const struct library *library)
{
	return atomic_load(&library->state->path);
}

const char *upstream_version(const struct library *library)
{
	const char *version = atomic_load(&library->state->version);

	return version ? version : "";
}

void upstream_set_version(const struct library *library, const char *version)
{
	atomic_store(&library->state->version, keep(version));
}

void upstream_set_companion(const struct library *library, void *opened, const char *why_not)
{
	atomic_store(&library->state->no_companion, why_not);
	atomic_store(&library->state->companion, opened);
}

/* Symbols. */

/* A symbol's pointer.  It is written once, with the lock held, before the first function that needs it becomes ready; so
 * whoever sees such a function ready may read it. */
static void *pointer_of(const struct library *library, uint16_t symbol)
{
	void *pointer;

	memcpy(&pointer, (char *)library->pointers + library->symbols[symbol].offset, sizeof pointer);
	return pointer;
}

static bool resolve(const struct library *library, uint16_t symbol)
{
	const struct symbol *wanted = &library->symbols[symbol];
	void *holder = wanted->companion ? atomic_load(&library->state->companion) : atomic_load(&library->state->loaded);
	void *pointer = holder ? platform_symbol(holder, wanted->name) : NULL;

	if (!pointer)
		return false;
	platform_lock(&platform_open_lock);
	if (!pointer_of(library, symbol))
		memcpy((char *)library->pointers + library->symbols[symbol].offset, &pointer, sizeof pointer);
	platform_unlock(&platform_open_lock);
	return true;
}

static void resolve_all(const struct function *function)
{
	uint8_t result = STATE_READY, unknown = STATE_UNKNOWN;

	for (const uint16_t *symbol = function->required; *symbol != NO_SYMBOL; symbol++) {
		if (!resolve(function->library, *symbol))
			result = STATE_LACKS_SYMBOL;
	}
	for (const uint16_t *symbol = function->optional; *symbol != NO_SYMBOL; symbol++)
		resolve(function->library, *symbol);
	atomic_compare_exchange_strong(function->state, &unknown, result);
}

static const struct symbol *missing_symbol(const struct function *function)
{
	for (const uint16_t *symbol = function->required; *symbol != NO_SYMBOL; symbol++) {
		if (!pointer_of(function->library, *symbol))
			return &function->library->symbols[*symbol];
	}
	return &function->library->symbols[*function->required];
}

static bool report_symbol(const struct function *function, const struct symbol *symbol)
{
	const struct library *library = function->library;
	const char *version = upstream_version(library), *why = NULL;

	if (symbol->companion && !atomic_load(&library->state->companion))
		why = atomic_load(&library->state->no_companion);
	if (why)
		return error_set(ERROR_UNAVAILABLE, "%s: unavailable in %s %s: %s", function->name, library->upstream, version,
		                 why);
	return error_set(ERROR_UNAVAILABLE, "%s: unavailable in %s %s: it lacks `%s`", function->name, library->upstream,
	                 version, symbol->name);
}

static bool report(const struct function *function, uint8_t state)
{
	const char *upstream = function->library->upstream, *version = upstream_version(function->library);

	if (state == STATE_LACKS_SYMBOL)
		return report_symbol(function, missing_symbol(function));
	return error_set(ERROR_UNAVAILABLE, "%s: unavailable in %s %s: it lacks an operation that this function calls by "
	                 "name", function->name, upstream, version);
}

static bool prepare_slowly(const struct function *function)
{
	uint8_t result;

	if (!atomic_load(&function->library->state->loaded) && !load_for(function))
		return false;
	if (atomic_load_explicit(function->state, memory_order_acquire) == STATE_UNKNOWN)
		resolve_all(function);
	result = atomic_load_explicit(function->state, memory_order_acquire);
	return result == STATE_READY || report(function, result);
}

bool upstream_prepare(const struct function *function)
{
	if (likely(atomic_load_explicit(function->state, memory_order_acquire) == STATE_READY))
		return true;
	return prepare_slowly(function);
}

bool upstream_lacks_operation(const struct function *function)
{
	atomic_store(function->state, STATE_LACKS_OPERATION);
	return report(function, STATE_LACKS_OPERATION);
}

bool upstream_function_available(const struct library *library, const char *name)
{
	struct error_state before;
	bool available = false;

	error_save(&before);
	for (size_t i = 0; i < library->function_count; i++) {
		const struct function *function = &library->functions[i];
		if (strcmp(function->name, name) == 0)
			available = !function->uses_upstream || upstream_prepare(function);
	}
	error_restore(&before);
	return available;
}

/* Calls in flight.  Counters are spread over cache lines, and each thread keeps to one of them. */

#define STRIPES 64

/* How long is waited for those of other threads.  One may itself wait for the thread that forks: for Python's big lock,
 * or where registering a fork handler waits until the fork is over. */
#define EXIT_WAIT_MS 60000
#define FOREIGN_WAIT_MS 1000
#define FORK_WAIT_LOADING_MS 30000
#define FORK_WAIT_MS 5000

static struct {
	_Alignas(64) _Atomic int64_t count;
} in_flight[STRIPES];
static _Atomic uint32_t next_stripe;

enum { GATE_OPEN, GATE_FORKING, GATE_CLOSED };
static _Atomic int gate;

/* Outermost calls wait while another thread forks.  Already counted; when exit has begun, false and counted no more. */
static bool pass_gate(_Atomic int64_t *count)
{
	while (atomic_load(&gate) == GATE_FORKING && self.depth == 0 && !self.forking) {
		atomic_fetch_sub(count, 1);
		platform_nap();
		atomic_fetch_add(count, 1);
	}
	if (atomic_load(&gate) != GATE_CLOSED)
		return true;
	atomic_fetch_sub(count, 1);
	return false;
}

bool upstream_enter(void)
{
	_Atomic int64_t *count;

	if (unlikely(!self.stripe))
		self.stripe = atomic_fetch_add(&next_stripe, 1) % STRIPES + 1;
	count = &in_flight[self.stripe - 1].count;
	atomic_fetch_add(count, 1);
	if (unlikely(atomic_load(&gate) != GATE_OPEN) && !pass_gate(count))
		return false;
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
	return atomic_load(&gate) == GATE_CLOSED;
}

static bool others_inside(void)
{
	int64_t others = -self.depth;

	for (int i = 0; i < STRIPES; i++)
		others += atomic_load(&in_flight[i].count);
	return others > 0;
}

/* Whether other threads load this library. */
static bool others_load(const struct library *library)
{
	return atomic_load(&library->state->loading_threads) > (self.loading == library);
}

static bool others_loading(void)
{
	for (const struct library *library = atomic_load(&libraries); library; library = library->state->next) {
		if (others_load(library))
			return true;
	}
	return false;
}

/* Let no call begin, and wait for those of other threads: the library's destructors must not run under them. */
static void at_exit(void)
{
	int64_t give_up = platform_milliseconds() + EXIT_WAIT_MS;

	atomic_store(&gate, GATE_CLOSED);
	while (others_inside() && platform_milliseconds() < give_up)
		platform_nap();
	/* Foreign code may have ended its thread and so never come back: it is given a moment, no more. */
	give_up = platform_milliseconds() + FOREIGN_WAIT_MS;
	while (later_running_elsewhere() > 0 && platform_milliseconds() < give_up)
		platform_nap();
}

/* What a library registers for exit while it is being opened runs before at_exit, which was registered earlier: so exit
 * must not begin before the library is open. */
static void before_exit(void *unused)
{
	int64_t give_up = platform_milliseconds() + EXIT_WAIT_MS;

	(void)unused;
	while (others_loading() && platform_milliseconds() < give_up)
		platform_nap();
}

/* The child has this thread only: what others have begun in the library, its own initialisation above all, would stay
 * half done for good. */
static void before_fork(void)
{
	int64_t start = platform_milliseconds();
	int open = GATE_OPEN;

	self.forking = true;
	atomic_compare_exchange_strong(&gate, &open, GATE_FORKING);
	while (others_inside()
	       && platform_milliseconds() < start + (others_loading() ? FORK_WAIT_LOADING_MS : FORK_WAIT_MS))
		platform_nap();
}

static void after_fork(void)
{
	int forking = GATE_FORKING;

	atomic_compare_exchange_strong(&gate, &forking, GATE_OPEN);
	self.forking = false;
}

static void in_child(void)
{
	for (const struct library *library = atomic_load(&libraries); library; library = library->state->next) {
		struct upstream *state = library->state;
		if (others_load(library) && !atomic_load(&state->loaded))
			state->forked_amid_loading = true;
		atomic_store(&state->loading_threads, self.loading == library);
	}
	later_fork_child();
	for (int i = 0; i < STRIPES; i++)
		atomic_store(&in_flight[i].count, 0);
	if (self.stripe)
		atomic_store(&in_flight[self.stripe - 1].count, self.depth);
	after_fork();
	for (const struct library *library = atomic_load(&libraries); library; library = library->state->next) {
		if (library->forked && atomic_load(&library->state->loaded))
			library->forked();
	}
}
