"""The public header under compilers and libclang: the committed one, and ones with a mistake in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.abi import Abi
from verification import compilers, header
from verification.clang import HeaderError
from verification.compilers import Compiler


@pytest.fixture(scope="module")
def abi() -> Abi:
    return header.load_abi()


@pytest.mark.parametrize("standard", [*compilers.C_STANDARDS, *compilers.CXX_STANDARDS])
@pytest.mark.parametrize("program", compilers.COMPILERS)
def test_header_compiles_alone(header_path: Path, program: str, standard: str) -> None:
    if program in compilers.absent():
        pytest.skip(f"{program} is not installed")
    language = "c++" if standard in compilers.CXX_STANDARDS else "c"
    assert compilers.compile_header(Compiler(program, language, standard), header_path) == []


@pytest.mark.usefixtures("libclang")
def test_header_says_what_the_specs_say(abi: Abi, header_path: Path) -> None:
    assert header.check(abi, header_path) == []


MUTATIONS = {
    "an argument's type": (r"rt_torch_ndim\(int64_t x\)", "rt_torch_ndim(int32_t x)", "`rt_torch_ndim` differs"),
    "a result's type": (r"int64_t rt_torch_relu\(", "int32_t rt_torch_relu(", "`rt_torch_relu` differs"),
    "an argument's name": (r"rt_torch_ndim\(int64_t x\)", "rt_torch_ndim(int64_t y)", "`rt_torch_ndim` differs"),
    "the number of arguments": (r"rt_torch_ndim\(int64_t x\)", "rt_torch_ndim(void)", "`rt_torch_ndim` differs"),
    "a const": (r"(rt_torch_from_data_f64\()const double", r"\1double", "`rt_torch_from_data_f64` differs"),
    "a missing function": (r"int64_t rt_torch_relu\([^;]*;", "", "`rt_torch_relu` is not in"),
    "a function too many": (r"(int64_t rt_torch_relu\([^;]*;)", r"\1\nint rt_torch_extra(void);", "but in no spec"),
    "a parameter's text": (r"Number of elements of `shape`", "Count of `shape`", "lacks the text of `shape_len`"),
    "a constant's value": (r"RT_TORCH_ERROR_REFUSED = 5", "RT_TORCH_ERROR_REFUSED = 15", "is 15 in the header, 5 in"),
    "a macro's value": (r"#define RT_TORCH_ABI \d+", "#define RT_TORCH_ABI 99", "`RT_TORCH_ABI` is 99"),
}


@pytest.mark.usefixtures("libclang")
@pytest.mark.parametrize("mistake", MUTATIONS)
def test_a_mistake_in_the_header_is_found(abi: Abi, header_path: Path, tmp_path: Path, mistake: str) -> None:
    pattern, replacement, expected = MUTATIONS[mistake]
    mutated, count = re.subn(pattern, replacement, header_path.read_text())
    assert count, f"{pattern} is not in the header"
    path = tmp_path / header_path.name
    path.write_text(mutated)
    assert any(expected in problem for problem in header.check(abi, path))


@pytest.mark.usefixtures("libclang")
def test_a_header_that_does_not_parse_is_found(abi: Abi, header_path: Path, tmp_path: Path) -> None:
    path = tmp_path / header_path.name
    path.write_text(header_path.read_text().replace("#include <stdint.h>", ""))
    with pytest.raises(HeaderError, match="int64_t"):
        header.check(abi, path)


@pytest.mark.parametrize(
    ("language", "standard", "mistake"),
    [("c", "c11", "int rt_extra(int x,);"), ("c++", "c++11", "int new(void);"), ("c", "c11", "enum empty { };")],
)
def test_a_header_that_does_not_compile_is_found(tmp_path: Path, language: str, standard: str, mistake: str) -> None:
    if "gcc" in compilers.absent():
        pytest.skip("gcc is not installed")
    path = tmp_path / "broken.h"
    path.write_text(f"#ifndef BROKEN_H\n#define BROKEN_H\n{mistake}\n#endif\n")
    (problem,) = compilers.compile_header(Compiler("gcc", language, standard), path)
    assert "broken.h does not compile" in problem
