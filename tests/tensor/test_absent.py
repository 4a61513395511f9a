"""A GPU that is not there: whoever asks for one is told why there is none, and what can be done."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _transfer, nn, safetensors
from tests.tensor.test_modes import answer

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

# By the function of the specs that says it: how tensors are made there, and brought there.
WAYS: dict[str, list[Callable[[str], Any]]] = {
    "rt_torch_zeros": [lambda device: rt.zeros(2, 3, device=device), lambda device: rt.zeros([2], device=device)],
    "rt_torch_ones": [lambda device: rt.ones([2], dtype="f32", device=device)],
    "rt_torch_full": [lambda device: rt.full([2], 1.5, device=device)],
    "rt_torch_randn_at": [lambda device: rt.randn(2, 3, device=device)],
    "rt_torch_rand_at": [
        lambda device: rt.rand([2], device=device),
        lambda device: nn.Linear(2, 1, device=device),
    ],
    "rt_torch_arange": [lambda device: rt.arange(3, device=device)],
    "rt_torch_to_device": [
        lambda device: rt.tensor([[1.0]], device=device),
        lambda device: rt.tensor(3, device=device),
        lambda device: rt.tensor(array("f", [1.0]), device=device),
        lambda device: rt.Tensor([True], device=device),
        lambda device: rt.from_data([1.0], [1], device=device),
        lambda device: rt.full([2], (1 << 60) + 1, device=device),
        lambda device: rt.ones([1]).to(device),
        lambda device: rt.ones([1]).to(device=device),
        lambda device: rt.ones([1]).to(device, "f32"),
        lambda device: rt.ones([1], requires_grad=True).to(device),
        lambda device: rt.ones([1]).cuda(device),
        lambda device: nn.Linear(2, 1).to(device),
        lambda device: nn.Linear(2, 1).cuda(device),
    ],
}
ALL = [(symbol, way) for symbol, ways in WAYS.items() for way in ways]


@pytest.mark.parametrize("mode", ["pure", "native", "auto"])
@pytest.mark.parametrize(("symbol", "way"), ALL)
def test_every_way_there_says_why(problem: str, symbol: str, way: Callable[[str], Any], mode: str) -> None:
    with rt.acceleration(mode):
        for name in ("cuda", "gpu", "cuda:0", "cuda:1"):
            with pytest.raises(rt.BadArgumentError) as raised:
                way(name)
            assert str(raised.value) == f'{symbol}: argument `device`: "{name}" is not there: {problem}; or use "cpu"'


def test_numbers_of_gpus(problem: str) -> None:
    for call, name in (
        (lambda: rt.ones([1]).cuda(), "cuda:0"),
        (lambda: rt.ones([1]).cuda(3), "cuda:3"),
        (lambda: nn.Linear(2, 1).cuda(), "cuda:0"),
        (lambda: nn.Linear(2, 1).cuda(3), "cuda:3"),
    ):
        with pytest.raises(rt.BadArgumentError, match=f'"{name}" is not there'):
            call()


def test_files(problem: str, tmp_path: Path) -> None:
    path = tmp_path / "one.safetensors"
    safetensors.save_file({"a": rt.ones([2])}, path)
    for load in (
        lambda: safetensors.load_file(path, device="cuda"),
        lambda: safetensors.load_file(path, "cuda"),
    ):
        with pytest.raises(rt.BadArgumentError, match=re.escape(f'"cuda" is not there: {problem}; or use "cpu"')):
            load()


def test_after_asking_in_vain_nobody_looks_at_devices(problem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes time in each call: whoever tries a GPU first, and goes on with the CPU, is not to pay for that."""
    monkeypatch.setattr(_transfer, "cuda", False)
    for way in (lambda: rt.zeros(2, device="cuda"), lambda: rt.ones(2).to("cuda:1"), lambda: nn.Linear(2, 1).cuda()):
        with pytest.raises(rt.BadArgumentError, match=re.escape(problem)):
            way()
    rt.explain("zeros", [2], device="cuda")
    assert not _transfer.cuda


def test_what_explain_says_loads_nothing() -> None:
    for mode in ("pure", "native", "auto"):
        with rt.acceleration(mode):
            choice = rt.explain("zeros", [2], device="cuda:1")
            assert (choice.tier, choice.reason) == ("native", "only the native tier has the device cuda:1")
            assert rt.explain("zeros", [2], device="cpu").reason != choice.reason


@pytest.mark.parametrize("name", ["cuda:", "cuda:-1", "cuda:01", "cuda:1.5", "cuda:x", "CUDA", "gpu:0", "cuda 0", ""])
def test_names_that_no_device_has(name: str) -> None:
    for mode in ("pure", "native", "auto"):
        with rt.acceleration(mode):
            for symbol, ways in WAYS.items():
                if symbol != "rt_torch_to_device":
                    with pytest.raises(rt.BadArgumentError, match=f"{symbol}: argument `device`.*gpu, cuda or cuda:N"):
                        ways[0](name)
            with pytest.raises(rt.BadArgumentError, match=r"argument `device`.*gpu, cuda or cuda:N"):
                rt.tensor([1.0], device=name)


@pytest.mark.parametrize("name", ["cpu", "cpu:0", "cuda:01", "f32"])
def test_to_a_gpu_is_to_no_other_device(name: str) -> None:
    for ask in (rt.ones([1]).cuda, nn.Linear(2, 1).cuda):
        with pytest.raises(rt.BadArgumentError, match=r"cuda: argument `device`: .* is no GPU: expected its number"):
            ask(name)


@pytest.mark.parametrize("device", [1.5, True, b"cuda", ["cuda"], object()])
def test_what_is_no_number_and_no_name(device: Any) -> None:
    with pytest.raises(rt.ArgumentTypeError, match=r"rt\.Tensor\.cuda: argument `device`"):
        rt.ones([1]).cuda(device)


def test_tensors_on_the_cpu_say_so() -> None:
    x = rt.ones([2])
    assert (x.device, x.is_cuda, x.__dlpack_device__()) == ("cpu", False, (1, 0))


# Where it is the native tier that is missing, or is told to leave CUDA alone.

ASK = """
import rt_torch as rt
x = rt.tensor([1.0, 2.0])
for ask in (lambda: rt.zeros([1], device="cuda:1"), lambda: x.to("cuda"), lambda: x.cuda(2),
            lambda: rt.tensor([1.0], device="gpu"), lambda: rt.nn.Linear(2, 1).to("cuda"),
            lambda: rt.nn.Linear(2, 1, device="cuda")):
    try:
        ask()
    except rt.Error as error:
        print(type(error).__name__, error)
print((x + x).tolist())
"""
ASKED = {
    "rt_torch_zeros": ["cuda:1"],
    "rt_torch_to_device": ["cuda", "cuda:2", "gpu", "cuda"],
    "rt_torch_rand_at": ["cuda"],
}


def said(text: str) -> list[str]:
    """What is said in each case: `text` behind the function, the argument and the name."""
    return [f'{symbol}: argument `device`: "{name}" {text}' for symbol, names in ASKED.items() for name in names]


def test_without_a_library() -> None:
    lines = answer(ASK, RT_TORCH_LIBRARY="none")
    off = "RT_TORCH_LIBRARY=none: the C library is switched off"
    wanted = said(f'needs the native tier, and there is none: {off}; or use "cpu"')
    assert lines == [f"LibraryMissingError {text}" for text in wanted] + ["[2.0, 4.0]"]


def test_without_a_libtorch(native: None, tmp_path: Path) -> None:
    lines = answer(ASK, RT_TORCH_LIBTORCH=str(tmp_path / "libtorch_cpu.so"))
    assert len(lines) == 7
    for line, begin in zip(lines, said("needs the native tier, and there is none: "), strict=False):
        assert line.startswith(f"NoUpstreamError {begin}")
        assert line.endswith('; or use "cpu"')
    assert lines[6] == "[2.0, 4.0]"


def test_where_it_is_switched_off(native: None) -> None:
    lines = answer(ASK, RT_TORCH_CUDA="0")
    why = "the environment variable RT_TORCH_CUDA is 0, which turns it off"
    wanted = said(f'is not there: {why}; or use "cpu"')
    assert lines == [f"BadArgumentError {text}" for text in wanted] + ["[2.0, 4.0]"]
