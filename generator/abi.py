"""Lowering: what the C ABI of a library looks like is decided here, and only here; languages merely spell it.

| spec type      | C in                                            | C out                                              |
| -------------- | ----------------------------------------------- | -------------------------------------------------- |
| handle         | `int64_t`                                       | `int64_t`, 0 on failure                            |
| handle?        | `int64_t`, PREFIX_NONE (-1) when absent         | the same                                           |
| i64, enum      | `int64_t`                                       | `int64_t`, -1 on failure                           |
| f64, f32       | `double`, `float`                               | the same, NaN on failure                           |
| bool           | `int32_t`, 0 or 1                               | `int32_t`, -1 on failure                           |
| str, text      | `const char *`                                  | `const char *` that is never freed, NULL on failure|
| ptr            | `void *`                                        | `void *`, NULL on failure                          |
| number or bool? | `const T *`, NULL when absent                  |                                                    |
| [T]            | `const T *x, int64_t x_len`                     | `T *out, int64_t out_cap`; the length, -1 on failure|
| [T]?           | the same, the length -1 when absent             |                                                    |
| nothing        |                                                 | `int32_t`, 0 or an error code                      |
| several        |                                                 | the same, and an out-pointer each                  |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from generator.model import Function, Kind, Library, Param, Result, Role, Type


class Part(Enum):
    """What a C parameter is to the spec parameter or result that it comes from."""

    VALUE = "value"  # the argument itself: a number, a handle, a string, a pointer
    OPTIONAL = "optional"  # a pointer to a number, NULL when absent
    LIST = "list"  # pointer to the first element
    LENGTH = "length"  # number of elements; -1 when an optional list is absent
    OUT = "out"  # where a list result is written
    OUT_CAP = "out_cap"  # how many elements there is room for
    RESULT = "result"  # where one of several results is written


class Returns(Enum):
    """What the C return value says."""

    HANDLE = "handle"
    I64 = "i64"
    F64 = "f64"
    F32 = "f32"
    BOOL = "bool"
    STR = "str"
    PTR = "ptr"
    LENGTH = "length"  # of a list result, which goes to `out`
    STATUS = "status"  # 0 or an error code


@dataclass(frozen=True)
class AbiParam:
    name: str  # "shape_len"
    type: str  # "int64_t"; a pointer ends with "*": "const int64_t *"
    doc: str  # "Number of elements of `shape`."
    part: Part  # Part.LENGTH
    origin: str  # "shape": the spec parameter, or the result, that it belongs to; "" for the single list result
    spec_type: Type  # [i64]: the spec type of that parameter or result

    @property
    def declaration(self) -> str:
        return declare(self.type, self.name)


@dataclass(frozen=True)
class AbiFunction:
    symbol: str  # "rt_torch_shape"
    name: str  # "shape"
    result: str  # "int64_t": the C return type
    returns: Returns  # Returns.LENGTH
    params: tuple[AbiParam, ...]
    failure: str  # "-1": what is returned on failure, as C spells it; "" when it cannot fail, or for a status
    function: Function  # the spec entry

    @property
    def prototype(self) -> str:
        """`int64_t rt_torch_shape(int64_t x, int64_t *out, int64_t out_cap)`, without a semicolon."""
        params = ", ".join(param.declaration for param in self.params) or "void"
        return declare(self.result, f"{self.symbol}({params})")


@dataclass(frozen=True)
class AbiConstant:
    name: str  # "RT_TORCH_ERROR_BAD_ARGUMENT"
    value: int  # 2
    doc: str
    label: str  # "bad_argument": the name in the spec; "" for a constant of the ABI itself


@dataclass(frozen=True)
class AbiEnum:
    """A set of named `int64_t` values; C sees `enum rt_torch_error` and passes `int64_t`."""

    name: str  # "rt_torch_error"
    label: str  # "error"
    doc: str
    constants: tuple[AbiConstant, ...]


@dataclass(frozen=True)
class Abi:
    library: Library
    constants: tuple[AbiConstant, ...]  # RT_TORCH_ABI, RT_TORCH_NONE, RT_TORCH_ABSENT
    enums: tuple[AbiEnum, ...]
    functions: tuple[AbiFunction, ...]  # in the order of the specs: groups as [groups] lists them, then as written


def declare(c_type: str, name: str) -> str:
    """`int64_t x`, `const char *x`."""
    return c_type + name if c_type.endswith("*") else f"{c_type} {name}"


def lower(library: Library) -> Abi:
    prefix = library.prefix.upper()
    constants = (
        AbiConstant(prefix + "ABI", library.abi, "Version of the C ABI that this header describes.", ""),
        AbiConstant(prefix + "NONE", -1, "An optional handle that is not given.", ""),
        AbiConstant(prefix + "ABSENT", -1, "Length of an optional list that is not given.", ""),
    )
    return Abi(library, constants, tuple(_enums(library)), tuple(_function(f) for f in library.functions))


def _enums(library: Library) -> list[AbiEnum]:
    enums = []
    for enum in library.enums:
        name = library.prefix + enum.name
        constants = (AbiConstant(f"{name}_{v.name}".upper(), v.value, v.doc, v.name) for v in enum.values)
        enums.append(AbiEnum(name, enum.name, enum.doc, tuple(constants)))
    return enums


ELEMENTS = {  # what a list holds, and what a pointer to an optional or to one of several results points at
    Kind.I64: "int64_t",
    Kind.F64: "double",
    Kind.F32: "float",
    Kind.U8: "uint8_t",
    Kind.BOOL: "int32_t",
    Kind.HANDLE: "int64_t",
    Kind.ENUM: "int64_t",
    Kind.STR: "const char *",
    Kind.TEXT: "const char *",
    Kind.PTR: "void *",
}

_NULLABLE = (Kind.STR, Kind.TEXT, Kind.PTR, Kind.HANDLE)  # an absent one needs no pointer of its own

_RETURNS = {
    Kind.I64: (Returns.I64, "-1"),
    Kind.ENUM: (Returns.I64, "-1"),
    Kind.F64: (Returns.F64, "NAN"),
    Kind.F32: (Returns.F32, "NAN"),
    Kind.BOOL: (Returns.BOOL, "-1"),
    Kind.STR: (Returns.STR, "NULL"),
    Kind.TEXT: (Returns.STR, "NULL"),
    Kind.PTR: (Returns.PTR, "NULL"),
    Kind.HANDLE: (Returns.HANDLE, "0"),
}


def _function(function: Function) -> AbiFunction:
    params = [lowered for param in function.signature.params for lowered in _param(param)]
    results = function.signature.results
    if len(results) == 1 and not results[0].name and results[0].type.is_list:
        params += _list_result(results[0])
        c_type, returns, failure = "int64_t", Returns.LENGTH, "-1"
    elif len(results) == 1 and not results[0].name:
        returns, failure = _RETURNS[results[0].type.kind]
        c_type = ELEMENTS[results[0].type.kind]
    else:
        params += [_result(result) for result in results]
        c_type, returns, failure = "int32_t", Returns.STATUS, ""
    if function.role is not Role.COMPUTES:
        failure = ""
    return AbiFunction(function.symbol, function.name, c_type, returns, tuple(params), failure, function)


def _param(param: Param) -> list[AbiParam]:
    name, kind, doc = param.name, param.type.kind, param.doc
    if param.type.is_list:
        element = ELEMENTS[kind]
        pointer = element + "const *" if element.endswith("*") else f"const {element} *"
        absent = "; -1 when it is not given" if param.type.optional else ""
        length_doc = f"Number of elements of `{name}`{absent}."
        return [
            AbiParam(name, pointer, doc, Part.LIST, name, param.type),
            AbiParam(f"{name}_len", "int64_t", length_doc, Part.LENGTH, name, param.type),
        ]
    if param.type.optional and kind not in _NULLABLE:
        return [AbiParam(name, f"const {ELEMENTS[kind]} *", doc, Part.OPTIONAL, name, param.type)]
    return [AbiParam(name, ELEMENTS[kind], doc, Part.VALUE, name, param.type)]


def _list_result(result: Result) -> list[AbiParam]:
    out_doc = "Where the elements are written; NULL with an `out_cap` of 0 asks for their number only."
    cap_doc = "Number of elements that `out` has room for; too few is an error, and nothing is written."
    return [
        AbiParam("out", declare(ELEMENTS[result.type.kind], "*"), out_doc, Part.OUT, result.name, result.type),
        AbiParam("out_cap", "int64_t", cap_doc, Part.OUT_CAP, result.name, result.type),
    ]


def _result(result: Result) -> AbiParam:
    doc = f"Where the result `{result.name}` is written."
    pointer = declare(ELEMENTS[result.type.kind], "*")
    return AbiParam(result.name, pointer, doc, Part.RESULT, result.name, result.type)
