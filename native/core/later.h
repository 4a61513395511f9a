/* Foreign code that is to run a little later.
 *
 * The library may free memory that came from elsewhere in the middle of a destructor, which must neither be left nor
 * wait.  A foreign deleter may do both: one of Python's waits for its big lock, and ends the thread when the
 * interpreter is going.  So it is put off until its thread has left the library again; never does another thread run
 * it, which may hold a lock that it waits for. */
#ifndef RT_LATER_H
#define RT_LATER_H

#include "platform.h"

/* Have `run(what)` called when this thread leaves its outermost call; at once where it is in none, and never when exit
 * has begun. */
void later_run(void (*run)(void *what), void *what);

/* Run what was put off, the oldest first.  upstream_leave does so as a thread leaves its outermost call; nothing may
 * be locked.  It leaves the error state alone, whatever the foreign code calls. */
void later_run_all(void);

bool later_waiting(void);

int later_running_elsewhere(void); /* how many other threads run foreign code just now; exit gives them a moment */
void later_fork_child(void);

#endif
