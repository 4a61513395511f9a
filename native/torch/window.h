/* Windows that move over images: convolutions and pooling.  Of two numbers the first is for the height. */
#ifndef RT_WINDOW_H
#define RT_WINDOW_H

#include "inner.h"

struct windows {
	int64_t kernel[2], stride[2], padding[2], dilation[2];
	bool ceil; /* those that begin within the image, or before it, reach over its far edge as they need */
};

/* A list of one number, which stands for both, or of two. */
void read_pair(const int64_t *numbers, int64_t count, int64_t pair[2]);
/* The lists of a pooling function that were checked; `stride` may be absent. */
void read_windows(const int64_t *kernel, int64_t kernel_len, const int64_t *stride, int64_t stride_len,
                  const int64_t *padding, int64_t padding_len, struct windows *windows);

#endif
