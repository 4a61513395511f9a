#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text has its room from this thread's first failure on; when there is no memory for that, the code is told alone. */
static RT_THREAD_LOCAL struct {
	enum error_code code;
	char *text;
} state;

static void drop_text(void *text)
{
	state.text = NULL; /* what runs later as the thread ends may fail again */
	free(text);
}

static void set_text(const char *text)
{
	if (!state.text) {
		state.text = malloc(ERROR_TEXT_SIZE);
		if (state.text && !platform_at_thread_end(drop_text, state.text))
			drop_text(state.text);
	}
	if (state.text)
		memcpy(state.text, text, strlen(text) + 1);
}

/* Length of the UTF-8 character that starts here; 0 when there is none, or it is cut short. */
static int character_length(const unsigned char *text)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t value;
	unsigned char first = text[0];
	int length = first < 0xC0 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 0;

	if (first < 0x80)
		return 1;
	if (!length)
		return 0;
	value = first & (0x7Fu >> length);
	for (int i = 1; i < length; i++) {
		if ((text[i] & 0xC0) != 0x80)
			return 0;
		value = value << 6 | (text[i] & 0x3Fu);
	}
	if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 0;
	return length;
}

bool utf8_starts_valid(const char *text, size_t size)
{
	const unsigned char *start = (const unsigned char *)text, *at = start;

	while ((size_t)(at - start) < size && *at) {
		int length = *at < 0x80 ? 1 : character_length(at);
		if (!length)
			return false;
		at += length;
	}
	return true;
}

/* Nothing is left but the beginning of a character. */
static bool is_cut_short(const unsigned char *text)
{
	int length = *text < 0xC0 ? 0 : *text < 0xE0 ? 2 : *text < 0xF0 ? 3 : *text < 0xF8 ? 4 : 0;
	int present = 1;

	while ((text[present] & 0xC0) == 0x80)
		present++;
	return present < length && !text[present];
}

/* File names and other libraries' texts may hold anything, and ours may have been cut inside a character. */
static void make_valid(char *text)
{
	unsigned char *at = (unsigned char *)text;

	while (*at) {
		int length = character_length(at);
		if (length) {
			at += length;
		} else if (is_cut_short(at)) {
			*at = 0;
		} else {
			*at++ = '?';
		}
	}
}

bool error_set(enum error_code code, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE]; /* the arguments may point into the text of the last failure */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	make_valid(text);
	set_text(text);
	state.code = code;
	return false;
}

void error_success(void)
{
	state.code = ERROR_OK;
}

void error_clear(void)
{
	state.code = ERROR_OK;
	if (state.text)
		state.text[0] = 0;
}

enum error_code error_code(void)
{
	return state.code;
}

const char *error_text(void)
{
	if (state.text)
		return state.text;
	return state.code ? "memory is used up: there is none for the text of this error" : "";
}

void error_save(struct error_state *saved)
{
	saved->code = state.code;
	strcpy(saved->text, state.text ? state.text : "");
}

void error_restore(const struct error_state *saved)
{
	state.code = saved->code;
	if (state.text)
		strcpy(state.text, saved->text);
}
