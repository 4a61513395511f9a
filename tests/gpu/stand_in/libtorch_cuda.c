/* The CUDA half of the stand-in: typed functions, and a stream for each device and thread. */
#include "devices.h"

#include <stddef.h>

#define DEVICES 2

static _Thread_local void *streams[DEVICES];
static _Thread_local void *waited_for; /* the stream that was synchronized last */

static bool on_gpu(const char *who, void *a, void *b, int *device)
{
	if (!together(who, a, b, false, device))
		return false;
	return *device != CPU || refuse("%s is a GPU's, and was given tensors on the CPU", who) == 0;
}

static int32_t made_at(int32_t status, void **made, int device)
{
	if (status == 0)
		on_device(*made, device);
	return status;
}

#define AS_CPU(name, ...) REAL(aoti_torch_cpu_##name, __VA_ARGS__)

PUBLIC int32_t aoti_torch_cuda_add_Tensor(void *a, void *b, double alpha, void **made)
{
	int device;

	AS_CPU(add_Tensor, void *, void *, double, void **)
	return on_gpu("add", a, b, &device) ? made_at(aoti_torch_cpu_add_Tensor_(a, b, alpha, made), made, device) : 1;
}

PUBLIC int32_t aoti_torch_cuda_mul_Tensor(void *a, void *b, void **made)
{
	int device;

	AS_CPU(mul_Tensor, void *, void *, void **)
	return on_gpu("mul", a, b, &device) ? made_at(aoti_torch_cpu_mul_Tensor_(a, b, made), made, device) : 1;
}

PUBLIC int32_t aoti_torch_cuda_add_Scalar(void *x, double number, double alpha, void **made)
{
	int device;

	AS_CPU(add_Scalar, void *, double, double, void **)
	return on_gpu("add", x, NULL, &device) ? made_at(aoti_torch_cpu_add_Scalar_(x, number, alpha, made), made, device) : 1;
}

PUBLIC int32_t aoti_torch_cuda_mul_Scalar(void *x, double number, void **made)
{
	int device;

	AS_CPU(mul_Scalar, void *, double, void **)
	return on_gpu("mul", x, NULL, &device) ? made_at(aoti_torch_cpu_mul_Scalar_(x, number, made), made, device) : 1;
}

PUBLIC int32_t aoti_torch_cuda_pow_Tensor_Scalar(void *x, double number, void **made)
{
	int device;

	AS_CPU(pow_Tensor_Scalar, void *, double, void **)
	return on_gpu("pow", x, NULL, &device) ? made_at(aoti_torch_cpu_pow_Tensor_Scalar_(x, number, made), made, device) : 1;
}

PUBLIC int32_t aoti_torch_cuda_mm_out(void *out, void *a, void *b)
{
	int device, there;

	AS_CPU(mm_out, void *, void *, void *)
	return on_gpu("mm", a, b, &device) && on_gpu("mm", out, a, &there) ? aoti_torch_cpu_mm_out_(out, a, b) : 1;
}

/* Streams. */

static bool is_device(int32_t device)
{
	return (device >= 0 && device < DEVICES) || refuse("CUDA error: invalid device ordinal %d", device) == 0;
}

PUBLIC int32_t aoti_torch_get_current_cuda_stream(int32_t device, void **stream)
{
	if (!is_device(device))
		return 1;
	*stream = streams[device];
	return 0;
}

PUBLIC int32_t torch_set_current_cuda_stream(void *stream, int32_t device)
{
	if (!is_device(device))
		return 1;
	if ((uintptr_t)stream & 1)
		return refuse("invalid StreamId %d", (int)(intptr_t)stream);
	streams[device] = stream;
	return 0;
}

PUBLIC int32_t torch_cuda_stream_synchronize(void *stream, int32_t device)
{
	if (!is_device(device))
		return 1;
	waited_for = stream;
	return 0;
}

PUBLIC void *stand_in_waited_for(void)
{
	return waited_for;
}
