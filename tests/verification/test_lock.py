"""The record of what each libtorch has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from verification import lock, specs
from verification.lock import Found, Wanted
from verification.wheels import VERSIONS, Torch

LIBTORCH = """
void *operator_new(unsigned long size);
int torch_call(void) { return 0; }
const char *schemas[] = {
    "neg(Tensor self) -> Tensor",
    "aten::neg(Tensor self, int old=0) -> Tensor",
    "aten::tanh(Tensor self) -> Tensor",
    "abs(Tensor self, bool grown=False) -> Tensor",
};
"""

EXPECTED = Wanted(
    symbols=("torch_call", "torch_gone"),
    schemas=("abs(Tensor self) -> Tensor", "neg(Tensor self) -> Tensor", "tanh(Tensor self) -> Tensor"),
    operators=("qr", "neg"),
)
FOUND = Found(("torch_gone",), ("qr",), (("abs", "abs(Tensor self, bool grown=False) -> Tensor"),))


@pytest.fixture
def small(compile_library: Callable[[str], Path], tmp_path: Path) -> Torch:
    """A torch that has a few of the things asked for."""
    torch = Torch("9.9.9", tmp_path / "torch")
    torch.library.parent.mkdir(parents=True)
    compile_library(LIBTORCH).rename(torch.library)
    return torch


def write(path: Path, found: dict[str, Found]) -> Path:
    path.write_text(lock.render(EXPECTED, found))
    return path


def test_the_committed_lock_is_true(torch: Torch) -> None:
    """Of what it records; that it records all there is to record is what `python -m verification lock --check` asks."""
    if torch.version not in VERSIONS:
        pytest.skip(f"the lock does not know torch {torch.version}")
    assert lock.check_truth(torch) == []


def test_an_operator_that_is_not_recorded_yet_leaves_the_record_true(torch: Torch) -> None:
    """A new entry in the specs needs no new lock, whose making downloads every torch, to pass the tests."""
    if torch.version not in VERSIONS:
        pytest.skip(f"the lock does not know torch {torch.version}")
    now = lock.wanted()
    grown = Wanted((*now.symbols, "aoti_torch_new"), (*now.schemas, "fictional(Tensor self) -> Tensor"), now.operators)
    assert lock.check_truth(torch, expected=grown) == []
    assert "`fictional` is not in the lock's operators: run `make lock`" in lock.check(expected=grown)


def test_the_committed_lock_has_every_version() -> None:
    assert tuple(key for key, value in specs.read_toml(lock.LOCK).items() if isinstance(value, dict)) == VERSIONS


def test_examine_finds_what_is_missing_and_changed(small: Torch) -> None:
    assert lock.examine(small, EXPECTED) == FOUND


def test_a_true_lock_passes(small: Torch, tmp_path: Path) -> None:
    path = write(tmp_path / "lock", {"9.9.9": FOUND})
    assert lock.check(path, EXPECTED) == []
    assert lock.check_truth(small, path, EXPECTED) == []


def test_an_untrue_lock_is_found(small: Torch, tmp_path: Path) -> None:
    untrue = Found((), FOUND.missing_operators, FOUND.changed_operators)
    problems = lock.check_truth(small, write(tmp_path / "lock", {"9.9.9": untrue}), EXPECTED)
    assert problems == ["torch 9.9.9: the lock's missing_symbols is [], the library says ['torch_gone']"]


def test_the_other_half_is_looked_at_where_it_is(small: Torch, tmp_path: Path) -> None:
    with_cuda = replace(EXPECTED, companion=("torch_call", "torch_cuda_gone"))
    assert lock.examine(small, with_cuda).missing_companion is None
    small.record.write_text("torch_call\ntorch_other")
    found = lock.examine(small, with_cuda)
    assert found.missing_companion == ("torch_cuda_gone",)
    path = tmp_path / "lock"
    path.write_text(lock.render(with_cuda, {"9.9.9": found}))
    assert lock.check(path, with_cuda) == []
    assert lock.check_truth(small, path, with_cuda) == []
    small.record.write_text("torch_call\ntorch_cuda_gone")
    (problem,) = lock.check_truth(small, path, with_cuda)
    assert problem == "torch 9.9.9: the lock's missing_companion_symbols is ['torch_cuda_gone'], the library says []"


def test_a_stale_lock_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "lock", {"9.9.9": FOUND})
    grown = Wanted((*EXPECTED.symbols, "torch_new"), EXPECTED.schemas, ("neg",))
    problems = lock.check(path, grown)
    assert problems == [
        "`torch_new` is not in the lock's symbols: run `make lock`",
        "`qr` is in the lock's operators but no longer needed: run `make lock`",
    ]


def test_a_missing_lock_is_found(tmp_path: Path) -> None:
    assert lock.check(tmp_path / "lock") == ["lock is missing: `make lock` makes it"]


@pytest.mark.parametrize("text", ["symbols = [", "symbols = 3\noperators = []\n", '"9.9.9" = 1\n', ""])
def test_a_damaged_lock_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "libtorch.lock"
    path.write_text(text)
    with pytest.raises(specs.SpecError, match=r"\Alibtorch\.lock is .+\Z"):
        lock.check(path)
