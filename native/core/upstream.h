/* The library that is opened at run time: finding it, and resolving its symbols when they are first needed. */
#ifndef RT_UPSTREAM_H
#define RT_UPSTREAM_H

#include <stdatomic.h>

#include "error.h"

/* One exported function of ours, and what it needs of the upstream library.  The lists hold indices into
 * the library's symbols and end with NO_SYMBOL. */
#define NO_SYMBOL UINT16_MAX

struct function {
	const char *name;         /* "rt_torch_add" */
	const uint16_t *required; /* without one of these the function is unavailable */
	const uint16_t *optional; /* without one of these it takes another route */
	const struct library *library;
	_Atomic uint8_t *state;   /* zero at first; see enum function_state */
	bool uses_upstream;       /* false for error readers and the like */
};

struct symbol {
	const char *name; /* "aoti_torch_get_dim" */
	size_t offset;    /* of its pointer in the structure at the library's pointers */
	bool companion;   /* another library has it, which is beside this one where it is there: see upstream_set_companion */
};

#define PATH_SIZE 4096

/* What is known of the library that is opened at run time: all zero until somebody asks for it.  It is upstream.c's. */
struct upstream {
	void *_Atomic loaded;
	char *_Atomic path;
	char *_Atomic version;
	void *_Atomic companion; /* NULL where there is none; then why: */
	const char *_Atomic no_companion;
	char *suggested;
	/* The file that threads are opening just now. */
	struct {
		int threads;
		bool brought_in; /* the process did not have it before */
		char file[PATH_SIZE];
	} opening;
	/* Why the last search failed: a call that needs the library must not search again each time. */
	struct {
		bool known;
		char *environment; /* as it was at that time */
		uint64_t loads;    /* the same */
		char text[ERROR_TEXT_SIZE];
	} failure;
	/* One that was opened and then refused cannot be unloaded. */
	struct {
		char *path;
		char *why;
	} refused;
	_Atomic int loading_threads;
	bool forked_amid_loading;
	bool enlisted;
	const struct library *next;
};

/* What the specs say about one library; rendered into its shim.  One shared object of ours can have several. */
struct library {
	const char *name;              /* "rt_torch" */
	const char *upstream;          /* "libtorch" */
	const char *environment;       /* "RT_TORCH_LIBTORCH"; NULL when there is none */
	const char *install;           /* "pip install torch", for the message that it is missing; NULL says nothing */
	const char *const *sonames;    /* NULL-terminated */
	const char *const *users;      /* libraries that use it, NULL-terminated: theirs is taken where the process has one */
	const char *const *identify;   /* NULL-terminated */
	const struct symbol *symbols;
	size_t symbol_count;
	void *pointers;                /* struct of function pointers, filled as symbols are resolved */
	const struct function *functions;
	size_t function_count;
	struct upstream *state;
	/* After opening: may refuse with error_set, and says which version it is with upstream_set_version.  `brought_in`
	 * is false when the process held it already.  Several threads may be in it at the same time, with the same
	 * library.  NULL when there is nothing to do. */
	bool (*opened)(void *handle, const char *path, bool brought_in);
	void (*forked)(void);                           /* in a forked child; NULL when there is nothing to do */
};

enum function_state { STATE_UNKNOWN, STATE_READY, STATE_LACKS_SYMBOL, STATE_LACKS_OPERATION };

/* NULL searches; false with the error set, naming `who`. */
bool upstream_load(const struct library *library, const char *who, const char *path);
bool upstream_available(const struct library *library); /* loads when it has to; leaves the error state alone */
/* Tried ahead of the system's loader path; NULL forgets.  False when memory is used up. */
bool upstream_suggest(const struct library *library, const char *path);
const char *upstream_path(const struct library *library);    /* lives as long as the process; NULL until loaded */
const char *upstream_version(const struct library *library); /* the same; "" where nobody has said it */
void upstream_set_version(const struct library *library, const char *version); /* by the hook `opened` */
/* By the hook `opened`: the library beside it, or NULL and why there is none, which must live as long as the process. */
void upstream_set_companion(const struct library *library, void *opened, const char *why_not);
bool upstream_prepare(const struct function *function); /* load and resolve; false with the error set */
bool upstream_function_available(const struct library *library, const char *name); /* leaves the error state alone */

/* The library turned out to lack an operation that it is only asked for by name: the function is unavailable from now
 * on.  Returns false with the error set. */
bool upstream_lacks_operation(const struct function *function);

/* Calls in flight are counted, so that exit and fork can wait for them; after exit has begun no call enters.  They
 * nest. */
bool upstream_enter(void);
void upstream_leave(void);
bool upstream_inside(void); /* this thread is in a call */
bool upstream_closing(void);

#endif
