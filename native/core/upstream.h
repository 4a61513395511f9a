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
	_Atomic uint8_t *states;       /* one per function, zero at first; see enum function_state */
	size_t function_count;
	/* After opening: may refuse with error_set, and says which version it is with upstream_set_version.  `brought_in`
	 * is false when the process held it already.  Several threads may be in it at the same time, with the same
	 * library.  NULL when there is nothing to do. */
	bool (*opened)(void *handle, const char *path, bool brought_in);
	void (*forked)(void);                           /* in a forked child; NULL when there is nothing to do */
};
extern const struct library library;

enum function_state { STATE_UNKNOWN, STATE_READY, STATE_LACKS_SYMBOL, STATE_LACKS_OPERATION };

bool upstream_load(const char *who, const char *path); /* NULL searches; false with the error set, naming `who` */
bool upstream_available(void);                /* loads when it has to; leaves the error state alone */
bool upstream_suggest(const char *path);      /* tried ahead of the system's loader path; NULL forgets; false: memory */
const char *upstream_path(void);              /* lives as long as the process; NULL until loaded */
const char *upstream_version(void);           /* the same; "" where nobody has said it */
void upstream_set_version(const char *version); /* by the hook `opened` */
bool upstream_prepare(const struct function *function); /* load and resolve; false with the error set */
bool upstream_function_available(const char *name);     /* leaves the error state alone */

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
