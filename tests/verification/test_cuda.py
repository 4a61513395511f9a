"""Our prototypes and numbers of CUDA's runtime against its own headers, of CUDA 12 and 13."""

from __future__ import annotations

from pathlib import Path

import pytest

from verification import cuda, specs
from verification.clang import HeaderError, Unavailable
from verification.cuda import Cudart

pytestmark = pytest.mark.usefixtures("libclang")


@pytest.fixture(params=cuda.MAJORS, ids=lambda major: f"CUDA {major}")
def cudart(request: pytest.FixtureRequest) -> Cudart:
    try:
        return cuda.installed(request.param)
    except Unavailable as reason:
        pytest.skip(str(reason))


def test_prototypes_and_numbers_are_cuda_s(cudart: Cudart) -> None:
    assert cuda.check(cudart) == []


def test_the_version_is_told(cudart: Cudart) -> None:
    assert cudart.version.partition(".")[0] in map(str, cuda.MAJORS)
    assert cudart.library.is_file()


@pytest.mark.parametrize(
    ("name", "mutated"),
    [
        ("cudaMemGetInfo", "int32_t (int *free, size_t *total)"),
        ("cudaMemGetInfo", "int32_t (size_t *total, size_t *free)"),
        ("cudaDeviceGetAttribute", "int32_t (int *value, int32_t attr)"),
        ("cudaMemcpy", "int32_t (void *dst, void *src, size_t count, int32_t kind)"),
        ("cudaGetErrorName", "int32_t (int32_t error)"),
        ("cudaEventElapsedTime", "int32_t (double *ms, void *start, void *end)"),
    ],
)
def test_a_mutated_prototype_is_found(cudart: Cudart, name: str, mutated: str) -> None:
    (problem,) = cuda.check(cudart, {name: mutated}, {})
    assert problem.startswith(f"CUDA {cudart.version}: `{name}` differs")


def test_a_function_that_is_not_there_is_found(cudart: Cudart) -> None:
    problems = cuda.check(cudart, {"cudaGone": "int32_t (void)"}, {})
    assert problems == [
        f"CUDA {cudart.version}: `cudaGone` is in no header",
        f"{cudart.library.name}: `cudaGone` is not exported",
    ]


def test_a_wrong_number_is_found(cudart: Cudart) -> None:
    (problem,) = cuda.check(
        cudart, {}, {"cudaErrorNoDevice": 100, "cudaErrorNotReady": 601, "cudaStreamNonBlocking": 1}
    )
    assert problem == f"CUDA {cudart.version}: `cudaErrorNotReady` is 600, we have 601"
    with pytest.raises(HeaderError, match="cudaErrorUnheardOf"):
        cuda.check(cudart, {}, {"cudaErrorUnheardOf": 1})


def test_the_numbers_that_we_use_are_found() -> None:
    numbers = cuda.used_numbers()
    assert numbers["cudaErrorIllegalAddress"] == 700 and numbers["cudaMemcpyDeviceToHost"] == 2
    assert numbers["cudaDevAttrMaxBlockDimX"] == 2 and numbers["cudaDevAttrL2CacheSize"] == 38
    assert len(numbers) > 60


def test_what_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuda, "_PLACES", {12: "nowhere"})
    with pytest.raises(Unavailable, match="pip install nvidia-cuda-runtime-cu12"):
        cuda.installed(12)


def test_both_libraries_are_in_the_list_of_functions() -> None:
    functions = specs.functions()
    assert "rt_torch_add" in functions and "rt_cuda_memset" in functions
