"""Bindings of rt_cuda: CUDA's runtime, from C, without linking it.

Nothing is loaded by importing this package.

    raw                 the C functions, as every loader offers them
    ctypes_loader       opens the library with the standard library's ctypes
    cffi_abi_loader     opens it with cffi, without a compiler
    cffi_api_loader     opens it with cffi through a compiled extension, the fastest
    functions           typed functions that raise on failure, over any of the three
    enums               named values of arguments, which are integers
    errors              what they raise
"""
