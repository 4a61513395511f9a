"""Bindings of rt_torch: Tensors on libtorch, from C, without linking it.

Nothing is loaded by importing this package.

    raw                 the C functions, as every loader offers them
    ctypes_loader       opens the library with the standard library's ctypes
    cffi_abi_loader     opens it with cffi, without a compiler
    cffi_api_loader     opens it with cffi through a compiled extension, the fastest
    functions           typed functions that raise on failure, over any of the three
    torch_ffi           plain data in and out
    operators           what a class of arrays inherits: operators and methods, and the functions of the same names
    errors              what they raise
"""
