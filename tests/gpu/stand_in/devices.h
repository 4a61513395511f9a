/* What the two halves of the stand-in share. */
#ifndef DEVICES_H
#define DEVICES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))
#define CPU (-1)

/* Tensors by their handles: on which device each one is said to be, CPU or the number of a GPU. */
PUBLIC int device_of(void *tensor);
PUBLIC void *on_device(void *tensor, int device); /* the same tensor, which is there from now on */
PUBLIC int32_t refuse(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The one device of two tensors, NULL for none of them; false with the reason set where they are on two. */
PUBLIC bool together(const char *who, void *a, void *b, bool numbers_go, int *device);

/* The function of that name in the real libtorch. */
PUBLIC void *real(const char *name);

#define REAL(name, ...) \
	static int32_t (*name##_)(__VA_ARGS__); \
	if (!name##_) { \
		void *address = real(#name); \
		memcpy(&name##_, &address, sizeof address); \
	}

#endif
