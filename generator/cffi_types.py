"""The bytes by which a cffi out-of-line module describes functions: what `emit_python_code` would write.

cffi is not needed to make them, so that the generated files are the same wherever they are generated; a test compares
them with cffi's own.  Each type is an operation of four bytes: an argument in three, an operation code in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.abi import AbiFunction

PRIMITIVE, POINTER, FUNCTION, FUNCTION_END, NOOP, GLOBAL_FUNCTION = 1, 3, 13, 15, 17, 35
PRIMITIVES = {"void": 0, "char": 2, "float": 13, "double": 14, "uint8_t": 18, "int32_t": 21, "int64_t": 23}


@dataclass(frozen=True)
class CffiTypes:
    operations: tuple[tuple[int, int], ...]  # ((18, 13), (0, 15)): argument and code of each
    functions: dict[str, int]  # {"rt_torch_add": 28}: where each function's type starts


Shape = tuple[str, tuple[str, ...]]  # a function's result and parameters: ("int64_t", ("int64_t", "int64_t const *"))


def encode(functions: Sequence[AbiFunction]) -> CffiTypes:
    """Function types come first; what stands among the parameters of one of them is not repeated elsewhere."""
    shapes = {f.symbol: (spelled(f.result), tuple(spelled(p.type) for p in f.params)) for f in functions}
    places: dict[str, int] = {}
    starts: dict[Shape, int] = {}
    size = 0
    for shape in sorted(set(shapes.values()), key=shape_name):
        starts[shape] = size
        for offset, param in enumerate(shape[1], size + 1):
            places.setdefault(param, offset)
        size += len(shape[1]) + 2
    for name in sorted(all_types(starts), key=lambda name: name + ">"):
        if name not in places:
            places[name] = size
            size += 1
    operations = {place: operation(name, places) for name, place in places.items()}
    for shape, start in starts.items():
        operations |= function_operations(shape, start, places)
    encoded = tuple(operations[place] for place in range(size))
    return CffiTypes(encoded, {symbol: starts[shapes[symbol]] for symbol in sorted(shapes)})


def shape_name(shape: Shape) -> str:
    """As cffi calls a function type, which is what it sorts by."""
    return f"{shape[0]}({', '.join(shape[1]) or 'void'})>"


def all_types(shapes: Iterable[Shape]) -> set[str]:
    """Every type that the functions mention, and what their pointers point at."""
    found = {name for result, params in shapes for name in (result, *params)}
    for name in list(found):
        while name.endswith("*"):
            name = target(name)
            found.add(name)
    return found


def function_operations(shape: Shape, start: int, places: dict[str, int]) -> dict[int, tuple[int, int]]:
    result, params = shape
    operations = {start: (places[result], FUNCTION), start + len(params) + 1: (0, FUNCTION_END)}
    for offset, param in enumerate(params, start + 1):
        shown_here = offset == places[param] or param in PRIMITIVES
        operations[offset] = operation(param, places) if shown_here else (places[param], NOOP)
    return operations


def spelled(c_type: str) -> str:
    """`const char *` as cffi spells it, `char const *`."""
    return c_type.removeprefix("const ").replace(" ", " const ", 1) if c_type.startswith("const ") else c_type


def target(pointer: str) -> str:
    """`char` for `char const *`: that it is const makes no difference to how it is described."""
    return pointer[:-1].rstrip().removesuffix("const").rstrip()


def operation(name: str, places: dict[str, int]) -> tuple[int, int]:
    if name.endswith("*"):
        return places[target(name)], POINTER
    return PRIMITIVES[name], PRIMITIVE


def escaped(operations: Sequence[tuple[int, int]]) -> str:
    """As the inside of a bytes literal."""
    return "".join(f"\\x{byte:02x}" for value, code in operations for byte in (*value.to_bytes(3, "big"), code))
