"""Values that can be written in the notation, and texts that may or may not be in it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from rt_torch.sdn import Table

WORDS = ["a", "b", "true", "nil", "cuda:1", "grid", "default", "two words", "- x", "a: b", "#", "", "|", "x,y", "007"]
WORDS += ["2.", "é", "\n", '"', "'", "\\", "(1", "-", "table{i32}", "a.b", "\x85", "\u2028", "1_000"]

texts = st.sampled_from(WORDS) | st.text(max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers() | floats | texts
plain = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=8
)

_CELLS: dict[str, st.SearchStrategy[Any]] = {
    "i8": st.integers(-128, 127) | st.none(),
    "f64": floats | st.integers(-9, 9),
    "str": texts,
    "bool": st.booleans(),
    "Other": scalars,
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    if draw(st.booleans()):
        names = draw(st.lists(texts, min_size=1, max_size=3, unique=True))
        rows = st.lists(st.lists(plain, min_size=len(names), max_size=len(names)), max_size=3)
        return Table(names, draw(rows))
    types = draw(st.lists(st.sampled_from([*_CELLS]), min_size=1, max_size=3))
    return Table(types=types, rows=draw(st.lists(st.tuples(*(_CELLS[kind] for kind in types)), max_size=3)))


values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner | tables(), max_size=4),
    max_leaves=12,
)

_PIECES = [
    "a",
    "b:",
    " ",
    "  ",
    "    ",
    "\n",
    "\n",
    "- ",
    "-",
    "key: ",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ",",
    "|",
    "|a, b|",
]
_PIECES += [
    "table{i32}",
    " = ",
    '"',
    "'",
    "# c",
    "1",
    "2.5",
    "true",
    "\t",
    "\r\n",
    "grid x:",
    "tensor",
    "\\",
    "x y",
    ":",
]
_PIECES += ["\ufeff", "\0", "é", "1_0", "1e5", "9" * 5000, "1e999", "\r", "name |a|\n  "]

anything = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join) | st.text()


def equal(a: object, b: object) -> bool:
    """Whether two values are the same, 1, 1.0 and True being different, and 0.0 and -0.0."""
    return a == b and repr(a) == repr(b)
