/* libtorch's CUDA half, which is a library of its own, and the devices that the driver has. */
#ifndef RT_LIBTORCH_CUDA_H
#define RT_LIBTORCH_CUDA_H

#include <stdbool.h>

#define CUDA_WHY_SIZE 900

/* What one thread learns as it opens the two; the first one's is taken into use. */
struct cuda_half {
	void *opened; /* libtorch_cuda; NULL where it is not to be had */
	void *driver;
	char why_not[CUDA_WHY_SIZE];
};

/* `path` is that of libtorch_cpu. */
void cuda_half_open(const char *path, struct cuda_half *half);
void cuda_half_use(const struct cuda_half *half); /* once, before any other thread can ask */
void cuda_half_forked(void);

/* How many devices there are.  The driver is asked when somebody first wants to know: it does not survive a fork. */
int cuda_count(void);
int cuda_count_known(void);       /* the same, without asking: 0 where nobody has */
const char *cuda_why_not(void);   /* why there is no device; "" where there is one */
const char *cuda_name(int index); /* "cuda:1"; lives as long as the process */

#endif
