/* A test is a function; a failed check is printed and counted, and the test goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
	const char *name;
	void (*run)(void);
};
#define TEST(function) {#function, function}

static int failed_checks;

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(given, expected) check_equal((int64_t)(given), (int64_t)(expected), __FILE__, __LINE__, #given)

static inline bool check_that(bool condition, const char *file, int line, const char *text)
{
	if (!condition) {
		printf("%s:%d: not so: %s\n", file, line, text);
		failed_checks++;
	}
	return condition;
}

static inline bool check_equal(int64_t given, int64_t expected, const char *file, int line, const char *text)
{
	if (given != expected) {
		printf("%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", file, line, text, given, expected);
		failed_checks++;
	}
	return given == expected;
}

/* How often the longer tests go round; memory checkers are slow. */
static inline int rounds(int usual)
{
	const char *divisor = getenv("TEST_ROUNDS_DIVISOR");
	int fewer = divisor ? usual / atoi(divisor) : usual;

	return fewer ? fewer : 1;
}

static inline int run_tests(const struct test *tests, size_t count)
{
	int passed = 0;

	for (size_t i = 0; i < count; i++) {
		int before = failed_checks;
		tests[i].run();
		passed += failed_checks == before;
		if (failed_checks != before)
			printf("FAILED %s\n", tests[i].name);
	}
	printf("%d passed, %d failed\n", passed, (int)count - passed);
	return passed == (int)count ? 0 : 1;
}

#endif
