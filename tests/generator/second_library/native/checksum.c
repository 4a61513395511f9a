#include "checksum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rt_z_bodies.h"

enum { KIND_CHECKSUM = 1, ALGORITHM_CRC32 = 0, ALGORITHM_ADLER32 = 1 };

struct running {
	int32_t algorithm;
	unsigned long value;
};

/* RT_Z_ALONE keeps it from the library beside it. */
bool z_opened(void *handle, const char *path, bool brought_in)
{
	char why[256];

	(void)handle;
	(void)path;
	(void)brought_in;
	if (getenv("RT_Z_ALONE"))
		upstream_set_companion(&rt_z_library, NULL, "RT_Z_ALONE is set");
	else
		upstream_set_companion(&rt_z_library, platform_open("libm.so.6", why, sizeof why), "there is no libm");
	return true;
}

bool borrow_checksum(struct call *call, const char *name, int64_t handle, struct checksum *checksum)
{
	struct slot *slot;

	checksum->state = handle_pin(handle, KIND_CHECKSUM, &slot);
	if (!checksum->state)
		return call_fail(call, ERROR_INVALID_HANDLE, "argument `%s`: %lld is no live checksum", name, (long long)handle);
	call->pinned[call->pinned_count] = slot;
	call->borrowed[call->pinned_count++] = checksum;
	return true;
}

bool parse_algorithm(const struct call *call, const char *name, const char *text, int32_t *algorithm)
{
	if (!check_str(call, name, text))
		return false;
	*algorithm = strcmp(text, "adler32") == 0 ? ALGORITHM_ADLER32 : ALGORITHM_CRC32;
	return *algorithm == ALGORITHM_ADLER32 || strcmp(text, "crc32") == 0
	       || call_bad_argument(call, name, "\"%s\" is neither \"crc32\" nor \"adler32\"", text);
}

bool check_not_negative(const struct call *call, const char *name, int64_t value)
{
	return value >= 0 || call_bad_argument(call, name, "%lld is negative", (long long)value);
}

int64_t body_checksum(struct call *call, int32_t algorithm)
{
	struct running *running = malloc(sizeof(*running));
	int64_t handle = 0;

	if (running) {
		running->algorithm = algorithm;
		running->value = algorithm == ALGORITHM_CRC32 ? libz.crc32(0, NULL, 0) : libz.adler32(0, NULL, 0);
		handle = handle_new(KIND_CHECKSUM, running, free);
	}
	if (!handle) {
		free(running);
		call_fail(call, ERROR_OUT_OF_MEMORY, "no memory for a checksum");
	}
	return handle;
}

bool body_update(struct call *call, const struct checksum *sum, const uint8_t *data, int64_t data_len)
{
	struct running *running = sum->state;

	(void)call;
	if (running->algorithm == ALGORITHM_CRC32)
		running->value = libz.crc32(running->value, data, (unsigned int)data_len);
	else
		running->value = libz.adler32(running->value, data, (unsigned int)data_len);
	return true;
}

bool body_value(struct call *call, const struct checksum *sum, int64_t *out)
{
	(void)call;
	*out = (int64_t)sum->state->value;
	return true;
}

bool body_equal(struct call *call, const struct checksum *a, const struct checksum *b, int32_t *out)
{
	(void)call;
	*out = a->state->value == (b ? b->state->value : 0);
	return true;
}

bool body_total(struct call *call, const int64_t *sums, int64_t sums_len, int64_t *out)
{
	struct checksum checksum;

	*out = 0;
	for (int64_t i = 0; i < sums_len; i++) {
		if (!borrow_checksum(call, "sums", sums[i], &checksum))
			return false;
		*out += (int64_t)checksum.state->value;
	}
	return true;
}

bool body_start_value(struct call *call, const int32_t *algorithm, int64_t *out)
{
	(void)call;
	*out = algorithm && *algorithm == ALGORITHM_ADLER32;
	return true;
}

int32_t body_free(int64_t sum)
{
	return handle_free(sum, KIND_CHECKSUM) ? ERROR_OK : ERROR_INVALID_HANDLE;
}

bool body_split(struct call *call, double x, double *fraction, int64_t *exponent)
{
	int power;

	(void)call;
	*fraction = frexp(x, &power);
	*exponent = power;
	return true;
}

bool body_round(struct call *call, double x, int64_t way, double *out)
{
	(void)call;
	*out = way == 0 ? floor(x) : way == 1 ? ceil(x) : trunc(x);
	return true;
}

bool body_trim(struct call *call, double x, const int64_t *way, const int32_t *negate, double *out)
{
	body_round(call, x, way ? *way : 2, out);
	if (negate && *negate)
		*out = -*out;
	return true;
}

bool body_power(struct call *call, double x, const double *exponent, double *out)
{
	(void)call;
	*out = pow(x, exponent ? *exponent : 2.0);
	return true;
}

bool body_digits(struct call *call, int64_t n, const int64_t *base, int64_t base_len, int64_t *out, int64_t out_cap,
                 int64_t *out_len)
{
	int64_t by = base_len == LIST_ABSENT ? 10 : base_len == 1 ? base[0] : 0;
	int64_t digits[64];
	int64_t count = 0;

	if (by < 2)
		return call_bad_argument(call, "base", "one number of at least 2 is expected");
	for (; n > 0; n /= by)
		digits[count++] = n % by;
	if (!give_length(call, count, out_cap, out, out_len))
		return false;
	if (out)
		memcpy(out, digits, (size_t)count * sizeof(digits[0]));
	return true;
}
