/* The error state where memory is used up, and where a thread ends.  Linked with -Wl,--wrap=malloc. */
#include <pthread.h>

#include "check.h"
#include "error.h"

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

static bool used_up;
static pthread_key_t key;

void *__wrap_malloc(size_t size)
{
	return used_up ? NULL : __real_malloc(size);
}

static void without_memory_the_code_is_told(void)
{
	struct error_state before;

	used_up = true;
	error_set(ERROR_OUT_OF_MEMORY, "%s", "not heard");
	CHECK_EQUAL(error_code(), ERROR_OUT_OF_MEMORY);
	CHECK(strstr(error_text(), "memory is used up") != NULL);
	error_save(&before);
	error_success();
	CHECK(*error_text() == 0);
	error_restore(&before);
	CHECK_EQUAL(error_code(), ERROR_OUT_OF_MEMORY);
	error_clear();
	CHECK(*error_text() == 0);
	used_up = false;
	error_set(ERROR_REFUSED, "%s", "heard");
	used_up = true; /* its room is there by now */
	error_set(ERROR_REFUSED, "%s again", error_text());
	used_up = false;
	CHECK(strcmp(error_text(), "heard again") == 0);
}

static void fail_once_more(void *unused)
{
	(void)unused;
	error_set(ERROR_REFUSED, "%s", "at the end");
	CHECK(strcmp(error_text(), "at the end") == 0);
}

static void *fail_and_end(void *unused)
{
	pthread_setspecific(key, &key);
	error_set(ERROR_REFUSED, "%s", "in a thread");
	return unused;
}

static void a_thread_may_fail_while_it_ends(void)
{
	pthread_t thread;

	error_set(ERROR_REFUSED, "%s", "here");
	pthread_key_create(&key, fail_once_more); /* later than the error's own, so it runs after that */
	pthread_create(&thread, NULL, fail_and_end, NULL);
	pthread_join(thread, NULL);
	CHECK(strcmp(error_text(), "here") == 0);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(without_memory_the_code_is_told),
		TEST(a_thread_may_fail_while_it_ends),
	};

	return run_tests(tests, sizeof tests / sizeof *tests);
}
