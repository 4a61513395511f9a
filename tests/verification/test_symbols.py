"""The check of the exported symbols, on the real library and on ones that are wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from verification import symbols

SMALL = "double cos(double); double first(double x) { return cos(x); }\nint second(int x) { return x; }\n"


def test_library_exports_exactly_the_specs(library: Path) -> None:
    assert symbols.check(library) == []


def test_a_missing_symbol_is_found(compile_library: Callable[[str], Path]) -> None:
    problems = symbols.check(compile_library(SMALL), declared={"first", "second", "third"})
    assert problems == ["libsmall.so does not export `third`, which the specs declare"]


def test_an_extra_symbol_is_found(compile_library: Callable[[str], Path]) -> None:
    problems = symbols.check(compile_library(SMALL), declared={"first"})
    assert problems == ["libsmall.so exports `second`, which no spec declares"]


def test_a_needed_library_is_found(compile_library: Callable[[str], Path]) -> None:
    problems = symbols.check(compile_library(SMALL), declared={"first", "second"}, may_need={"libc.so.6"})
    assert problems == ["libsmall.so needs libm.so.6: only the C library may be needed"]


def test_a_large_library_is_found(compile_library: Callable[[str], Path]) -> None:
    (problem,) = symbols.check(compile_library(SMALL), declared={"first", "second"}, size_limit=1000)
    assert "more than 1000" in problem
