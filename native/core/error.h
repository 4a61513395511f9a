/* The error state of each thread: a code and a text. */
#ifndef RT_ERROR_H
#define RT_ERROR_H

#include "platform.h"

enum error_code {
	ERROR_OK = 0,
	ERROR_INVALID_HANDLE = 1,
	ERROR_BAD_ARGUMENT = 2,
	ERROR_NO_UPSTREAM = 3,
	ERROR_UNAVAILABLE = 4,
	ERROR_REFUSED = 5,
	ERROR_OUT_OF_MEMORY = 6,
};

#define ERROR_TEXT_SIZE 2048

struct error_state {
	enum error_code code;
	char text[ERROR_TEXT_SIZE];
};

/* Record a failure; the text is cut at a character's end where it is too long.  Always returns false. */
bool error_set(enum error_code code, const char *format, ...) RT_PRINTF(2, 3);
void error_success(void); /* code 0; the text of the last failure stays readable */
void error_clear(void);
enum error_code error_code(void);
const char *error_text(void);

/* For functions that only ask: what happens between the two leaves no trace. */
void error_save(struct error_state *state);
void error_restore(const struct error_state *state);

/* Whether the characters that begin in the first `size` bytes are valid; what follows them is not looked at. */
bool utf8_starts_valid(const char *text, size_t size);

#endif
