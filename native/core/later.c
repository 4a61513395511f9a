#include "later.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "error.h"
#include "upstream.h"

struct task {
	void (*run)(void *what);
	void *what;
	struct task *next;
};

/* This thread's, the oldest first. */
static RT_THREAD_LOCAL struct {
	struct task *first;
	struct task *last;
	bool running; /* foreign code that calls us adds to the queue: the loop below comes to it */
} queue;

static _Atomic int running_threads;

void later_run(void (*run)(void *what), void *what)
{
	struct task *task;

	if (upstream_closing())
		return;
	task = upstream_inside() ? malloc(sizeof *task) : NULL;
	if (!task) {
		run(what);
		return;
	}
	*task = (struct task){run, what, NULL};
	if (queue.first)
		queue.last->next = task;
	else
		queue.first = task;
	queue.last = task;
}

bool later_waiting(void)
{
	return queue.first != NULL;
}

/* One at a time, so that code that ends the thread leaves nothing half taken. */
static void run_first(void)
{
	struct task now = *queue.first;

	free(queue.first);
	queue.first = now.next;
	now.run(now.what);
}

void later_run_all(void)
{
	struct error_state before;

	if (queue.running || upstream_closing())
		return;
	error_save(&before);
	queue.running = true;
	atomic_fetch_add(&running_threads, 1);
	while (queue.first && !upstream_closing())
		run_first();
	atomic_fetch_sub(&running_threads, 1);
	queue.running = false;
	error_restore(&before);
}

int later_running_elsewhere(void)
{
	return atomic_load(&running_threads) - queue.running;
}

void later_fork_child(void)
{
	atomic_store(&running_threads, queue.running);
}
