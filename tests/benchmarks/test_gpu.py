"""`make bench-gpu`: where there is no GPU it says so, and elsewhere it compares what is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rt_torch as rt
from benchmarks import gpu
from benchmarks.timing import Measured
from tests.cuda.conftest import build
from tests.gpu.building import built
from tests.gpu.conftest import problem
from verification.specs import ROOT

PATHS = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.gpu", *arguments]
    environment = {**os.environ, "PYTHONPATH": PATHS, **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def torch_on_the_cpu() -> gpu.Place:
    """torch as the peer, both on the CPU."""
    if not rt.is_ffi_available():
        pytest.skip("no native tier")
    return gpu.Place("cpu", pytest.importorskip("torch"), lambda: None)


class TestWithoutOne:
    def test_it_says_why_and_that_is_no_failure(self, tmp_path: Path) -> None:
        if not problem():
            pytest.skip("there is a GPU")
        page = tmp_path / "page.md"
        done = run("--markdown", str(page))
        assert (done.returncode, done.stdout, done.stderr) == (0, f"no GPU is measured: {problem()}\n", "")
        assert not page.exists()

    def test_where_it_is_switched_off(self) -> None:
        done = run(RT_TORCH_LIBRARY="none")
        said = "no GPU is measured: RT_TORCH_LIBRARY=none: the C library is switched off\n"
        assert (done.returncode, done.stdout) == (0, said)


def test_all_of_it_on_a_stand_in(tmp_path: Path) -> None:
    if not problem() or not rt.is_ffi_available():
        pytest.skip("there is a GPU, or no library")
    page = tmp_path / "page.md"
    runtime = {"RT_CUDA_LIBCUDART": str(build(tmp_path))}
    done = run("--small", "--rounds", "2", "--markdown", str(page), **built(tmp_path), **runtime)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Fake GPU 0, libtorch 2.")
    assert lines[1].startswith("compared with nothing: torch ")
    titles = ["Matrix products", "Copies", "Calls"]
    assert [line for line in lines if line in titles] == titles
    assert sum(" TFLOP/s " in line for line in lines) == 4
    assert sum(" GB/s " in line for line in lines) == 2
    assert sum(line.startswith("  `a") for line in lines) == 3
    text = page.read_text(encoding="utf-8")
    assert "one run of `python -m benchmarks.gpu --small`, with Fake GPU 0, torch 2." in text
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")] == titles
    copies = [line.split(" | ") for line in text.splitlines() if "bytes to the GPU" in line or "bytes from the" in line]
    for _, link, torch, ours, _, to_link in copies:  # all but torch's, which sees no GPU
        assert (link[-4:], torch, ours[-4:]) == ("GB/s", "-", "GB/s") and float(to_link.rstrip(" |")) > 0
    assert len(copies) == 2


def test_without_cuda_s_runtime_the_gpu_has_its_number() -> None:
    assert gpu.name_of("cuda:999") == "cuda:999"


def test_against_torch_every_column_is_there(torch_on_the_cpu: gpu.Place) -> None:
    for measure, empty in ((gpu.products, 0), (gpu.copies, 4), (gpu.calls, 0)):
        table = measure(torch_on_the_cpu, rounds=1, seconds=0.0, small=True)
        cells = [cell for row in table.rows for cell in row]
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert cells.count(gpu.NOTHING) == empty  # the link's, which the CPU has none of


def test_products_that_differ_are_not_compared(torch_on_the_cpu: gpu.Place) -> None:
    torch = torch_on_the_cpu.torch
    ours = torch.tensor([[100.0, 1.0]], dtype=torch.bfloat16)
    gpu.check(ours + 0.5, ours)
    for other in (ours + 5.0, ours * float("nan")):
        with pytest.raises(RuntimeError, match=r"the products differ: by .* and the largest element is"):
            gpu.check(other, ours)


class TestNumbers:
    def test_of_products(self) -> None:
        torch, ours = Measured(2e6, 1.0), Measured(2.5e6, 1.25)  # 2 * 1000 ** 3 operations in 2 ms are 1 TFLOP/s
        row = gpu.product_row("1000 x 1000 f32", 1000, {"torch": torch, "rt_torch": ours})
        assert row == ("1000 x 1000 f32", "1 TFLOP/s", "0.8 TFLOP/s", "0.800", "missed")
        for factor, goal in ((1 / 0.981, "reached"), (1 / 0.979, "missed")):
            close = Measured(2e6 * factor, factor)
            assert gpu.product_row("", 1000, {"torch": torch, "rt_torch": close})[-1] == goal
        assert gpu.product_row("", 1000, {"rt_torch": torch}) == ("", "-", "1 TFLOP/s", "-", "-")

    def test_of_copies(self) -> None:
        measured = {"link": Measured(100.0, 0.5), "torch": Measured(200.0, 1.0), "rt_torch": Measured(250.0, 1.25)}
        row = gpu.copy_row("1000 bytes", 1000, measured)
        assert row == ("1000 bytes", "10 GB/s", "5 GB/s", "4 GB/s", "0.80", "0.40")
        assert gpu.copy_row("", 1000, {"rt_torch": measured["rt_torch"]}) == ("", "-", "-", "4 GB/s", "-", "-")

    def test_of_calls(self) -> None:
        measured = {"torch": Measured(2000.0, 1.0), "rt_torch": Measured(3000.0, 1.5)}
        assert gpu.call_row("add", measured) == ("add", "2 us", "3 us", "1.50")
        assert gpu.call_row("add", {"rt_torch": measured["rt_torch"]}) == ("add", "-", "3 us", "-")


def test_each_turn_ends_when_the_gpu_is_done() -> None:
    order: list[str] = []
    place = gpu.Place("cuda:0", None, lambda: order.append("waited"))
    (timed,) = gpu.waiting_all({"rt_torch": lambda: order.append("begun")}, place).values()
    timed(3)
    assert order == ["begun"] * 3 + ["waited"]


class TestPeer:
    def test_without_torch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "torch", None)
        assert gpu.peer()[0] is None
        assert gpu.peer()[1].startswith("torch cannot be imported: ")

    def test_with_a_torch_that_sees_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cuda = SimpleNamespace(is_available=lambda: False)
        torch: Any = SimpleNamespace(cuda=cuda, __version__="2.13.0+cpu")
        monkeypatch.setitem(sys.modules, "torch", torch)
        assert gpu.peer() == (None, "torch 2.13.0+cpu itself sees no GPU")
        cuda.is_available = lambda: True
        assert gpu.peer() == (torch, "")
