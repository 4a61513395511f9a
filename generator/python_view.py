"""The Python outputs: what their templates are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator import cffi_types
from generator.abi import Abi, AbiEnum, AbiFunction, AbiParam, Part, Returns, declare
from generator.c_view import function_symbols
from generator.docs import waits_doc
from generator.model import Kind, Library, Param, Role, Type
from generator.python_gradients import GradientsView, gradients_view
from generator.python_operators import OperatorsView, operators_view
from generator.python_text import assigned, bracketed, c_lines, camel, docstring, function_name, nested, param_name
from generator.python_wrappers import WrappersView, wrappers_view

ERROR_BASES = {"bad_argument": "ValueError", "out_of_memory": "MemoryError"}  # what Python calls such an error

CTYPES = {
    "int64_t": "_Int64",
    "int32_t": "_Int32",
    "double": "c_double",
    "float": "c_float",
    "const char *": "c_char_p",
}
CTYPES_RESULTS = CTYPES | {"int64_t": "c_int64", "int32_t": "c_int32"}
ERRORS_OF_PYTHON = ("ArgumentTypeError", "LibraryMissingError", "MissingFunctionError")
REPLACED = {"load"}  # rt_torch.native offers its own: a star import must leave them out
RAW_TYPES = {"int64_t": "int", "int32_t": "int", "double": "float", "float": "float"}
CODES = {  # the array module's code for the elements of a list
    Kind.I64: "q",
    Kind.HANDLE: "q",
    Kind.ENUM: "q",
    Kind.F64: "d",
    Kind.F32: "f",
    Kind.U8: "B",
    Kind.BOOL: "i",
}
VALUES = {  # what a value is in Python
    Kind.I64: "int",
    Kind.HANDLE: "int",
    Kind.ENUM: "int",
    Kind.PTR: "int",
    Kind.F64: "float",
    Kind.F32: "float",
    Kind.U8: "int",
    Kind.BOOL: "bool",
    Kind.STR: "str",
    Kind.TEXT: "str",
}


@dataclass(frozen=True)
class PythonError:
    name: str  # "BadArgumentError"
    bases: str  # "RtTorchError, ValueError"
    also_doc: str  # " (and ValueError)"; "" when there is only the library's own base
    code: int  # 2
    label: str  # "bad_argument"
    doc: str
    argument: bool  # True for the one that stands for a bad argument


@dataclass(frozen=True)
class KindName:
    name: str  # "tensor"
    kind: str  # "handle"


@dataclass(frozen=True)
class PythonEnumValue:
    name: str  # "CUT"
    value: int  # 2
    doc: str


@dataclass(frozen=True)
class PythonEnum:
    name: str  # "Rounding"
    docstring: str
    values: tuple[PythonEnumValue, ...]


@dataclass(frozen=True)
class PythonFunction:
    name: str  # "softmax"
    symbol: str  # "rt_torch_softmax"
    prototype: str  # "int64_t rt_torch_softmax(int64_t x, int64_t dim);"
    pointer: str  # "int64_t (*rt_torch_softmax)(int64_t x, int64_t dim);"
    signature: str  # "x: tensor, dim: i64": as the spec has it
    ctypes: str  # '"softmax": (c_int64, [_Int64, _Int64]),'
    raw_result: str  # "int"
    unopened: str  # '_softmax: Callable[[int, int], int] = _unopened("softmax")'
    raw_definition: str  # "def softmax(self, x: int, dim: int, /) -> int: ..."
    stub_definition: str  # "def rt_torch_softmax(x: int, dim: int, /) -> int: ..."
    definition: str  # "def softmax(x: int, dim: int) -> int:"
    docstring: str
    guarded: bool  # False without arguments: nothing can be refused
    lines: tuple[str, ...]  # ("out = _softmax(x, dim)",): the call
    retry: str  # 'return softmax(*_plain(error, "rt_torch_softmax", x, dim))'
    failed: str  # "not out": the test for failure; "" when it cannot fail
    failure: str  # '_failure("rt_torch_softmax")': the exception
    quick: bool  # True when it releases and does not wait
    question: bool  # True when it asks something with yes or no
    independent: bool  # True when it needs nothing of the upstream library, and is no question
    value: str  # "out"; "" when nothing is returned


@dataclass(frozen=True)
class PythonView:
    library: str  # "rt_torch"
    package: str  # "rt_torch_bindings"
    summary: str
    abi_version: int
    base: str  # "RtTorchError"
    beside: str  # "rt_torch": the library whose exceptions are raised; "" for its own
    beside_package: str  # "rt_torch_bindings"
    error_names: tuple[str, ...]  # ("ArgumentTypeError", ...): all exceptions, sorted
    argument_error: str  # "BadArgumentError"
    errors: tuple[PythonError, ...]
    example: str  # "rt_torch_relu": some symbol
    functions: tuple[PythonFunction, ...]
    names: tuple[str, ...]  # ("abi_version", "abs", ...): what a star import gives, sorted
    kinds: tuple[KindName, ...]
    ctypes_imports: tuple[str, ...]  # ("CDLL", "ArgumentError", ...)
    integers: bool  # whether a function takes a list of integers
    numbers: bool  # whether one takes a list of floating-point numbers
    isnan: bool  # whether one returns a floating-point number
    reads: bool  # whether one returns a list
    releases: bool  # whether one releases
    last_error: str  # "last_error": the function that tells the text of a failure; "" when there is none
    last_error_code: str
    extension: str  # "_rt_torch_cffi"
    bind: str  # "rt_torch_bind_library": not a function of the library, but of the extension
    found: str  # "rt_torch_found"
    types: tuple[str, ...]  # (r"\x00\x00\x02\x0D...",): lines of a bytes literal
    globals: tuple[str, ...]  # (r"\x00\x00\x1C\x23rt_torch_add",)
    wrappers_module: str  # "torch_ffi"; "" when there are no wrappers
    operators: bool  # whether there are operators
    gradients: bool  # whether functions say their derivatives
    enums: tuple[PythonEnum, ...]  # those that functions take or give, beside the errors


def files(abi: Abi) -> list[tuple[str, str, View]]:
    """Path, template and view of each file."""
    view = python_view(abi)
    folder = f"python/{view.package}/"
    names = {name: name + ".j2" for name in MODULES}
    names[view.extension + ".pyi"] = "extension.pyi.j2"
    if view.beside:
        names["errors.py"] = "errors_of_another.py.j2"
    rendered: list[tuple[str, str, View]] = [
        (folder + name, "python/" + template, view) for name, template in names.items()
    ]
    if view.wrappers_module and abi.library.plain:
        template = "python/wrappers.py.j2"
        rendered.append((f"{folder}{view.wrappers_module}.py", template, wrappers_view(abi.library, view.package)))
    if view.enums:
        rendered.append((folder + "enums.py", "python/enums.py.j2", view))
    if view.operators:
        rendered.append((folder + "operators.py", "python/operators.py.j2", operators_view(abi.library, view.package)))
    if view.gradients:
        rendered.append((folder + "gradients.py", "python/gradients.py.j2", gradients_view(abi.library, view.package)))
    return rendered


View = PythonView | WrappersView | OperatorsView | GradientsView

MODULES = (
    "__init__.py",
    "arguments.py",
    "cffi_abi.py",
    "cffi_abi.pyi",
    "cffi_abi_loader.py",
    "cffi_api_build.py",
    "cffi_api_loader.py",
    "cffi_memory.py",
    "ctypes_loader.py",
    "errors.py",
    "functions.py",
    "memory.py",
    "py.typed",
    "raw.py",
)


def python_view(abi: Abi) -> PythonView:
    library = abi.library
    base = camel(library.beside or library.name) + "Error"
    errors = _errors(abi.enums, base)
    last_error, last_error_code = _body(abi, "last_error"), _body(abi, "last_error_code")
    functions = tuple(_function(function, library, last_error_code) for function in abi.functions)
    types = cffi_types.encode(abi.functions)
    lists = {(p.spec_type.kind in (Kind.F64, Kind.F32)) for f in abi.functions for p in f.params if p.part is Part.LIST}
    return PythonView(
        library=library.name,
        package=library.name + "_bindings",
        summary=library.summary,
        abi_version=library.abi,
        base=base,
        beside=library.beside,
        beside_package=library.beside + "_bindings" if library.beside else "",
        error_names=tuple(sorted([*(error.name for error in errors), base, *ERRORS_OF_PYTHON])),
        argument_error=next(error.name for error in errors if error.argument),
        errors=errors,
        example=abi.functions[0].symbol,
        functions=functions,
        names=tuple(sorted({function.name for function in functions} - REPLACED)),
        kinds=_kinds(library),
        ctypes_imports=_ctypes_imports(abi.functions),
        integers=False in lists,
        numbers=True in lists,
        isnan=any(f.returns in (Returns.F64, Returns.F32) for f in abi.functions),
        reads=any(f.returns is Returns.LENGTH for f in abi.functions),
        releases=any(f.function.role is Role.RELEASES for f in abi.functions),
        last_error=last_error if last_error_code else "",
        last_error_code=last_error_code if last_error else "",
        extension=f"_{library.name}_cffi",
        bind=f"{library.prefix}bind_library",
        found=f"{library.prefix}found",
        types=_byte_lines(types),
        globals=tuple(
            cffi_types.escaped([(start, cffi_types.GLOBAL_FUNCTION)]) + symbol
            for symbol, start in types.functions.items()
        ),
        wrappers_module=library.upstream_name.removeprefix("lib") + "_ffi" if library.wrappers else "",
        operators=bool(library.operators),
        gradients=library.derivatives is not None,
        enums=tuple(_enum(enum) for enum in abi.enums if enum.label != "error"),
    )


def _enum(enum: AbiEnum) -> PythonEnum:
    values = tuple(PythonEnumValue(value.label.upper(), value.value, value.doc) for value in enum.constants)
    return PythonEnum(camel(enum.label), docstring([enum.doc]), values)


def _byte_lines(types: cffi_types.CffiTypes) -> tuple[str, ...]:
    step = 6
    operations = types.operations
    return tuple(cffi_types.escaped(operations[at : at + step]) for at in range(0, len(operations), step))


def _errors(enums: Sequence[AbiEnum], base: str) -> tuple[PythonError, ...]:
    """One exception per error code."""
    found = []
    for constant in next((enum.constants for enum in enums if enum.label == "error"), ()):
        if constant.value == 0:
            continue
        also = ERROR_BASES.get(constant.label, "")
        found.append(
            PythonError(
                name=camel(constant.label) + "Error",
                bases=f"{base}, {also}" if also else base,
                also_doc=f" (and {also})" if also else "",
                code=constant.value,
                label=constant.label,
                doc=constant.doc,
                argument=constant.label == "bad_argument",
            )
        )
    if not any(error.argument for error in found):  # Python refuses arguments that never reach the library
        doc = "An argument's value is not one that the function takes."
        found.append(
            PythonError("BadArgumentError", f"{base}, ValueError", " (and ValueError)", 0, "bad_argument", doc, True)
        )
    return tuple(found)


def _body(abi: Abi, name: str) -> str:
    """The function that the hand-written body `name` does the work of; "" when there is none."""
    return next((f.name for f in abi.functions if f.function.routes[0].target == name), "")


def _kinds(library: Library) -> tuple[KindName, ...]:
    return (
        *(KindName(handle.name, "handle") for handle in library.handles),
        *(KindName(text.name, "str") for text in library.texts),
        *(KindName(enum.name, "i64") for enum in library.enums),
    )


def _ctypes_imports(functions: Sequence[AbiFunction]) -> tuple[str, ...]:
    used = {_ctypes(f.result, CTYPES_RESULTS) for f in functions}
    used |= {_ctypes(param.type, CTYPES) for f in functions for param in f.params}
    names = {name for name in used if not name.startswith("_")} | {"c_byte", "c_int32", "c_int64", "c_void_p"}
    return ("CDLL", "ArgumentError", "byref", *sorted(names), "sizeof")


def _ctypes_entry(function: AbiFunction, name: str) -> str:
    """The list of parameters is broken where it does not fit on a line of its own."""
    result, params = _ctypes(function.result, CTYPES_RESULTS), [_ctypes(p.type, CTYPES) for p in function.params]
    listed = bracketed("[", params, "],", 8, display=True).removesuffix(",")
    return bracketed(
        f'"{name}": (', [result, listed if "\n" in listed else f"[{', '.join(params)}]"], "),", 4, display=True
    )


def _ctypes(c_type: str, table: dict[str, str]) -> str:
    return table.get(c_type, "c_void_p")


def _raw(c_type: str) -> str:
    return RAW_TYPES.get(c_type, "Pointer")


def _function(function: AbiFunction, library: Library, last_error_code: str) -> PythonFunction:
    name = function_name(function.name)
    question = function.function.role is Role.ASKS and function.returns is Returns.BOOL
    raw_params = [f"{param_name(p.name)}: {_raw(p.type)}" for p in function.params]
    raw_result = _raw(function.result)
    arguments = [param_name(param.name) for param in function.function.signature.params]
    lines, value = _call(function, name)
    failed, failure = _outcome(function, last_error_code)
    if not arguments and not failed and len(lines) == 1 and value:
        value = value.replace("out", lines[0].removeprefix("out = "))
        lines = ()
    raw_types = ", ".join(_raw(p.type) for p in function.params)
    slash = ["/"] if raw_params else []
    return PythonFunction(
        name=name,
        symbol=function.symbol,
        prototype=c_lines(function.prototype + ";"),
        pointer=c_lines(declare(function.result, f"(*{function.symbol})({_c_params(function)})") + ";"),
        signature=", ".join(f"{p.name}: {p.type}" for p in function.function.signature.params),
        ctypes=_ctypes_entry(function, name),
        raw_result=raw_result,
        unopened=assigned(f"_{name}: Callable[[{raw_types}], {raw_result}]", "_unopened(", [f'"{name}"'], ")"),
        raw_definition=bracketed(f"def {name}(", ["self", *raw_params, *slash], f") -> {raw_result}: ...", 4),
        stub_definition=bracketed(f"def {function.symbol}(", [*raw_params, *slash], f") -> {raw_result}: ...", 4),
        definition=bracketed(f"def {name}(", _params(function), f") -> {_result(function)}:"),
        docstring=docstring(_paragraphs(function)),
        guarded=bool(arguments),
        lines=lines,
        retry=nested(
            f"{'return ' if value else ''}{name}(", "*_plain(", ["error", f'"{function.symbol}"', *arguments], ")", 8
        ),
        failed=failed,
        failure=failure,
        quick=function.function.role is Role.RELEASES and not function.function.waits,
        question=question,
        independent=not question and not function_symbols(function.function, library)[0],
        value=value,
    )


def _c_params(function: AbiFunction) -> str:
    return ", ".join(param.declaration for param in function.params) or "void"


def _params(function: AbiFunction) -> list[str]:
    """The typed function's parameters; optional ones at the end may be left out."""
    params: list[str] = []
    trailing = True
    for param in reversed(function.function.signature.params):
        trailing = trailing and param.type.optional
        default = " = None" if trailing else ""
        params.insert(0, f"{param_name(param.name)}: {_annotation(param.type)}{default}")
    return params


def _annotation(type_: Type) -> str:
    text = VALUES[type_.kind]
    if type_.is_list:
        text = "Numbers" if text == "float" else "Integers"
    return text + " | None" if type_.optional else text


def _result(function: AbiFunction) -> str:
    results = [_result_annotation(result.type) for result in function.function.signature.results]
    if function.function.role is Role.RELEASES or not results:
        return "None"
    return results[0] if len(results) == 1 else f"tuple[{', '.join(results)}]"


def _result_annotation(type_: Type) -> str:
    if type_.is_list:
        return "bytes" if type_.kind is Kind.U8 else f"list[{VALUES[type_.kind]}]"
    return VALUES[type_.kind]


def _arguments(params: Sequence[Param]) -> list[str]:
    """What the C function is given for each parameter."""
    return [_argument(param_name(param.name), param.type) for param in params]


def _argument(name: str, type_: Type) -> str:
    if type_.is_list:
        method = "elements_or_absent" if type_.optional else "elements"
        return f'*_memory.{method}("{CODES[type_.kind]}", {name})'
    if type_.kind in (Kind.STR, Kind.TEXT):
        return f"_memory.utf8_or_null({name})" if type_.optional else f"_utf8({name})"
    if type_.kind is Kind.PTR:
        return f"_memory.at({name})" if not type_.optional else f"_memory.at({name} or 0)"
    if not type_.optional:
        return name
    if type_.kind is Kind.HANDLE:
        return f"-1 if {name} is None else {name}"
    return f'_memory.number_or_null("{CODES[type_.kind]}", {name})'


def _call(function: AbiFunction, name: str) -> tuple[tuple[str, ...], str]:
    """The lines that call the C function, and what is then returned."""
    arguments = _arguments(function.function.signature.params)
    indent = 8 if arguments else 4
    results = function.function.signature.results
    if function.returns is Returns.LENGTH:
        code = CODES[results[0].type.kind]
        read = bracketed("out = _read(", [f'"{code}"', f'"{function.symbol}"', f"_{name}", *arguments], ")", indent)
        return (read,), _listed(results[0].type.kind)
    if function.returns is Returns.STATUS:
        places = [param for param in function.params if param.part is Part.RESULT]
        lines = [f'{p.name}, {p.name}_at = _memory.room("{CODES[p.spec_type.kind]}", 1)' for p in places]
        lines.append(bracketed(f"code = _{name}(", [*arguments, *(f"{p.name}_at" for p in places)], ")", indent))
        return tuple(lines), ", ".join(_element(p) for p in places)
    if function.returns is Returns.STR:
        call = bracketed(f"out = _memory.text(_{name}(", arguments, "))", indent)
        return (call,), "out" if function.failure else 'out or ""'
    if function.returns is Returns.PTR:
        return (bracketed(f"out = _memory.address(_{name}(", arguments, "))", indent),), "out"
    call = bracketed(f"out = _{name}(", arguments, ")", indent)
    return (call,), "out != 0" if function.returns is Returns.BOOL else "out"


def _listed(kind: Kind) -> str:
    if kind is Kind.U8:
        return "out.tobytes()"
    return "[element != 0 for element in out]" if kind is Kind.BOOL else "out.tolist()"


def _element(param: AbiParam) -> str:
    return f"{param.name}[0] != 0" if param.spec_type.kind is Kind.BOOL else f"{param.name}[0]"


def _outcome(function: AbiFunction, last_error_code: str) -> tuple[str, str]:
    """The test for failure, and the exception."""
    failure = f'_failure("{function.symbol}")'
    if function.function.role is Role.RELEASES and function.returns is Returns.STATUS:
        values = [param_name(param.name) for param in function.function.signature.params]
        return "code", bracketed("_not_released(", ["code", f'"{function.symbol}"', *values], ")", 14)
    if function.returns is Returns.STATUS:
        return "code", failure
    ambiguous = f" and _{last_error_code}()" if last_error_code else ""
    test = {
        Returns.HANDLE: "not out",
        Returns.I64: f"out == -1{ambiguous}",
        Returns.F64: f"_isnan(out){ambiguous}",
        Returns.F32: f"_isnan(out){ambiguous}",
        Returns.BOOL: "out < 0",
        Returns.STR: "out is None",
        Returns.PTR: f"not out{ambiguous}",
        Returns.LENGTH: "",
    }[function.returns]
    return (test, failure) if function.failure and test else ("", "")


def _paragraphs(function: AbiFunction) -> list[str]:
    """Summary, details, parameters: the spec's words, where only C has a NULL."""
    spec = function.function
    defaults = {param.name: param.type for param in spec.signature.params if param.type.kind is Kind.HANDLE}
    params = [
        f"    {param_name(param.name)}: {param.doc} {spec.keeps.get(param.name, '')}".rstrip()
        for param in spec.signature.params
        if param.name not in defaults and param.doc
    ]
    listed = "\n".join(["Args:", *params]) if params else ""
    texts = [
        spec.summary,
        spec.details,
        waits_doc(function),
        listed,
        f"Returns: {spec.returns}" if spec.returns else "",
    ]
    return [text.replace("NULL", "None") for text in texts if text]
