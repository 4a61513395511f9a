#include "call.h"

#include <stdarg.h>
#include <stdio.h>

bool call_enter(struct call *call, const struct function *function)
{
	if (unlikely(!upstream_enter()))
		return error_set(ERROR_NO_UPSTREAM, "%s: the process is exiting, no further calls are made", function->name);
	if (function->uses_upstream && unlikely(!upstream_prepare(function))) {
		upstream_leave();
		return false;
	}
	call->function = function;
	call->pinned_count = 0;
	call->note_count = 0;
	call->cleanup_count = 0;
	call->stack_count = 0;
	call->expect = -1;
	call->count = 0;
	call->failed = false;
	call->quiet = false;
	return true;
}

void call_leave(struct call *call, bool succeeded)
{
	while (call->cleanup_count) {
		struct cleanup *cleanup = &call->cleanups[--call->cleanup_count];
		cleanup->run(cleanup->what);
	}
	while (call->pinned_count)
		handle_unpin(call->pinned[--call->pinned_count]);
	if (likely(succeeded && !call->quiet))
		error_success();
	upstream_leave();
}

bool call_cleanup(struct call *call, void (*run)(void *what), void *what)
{
	if (unlikely(call->cleanup_count == MAX_CLEANUPS)) {
		call->failed = true;
		return call_fail(call, ERROR_REFUSED, "it makes more than %d temporaries", MAX_CLEANUPS);
	}
	call->cleanups[call->cleanup_count++] = (struct cleanup){run, what};
	return true;
}

bool call_pin(struct call *call, struct slot *slot, const void *borrowed)
{
	if (unlikely(call->pinned_count == MAX_PINNED)) {
		handle_unpin(slot);
		return call_fail(call, ERROR_REFUSED, "it takes more than %d handles", MAX_PINNED);
	}
	call->pinned[call->pinned_count] = slot;
	call->borrowed[call->pinned_count++] = borrowed;
	return true;
}

void call_note_text(struct call *call, const char *name, const char *text)
{
	if (call->note_count < MAX_NOTES)
		call->notes[call->note_count++] = (struct note){.name = name, .text = text};
}

void call_note_list(struct call *call, const char *name, const int64_t *list, int64_t length)
{
	if (call->note_count < MAX_NOTES)
		call->notes[call->note_count++] = (struct note){.name = name, .list = list, .length = length};
}

bool call_fail(const struct call *call, enum error_code code, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return error_set(code, "%s: %s", call->function->name, text);
}

bool call_bad_argument(const struct call *call, const char *argument, const char *format, ...)
{
	char text[ERROR_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return error_set(ERROR_BAD_ARGUMENT, "%s: argument `%s`: %s", call->function->name, argument, text);
}

bool check_list(const struct call *call, const char *name, const void *data, int64_t length)
{
	if (length < 0)
		return call_bad_argument(call, name, "a length of %lld was given, and a length is at least 0",
		                         (long long)length);
	if (!data && length > 0)
		return call_bad_argument(call, name, "NULL was given for %lld elements", (long long)length);
	return true;
}

bool check_list_optional(const struct call *call, const char *name, const void *data, int64_t length)
{
	return length == LIST_ABSENT || check_list(call, name, data, length);
}

bool check_out(const struct call *call, const void *out, int64_t out_cap)
{
	if (out_cap < 0)
		return call_bad_argument(call, "out_cap", "a capacity of %lld was given, and a capacity is at least 0",
		                         (long long)out_cap);
	if (!out && out_cap > 0)
		return call_bad_argument(call, "out", "NULL was given with a capacity of %lld; NULL with 0 asks for the length",
		                         (long long)out_cap);
	return true;
}

bool check_str_start(const struct call *call, const char *name, const char *text, size_t size)
{
	if (!text)
		return call_bad_argument(call, name, "NULL was given for a text");
	if (!utf8_starts_valid(text, size))
		return call_bad_argument(call, name, "the text is no valid UTF-8");
	return true;
}

bool check_str(const struct call *call, const char *name, const char *text)
{
	return check_str_start(call, name, text, SIZE_MAX);
}

bool check_str_optional(const struct call *call, const char *name, const char *text)
{
	return !text || check_str(call, name, text);
}

bool check_bool(const struct call *call, const char *name, int32_t value)
{
	if (value == 0 || value == 1)
		return true;
	return call_bad_argument(call, name, "%d was given, and only 0 and 1 are truth values", (int)value);
}

bool check_ptr(const struct call *call, const char *name, const void *pointer)
{
	return pointer || call_bad_argument(call, name, "NULL was given for an address");
}

bool check_fits(const struct call *call, const char *name, int64_t value, bool fits, const char *c_type)
{
	return fits || call_bad_argument(call, name, "%lld was given, and %s takes it as `%s`", (long long)value,
	                                 call->function->library->upstream, c_type);
}

bool give_length(const struct call *call, int64_t length, int64_t out_cap, const void *out, int64_t *out_len)
{
	if (out && out_cap < length)
		return call_bad_argument(call, "out_cap", "there is room for %lld elements, and %lld are to be written",
		                         (long long)out_cap, (long long)length);
	*out_len = length;
	return true;
}

const char *body_last_error(void)
{
	return error_text();
}

int64_t body_last_error_code(void)
{
	return error_code();
}

int32_t body_clear_error(void)
{
	error_clear();
	return 0;
}
