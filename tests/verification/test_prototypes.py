"""Our prototypes of libtorch's functions against torch's own headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from verification import prototypes
from verification.clang import HeaderError, parse
from verification.wheels import Torch

HEADER = """
#include <cstdint>
using AOTITorchError = int32_t;
struct AtenTensorOpaque;
using AtenTensorHandle = AtenTensorOpaque*;
extern "C" {
AOTITorchError get_dim(AtenTensorHandle tensor, int64_t* ret_dim);
AOTITorchError wrap(void* data, const int64_t* sizes, AtenTensorHandle* ret, void (*deleter)(void* data, void* ctx));
const char* what();
}
"""
GOOD = {
    "get_dim": "int32_t (void *tensor, int64_t *ret_dim)",
    "wrap": "int32_t (void *data, const int64_t *sizes, void **ret, void (*deleter)(void *data, void *ctx))",
    "what": "const char *(void)",
}


@pytest.fixture
def small(tmp_path: Path) -> Torch:
    """A torch whose headers declare three functions."""
    torch = Torch("9.9.9", tmp_path)
    for line in [line for line in prototypes._INCLUDES.splitlines() if "<" in line]:
        path = torch.headers / line.partition("<")[2].rstrip(">")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#pragma once\n" + (HEADER if "stable" in line else ""))
    return torch


@pytest.mark.usefixtures("libclang")
def test_prototypes_are_torchs(torch: Torch) -> None:
    assert prototypes.check(torch) == []


@pytest.mark.usefixtures("libclang")
def test_equal_prototypes_pass(small: Torch) -> None:
    assert prototypes.check(small, GOOD) == []


@pytest.mark.usefixtures("libclang")
@pytest.mark.parametrize(
    ("name", "mutated"),
    [
        ("get_dim", "int64_t (void *tensor, int64_t *ret_dim)"),
        ("get_dim", "int32_t (void *tensor, int32_t *ret_dim)"),
        ("get_dim", "int32_t (void *tensor)"),
        ("get_dim", "int32_t (void *self, int64_t *ret_dim)"),
        ("get_dim", "int32_t (void **tensor, int64_t *ret_dim)"),
        ("wrap", "int32_t (void *data, int64_t *sizes, void **ret, void (*deleter)(void *data, void *ctx))"),
        ("wrap", "int32_t (void *data, const int64_t *sizes, void **ret, void (*deleter)(void *data))"),
        ("what", "char *(void)"),
    ],
)
def test_a_mutated_prototype_is_found(small: Torch, name: str, mutated: str) -> None:
    (problem,) = prototypes.check(small, {**GOOD, name: mutated})
    assert f"`{name}` differs" in problem


@pytest.mark.usefixtures("libclang")
def test_a_function_that_no_header_has_is_found(small: Torch) -> None:
    (problem,) = prototypes.check(small, {**GOOD, "gone": "void (void)"})
    assert "`gone` is in no header" in problem


@pytest.mark.usefixtures("libclang")
def test_a_function_that_the_lock_misses_passes(small: Torch, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text('symbols = []\noperators = []\n["9.9.9"]\nmissing_symbols = ["gone"]\n')
    assert prototypes.check(small, {**GOOD, "gone": "void (void)"}, lock) == []


@pytest.mark.usefixtures("libclang")
def test_any_diagnostic_is_an_error() -> None:
    with pytest.raises(HeaderError, match="unknown type name"):
        parse("unknown_t f(int x);", language="c", standard="c11")
    with pytest.raises(HeaderError, match="declaration does not declare anything"):
        parse("int;", language="c", standard="c11")


@pytest.mark.usefixtures("libclang")
def test_mangled_names_hold_the_declared_types() -> None:
    assert prototypes.check_mangled({"_Znwm": "void *(size_t size)"}) == []
    (problem,) = prototypes.check_mangled({"_Znwm": "void *(int size)"})
    assert problem == "`_Znwm` is `operator new(unsigned long)`, but declared with (int)"


@pytest.mark.usefixtures("libclang")
def test_the_thread_setters_header_is_read(torch: Torch) -> None:
    (problem,) = prototypes._check_thread_setter(torch, {"_ZN2at15set_num_threadsEi": "bool (int num_threads)"})
    assert "ATen/Parallel.h does not declare" in problem
