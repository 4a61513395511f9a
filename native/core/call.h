/* One call of an exported function: entering, checking plain arguments, leaving. */
#ifndef RT_CALL_H
#define RT_CALL_H

#include "error.h"
#include "handle.h"
#include "upstream.h"

#define LIST_ABSENT (-1) /* the length of an optional list that is not given */
#define HANDLE_NONE INT64_C(-1)

#define MAX_PINNED 8
#define MAX_CLEANUPS 12
#define STACK_SIZE 24 /* values that a schema-quoted call can have on its stack, spare slots included */

struct cleanup {
	void (*run)(void *what);
	void *what;
};

#define MAX_NOTES 4

/* An argument that is no handle, for messages: a text, or a list of integers where that is NULL. */
struct note {
	const char *name;
	const char *text;
	const int64_t *list;
	int64_t length;
};

struct call {
	const struct function *function;
	int pinned_count;
	int note_count;
	int cleanup_count;
	int stack_count;
	int32_t expect;            /* what the checks settled about the result (a dtype, for libtorch); -1 when nothing */
	int64_t count;             /* the same: how many elements it has; 0 where that is not known */
	bool failed;               /* a value could not be pushed; the error is set */
	bool quiet;                /* a success leaves the thread's code as it is: for what finalizers call */
	struct slot *pinned[MAX_PINNED];
	const void *borrowed[MAX_PINNED];      /* what the library made of each pinned object; for messages */
	struct note notes[MAX_NOTES];
	struct cleanup cleanups[MAX_CLEANUPS]; /* run by call_leave, newest first: temporaries */
	uint64_t stack[STACK_SIZE];
	void (*drop[STACK_SIZE])(uint64_t value); /* frees a pushed value that was not handed over; NULL for plain ones */
};

/* Run `run(what)` when the call is left.  False with the error set, and `what` kept for good, if there are too many. */
bool call_cleanup(struct call *call, void (*run)(void *what), void *what);
/* Unpin `slot` when the call is left.  False with the error set, and unpinned at once, if there are too many. */
bool call_pin(struct call *call, struct slot *slot, const void *borrowed);

/* Remember an argument for messages; what it points to must outlive the call.  Further ones than MAX_NOTES are not told. */
void call_note_text(struct call *call, const char *name, const char *text);
void call_note_list(struct call *call, const char *name, const int64_t *list, int64_t length);

/* Enter a function that computes: load and resolve what it needs, count it as in flight.  False with the error set;
 * then call_leave must not be called. */
bool call_enter(struct call *call, const struct function *function);
/* Unpin the arguments; `succeeded` sets the thread's code to 0, unless the call is quiet. */
void call_leave(struct call *call, bool succeeded);

/* Record a failure as "rt_torch_add: argument `b`: ...".  Always return false. */
bool call_fail(const struct call *call, enum error_code code, const char *format, ...) RT_PRINTF(3, 4);
bool call_bad_argument(const struct call *call, const char *argument, const char *format, ...) RT_PRINTF(3, 4);

/* Checks that need no knowledge of the library. */
bool check_list(const struct call *call, const char *name, const void *data, int64_t length);
bool check_list_optional(const struct call *call, const char *name, const void *data, int64_t length);
bool check_out(const struct call *call, const void *out, int64_t out_cap); /* NULL with 0, or memory with a capacity */
bool check_str(const struct call *call, const char *name, const char *text); /* not NULL, valid UTF-8 */
bool check_str_optional(const struct call *call, const char *name, const char *text);
bool check_str_start(const struct call *call, const char *name, const char *text, size_t size); /* that much of it */
bool check_bool(const struct call *call, const char *name, int32_t value); /* 0 or 1 */
bool check_ptr(const struct call *call, const char *name, const void *pointer); /* not NULL */
/* That an integer is a value of the C type that the library takes it in. */
bool check_fits(const struct call *call, const char *name, int64_t value, bool fits, const char *c_type);

/* A list result: tell its length, and whether to write it.  False when `out_cap` is too small. */
bool give_length(const struct call *call, int64_t length, int64_t out_cap, const void *out, int64_t *out_len);

/* The name of a file or folder, in at most 4095 bytes. */
struct path {
	const char *text;
};
bool parse_path(struct call *call, const char *name, const char *text, struct path *path);

/* Bodies that any library can declare. */
bool body_load(struct call *call, const struct path *path);
bool body_suggest_path(struct call *call, const struct path *path);
bool body_upstream_path(struct call *call, const char **out);
bool body_upstream_version(struct call *call, const char **out);
const char *body_last_error(void);
int64_t body_last_error_code(void);
int32_t body_clear_error(void);

#endif
