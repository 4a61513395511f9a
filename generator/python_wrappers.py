"""The wrappers that take and give plain data: what their template is given."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model import Function, Kind, Library, Plain, Wrapper
from generator.python_text import function_name, param_name

VALUES = {Kind.F64: "float", Kind.F32: "float", Kind.I64: "int", Kind.U8: "int", Kind.BOOL: "bool", Kind.STR: "str"}


@dataclass(frozen=True)
class PythonWrapper:
    name: str  # "add_torch_ffi"
    kind: str  # "operation"
    calls: str  # "add"
    params: str  # "a: Operand, b: Operand"
    returns: str  # "Plain"
    arguments: str  # "a=a, b=b"
    summary: str
    asks_whether: bool  # a question with yes or no, whose answer without a library is no


@dataclass(frozen=True)
class WrappersView:
    library: str  # "rt_torch"
    package: str  # "rt_torch_bindings"
    element: str  # "float"
    to_handle: str  # "pure_to_torch": the wrapper that copies plain data in
    from_handle: str  # "torch_to_pure"
    make: str  # "from_data_f64"
    read: str  # "to_data_f64"
    convert: str  # "to_dtype"
    shape: str  # "shape"
    release: str  # "free"
    dtype: str  # "f64"
    names: tuple[str, ...]  # ("add_torch_ffi", ...), sorted
    wrappers: tuple[PythonWrapper, ...]


def wrappers_view(library: Library, package: str) -> WrappersView:
    plain = library.plain
    assert plain is not None
    functions = {function.symbol: function for function in library.functions}
    data = functions[plain.to_handle].signature.params[0].type
    return WrappersView(
        library=library.name,
        package=package,
        element=VALUES[data.kind],
        to_handle=_named(library, "to_handle"),
        from_handle=_named(library, "from_handle"),
        make=function_name(functions[plain.to_handle].name),
        read=function_name(functions[plain.from_handle].name),
        convert=function_name(functions[plain.convert].name),
        shape=function_name(functions[plain.shape].name),
        release=function_name(functions[plain.release].name),
        dtype=plain.dtype,
        names=tuple(sorted(wrapper.name for wrapper in library.wrappers)),
        wrappers=tuple(_wrapper(wrapper, functions[wrapper.calls], plain) for wrapper in library.wrappers),
    )


def _named(library: Library, kind: str) -> str:
    return next(wrapper.name for wrapper in library.wrappers if wrapper.kind == kind)


def _wrapper(wrapper: Wrapper, function: Function, plain: Plain) -> PythonWrapper:
    params, returns, arguments = "", "Plain", ""
    whether = False
    if wrapper.kind == "asks":
        kind = function.signature.results[0].type.kind
        returns, whether = VALUES[kind], kind is Kind.BOOL
    elif wrapper.kind == "creation":
        names = [param_name(param.name) for param in function.signature.params]
        given = {"dtype": f'"{plain.dtype}"', "device": f'"{plain.device}"'}
        params = f"{names[0]}: Sequence[int]"
        arguments = ", ".join(given.get(name, name) for name in names)
    elif wrapper.kind == "operation":
        names = [param_name(param.name) for param in function.signature.params]
        params = ", ".join(f"{name}: Operand" for name in names)
        arguments = ", ".join(f"{name}={name}" for name in names)
    return PythonWrapper(
        wrapper.name, wrapper.kind, function_name(function.name), params, returns, arguments, wrapper.summary, whether
    )
