/* What CUDA's headers want of crt/host_defines.h, which comes with its compiler and not with its runtime: for C, nothing
 * but that these words mean nothing. */
#ifndef STUB_HOST_DEFINES_H
#define STUB_HOST_DEFINES_H

#define CUDARTAPI
#define CUDARTAPI_CDECL
#define CUDA_CB
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __builtin_align__(bytes) __align__(bytes)
#define __constant__
#define __cudart_builtin__
#define __device__
#define __device_builtin__
#define __device_builtin_surface_type__
#define __device_builtin_texture_type__
#define __global__
#define __host__
#define __specialization_static

#endif
