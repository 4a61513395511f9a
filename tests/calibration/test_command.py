"""`rt-torch calibrate`: measures, writes, tells; and leaves the old profile where it was when it does not."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rt_torch import __main__, accel, calibration
from rt_torch.accel import profile
from rt_torch.calibration import CalibrationError, command, plot
from rt_torch.errors import LibraryMissingError
from tests.accel import costs

ROOT = Path(__file__).resolve().parent.parent.parent
FAST = costs.profile(costs.COSTLY, add=costs.cost((1, 2), (300, 0)), sum=costs.cost((0, 0), (1, 1)))


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    return Path(accel.calibrated_path())


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "calibrate", lambda seconds: FAST._replace(loading_seconds=seconds))


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "calibrate", interrupt)


Told = Callable[[], "tuple[str, str]"]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    return lambda: tuple(capsys.readouterr())


@pytest.mark.usefixtures("fast")
class TestWriting:
    def test_into_the_cache_folder(self, cache: Path, told: Told) -> None:
        assert __main__.main(["calibrate", "--seconds", "3"]) == 0
        assert 2 < profile.load(cache).loading_seconds < 3  # some of the time is for starting and ending
        assert told()[0].endswith(f"written: {cache}\n")

    def test_into_another_file(self, cache: Path, tmp_path: Path) -> None:
        path = tmp_path / "new" / "mine.json"
        assert __main__.main(["calibrate", "--output", str(path)]) == 0
        assert path.exists() and not cache.exists()

    def test_not_at_all(self, cache: Path, told: Told) -> None:
        assert __main__.main(["calibrate", "--dry-run"]) == 0
        assert not cache.exists()
        assert told()[0].endswith(f"not written: {cache}\n")

    def test_less_time_than_starting_takes(self, cache: Path) -> None:
        assert __main__.main(["calibrate", "--seconds", "0"]) == 0
        assert profile.load(cache).loading_seconds == 0

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
    def test_where_nothing_can_be_told(self, cache: Path, monkeypatch: pytest.MonkeyPatch, told: Told) -> None:
        with open("/dev/full", "w") as full:
            monkeypatch.setattr(sys, "stdout", full)
            assert __main__.main(["calibrate"]) == 1
            monkeypatch.undo()
        assert told()[1] == "rt-torch: standard output: No space left on device\n"

    def test_where_tiers_change_is_told(self, told: Told) -> None:
        __main__.main(["calibrate", "--dry-run"])
        lines = told()[0].splitlines()
        assert re.fullmatch(r".+, \w+ 3\.\d+, torch .*, \d+ threads?", lines[0])
        assert ["add", "306", "121"] in [line.split() for line in lines]
        assert ["sum", "never", "never"] in [line.split() for line in lines]
        assert ["exp", "-", "-"] in [line.split() for line in lines]

    def test_without_a_gpu_that_is_told(self, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command.native, "cuda_problem", lambda: "there is no driver")
        __main__.main(["calibrate", "--dry-run"])
        assert "no GPU was measured: there is no driver" in told()[0].splitlines()

    def test_without_a_library_that_is_told(self, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
        def problem() -> str:
            raise LibraryMissingError("there is no library")

        monkeypatch.setattr(command.native, "cuda_problem", problem)
        __main__.main(["calibrate", "--dry-run"])
        assert "no GPU was measured: there is no library" in told()[0].splitlines()

    @pytest.mark.parametrize(("link", "rate"), [((2e-5, 8e-10), "10 GB/s"), ((2e-5, 0.0), "more than can be measured")])
    def test_with_one_its_link_is_told(
        self, link: tuple[float, float], rate: str, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        measured = costs.profile(costs.COSTLY._replace(link=costs.Linear(*link)))
        monkeypatch.setattr(command, "calibrate", lambda seconds: measured)
        __main__.main(["calibrate", "--dry-run"])
        said = f"moving a tensor from the GPU to the CPU takes 20 us, and then {rate}"
        assert said in told()[0].splitlines()


@pytest.mark.usefixtures("interrupted")
def test_interrupted_it_leaves_the_old_profile(cache: Path, told: Told) -> None:
    profile.save(FAST, cache)
    before = cache.read_bytes()
    assert __main__.main(["calibrate"]) == 130
    assert cache.read_bytes() == before
    assert told() == ("", "rt-torch calibrate: interrupted, nothing was written\n")


@pytest.mark.usefixtures("interrupted")  # which would be told if anything were measured
class TestWhereNothingCanBeWritten:
    """It is said before anything is measured."""

    @pytest.fixture(params=["--output", "--plot"])
    def option(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        if name == "--plot":
            pytest.importorskip("matplotlib")
        return name

    @pytest.mark.parametrize("name", ["file/it", "folder", "no/it"])
    def test_of_the_file_system(self, option: str, name: str, tmp_path: Path, told: Told) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "folder").mkdir()
        if (option, name) == ("--output", "no/it"):
            return  # its folder is made
        assert __main__.main(["calibrate", option, str(tmp_path / name)]) == 1
        assert re.fullmatch(r"rt-torch calibrate: \[Errno \d+\] .*\n", told()[1])

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="makes a pipe")
    def test_what_is_no_file_is_not_replaced(self, option: str, tmp_path: Path, told: Told) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert __main__.main(["calibrate", option, str(tmp_path / "pipe")]) == 1
        assert "It is no regular file" in told()[1]

    def test_a_link_to_nothing_yet_can_be_written(self, option: str, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(tmp_path / "it")
        assert __main__.main(["calibrate", option, str(tmp_path / "link")]) == 130
        assert (tmp_path / "link").is_symlink() and not (tmp_path / "it").exists()

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
    def test_of_the_permissions(self, option: str, tmp_path: Path, told: Told) -> None:
        tmp_path.chmod(0o500)
        assert __main__.main(["calibrate", option, str(tmp_path / "it")]) == 1
        assert "Permission denied" in told()[1]

    def test_what_can_be_written_is_left_as_it_is(self, option: str, tmp_path: Path) -> None:
        path = tmp_path / "it"
        assert __main__.main(["calibrate", option, str(path)]) == 130
        assert not path.exists()
        path.write_text("old")
        assert __main__.main(["calibrate", option, str(path)]) == 130
        assert path.read_text() == "old"


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "many", "100000"])
def test_a_time_that_makes_no_sense(seconds: str, told: Told) -> None:
    with pytest.raises(SystemExit):
        __main__.main(["calibrate", "--seconds", seconds])
    assert f"argument --seconds: invalid seconds value: '{seconds}'" in told()[1]


class TestPlot:
    def test_without_matplotlib_it_says_what_to_install_before_anything_is_measured(
        self, monkeypatch: pytest.MonkeyPatch, interrupted: None, told: Told
    ) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        assert __main__.main(["calibrate", "--plot", "tiers.png"]) == 1
        assert told()[1] == "rt-torch calibrate: --plot needs matplotlib: pip install 'rt-torch[plot]'\n"

    def test_it_is_a_picture(self, fast: None, tmp_path: Path) -> None:
        pytest.importorskip("matplotlib")
        path = tmp_path / "tiers.png"
        assert __main__.main(["calibrate", "--dry-run", "--plot", str(path)]) == 0
        assert path.read_bytes().startswith(b"\x89PNG")

    def test_it_is_drawn_within_the_time_kept_for_it(self, fast: None, tmp_path: Path) -> None:
        pytest.importorskip("matplotlib")
        plot.check()
        start = time.process_time()
        plot.draw(FAST, tmp_path / "tiers.png")
        assert time.process_time() - start < 2 * command.DRAWING

    def test_what_it_draws(self) -> None:
        measured = plot.crossovers(FAST, "list")
        assert measured == {"add": 305.0, "sum": plot.NEVER}
        assert plot.crossovers(FAST, "shared")["add"] == pytest.approx(299 / 2.5)


@pytest.fixture(scope="module")
def found() -> profile.Profile:
    if not accel.is_ffi_available():
        pytest.skip("the native tier is not there")
    return calibration.calibrate(0, progress=False)


class TestMeasuring:
    """The real thing, in its shortest form."""

    @pytest.fixture(autouse=True)
    def native(self) -> None:
        if not accel.is_ffi_available():
            pytest.skip("the native tier is not there")

    def test_every_group_and_dtype_is_there(self, found: profile.Profile) -> None:
        again = profile.loads(profile.dumps(found), "memory")
        assert set(again.costs) == set(profile.DTYPES)
        for dtype in ("f64", "f32"):
            there = set(again.costs[dtype].functions)
            assert {"add", "exp", "softmax", "sum_dim", "matmul", "zeros", "transpose", "elementwise"} <= there

    def test_what_is_known_of_every_machine(self, found: profile.Profile) -> None:
        moving = found.movement("f64")
        assert moving.convert.b > 0 and found.loading_seconds > 0
        for name in ("exp", "softmax", "matmul"):
            pure, native, memory = found.cost(name, "f64")
            assert pure.b > 0 and pure.at(8) > 0 and native.at(8) > 0 and memory is not None
        assert found.cost("transpose", "f64").pure.b == 0

    def test_the_link_is_measured_where_there_is_a_gpu(self, found: profile.Profile) -> None:
        assert (found.movement("f64").link is None) == (command.native.cuda_device_count() == 0)

    def test_it_fits_here(self, found: profile.Profile, tmp_path: Path) -> None:
        path = tmp_path / "profile.json"
        profile.save(found, path)
        accel.use_profile(path)
        try:
            assert accel.current_profile().name == str(path)
        finally:
            accel.use_profile(None)

    def test_nothing_else_is_changed(self) -> None:
        from rt_torch import native, pure

        pure.manual_seed(5)
        native.manual_seed(5)
        before = accel.get_stats(), accel.get_transfers(), accel.get_current_mode(), pure.random_state()
        handles = native.live_handles()
        calibration.calibrate(0, progress=False)
        assert before == (accel.get_stats(), accel.get_transfers(), accel.get_current_mode(), pure.random_state())
        assert native.random_state() == pure.random_state()
        assert native.live_handles() == handles
        assert not accel.mode.overridden()


def test_without_native_it_says_so(monkeypatch: pytest.MonkeyPatch, told: Told) -> None:
    accel.set_ffi_available(False)
    try:
        with pytest.raises(CalibrationError, match="nothing to compare: the native tier is not available"):
            calibration.calibrate(1)
        assert __main__.main(["calibrate"]) == 1
        assert "`rt-torch doctor` shows what is missing" in told()[1]
    finally:
        accel.set_ffi_available(None)


def test_less_than_no_time_is_an_error() -> None:
    for seconds in (-1, float("nan")):
        with pytest.raises(ValueError, match="seconds must be 0 or more"):
            calibration.calibrate(seconds)


def test_ctrl_c_in_a_real_run(tmp_path: Path) -> None:
    if not accel.is_ffi_available():
        pytest.skip("the native tier is not there")
    path = tmp_path / "profile.json"
    path.write_text("old")
    code = (
        "import _thread, sys, threading\n"
        "from rt_torch import calibration, __main__\n"
        "from rt_torch.calibration import timing\n"
        "first = timing.Series.first_round\n"
        "timing.Series.first_round = lambda *given: (_thread.interrupt_main(), first(*given))\n"
        f"sys.exit(__main__.main(['calibrate', '--output', {str(path)!r}]))\n"
    )
    paths = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 130, done.stderr
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["profile.json"] or set(os.listdir(tmp_path)) == {"profile.json", "cache"}
