/* A Python in this process.  What its code raises amid an operator, in a TorchDispatchMode say, is still pending when
 * libtorch's C interface has returned: whoever looks next would take it for its own. */
#include <stdio.h>
#include <string.h>

#include "inner.h"

/* Of Python's stable ABI. */
struct python {
	int (*initialized)(void);
	void *(*this_thread)(void);
	int (*ensure)(void);
	void (*release)(int state);
	void (*fetch)(void **type, void **value, void **traceback);
	void (*normalize)(void **type, void **value, void **traceback);
	int (*matches)(void *exception, void *type);
	void (*clear)(void);
	void (*interrupt)(void);
	void *(*repr)(void *object);
	void *(*encode)(void *text, const char *encoding, const char *errors);
	const char *(*bytes)(void *object);
	void (*let_go)(void *object);
	void **keyboard_interrupt;
};

static bool find(const char *name, void *place)
{
	void *address = platform_global_symbol(name);

	memcpy(place, &address, sizeof address);
	return address != NULL;
}

static bool find_python(struct python *python)
{
	return find("Py_IsInitialized", &python->initialized) && python->initialized()
	       && find("PyGILState_GetThisThreadState", &python->this_thread)
	       && find("PyGILState_Ensure", &python->ensure) && find("PyGILState_Release", &python->release)
	       && find("PyErr_Fetch", &python->fetch) && find("PyErr_NormalizeException", &python->normalize)
	       && find("PyErr_GivenExceptionMatches", &python->matches) && find("PyErr_Clear", &python->clear)
	       && find("PyErr_SetInterrupt", &python->interrupt) && find("PyObject_Repr", &python->repr)
	       && find("PyUnicode_AsEncodedString", &python->encode) && find("PyBytes_AsString", &python->bytes)
	       && find("Py_DecRef", &python->let_go) && find("PyExc_KeyboardInterrupt", &python->keyboard_interrupt);
}

/* The exception as Python shows it. */
static void show(const struct python *python, void *exception, char *text, size_t size)
{
	void *shown = python->repr(exception);
	void *encoded = shown ? python->encode(shown, "utf-8", "backslashreplace") : NULL;
	const char *bytes = encoded ? python->bytes(encoded) : NULL;

	snprintf(text, size, "%s", bytes ? bytes : "an exception that cannot be shown");
	python->clear();
	python->let_go(encoded);
	python->let_go(shown);
}

bool python_raised(char *text, size_t size)
{
	struct python python;
	void *type = NULL, *value = NULL, *traceback = NULL;
	int state;

	/* Only a thread that Python knows can have anything pending; another must not wait for the interpreter here. */
	if (!find_python(&python) || !python.this_thread())
		return false;
	state = python.ensure();
	python.fetch(&type, &value, &traceback);
	if (type) {
		python.normalize(&type, &value, &traceback);
		show(&python, value, text, size);
		if (python.matches(type, *python.keyboard_interrupt))
			python.interrupt(); /* the user's wish to stop is not ours to swallow: it is raised again */
	}
	python.let_go(traceback);
	python.let_go(value);
	python.let_go(type);
	python.release(state);
	return type != NULL;
}
