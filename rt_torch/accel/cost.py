"""What a call costs in each tier: linear in the work, and in what must be moved first.

    native = a + b * work   and for each operand   list: converted and wrapped   memory: wrapped
    pure   = a + b * work   and for each operand   memory: boxed   native: viewed and boxed   cuda: moved, too

Work is the number of elements of the largest tensor involved, for matmul the number of multiplications, for views 0;
and for each line that is begun as many as that takes: see rt_torch.accel.functions.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "CUDA",
    "FAR",
    "KINDS",
    "LINK",
    "LIST",
    "MEMORY",
    "NATIVE",
    "SHARED",
    "FunctionCost",
    "Linear",
    "Movement",
    "Operands",
    "predict",
]

# How a tensor operand's elements are held.
LIST = "list"  # Python objects: pure computes on them directly
MEMORY = "memory"  # memory on Python's side: native can wrap it
NATIVE = "native"  # a native tensor that Python has no view of
SHARED = "shared"  # the same memory, known to both sides
CUDA = "cuda"  # a native tensor in a GPU's memory

KINDS = (LIST, MEMORY, NATIVE, SHARED, CUDA)

# One kind and one number of elements for each tensor operand, in one tuple: ("list", 8, "native", 8).
Operands = tuple["str | int", ...]


# About as many numbers as fit into a processor's caches as Python objects: beyond, each one costs more.  A matrix
# product of as many multiplications goes over to what is faster for large ones.
FAR = 131_072


class Linear(NamedTuple):
    """a + b * work, in seconds, and `far` more for each element beyond FAR, or less: b at most."""

    a: float  # 4e-7
    b: float  # 2.5e-8
    far: float = 0.0  # 6e-8

    def at(self, work: float) -> float:
        seconds = self.a + self.b * work
        return seconds if work <= FAR else seconds + self.far * (work - FAR)


class FunctionCost(NamedTuple):
    pure: Linear  # on lists
    native: Linear  # on native tensors
    memory: Linear | None = None  # pure on memory, where it is known


class Movement(NamedTuple):
    wrap: float  # memory on Python's side made a native tensor
    convert: Linear  # a list of so many elements moved to memory
    view: float  # a native tensor's memory seen from Python
    box: float  # one element computed with from memory instead of from a list, for a function of which it is not known
    link: Linear | None = None  # so many elements moved from a GPU to the CPU; None where that was not measured

    def moving(self, elements: int) -> float:
        """Seconds that so many elements take from a GPU to the CPU."""
        return (self.link or LINK).at(elements)


# Where it was not measured: 8 bytes an element over a link of 10 GB/s, as many a PCI Express has, and two calls.
LINK = Linear(2e-5, 8e-10)


def predict(
    cost: FunctionCost, movement: Movement, work: float, operands: Operands, *, reads: bool = True
) -> tuple[float, float]:
    """Seconds that the call takes in pure and in native.  `reads` is False for a view, which touches no element."""
    computing, native = cost.pure.at(work), cost.native.at(work)
    pure = 0.0  # beside computing
    boxed = 0  # elements that pure reads from memory
    shares = [0, 0]  # what the operands in lists and in memory weigh, also where they are empty
    described = iter(operands)
    for kind in described:
        elements: int = next(described)  # type: ignore[assignment]  # kinds and numbers alternate
        shares[kind != LIST] += elements + 1
        if kind == LIST:
            native += movement.wrap + movement.convert.at(elements)
            continue
        boxed += elements
        if kind in (NATIVE, CUDA):
            pure += movement.view
        if kind == CUDA:
            pure += movement.moving(elements)
        elif kind == MEMORY:
            native += movement.wrap
    if reads and shares[1]:
        if cost.memory is None:
            pure += boxed * movement.box
        else:
            computing = (cost.pure.at(work) * shares[0] + cost.memory.at(work) * shares[1]) / sum(shares)
    return computing + pure, native
