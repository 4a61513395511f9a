/* What is particular to libtorch: its version, its words on a failure, and what it needs in a forked child. */
#include <stdio.h>
#include <string.h>

#include "libtorch_cuda.h"
#include "inner.h"

#define OLDEST_VERSION INT64_C(0x020a000000000000)       /* 2.10 */
#define TELLS_REASONS_VERSION INT64_C(0x020d000000000000) /* 2.13 */

static int64_t version;

int64_t torch_version(void)
{
	return version;
}

/* What one thread learns of a library that it has opened. */
struct found {
	int64_t version;
	char version_text[32];
	int *log_level;
	void *delete_tensor, *reason, *from_blob, *set_num_threads, *operator_new;
	struct cuda_half cuda;
};

static bool check_version(void *handle, struct found *found)
{
	uint64_t (*abi_version)(void);
	void *address = platform_symbol(handle, "aoti_torch_abi_version");

	memcpy(&abi_version, &address, sizeof address);
	found->version = (int64_t)abi_version();
	snprintf(found->version_text, sizeof found->version_text, "%d.%d.%d", (int)(found->version >> 56 & 255),
	         (int)(found->version >> 48 & 255), (int)(found->version >> 40 & 255));
	if (found->version < OLDEST_VERSION)
		return error_set(ERROR_NO_UPSTREAM, "the libtorch found is version %s, and 2.10 is the oldest that can be "
		                 "used: install a newer torch", found->version_text);
	return true;
}

/* What is needed outside of any function: to let go, to tell reasons, and in a forked child.  All else is resolved when
 * a function that needs it is first called. */
static void find_symbols(void *handle, struct found *found)
{
	found->log_level = platform_symbol(handle, "FLAGS_caffe2_log_level");
	found->delete_tensor = platform_symbol(handle, "aoti_torch_delete_tensor_object");
	found->reason = platform_symbol(handle, "torch_exception_get_what_without_backtrace");
	found->from_blob = platform_symbol(handle, "torch_from_blob");
	found->set_num_threads = platform_symbol(handle, "_ZN2at15set_num_threadsEi");
	/* The process's own operator new, which a memory checker may have replaced together with delete. */
	found->operator_new = platform_global_symbol("_Znwm");
	if (!found->operator_new)
		found->operator_new = platform_symbol(handle, "_Znwm");
}

/* Before 2.13 every failure prints a backtrace.  The switch is the whole process's, so it is left alone where somebody
 * else brought libtorch in. */
static void silence(const struct found *found, bool brought_in)
{
	if (brought_in && found->version < TELLS_REASONS_VERSION && found->log_level)
		*found->log_level = 4;
}

static void use(const struct found *found)
{
	version = found->version;
	upstream_set_version(&rt_torch_library, found->version_text);
	memcpy(&libtorch.aoti_torch_delete_tensor_object, &found->delete_tensor, sizeof(void *));
	memcpy(&libtorch.torch_exception_get_what_without_backtrace, &found->reason, sizeof(void *));
	memcpy(&libtorch.torch_from_blob, &found->from_blob, sizeof(void *));
	memcpy(&libtorch._ZN2at15set_num_threadsEi, &found->set_num_threads, sizeof(void *));
	memcpy(&libtorch._Znwm, &found->operator_new, sizeof(void *));
	cuda_half_use(&found->cuda);
}

bool torch_opened(void *handle, const char *path, bool brought_in)
{
	static bool used;
	struct found found;

	if (!check_version(handle, &found))
		return false;
	find_symbols(handle, &found);
	cuda_half_open(path, &found.cuda);
	platform_lock(&platform_open_lock);
	if (!used) {
		silence(&found, brought_in);
		use(&found);
		used = true;
	}
	platform_unlock(&platform_open_lock);
	return true;
}

/* The threads that libtorch computes with are not there in a forked child: one thread needs none. */
void torch_forked(void)
{
	if (libtorch._ZN2at15set_num_threadsEi)
		libtorch._ZN2at15set_num_threadsEi(1);
	cuda_half_forked();
}

/* Failures. */

const char *torch_reason(void)
{
	const char *reason = NULL;

	if (libtorch.torch_exception_get_what_without_backtrace)
		reason = libtorch.torch_exception_get_what_without_backtrace();
	return reason ? reason : "";
}

/* One line of at most `size - 1` bytes. */
static void one_line(char *line, size_t size, const char *text)
{
	snprintf(line, size, "%s", text);
	for (char *at = line; *at; at++) {
		if (*at == '\n')
			*at = ' ';
	}
	for (size_t length = strlen(line); length && line[length - 1] == ' '; length--)
		line[length - 1] = 0;
}

/* Cut short where there is no room for all. */
static void describe_inputs(const struct call *call, char *text, size_t size)
{
	const char *before = "; given ";
	char shape[SHAPE_TEXT];
	size_t used = 0;

	text[0] = 0;
	for (int i = 0; i < call->pinned_count && used < size; i++, before = ", ") {
		const struct tensor *x = call->borrowed[i];
		used += (size_t)snprintf(text + used, size - used, "%s`%s`: %s %s on %s", before, x->name,
		                         dtype_name(x->dtype), shape_text(shape, x->sizes, x->ndim),
		                         device_text(x->device));
	}
	for (int i = 0; i < call->note_count && used < size; i++, before = ", ") {
		const struct note *note = &call->notes[i];
		used += (size_t)snprintf(text + used, size - used, "%s`%s`: %s", before, note->name,
		                         note->text ? note->text : shape_text(shape, note->list, note->length));
	}
}

/* The bytes that the result must have needed, where there are not that many even now.  Of libtorchs that give no reason
 * this is all that can be known, and only in the CPU's memory; 0 otherwise. */
static int64_t bytes_not_there(const struct call *call)
{
	int64_t bytes = call->expect >= 0 ? call->count * dtype_info(call->expect)->size : 0;

	return cuda_count_known() > 0 || platform_has_room(bytes) ? 0 : bytes;
}

static bool refused_without_reason(const struct call *call, const char *inputs)
{
	int64_t bytes = bytes_not_there(call);

	if (bytes)
		return call_fail(call, ERROR_OUT_OF_MEMORY, "libtorch %s refused: there is no memory for the %lld bytes of the "
		                 "result%s", upstream_version(&rt_torch_library), (long long)bytes, inputs);
	return call_fail(call, ERROR_REFUSED, "libtorch %s refused: %s%s", upstream_version(&rt_torch_library),
	                 version < TELLS_REASONS_VERSION ? "its reason is only known from 2.13 on" : "it gave no reason",
	                 inputs);
}

bool torch_refused(struct call *call)
{
	char inputs[700], raised[600], line[800];
	const char *reason;
	bool memory;

	describe_inputs(call, inputs, sizeof inputs);
	if (python_raised(raised, sizeof raised)) {
		one_line(line, sizeof line, raised);
		return call_fail(call, ERROR_REFUSED, "libtorch %s refused: Python code that it called raised %s%s",
		                 upstream_version(&rt_torch_library), line, inputs);
	}
	reason = torch_reason();
	if (!*reason)
		return refused_without_reason(call, inputs);
	memory = strstr(reason, "allocate memory") || strstr(reason, "out of memory");
	one_line(line, sizeof line, reason);
	return call_fail(call, memory ? ERROR_OUT_OF_MEMORY : ERROR_REFUSED, "libtorch %s refused: %s%s",
	                 upstream_version(&rt_torch_library), line, inputs);
}
