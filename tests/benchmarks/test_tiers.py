"""The tables and the picture of the two tiers say what was measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from benchmarks import grid, peers, plot, pure, tiers
from benchmarks.points import FUNCTIONS, SIZES, SQUARES, Grid, Point
from benchmarks.pure_times import LEAST, OURS


def point(function: str, size: int, ratio: float, residency: str = "list") -> Point:
    return Point(function, size, residency, {"pure": 1e-6, "native": 2e-6, "auto": ratio * 1e-6}, ratio, "pure")


GRID = Grid(
    [*(point(name, 8, 1.0) for name in FUNCTIONS), point("add", 64, 4.0), point("add", 1, 2.0, "native")],
    [("matmul", 262144)],
    2,
    "default",
    4,
)


def test_the_choice_by_function_and_over_all() -> None:
    table = tiers.choice_table(GRID)
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["add"] == ("3", "2.00", "4.00", "64, list")
    assert rows["mul"] == ("1", "1.00", "1.00", "8, list")
    assert rows["all"] == (str(len(GRID.points)), f"{8 ** (1 / len(GRID.points)):.2f}", "4.00", "64, list")
    assert "Left out, as the pure tier would take more than 2 s: matmul of 262,144." in table.note
    assert "the default profile and 4 threads" in table.note


def test_the_worst_choices_come_first() -> None:
    rows = tiers.worst_table(GRID).rows
    assert rows[0] == ("add of 64, list", "1 us", "2 us", "4 us", "pure", "4.00")
    assert rows[1][0] == "add of 1, native"
    assert len(rows) == tiers.WORST


def test_a_grid_comes_through_json() -> None:
    answer = [[list(each) for each in GRID.points], [["matmul", 262144]], *GRID[2:]]
    assert tiers.grid_of(answer) == GRID


def test_small_calls() -> None:
    calls = {"`a + b`": {"torch": [1000.0, 1.0], "native": [1100.0, 1.1], "auto": [1110.0, 1.11], "decision": 1.01}}
    table = tiers.calls_table(calls, "ctypes")
    assert table.rows[0] == ("`a + b`", "1.00 (1000)", "1.10 (1100)", "1.11 (1110)", "1.01")
    assert "through ctypes" in table.note


def test_the_pure_tier_beside_its_peers() -> None:
    times = {operation: {OURS: [1e6, 1.0], "NumPy": [2e4, 50.0]} for operation in peers.OPERATIONS}
    times["add"].update({"tinygrad": [4e8, 0.002], LEAST: [8e5, 1.25]})
    times["small add"] = {OURS: [600.0, 1.0], "torch": [1200.0, 0.5]}
    rows = {row[0]: row[1:] for row in pure.table(times, peers.FULL).rows}
    assert rows["add of 1,000,000"] == ("1 ms", "NumPy", "50.00", "130", "40.00", "-", "500x")
    assert rows["`a + b` of 8"] == ("600 ns", "torch", "0.50", "0.6", "-", "-", "-")


def test_each_operation_has_operands_of_its_own() -> None:
    for library in (peers.pure(), peers.least()):
        for operation in peers.OPERATIONS:
            loop = library.loop(operation, peers.SMALL)
            assert (loop is None) == (operation not in library.calls)
            if loop is not None:
                loop(2)


def test_what_is_not_installed_leaves_a_gap() -> None:
    times = {operation: {OURS: [1e6, 1.0]} for operation in peers.OPERATIONS}
    assert {row[3] for row in pure.table(times, peers.FULL).rows} == {"-", ""}


def test_every_size_is_a_matrix() -> None:
    for size in SIZES:
        rows, columns = grid.shape_of(size)
        assert rows * columns == size
    for size in SQUARES:
        assert len(set(grid.shape_of(size))) == 1


def test_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "tiers.png"
    problem = plot.draw(GRID, path)
    if importlib.util.find_spec("matplotlib") is None:
        assert problem is not None and "matplotlib" in problem
        assert not path.exists()
    else:
        assert problem is None
        assert path.read_bytes().startswith(b"\x89PNG")
