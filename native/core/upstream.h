/* The library that is opened at run time: finding it, and resolving its symbols when they are first needed. */
#ifndef RT_UPSTREAM_H
#define RT_UPSTREAM_H

#include <stdatomic.h>

#include "platform.h"

/* One exported function of ours, and what it needs of the upstream library.  The lists hold indices into
 * `library.symbols` and end with NO_SYMBOL. */
#define NO_SYMBOL UINT16_MAX

struct function {
	const char *name;         /* "rt_torch_add" */
	const uint16_t *required; /* without one of these the function is unavailable */
	const uint16_t *optional; /* without one of these it takes another route */
	bool uses_upstream;       /* false for error readers and the like */
};

struct symbol {
	const char *name; /* "aoti_torch_get_dim" */
	size_t offset;    /* of its pointer in the structure at library.pointers */
};

/* What the specs say about the library; rendered into the shim. */
struct library {
	const char *name;              /* "rt_torch" */
	const char *upstream;          /* "libtorch" */
	const char *environment;       /* "RT_TORCH_LIBTORCH"; NULL when there is none */
	const char *const *sonames;    /* NULL-terminated */
	const char *const *identify;   /* NULL-terminated */
	const struct symbol *symbols;
	size_t symbol_count;
	void *pointers;                /* struct of function pointers, filled as symbols are resolved */
	const struct function *functions;
	_Atomic uint8_t *states;       /* one per function: 0 not looked at, 1 ready, 2 unavailable */
	size_t function_count;
	bool (*opened)(void *handle, const char *path); /* may refuse with error_set; NULL when there is nothing to do */
	void (*forked)(void);                           /* in a forked child; NULL when there is nothing to do */
};
extern const struct library library;

bool upstream_load(const char *path);         /* NULL searches; false with the error set */
bool upstream_loaded(void);                   /* never loads */
void upstream_suggest(const char *path);      /* tried ahead of the system's loader path; NULL forgets */
const char *upstream_path(void);              /* interned; NULL until loaded */
void *upstream_symbol(const char *name);      /* for the few that no spec lists; NULL when missing or not loaded */
bool upstream_prepare(const struct function *function); /* load and resolve; false with the error set */
bool upstream_function_available(const char *name);     /* leaves the error state alone */

/* Calls in flight are counted, so that exit can wait for them; after exit has begun no call enters. */
bool upstream_enter(void);
void upstream_leave(void);
bool upstream_closing(void);

#endif
