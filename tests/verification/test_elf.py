"""The ELF reader, on a library that is compiled here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from verification.elf import SharedObject

SOURCE = """
#include <math.h>
static int inner(int x) { return x + 1; }
__attribute__((visibility("hidden"))) int hidden_function(int x) { return inner(x); }
__attribute__((weak)) int weak_function(int x) { return hidden_function(x); }
double plain_function(double x) { return cos(x); }
const char *quoted_text(void) { return "neg(Tensor self) -> Tensor"; }
"""


def test_reads_symbols_and_needs(compile_library: Callable[[str], Path]) -> None:
    library = SharedObject(compile_library(SOURCE))
    assert {"weak_function", "plain_function", "quoted_text"} <= library.exported
    assert not {"inner", "hidden_function", "cos"} & library.exported
    assert "cos" in library.reachable
    assert "libm.so.6" in library.needed
    assert b"\0neg(Tensor self) -> Tensor\0" in library.read_only_data()


def test_refuses_what_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "not.so"
    path.write_bytes(b"#!/bin/sh\n" * 20)
    with pytest.raises(ValueError, match="no 64-bit"):
        SharedObject(path)
