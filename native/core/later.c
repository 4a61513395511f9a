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

/* Guarded by platform_later_lock; `first` is also read without it. */
static struct task *_Atomic first;
static struct task *last;

/* Foreign code that calls us adds to the queue: the loop below comes to it. */
static _Thread_local bool running;

void later_run(void (*run)(void *what), void *what)
{
	struct task *task = malloc(sizeof *task);

	if (!task)
		return;
	*task = (struct task){run, what, NULL};
	platform_lock(&platform_later_lock);
	if (atomic_load_explicit(&first, memory_order_relaxed))
		last->next = task;
	else
		atomic_store_explicit(&first, task, memory_order_release);
	last = task;
	platform_unlock(&platform_later_lock);
}

static struct task *take(void)
{
	struct task *task;

	platform_lock(&platform_later_lock);
	task = atomic_load_explicit(&first, memory_order_relaxed);
	if (task)
		atomic_store_explicit(&first, task->next, memory_order_relaxed);
	platform_unlock(&platform_later_lock);
	return task;
}

bool later_waiting(void)
{
	return atomic_load_explicit(&first, memory_order_relaxed) != NULL;
}

/* One at a time: code that ends the thread takes no other's turn away. */
void later_run_all(void)
{
	struct error_state before;
	struct task *task;

	if (running || upstream_closing())
		return;
	error_save(&before);
	running = true;
	while (!upstream_closing() && (task = take()) != NULL) {
		struct task now = *task;
		free(task);
		now.run(now.what);
	}
	running = false;
	error_restore(&before);
}
