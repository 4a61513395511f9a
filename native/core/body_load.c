/* Finding the library that is opened at run time: bodies that any library of ours can declare. */
#include <string.h>

#include "call.h"

#define PATH_LIMIT 4095 /* bytes, without the NUL */

bool parse_path(struct call *call, const char *name, const char *text, struct path *path)
{
	if (text && !memchr(text, 0, PATH_LIMIT + 1))
		return call_bad_argument(call, name, "more than %d bytes were given, and no path is that long", PATH_LIMIT);
	path->text = text;
	return check_str(call, name, text);
}

bool body_load(struct call *call, const struct path *path)
{
	return upstream_load(call->function->library, call->function->name, path ? path->text : NULL);
}

bool body_suggest_path(struct call *call, const struct path *path)
{
	return upstream_suggest(call->function->library, path ? path->text : NULL)
	       || call_fail(call, ERROR_OUT_OF_MEMORY, "memory is used up");
}

bool body_upstream_path(struct call *call, const char **out)
{
	*out = upstream_path(call->function->library);
	return true;
}

bool body_upstream_version(struct call *call, const char **out)
{
	*out = upstream_version(call->function->library);
	return true;
}
