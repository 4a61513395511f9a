/* Handles: numbers that stand for objects, checked on every use and safe against every misuse.
 *
 * A handle is `chunk << 41 | generation << 10 | slot`: positive, below 2^53, and below 2^30 for about the first 10^9
 * allocations.  At most 4,194,304 (4096 chunks of 1024 slots) can be live at once.  Once exit has begun, freeing only
 * marks: the library that would destroy the object may be gone. */
#ifndef RT_HANDLE_H
#define RT_HANDLE_H

#include "platform.h"

struct slot;

/* Put `object` behind a new handle; 0 when memory or handles are used up (no error is set). */
int64_t handle_new(int kind, void *object, void (*destroy)(void *object));

/* Keep the object alive during a call; NULL when `handle` is no live handle of that kind. */
void *handle_pin(int64_t handle, int kind, struct slot **slot);
void handle_unpin(struct slot *slot);

bool handle_free(int64_t handle, int kind); /* false when it is no live handle of that kind */
int handle_kind(int64_t handle); /* what it stands for just now; 0 for no live handle */
int64_t handle_live(int kind);

#endif
