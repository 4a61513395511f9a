"""The three loaders on a stand-in: the same names, the same behaviour, missing functions reported when called."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rt_torch import loader
from rt_torch.errors import LoaderError, MissingFunctionError
from rt_torch_bindings import functions
from rt_torch_bindings.raw import ABI, NAMES


def test_has_every_name(raw: Any, loader_name: str) -> None:
    assert raw.loader == loader_name
    assert all(callable(getattr(raw, name)) for name in NAMES)


def test_raw_functions_are_those_of_c(raw: Any) -> None:
    assert raw.add(2, 3) == 5
    assert raw.add(0, 3) == 0
    assert raw.last_error_code() == 1
    assert raw.mul_scalar(4, 2.5) == 10
    assert raw.memory.text(raw.dtype(1)) == "f64"
    assert raw.memory.text(raw.dtype(0)) is None


def test_missing_function_is_reported_when_called(raw: Any, g: Any) -> None:
    assert {"mul", "matmul", "load"} <= raw.missing
    assert "add" not in raw.missing
    for call in (lambda: raw.matmul(1, 2), lambda: g.matmul(1, 2), lambda: g.load("somewhere")):
        with pytest.raises(MissingFunctionError, match=r"rt_torch_(matmul|load) is not in .*librt_torch\.so"):
            call()


@pytest.mark.parametrize("text", ["no library", ""])
def test_file_that_is_no_library(loader_name: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "librt_torch.so"
    file.write_text(text)
    with pytest.raises(LoaderError, match=str(file)):
        loader.open_library(loader_name, str(file))
    with pytest.raises(LoaderError, match="absent"):
        loader.open_library(loader_name, str(tmp_path / "absent.so"))


def test_library_without_our_functions(loader_name: str, python: Any, stand_in_file: str) -> None:
    code = f"from rt_torch import loader; loader.open_library({loader_name!r}, 'libm.so.6')"
    done = python("-c", code)
    assert done.returncode == 1
    assert "libm.so.6 is no librt_torch.so: it has no rt_torch_abi_version" in done.stderr


@pytest.mark.parametrize("version", [0, -(2**63) + 1])
def test_library_of_an_older_abi(loader_name: str, python: Any, compiled: Callable[..., str], version: int) -> None:
    file = compiled(f"long long rt_torch_abi_version(void) {{ return {version}; }}")
    code = f"from rt_torch import loader; loader.open_library({loader_name!r}, {file!r})"
    done = python("-c", code)
    assert done.returncode == 1
    assert (
        f"LoaderError: {file} has version {version} of the C ABI, and this package needs {ABI} or newer" in done.stderr
    )


def test_library_with_next_to_nothing(loader_name: str, python: Any, compiled: Callable[..., str]) -> None:
    file = compiled("long long rt_torch_abi_version(void) { return 99; }")
    code = "from rt_torch import native; print(native.abi_version()); native.matmul(1, 2)"
    done = python("-c", code, RT_TORCH_LIBRARY=file, RT_TORCH_LOADER=loader_name)
    assert done.stdout == "99\n"
    assert "MissingFunctionError: rt_torch_matmul is not in" in done.stderr


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_library(loader_name: str, python: Any, library: str, tmp_path: Path, share: float) -> None:
    file = tmp_path / "librt_torch.so"
    whole = Path(library).read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    done = python("-c", f"from rt_torch import loader; loader.open_library({loader_name!r}, {str(file)!r})")
    assert done.returncode == 1
    assert f"LoaderError: {file} is truncated" in done.stderr


def extension_at(tmp_path: Path) -> Path:
    extension = loader.find_extension()
    if loader.problem("cffi-api") or extension is None:
        pytest.skip(loader.problem("cffi-api"))
    return Path(shutil.copy(extension, tmp_path))


def test_truncated_extension(python: Any, stand_in_file: str, tmp_path: Path) -> None:
    extension = extension_at(tmp_path)
    extension.write_bytes(extension.read_bytes()[: extension.stat().st_size // 2])
    code = (
        f"from rt_torch import loader; loader.find_extension = lambda *_: {str(extension)!r}\n"
        f"print(loader.best({stand_in_file!r}).loader)\n"
        f"loader.open_library('cffi-api', {stand_in_file!r})\n"
    )
    done = python("-c", code)
    assert done.stdout == "cffi\n"
    assert f"LoaderError: {extension} is truncated" in done.stderr


def test_extension_of_older_bindings(python: Any, stand_in_file: str, tmp_path: Path) -> None:
    extension = extension_at(tmp_path)
    code = (
        "from rt_torch_bindings import raw\n"
        "raw.NAMES['later'] = 'rt_torch_later'\n"
        f"from rt_torch import loader; loader.find_extension = lambda *_: {str(extension)!r}\n"
        f"print(loader.best({stand_in_file!r}).loader)\n"
        f"loader.open_library('cffi-api', {stand_in_file!r})\n"
    )
    done = python("-c", code)
    assert done.stdout in ("cffi\n", "ctypes\n"), done.stderr
    assert f"{extension} was built from older bindings, and lacks rt_torch_later" in done.stderr
    assert "build it again" in done.stderr


def test_api_mode_opens_one_library(stand_ins: Callable[[str], Any], tmp_path: Path, python: Any) -> None:
    if loader.problem("cffi-api"):
        pytest.skip(loader.problem("cffi-api"))
    path = stand_ins("cffi-api").path
    code = (
        "from rt_torch import loader\n"
        f"loader.open_library('cffi-api', {path!r})\n"
        f"loader.open_library('cffi-api', {path!r})\n"
        "loader.open_library('cffi-api', 'libm.so.6')\n"
    )
    done = python("-c", code)
    assert "cannot open libm.so.6: API mode has" in done.stderr


# What C is given and what comes back, through the typed functions.

ANSWERS = {
    "handles": (lambda g: g.add(2, 3), 5),
    "bool for an int": (lambda g: g.add(True, 3), 4),
    "several plain arguments": (lambda g: g.sum_dim(1, -1, True), 1000),
    "int for a float": (lambda g: g.mul_scalar(4, 2), 8),
    "an optional left out": (lambda g: g.squeeze(5), 5),
    "an optional given": (lambda g: g.squeeze(5, -2), 3),
    "-1 that is no failure": (lambda g: g.ndim(1), -1),
    "NaN that is no failure": (lambda g: str(g.sum(1)), "nan"),
    "text": (lambda g: g.dtype(1), "f64"),
    "list": (lambda g: g.shape(4), [0, 1, 2, 3]),
    "empty list": (lambda g: g.shape(0), []),
    "bytes": (lambda g: g.to_data_bool(7), b"\7\1"),
    "list and texts": (lambda g: g.zeros([5, 6], "f32", "cpu"), 20303),
    "tuple": (lambda g: g.zeros((5, 6), "f32", "cpu"), 20303),
    "range": (lambda g: g.zeros(range(3), "f32", "cpu"), 30303),
    "empty": (lambda g: g.from_data_f64([], []), 1),
    "lists": (lambda g: g.from_data_f64([1, 2.5], [3]), 304),
    "optional list left out": (lambda g: g.wrap(8, [1], None, "f64", 3), 2003),
    "optional list given": (lambda g: g.wrap(8, [1, 2], [1, 1], "f64", 3), 3033),
    "address": (lambda g: g.data_ptr(5), 5),
    "NULL that is no failure": (lambda g: g.data_ptr(0), 0),
    "address in": (lambda g: g.from_dlpack(2**40), 2**40),
    "nothing": (lambda g: g.free(1), None),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(g: Any, name: str) -> None:
    call, expected = ANSWERS[name]
    assert call(g) == expected


def test_list_that_grows_while_it_is_read(g: Any) -> None:
    assert g.released() == [70, 71, 72]


def test_bound_functions_are_separate(stand_ins: Callable[[str], Any]) -> None:
    raw = stand_ins("ctypes")
    one, other = functions.bind(raw), functions.bind(raw)
    assert one.add is not other.add
    assert one.opened() is raw


def test_every_function_is_typed_and_documented() -> None:
    assert set(NAMES) - set(functions.__all__) == {"load"}  # rt_torch.native has its own
    for name in NAMES:
        function = getattr(functions, name)
        assert function.__doc__ and "return" in function.__annotations__
