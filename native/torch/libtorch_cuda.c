#include "libtorch_cuda.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inner.h"

#define MAX_DEVICES 64
#define PATH_SIZE 4096
#define LOADER_WORDS 400
#define NO_DEVICE 100 /* CUDA_ERROR_NO_DEVICE */

/* The half that is in use.  Written once, before anybody can ask. */
static struct {
	void *driver;
	char why_not[CUDA_WHY_SIZE];
} half;

/* What the driver has said; `why_not` is written before `count`, under platform_open_lock. */
static struct {
	_Atomic int count; /* one more than there are; 0 before the driver was asked */
	char why_not[CUDA_WHY_SIZE];
} devices;

static atomic_bool forked;
static char names[MAX_DEVICES][20];

/* Opening. */

static bool beside(const char *path, char *file, size_t file_size)
{
	const char *slash = strrchr(path, '/');
	int folder = slash ? (int)(slash - path) + 1 : 0;

	return snprintf(file, file_size, "%.*slibtorch_cuda.so", folder, path) < (int)file_size;
}

static bool hidden(void)
{
	const char *visible = getenv("CUDA_VISIBLE_DEVICES");

	return visible && (!*visible || *visible == '-');
}

static bool driver_is_installed(void)
{
	char path[PATH_SIZE];

	return platform_find("libcuda.so.1", path, sizeof path) != FILE_MISSING;
}

/* Cheapest first: the half itself takes a second to open, and much memory for good. */
static bool wanted(const char *file, struct cuda_half *found)
{
	const char *wish = getenv("RT_TORCH_CUDA");
	char why[LOADER_WORDS];

	if (wish && strcmp(wish, "0") == 0) {
		snprintf(found->why_not, sizeof found->why_not, "the environment variable RT_TORCH_CUDA is 0, which turns it off");
		return false;
	}
	if (platform_inspect(file) == FILE_MISSING) {
		snprintf(found->why_not, sizeof found->why_not, "this libtorch is a build without CUDA, which has no "
		         "libtorch_cuda.so beside it%s: install a torch with CUDA",
		         driver_is_installed() ? "" : ", and there is no NVIDIA driver either");
		return false;
	}
	if (hidden()) {
		snprintf(found->why_not, sizeof found->why_not, "the environment variable CUDA_VISIBLE_DEVICES hides every device");
		return false;
	}
	found->driver = platform_open("libcuda.so.1", why, sizeof why);
	if (found->driver)
		return true;
	snprintf(found->why_not, sizeof found->why_not, "there is no NVIDIA driver (%s): install one, or run where one is",
	         why);
	return false;
}

/* It must be opened before anything touches libtorch's CUDA hooks, or CUDA stays off for good.  Now or never, then. */
void cuda_half_open(const char *path, struct cuda_half *found)
{
	char file[PATH_SIZE], why[LOADER_WORDS] = "its path is too long";

	*found = (struct cuda_half){0};
	if (!beside(path, file, sizeof file)) {
		snprintf(found->why_not, sizeof found->why_not, "libtorch_cuda.so cannot be opened: %s", why);
		return;
	}
	if (!wanted(file, found))
		return;
	switch (platform_inspect(file)) {
	case FILE_LIBRARY:
		found->opened = platform_open(file, why, sizeof why);
		break;
	case FILE_TRUNCATED:
		snprintf(why, sizeof why, "its end is missing");
		break;
	default:
		snprintf(why, sizeof why, "it is no shared library for this machine");
	}
	if (!found->opened)
		snprintf(found->why_not, sizeof found->why_not, "\"%.*s\" cannot be opened: %s", 300, file, why);
}

void cuda_half_use(const struct cuda_half *found)
{
	memcpy(half.why_not, found->why_not, sizeof half.why_not);
	half.driver = found->opened ? found->driver : NULL;
	for (int i = 0; i < MAX_DEVICES; i++)
		snprintf(names[i], sizeof names[i], "cuda:%d", i);
	upstream_set_companion(&rt_torch_library, found->opened, half.why_not);
}

/* Devices. */

static bool find(const char *name, void *place)
{
	void *address = platform_symbol(half.driver, name);

	memcpy(place, &address, sizeof address);
	return address != NULL;
}

/* The driver's own name and words for a code, where it has them. */
static void describe(int code, const char *who, char *text, size_t size)
{
	int (*name_of)(int code, const char **name), (*words_of)(int code, const char **words);
	const char *name = NULL, *words = NULL;

	if (find("cuGetErrorName", &name_of))
		name_of(code, &name);
	if (find("cuGetErrorString", &words_of))
		words_of(code, &words);
	snprintf(text, size, "the NVIDIA driver gives no GPU%s: %s answered %d%s%s%s%s",
	         code == NO_DEVICE ? ", or CUDA_VISIBLE_DEVICES hides it" : "", who, code, name ? ", " : "",
	         name ? name : "", words ? ": " : "", words ? words : "");
}

static int ask(char *why_not, size_t size)
{
	int (*start)(unsigned flags);
	int (*count)(int *found);
	int found = 0, code;

	snprintf(why_not, size, "the NVIDIA driver finds no GPU, or CUDA_VISIBLE_DEVICES hides it");
	if (!find("cuInit", &start) || !find("cuDeviceGetCount", &count)) {
		snprintf(why_not, size, "the NVIDIA driver cannot be used: libcuda.so.1 lacks cuInit");
		return 0;
	}
	code = start(0);
	if (code != 0) {
		describe(code, "cuInit", why_not, size);
		return 0;
	}
	code = count(&found);
	if (code != 0) {
		describe(code, "cuDeviceGetCount", why_not, size);
		return 0;
	}
	return found < MAX_DEVICES ? found : MAX_DEVICES;
}

static void ask_once(void)
{
	char why_not[CUDA_WHY_SIZE];
	int count = ask(why_not, sizeof why_not);

	platform_lock(&platform_open_lock);
	if (atomic_load(&devices.count) == 0) {
		memcpy(devices.why_not, why_not, sizeof devices.why_not);
		atomic_store(&devices.count, count + 1);
	}
	platform_unlock(&platform_open_lock);
}

int cuda_count_known(void)
{
	int count = atomic_load(&devices.count);

	return count && !atomic_load(&forked) ? count - 1 : 0;
}

int cuda_count(void)
{
	if (!half.driver)
		return 0;
	if (!atomic_load(&devices.count))
		ask_once();
	return cuda_count_known();
}

const char *cuda_why_not(void)
{
	if (!half.driver)
		return half.why_not;
	if (cuda_count() > 0)
		return "";
	return atomic_load(&forked) ? "this process was forked from one that had used CUDA, which does not survive that: start "
	                              "processes anew, as by spawn"
	                            : devices.why_not;
}

const char *cuda_name(int index)
{
	return names[index < 0 ? 0 : index < MAX_DEVICES ? index : MAX_DEVICES - 1];
}

void cuda_half_forked(void)
{
	if (atomic_load(&devices.count))
		atomic_store(&forked, true);
}
