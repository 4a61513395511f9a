"""A tensor as text that reads like NumPy's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf, isfinite
from typing import Any

from rt_torch.pure.dtype import Items, rounded
from rt_torch.pure.layout import Layout

PREFIX = "tensor("
WIDTH = 75
PRECISION = 8  # digits after the point at most
SUMMARISED = 1000  # elements above which only the edges are shown
EDGE = 3  # elements shown at each end of a dimension that is cut
_LARGEST_PLAIN = {"f64": 1e8, "f32": 1e6}  # from here on all numbers have an exponent
_SMALLEST_PLAIN = {"f64": 1e-4, "f32": rounded([1e-4])[0]}

Write = Callable[[Any], str]


def text(storage: Items, layout: Layout) -> str:
    """`tensor([[1., 2.], [3., 4.]])`."""
    shape = layout.shape
    notes = []
    if 0 in shape:
        body = "[]"
        if len(shape) > 1:
            notes.append(f"size={shape}")
    else:
        body, summarised = _body(storage, layout)
        if summarised:
            notes.append(f"size={shape}")
    if layout.dtype == "f32" or (0 in shape and layout.dtype != "f64"):
        notes.append(f"dtype={layout.dtype}")
    return with_notes(PREFIX + body + ")", notes)


def with_notes(shown: str, notes: Sequence[str]) -> str:
    """More in the parentheses at the end, on a line of its own where the last one would be too long."""
    if not notes:
        return shown
    head, tail = shown[:-1] + ",", ", ".join(notes) + ")"
    last = len(head) - (head.rfind("\n") + 1)
    return head + ("\n" + " " * len(PREFIX) if last + 1 + len(tail) > WIDTH else " ") + tail


def _body(storage: Items, layout: Layout) -> tuple[str, bool]:
    summarised = layout.size > SUMMARISED
    shown = _Shown(storage, layout, summarised)
    elements = [*shown.elements()]
    shown.write = _writer(elements, layout)
    return shown.block(0, layout.offset, " " * len(PREFIX), WIDTH - len(")")), summarised


class _Shown:
    """The elements of a tensor that are to be seen, and how one is written."""

    def __init__(self, storage: Items, layout: Layout, summarised: bool) -> None:
        self.storage = storage
        self.ndim = layout.ndim
        self.strides = layout.strides
        self.cut = [summarised and size > 2 * EDGE for size in layout.shape]
        self.places = [
            [*range(EDGE), *range(size - EDGE, size)] if cut else range(size)
            for size, cut in zip(layout.shape, self.cut, strict=True)
        ]
        self.offset = layout.offset
        self.write: Write = str

    def elements(self) -> Iterator[Any]:
        """Those that are shown."""
        starts = [self.offset]
        for places, stride in zip(self.places, self.strides, strict=True):
            starts = [start + place * stride for start in starts for place in places]
        return map(self.storage.__getitem__, starts)

    def block(self, dim: int, start: int, indent: str, width: int) -> str:
        """What begins at an element, from a dimension on; lines after the first are indented."""
        if dim == self.ndim:
            return self.write(self.storage[start])
        stride = self.strides[dim]
        starts = [start + place * stride for place in self.places[dim]]
        indent += " "
        if dim == self.ndim - 1:
            words = [self.write(self.storage[start]) for start in starts]
            return f"[{self._row(self._abridged(words, dim), indent, width - 1)}]"
        blocks = [self.block(dim + 1, start, indent, width - 1) for start in starts]
        gap = "," + "\n" * (self.ndim - 1 - dim) + indent
        return f"[{gap.join(self._abridged(blocks, dim))}]"

    def _abridged(self, parts: list[str], dim: int) -> list[str]:
        return [*parts[:EDGE], "...", *parts[EDGE:]] if self.cut[dim] else parts

    def _row(self, words: list[str], indent: str, width: int) -> str:
        """Words with commas between them, broken into lines of a width that counts the indent."""
        lines = []
        line = indent
        for place, word in enumerate(words):
            if len(line) + len(word) > width and len(line) > len(indent):
                lines.append(line.rstrip())
                line = indent
            line += word if place == len(words) - 1 else word + ", "
        return "\n".join([*lines, line])[len(indent) :]


def _writer(elements: list[Any], layout: Layout) -> Write:
    if layout.dtype == "bool":
        return (lambda value: f"{value!s:>5}") if layout.shape else str
    if layout.dtype == "i64":
        width = max(len(str(max(elements))), len(str(min(elements))))
        return lambda value: f"{value:{width}d}"
    return _float_writer(elements, layout.dtype)


def _float_writer(elements: list[float], dtype: str) -> Write:
    finite = [value for value in elements if isfinite(value)]
    write, width = _finite_writer(finite, dtype) if finite else (str, 0)
    if len(finite) < len(elements):
        width = max(width, 4 if -inf in elements else 3)
    return lambda value: (write(value) if isfinite(value) else str(value)).rjust(width)


def _finite_writer(elements: list[float], dtype: str) -> tuple[Write, int]:
    """How finite numbers are written under each other, and how wide the widest is."""
    sizes = [abs(value) for value in elements if value]
    if sizes and (
        max(sizes) >= _LARGEST_PLAIN[dtype]
        or min(sizes) < _SMALLEST_PLAIN[dtype]
        or _quotient(max(sizes), min(sizes), dtype) > 1000
    ):
        return _exponent_writer(elements, dtype)
    parts = [_plain(value, dtype) for value in elements]
    left, right = (max(map(len, column)) for column in zip(*parts, strict=True))

    def write(value: float) -> str:
        whole, fraction = _plain(value, dtype)
        return f"{whole:>{left}}.{fraction:<{right}}"

    return write, left + 1 + right


def _quotient(a: float, b: float, dtype: str) -> float:
    return rounded([a / b])[0] if dtype == "f32" else a / b


def _plain(value: float, dtype: str) -> tuple[str, str]:
    """Digits before and after the point: as few as tell the number from its neighbours, and not more than 8."""
    whole, _, fraction = repr(_shortest(value, dtype)).partition(".")
    if len(fraction) > PRECISION:
        whole, _, fraction = f"{value:.{PRECISION}f}".partition(".")
    return whole, fraction.rstrip("0")


def _exponent_writer(elements: list[float], dtype: str) -> tuple[Write, int]:
    precision = max(_precision(value, dtype) for value in elements)
    exponents = [len(f"{value:.{precision}e}".partition("e")[2]) - 1 for value in elements]
    digits = max(exponents)

    def write(value: float) -> str:
        mantissa, _, exponent = f"{value:#.{precision}e}".partition("e")
        return f"{mantissa}e{exponent[0]}{exponent[1:]:0>{digits}}"

    return write, max(len(write(value)) for value in elements)


def _precision(value: float, dtype: str) -> int:
    """Digits after the point of the mantissa: as few as tell the number from its neighbours, and not more than 8."""
    digits = repr(_shortest(value, dtype)).partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    if len(digits) > PRECISION + 1:
        digits = f"{value:.{PRECISION}e}".partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    return max(len(digits) - 1, 0)


def _shortest(value: float, dtype: str) -> float:
    """For f32, the double of the fewest digits that rounds to it."""
    if dtype == "f64":
        return value
    candidates = (float(f"{value:.{digits}e}") for digits in range(9))
    return next((short for short in candidates if rounded([short])[0] == value), value)
