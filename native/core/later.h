/* Foreign code that is to run a little later.
 *
 * The library may free memory that came from elsewhere in the middle of a destructor, which must neither be left nor
 * wait.  A foreign deleter may do both: one of Python's waits for its big lock, and ends the thread when the
 * interpreter is going.  So it is put off until the thread, or another one, has left the library again. */
#ifndef RT_LATER_H
#define RT_LATER_H

#include "platform.h"

/* Have `run(what)` called soon; if need be never: when memory is used up, or exit has begun.  Any thread may call
 * this, from within anything. */
void later_run(void (*run)(void *what), void *what);

/* Run what was put off, the oldest first.  upstream_leave does so as a thread leaves its outermost call; nothing may
 * be locked.  It leaves the error state alone, whatever the foreign code calls. */
void later_run_all(void);

bool later_waiting(void);

#endif
