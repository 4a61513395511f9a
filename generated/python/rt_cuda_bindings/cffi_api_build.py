"""Build the extension of cffi's API mode: `python -m rt_cuda_bindings.cffi_api_build [FOLDER]`.

Without a folder it comes to lie beside this file.  The extension does not link the library that it calls: it calls
through a table of function pointers, which is filled at run time.  A C compiler, Python's headers and the cffi package
are needed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

EXTENSION = "_rt_cuda_cffi"

PROTOTYPES = """
int64_t rt_cuda_abi_version(void);
int32_t rt_cuda_load(const char *path);
int32_t rt_cuda_suggest_path(const char *path);
int32_t rt_cuda_available(void);
int32_t rt_cuda_function_available(const char *name);
const char *rt_cuda_libcudart_path(void);
int64_t rt_cuda_runtime_version(void);
int64_t rt_cuda_driver_version(void);
const char *rt_cuda_last_error(void);
int64_t rt_cuda_last_error_code(void);
int32_t rt_cuda_clear_error(void);
int64_t rt_cuda_last_cuda_error(void);
const char *rt_cuda_error_name(int64_t number);
const char *rt_cuda_error_text(int64_t number);
int64_t rt_cuda_device_count(void);
const char *rt_cuda_device_name(int64_t device);
int64_t rt_cuda_device_attribute(int64_t attribute, int64_t device);
int32_t rt_cuda_device_memory(const int64_t *device, int64_t *available, int64_t *total);
int32_t rt_cuda_can_access_peer(int64_t device, int64_t peer);
int32_t rt_cuda_set_device(int64_t device);
int64_t rt_cuda_current_device(void);
int32_t rt_cuda_synchronize(const int64_t *device);
int64_t rt_cuda_stream_create(int64_t priority, int32_t non_blocking, const int64_t *device);
int32_t rt_cuda_stream_destroy(int64_t stream);
int32_t rt_cuda_stream_priorities(int64_t *least, int64_t *greatest);
int32_t rt_cuda_stream_synchronize(int64_t stream);
int32_t rt_cuda_stream_query(int64_t stream);
int32_t rt_cuda_stream_wait_event(int64_t stream, int64_t event);
int64_t rt_cuda_stream_device(int64_t stream);
void *rt_cuda_stream_ptr(int64_t stream);
int64_t rt_cuda_event_create(int32_t timing, int32_t blocking_sync, const int64_t *device);
int32_t rt_cuda_event_destroy(int64_t event);
int32_t rt_cuda_event_record(int64_t event, int64_t stream);
int32_t rt_cuda_event_synchronize(int64_t event);
int32_t rt_cuda_event_query(int64_t event);
double rt_cuda_event_elapsed(int64_t start, int64_t stop);
int64_t rt_cuda_event_device(int64_t event);
int64_t rt_cuda_alloc(int64_t size, const int64_t *device);
int32_t rt_cuda_free(int64_t block);
int64_t rt_cuda_memory_size(int64_t block);
int64_t rt_cuda_memory_device(int64_t block);
void *rt_cuda_memory_ptr(int64_t block);
int64_t rt_cuda_host_alloc(int64_t size);
int32_t rt_cuda_host_free(int64_t block);
int64_t rt_cuda_host_size(int64_t block);
void *rt_cuda_host_ptr(int64_t block);
int64_t rt_cuda_live_handles(void);
int32_t rt_cuda_memset(int64_t target, int64_t offset, int64_t value, int64_t size);
int32_t rt_cuda_memset_async(int64_t target, int64_t offset, int64_t value, int64_t size,
		int64_t stream);
int32_t rt_cuda_copy_to_device(const uint8_t *data, int64_t data_len, int64_t target, int64_t offset);
int64_t rt_cuda_copy_to_host(int64_t source, int64_t offset, int64_t size, uint8_t *out,
		int64_t out_cap);
int32_t rt_cuda_copy_to_address(int64_t source, int64_t offset, int64_t size, void *target);
int32_t rt_cuda_copy_to_device_async(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
int32_t rt_cuda_copy_to_host_async(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
int32_t rt_cuda_copy(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
		int64_t size);
int32_t rt_cuda_copy_async(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
		int64_t size, int64_t stream);
int32_t rt_cuda_copy_peer(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
		int64_t size);
int32_t rt_cuda_copy_peer_async(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
"""

BINDING = """
const char *rt_cuda_bind_library(const char *path);
int32_t rt_cuda_found(const char *name);
"""

SOURCE = r"""
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static struct {
	int64_t (*rt_cuda_abi_version)(void);
	int32_t (*rt_cuda_load)(const char *path);
	int32_t (*rt_cuda_suggest_path)(const char *path);
	int32_t (*rt_cuda_available)(void);
	int32_t (*rt_cuda_function_available)(const char *name);
	const char *(*rt_cuda_libcudart_path)(void);
	int64_t (*rt_cuda_runtime_version)(void);
	int64_t (*rt_cuda_driver_version)(void);
	const char *(*rt_cuda_last_error)(void);
	int64_t (*rt_cuda_last_error_code)(void);
	int32_t (*rt_cuda_clear_error)(void);
	int64_t (*rt_cuda_last_cuda_error)(void);
	const char *(*rt_cuda_error_name)(int64_t number);
	const char *(*rt_cuda_error_text)(int64_t number);
	int64_t (*rt_cuda_device_count)(void);
	const char *(*rt_cuda_device_name)(int64_t device);
	int64_t (*rt_cuda_device_attribute)(int64_t attribute, int64_t device);
	int32_t (*rt_cuda_device_memory)(const int64_t *device, int64_t *available, int64_t *total);
	int32_t (*rt_cuda_can_access_peer)(int64_t device, int64_t peer);
	int32_t (*rt_cuda_set_device)(int64_t device);
	int64_t (*rt_cuda_current_device)(void);
	int32_t (*rt_cuda_synchronize)(const int64_t *device);
	int64_t (*rt_cuda_stream_create)(int64_t priority, int32_t non_blocking, const int64_t *device);
	int32_t (*rt_cuda_stream_destroy)(int64_t stream);
	int32_t (*rt_cuda_stream_priorities)(int64_t *least, int64_t *greatest);
	int32_t (*rt_cuda_stream_synchronize)(int64_t stream);
	int32_t (*rt_cuda_stream_query)(int64_t stream);
	int32_t (*rt_cuda_stream_wait_event)(int64_t stream, int64_t event);
	int64_t (*rt_cuda_stream_device)(int64_t stream);
	void *(*rt_cuda_stream_ptr)(int64_t stream);
	int64_t (*rt_cuda_event_create)(int32_t timing, int32_t blocking_sync, const int64_t *device);
	int32_t (*rt_cuda_event_destroy)(int64_t event);
	int32_t (*rt_cuda_event_record)(int64_t event, int64_t stream);
	int32_t (*rt_cuda_event_synchronize)(int64_t event);
	int32_t (*rt_cuda_event_query)(int64_t event);
	double (*rt_cuda_event_elapsed)(int64_t start, int64_t stop);
	int64_t (*rt_cuda_event_device)(int64_t event);
	int64_t (*rt_cuda_alloc)(int64_t size, const int64_t *device);
	int32_t (*rt_cuda_free)(int64_t block);
	int64_t (*rt_cuda_memory_size)(int64_t block);
	int64_t (*rt_cuda_memory_device)(int64_t block);
	void *(*rt_cuda_memory_ptr)(int64_t block);
	int64_t (*rt_cuda_host_alloc)(int64_t size);
	int32_t (*rt_cuda_host_free)(int64_t block);
	int64_t (*rt_cuda_host_size)(int64_t block);
	void *(*rt_cuda_host_ptr)(int64_t block);
	int64_t (*rt_cuda_live_handles)(void);
	int32_t (*rt_cuda_memset)(int64_t target, int64_t offset, int64_t value, int64_t size);
	int32_t (*rt_cuda_memset_async)(int64_t target, int64_t offset, int64_t value, int64_t size,
		int64_t stream);
	int32_t (*rt_cuda_copy_to_device)(const uint8_t *data, int64_t data_len, int64_t target,
		int64_t offset);
	int64_t (*rt_cuda_copy_to_host)(int64_t source, int64_t offset, int64_t size, uint8_t *out,
		int64_t out_cap);
	int32_t (*rt_cuda_copy_to_address)(int64_t source, int64_t offset, int64_t size, void *target);
	int32_t (*rt_cuda_copy_to_device_async)(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
	int32_t (*rt_cuda_copy_to_host_async)(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
	int32_t (*rt_cuda_copy)(int64_t source, int64_t source_offset, int64_t target, int64_t target_offset,
		int64_t size);
	int32_t (*rt_cuda_copy_async)(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
	int32_t (*rt_cuda_copy_peer)(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size);
	int32_t (*rt_cuda_copy_peer_async)(int64_t source, int64_t source_offset, int64_t target,
		int64_t target_offset, int64_t size, int64_t stream);
} table;

static const struct {
	const char *name;
	void *place;
} entries[] = {
	{ "rt_cuda_abi_version", &table.rt_cuda_abi_version },
	{ "rt_cuda_load", &table.rt_cuda_load },
	{ "rt_cuda_suggest_path", &table.rt_cuda_suggest_path },
	{ "rt_cuda_available", &table.rt_cuda_available },
	{ "rt_cuda_function_available", &table.rt_cuda_function_available },
	{ "rt_cuda_libcudart_path", &table.rt_cuda_libcudart_path },
	{ "rt_cuda_runtime_version", &table.rt_cuda_runtime_version },
	{ "rt_cuda_driver_version", &table.rt_cuda_driver_version },
	{ "rt_cuda_last_error", &table.rt_cuda_last_error },
	{ "rt_cuda_last_error_code", &table.rt_cuda_last_error_code },
	{ "rt_cuda_clear_error", &table.rt_cuda_clear_error },
	{ "rt_cuda_last_cuda_error", &table.rt_cuda_last_cuda_error },
	{ "rt_cuda_error_name", &table.rt_cuda_error_name },
	{ "rt_cuda_error_text", &table.rt_cuda_error_text },
	{ "rt_cuda_device_count", &table.rt_cuda_device_count },
	{ "rt_cuda_device_name", &table.rt_cuda_device_name },
	{ "rt_cuda_device_attribute", &table.rt_cuda_device_attribute },
	{ "rt_cuda_device_memory", &table.rt_cuda_device_memory },
	{ "rt_cuda_can_access_peer", &table.rt_cuda_can_access_peer },
	{ "rt_cuda_set_device", &table.rt_cuda_set_device },
	{ "rt_cuda_current_device", &table.rt_cuda_current_device },
	{ "rt_cuda_synchronize", &table.rt_cuda_synchronize },
	{ "rt_cuda_stream_create", &table.rt_cuda_stream_create },
	{ "rt_cuda_stream_destroy", &table.rt_cuda_stream_destroy },
	{ "rt_cuda_stream_priorities", &table.rt_cuda_stream_priorities },
	{ "rt_cuda_stream_synchronize", &table.rt_cuda_stream_synchronize },
	{ "rt_cuda_stream_query", &table.rt_cuda_stream_query },
	{ "rt_cuda_stream_wait_event", &table.rt_cuda_stream_wait_event },
	{ "rt_cuda_stream_device", &table.rt_cuda_stream_device },
	{ "rt_cuda_stream_ptr", &table.rt_cuda_stream_ptr },
	{ "rt_cuda_event_create", &table.rt_cuda_event_create },
	{ "rt_cuda_event_destroy", &table.rt_cuda_event_destroy },
	{ "rt_cuda_event_record", &table.rt_cuda_event_record },
	{ "rt_cuda_event_synchronize", &table.rt_cuda_event_synchronize },
	{ "rt_cuda_event_query", &table.rt_cuda_event_query },
	{ "rt_cuda_event_elapsed", &table.rt_cuda_event_elapsed },
	{ "rt_cuda_event_device", &table.rt_cuda_event_device },
	{ "rt_cuda_alloc", &table.rt_cuda_alloc },
	{ "rt_cuda_free", &table.rt_cuda_free },
	{ "rt_cuda_memory_size", &table.rt_cuda_memory_size },
	{ "rt_cuda_memory_device", &table.rt_cuda_memory_device },
	{ "rt_cuda_memory_ptr", &table.rt_cuda_memory_ptr },
	{ "rt_cuda_host_alloc", &table.rt_cuda_host_alloc },
	{ "rt_cuda_host_free", &table.rt_cuda_host_free },
	{ "rt_cuda_host_size", &table.rt_cuda_host_size },
	{ "rt_cuda_host_ptr", &table.rt_cuda_host_ptr },
	{ "rt_cuda_live_handles", &table.rt_cuda_live_handles },
	{ "rt_cuda_memset", &table.rt_cuda_memset },
	{ "rt_cuda_memset_async", &table.rt_cuda_memset_async },
	{ "rt_cuda_copy_to_device", &table.rt_cuda_copy_to_device },
	{ "rt_cuda_copy_to_host", &table.rt_cuda_copy_to_host },
	{ "rt_cuda_copy_to_address", &table.rt_cuda_copy_to_address },
	{ "rt_cuda_copy_to_device_async", &table.rt_cuda_copy_to_device_async },
	{ "rt_cuda_copy_to_host_async", &table.rt_cuda_copy_to_host_async },
	{ "rt_cuda_copy", &table.rt_cuda_copy },
	{ "rt_cuda_copy_async", &table.rt_cuda_copy_async },
	{ "rt_cuda_copy_peer", &table.rt_cuda_copy_peer },
	{ "rt_cuda_copy_peer_async", &table.rt_cuda_copy_peer_async },
};

#define ENTRIES (sizeof entries / sizeof entries[0])

/* Fill the table from the library at `path`; NULL, or why it cannot be opened.  What it lacks stays NULL. */
static const char *rt_cuda_bind_library(const char *path)
{
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	if (library == NULL)
		return dlerror();
	for (i = 0; i < ENTRIES; i++) {
		void *symbol = dlsym(library, entries[i].name);
		memcpy(entries[i].place, &symbol, sizeof symbol);
	}
	return NULL;
}

static int32_t rt_cuda_found(const char *name)
{
	void *symbol = NULL;
	size_t i;

	for (i = 0; i < ENTRIES; i++)
		if (strcmp(entries[i].name, name) == 0)
			memcpy(&symbol, entries[i].place, sizeof symbol);
	return symbol != NULL;
}

#define rt_cuda_abi_version table.rt_cuda_abi_version
#define rt_cuda_load table.rt_cuda_load
#define rt_cuda_suggest_path table.rt_cuda_suggest_path
#define rt_cuda_available table.rt_cuda_available
#define rt_cuda_function_available table.rt_cuda_function_available
#define rt_cuda_libcudart_path table.rt_cuda_libcudart_path
#define rt_cuda_runtime_version table.rt_cuda_runtime_version
#define rt_cuda_driver_version table.rt_cuda_driver_version
#define rt_cuda_last_error table.rt_cuda_last_error
#define rt_cuda_last_error_code table.rt_cuda_last_error_code
#define rt_cuda_clear_error table.rt_cuda_clear_error
#define rt_cuda_last_cuda_error table.rt_cuda_last_cuda_error
#define rt_cuda_error_name table.rt_cuda_error_name
#define rt_cuda_error_text table.rt_cuda_error_text
#define rt_cuda_device_count table.rt_cuda_device_count
#define rt_cuda_device_name table.rt_cuda_device_name
#define rt_cuda_device_attribute table.rt_cuda_device_attribute
#define rt_cuda_device_memory table.rt_cuda_device_memory
#define rt_cuda_can_access_peer table.rt_cuda_can_access_peer
#define rt_cuda_set_device table.rt_cuda_set_device
#define rt_cuda_current_device table.rt_cuda_current_device
#define rt_cuda_synchronize table.rt_cuda_synchronize
#define rt_cuda_stream_create table.rt_cuda_stream_create
#define rt_cuda_stream_destroy table.rt_cuda_stream_destroy
#define rt_cuda_stream_priorities table.rt_cuda_stream_priorities
#define rt_cuda_stream_synchronize table.rt_cuda_stream_synchronize
#define rt_cuda_stream_query table.rt_cuda_stream_query
#define rt_cuda_stream_wait_event table.rt_cuda_stream_wait_event
#define rt_cuda_stream_device table.rt_cuda_stream_device
#define rt_cuda_stream_ptr table.rt_cuda_stream_ptr
#define rt_cuda_event_create table.rt_cuda_event_create
#define rt_cuda_event_destroy table.rt_cuda_event_destroy
#define rt_cuda_event_record table.rt_cuda_event_record
#define rt_cuda_event_synchronize table.rt_cuda_event_synchronize
#define rt_cuda_event_query table.rt_cuda_event_query
#define rt_cuda_event_elapsed table.rt_cuda_event_elapsed
#define rt_cuda_event_device table.rt_cuda_event_device
#define rt_cuda_alloc table.rt_cuda_alloc
#define rt_cuda_free table.rt_cuda_free
#define rt_cuda_memory_size table.rt_cuda_memory_size
#define rt_cuda_memory_device table.rt_cuda_memory_device
#define rt_cuda_memory_ptr table.rt_cuda_memory_ptr
#define rt_cuda_host_alloc table.rt_cuda_host_alloc
#define rt_cuda_host_free table.rt_cuda_host_free
#define rt_cuda_host_size table.rt_cuda_host_size
#define rt_cuda_host_ptr table.rt_cuda_host_ptr
#define rt_cuda_live_handles table.rt_cuda_live_handles
#define rt_cuda_memset table.rt_cuda_memset
#define rt_cuda_memset_async table.rt_cuda_memset_async
#define rt_cuda_copy_to_device table.rt_cuda_copy_to_device
#define rt_cuda_copy_to_host table.rt_cuda_copy_to_host
#define rt_cuda_copy_to_address table.rt_cuda_copy_to_address
#define rt_cuda_copy_to_device_async table.rt_cuda_copy_to_device_async
#define rt_cuda_copy_to_host_async table.rt_cuda_copy_to_host_async
#define rt_cuda_copy table.rt_cuda_copy
#define rt_cuda_copy_async table.rt_cuda_copy_async
#define rt_cuda_copy_peer table.rt_cuda_copy_peer
#define rt_cuda_copy_peer_async table.rt_cuda_copy_peer_async

/* What follows replaces macros that cffi's code below uses; a cffi that has them no more just runs a little slower.
 *
 * Nothing here looks at errno. */
#undef _cffi_restore_errno
#undef _cffi_save_errno
#define _cffi_restore_errno() ((void)0)
#define _cffi_save_errno() ((void)0)

static int32_t to_int32(PyObject *object)
{
	long long value = PyLong_AsLongLong(object);

	if (value == (int32_t)value)
		return (int32_t)value;
	PyErr_SetString(PyExc_OverflowError, "the integer does not fit into 32 bits");
	return -1;
}

/* Integers as Python's own functions take them: cffi itself would also take a Decimal. */
#undef _cffi_to_c_int
#define _cffi_to_c_int(object, type) ((type)(sizeof(type) == 8 ? PyLong_AsLongLong(object) : to_int32(object)))
"""

# These return at once and may be called by finalizers, so giving up the interpreter's lock would only cost time.
QUICK: list[str] = [
    "rt_cuda_clear_error",
]


def builder() -> Any:
    """The description that cffi makes C code from."""
    import cffi

    ffi = cffi.FFI()
    ffi.cdef(PROTOTYPES + BINDING)
    ffi.set_source(EXTENSION, SOURCE)
    return ffi


def emit_c(path: str) -> None:
    """Write the extension's C code, for a build system to compile."""
    with contextlib.redirect_stdout(io.StringIO()):  # cffi says what it does
        builder().emit_c_code(path)
    source = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(re.sub(r"_cffi_f_(\w+)\(.*?\n}\n", _keep_lock, source, flags=re.DOTALL), encoding="utf-8")


def _keep_lock(wrapper: re.Match[str]) -> str:
    """One of cffi's functions, for a quick one without the lines that give the lock up and take it back."""
    if wrapper[1] not in QUICK:
        return wrapper[0]
    return re.sub(r" *Py_(BEGIN|END)_ALLOW_THREADS\n", "", wrapper[0])


def build(folder: str | os.PathLike[str]) -> Path:
    """Compile the extension into `folder`; raises ImportError without cffi, RuntimeError when it cannot be compiled."""
    header = Path(sysconfig.get_path("include")) / "Python.h"
    if not header.is_file():
        raise RuntimeError(
            f"Python's headers are not installed (there is no {header}; on Debian: apt install python3-dev)"
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (EXTENSION + str(sysconfig.get_config_var("EXT_SUFFIX")))
    with tempfile.TemporaryDirectory() as temporary:
        source = f"{temporary}/{EXTENSION}.c"
        emit_c(source)
        _compile(source, str(target))
    return target


def _compile(source: str, target: str) -> None:
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    options = ["-O2", "-fPIC", "-shared", f"-I{sysconfig.get_path('include')}", source, "-o", target, "-ldl"]
    try:
        done = subprocess.run([*compiler, *options], check=False, capture_output=True, text=True)
    except OSError as error:
        raise RuntimeError(f"{compiler[0]} cannot be run: {error}") from None
    if done.returncode:
        raise RuntimeError(f"{compiler[0]} failed:\n{done.stderr}")


def main(arguments: list[str]) -> int:
    if len(arguments) == 2 and arguments[0] == "--emit-c":
        emit_c(arguments[1])
        return 0
    if len(arguments) > 1 or "".join(arguments).startswith("-"):
        print("usage: python -m rt_cuda_bindings.cffi_api_build [FOLDER] | --emit-c FILE", file=sys.stderr)
        return 2
    try:
        print(build(arguments[0] if arguments else Path(__file__).parent))
    except (ImportError, RuntimeError) as error:
        print(f"API mode cannot be built: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
