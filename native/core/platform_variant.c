#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* getauxval */
#endif

#include "platform_variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__GLIBC__)
#include <gnu/libc-version.h>
#include <sys/auxv.h>
#endif

#if defined(__GLIBC__) && defined(__x86_64__)

/* Of each level those features that every compiler can ask for: what has these has the rest of its level too. */
static int processor_level(void)
{
	__builtin_cpu_init();
	if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt"))
		return 1;
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("fma"))
		return 2;
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") ? 4 : 3;
}

static bool is_intel(void)
{
	__builtin_cpu_init();
	return __builtin_cpu_is("intel");
}

/* y of glibc's version x.y */
static int glibc_minor(void)
{
	const char *dot = strchr(gnu_get_libc_version(), '.');

	return dot ? atoi(dot + 1) : 0;
}

const char *variants_platform(void)
{
	const char *platform = (const char *)getauxval(AT_PLATFORM);

	if (is_intel() && processor_level() >= 3)
		return "haswell";
	return platform ? platform : "";
}

static void add_levels(struct variants *variants)
{
	static const char *const levels[] = {"glibc-hwcaps/x86-64-v2/", "glibc-hwcaps/x86-64-v3/", "glibc-hwcaps/x86-64-v4/"};

	for (int i = processor_level() - 2; i >= 0; i--)
		strcpy(variants->subfolders[variants->count++], levels[i]);
}

/* Every combination of some words, those with more weight first. */
static void add_combinations(struct variants *variants)
{
	const char *words[4];
	int count = 0;

	words[count++] = "x86_64";
	if (is_intel() && processor_level() >= 4)
		words[count++] = "avx512_1";
	words[count++] = variants_platform();
	words[count++] = "tls";
	for (int set = (1 << count) - 1; set > 0; set--) {
		char *subfolder = variants->subfolders[variants->count++];
		int length = 0;
		for (int i = count - 1; i >= 0; i--) {
			if (set & 1 << i)
				length += snprintf(subfolder + length, SUBFOLDER_SIZE - (size_t)length, "%.8s/", words[i]);
		}
	}
}

void variants_list(struct variants *variants)
{
	memset(variants, 0, sizeof *variants);
	if (glibc_minor() >= 33)
		add_levels(variants);
	if (glibc_minor() < 37)
		add_combinations(variants);
	variants->count++; /* "" */
}

#else

const char *variants_platform(void)
{
#if defined(__GLIBC__)
	const char *platform = (const char *)getauxval(AT_PLATFORM);

	return platform ? platform : "";
#else
	return "";
#endif
}

void variants_list(struct variants *variants)
{
	memset(variants, 0, sizeof *variants);
	variants->count = 1;
}

#endif

static bool is_in(const char *subfolder, const char *file)
{
	const char *name = strrchr(file, '/');
	size_t length = strlen(subfolder), before = name ? (size_t)(name + 1 - file) : 0;

	return before > length && file[before - length - 1] == '/' && memcmp(file + before - length, subfolder, length) == 0;
}

int variants_find(const struct variants *variants, const char *file, bool special)
{
	int plain = variants->count - 1;

	for (int i = 0; special && i < plain; i++) {
		if (is_in(variants->subfolders[i], file))
			return i;
	}
	return special ? -1 : plain;
}
