/* What is put off runs once, in order, outside of calls, and leaves no trace in the error state; and the texts and
 * limits of a call. */
#include <pthread.h>

#include "call.h"
#include "check.h"
#include "later.h"

static int order[16];
static int ran;

static void note(void *what)
{
	order[ran++] = (int)(intptr_t)what;
}

static void what_is_put_off_waits_for_the_outermost_call(void)
{
	ran = 0;
	CHECK(upstream_enter());
	CHECK(upstream_enter());
	later_run(note, (void *)1);
	later_run(note, (void *)2);
	CHECK(later_waiting());
	upstream_leave();
	CHECK_EQUAL(ran, 0);
	upstream_leave();
	CHECK_EQUAL(ran, 2);
	CHECK(order[0] == 1 && order[1] == 2);
	CHECK(!later_waiting());
}

/* Foreign code that fails a call of its own, makes another, and has more put off. */
static void meddle(void *what)
{
	note(what);
	error_set(ERROR_REFUSED, "of the foreign code");
	if (upstream_enter()) {
		later_run(note, (void *)3);
		upstream_leave();
	}
	CHECK_EQUAL(order[ran - 1], 1); /* not within itself */
}

static void the_error_state_is_left_alone(void)
{
	ran = 0;
	error_set(ERROR_BAD_ARGUMENT, "of the call");
	CHECK(upstream_enter());
	later_run(meddle, (void *)1);
	upstream_leave();
	CHECK_EQUAL(ran, 2);
	CHECK_EQUAL(order[1], 3);
	CHECK_EQUAL(error_code(), ERROR_BAD_ARGUMENT);
	CHECK(strcmp(error_text(), "of the call") == 0);
}

static void end_the_thread(void *what)
{
	note(what);
	pthread_exit(NULL);
}

static void *leave(void *unused)
{
	if (upstream_enter()) {
		later_run(end_the_thread, (void *)1);
		upstream_leave();
	}
	CHECK(false);
	return unused;
}

static void code_that_ends_the_thread_is_survived(void)
{
	pthread_t thread;

	ran = 0;
	pthread_create(&thread, NULL, leave, NULL);
	pthread_join(thread, NULL);
	CHECK_EQUAL(ran, 1);
	CHECK(upstream_enter());
	upstream_leave();
}

static void *come_and_go(void *unused)
{
	if (upstream_enter())
		upstream_leave();
	return unused;
}

static void another_thread_does_not_run_it(void)
{
	pthread_t thread;

	ran = 0;
	CHECK(upstream_enter());
	later_run(note, (void *)1);
	pthread_create(&thread, NULL, come_and_go, NULL);
	pthread_join(thread, NULL);
	CHECK_EQUAL(ran, 0);
	upstream_leave();
	CHECK_EQUAL(ran, 1);
}

static void outside_of_a_call_nothing_waits(void)
{
	ran = 0;
	later_run(note, (void *)1);
	CHECK_EQUAL(ran, 1);
}

static void texts_become_valid(void)
{
	error_set(ERROR_REFUSED, "%s", "a\xE2" "bc");
	CHECK(strcmp(error_text(), "a?bc") == 0);
	error_set(ERROR_REFUSED, "%s", "a\xE2\x82");
	CHECK(strcmp(error_text(), "a") == 0);
	error_set(ERROR_REFUSED, "%s", "a\xC3\xA9\xFF");
	CHECK(strcmp(error_text(), "a\xC3\xA9?") == 0);
}

static void limits_are_checked(void)
{
	static const struct function function = {.name = "stub"};
	struct call call;

	ran = 0;
	CHECK(call_enter(&call, &function));
	for (int i = 0; i < MAX_CLEANUPS; i++)
		CHECK(call_cleanup(&call, note, NULL));
	CHECK(!call_cleanup(&call, note, NULL));
	CHECK(call.failed);
	call_leave(&call, false);
	CHECK_EQUAL(ran, MAX_CLEANUPS);
	CHECK_EQUAL(error_code(), ERROR_REFUSED);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(what_is_put_off_waits_for_the_outermost_call),
		TEST(the_error_state_is_left_alone),
		TEST(code_that_ends_the_thread_is_survived),
		TEST(another_thread_does_not_run_it),
		TEST(outside_of_a_call_nothing_waits),
		TEST(texts_become_valid),
		TEST(limits_are_checked),
	};

	return run_tests(tests, sizeof tests / sizeof *tests);
}
