"""Profiles: kept as JSON, refused aloud when they do not fit, and never half written."""

from __future__ import annotations

import json
import math
import os
import re
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rt_torch import __version__, accel
from rt_torch.accel import Profile, ProfileError, profile
from rt_torch.accel.cost import FunctionCost, Linear, Movement
from rt_torch.accel.functions import GROUPS, declared
from rt_torch.accel.machine import Machine, this_machine
from rt_torch.accel.profile import DtypeCosts
from tests.accel import costs

Change = Callable[[dict[str, Any]], object]

MEASURED = costs.profile(costs.COSTLY, add=costs.cost((1e-7, 2.5e-8), (4e-7, 1e-9)))


def as_json(change: Change | None = None) -> str:
    whole = json.loads(profile.dumps(MEASURED))
    if change is not None:
        change(whole)
    return json.dumps(whole)


def written(path: Path, change: Change | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(change))
    return path


def calibrated(change: Change | None = None) -> Path:
    return written(Path(accel.calibrated_path()), change)


def set_machine(**fields: object) -> Change:
    return lambda whole: whole["machine"].update(fields)


class TestRoundTrip:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "folder" / "profile.json"
        profile.save(MEASURED, path)
        read = profile.load(path)
        assert read == MEASURED._replace(name=str(path))

    @given(
        st.dictionaries(
            st.text(min_size=1),
            st.builds(
                FunctionCost,
                *[st.builds(Linear, *[st.floats(0, 1e6)] * 3)] * 2,
                st.none() | st.builds(Linear, *[st.floats(0, 1e6)] * 3),
            ),
        ),
        st.floats(0, 10),
    )
    def test_to_four_digits(self, functions: dict[str, FunctionCost], loading: float) -> None:
        functions = {**functions, "elementwise": costs.cost((0, 1), (2, 3))}
        given = MEASURED._replace(loading_seconds=loading, costs={"f64": DtypeCosts(costs.STILL, functions)})
        read = profile.loads(profile.dumps(given), "memory")
        assert math.isclose(read.loading_seconds, loading, rel_tol=5e-4)
        assert list(read.costs["f64"].functions) == list(functions)
        for name, cost in functions.items():
            after = read.cost(name, "f64")
            assert (after.memory is None) == (cost.memory is None)
            before = (*cost.pure, *cost.native, *(cost.memory or ()))
            numbers = zip(before, (*after.pure, *after.native, *(after.memory or ())), strict=True)
            assert all(math.isclose(one, other, rel_tol=5e-4) for one, other in numbers)

    def test_with_the_link_to_a_gpu(self) -> None:
        given = costs.profile(costs.COSTLY._replace(link=Linear(2e-5, 8e-10, 1e-10)))
        text = profile.dumps(given)
        assert '"link": [2e-05, 8e-10, 1e-10]}' in text
        assert profile.loads(text, "memory").movement("f64").link == Linear(2e-5, 8e-10, 1e-10)
        assert "link" not in profile.dumps(MEASURED)

    def test_a_line_for_each_function(self) -> None:
        text = profile.dumps(MEASURED)
        assert '        "add": {"pure": [1e-07, 2.5e-08], "native": [4e-07, 1e-09]}\n' in text
        assert f'"package": "{__version__}"' in text

    def test_the_old_file_stays_when_writing_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = written(tmp_path / "profile.json")
        before = path.read_text()

        def interrupted(source: str, target: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            profile.save(MEASURED._replace(loading_seconds=5.0), path)
        assert path.read_text() == before
        assert os.listdir(tmp_path) == ["profile.json"]

    def test_a_link_stays_one(self, tmp_path: Path) -> None:
        (tmp_path / "kept").mkdir()
        path = tmp_path / "profile.json"
        path.symlink_to(tmp_path / "kept" / "mine.json")
        profile.save(MEASURED, path)
        assert path.is_symlink()
        assert os.listdir(tmp_path / "kept") == ["mine.json"]
        assert profile.load(path).costs == MEASURED.costs

    def test_readers_never_see_a_part(self, tmp_path: Path) -> None:
        path, done = written(tmp_path / "profile.json"), threading.Event()

        def write() -> None:
            for n in range(60):
                profile.save(MEASURED._replace(loading_seconds=float(n)), path)

        def read() -> None:
            while not done.is_set():
                profile.load(path)

        failed: list[object] = []
        reader = threading.Thread(target=lambda: failed.append(_caught(read)))
        writers = [threading.Thread(target=write) for _ in range(3)]
        for thread in (reader, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        reader.join()
        assert failed == [None]


def _caught(function: Callable[[], None]) -> BaseException | None:
    try:
        function()
    except BaseException as error:
        return error
    return None


class TestBadFiles:
    @pytest.mark.parametrize(
        ("change", "field", "problem"),
        [
            (lambda p: p.pop("costs"), "costs", "missing"),
            (lambda p: p.pop("schema"), "schema", "missing"),
            (lambda p: p.update(schema="1"), "schema", "a whole number from 1 is expected; given '1'"),
            (
                lambda p: p.update(loading=1),
                "loading",
                "not a field; there are schema, machine, loading_seconds, costs",
            ),
            (lambda p: p.update(loading_seconds="1"), "loading_seconds", "a number of seconds is expected; given '1'"),
            (lambda p: p.update(loading_seconds=-1), "loading_seconds", "from 0 is expected; given -1"),
            (
                lambda p: p.update(loading_seconds=True),
                "loading_seconds",
                "a number of seconds is expected; given True",
            ),
            (lambda p: p.update(loading_seconds=math.nan), "loading_seconds", "from 0 is expected; given nan"),
            (lambda p: p.update(loading_seconds=math.inf), "loading_seconds", "from 0 is expected; given inf"),
            (lambda p: p.update(loading_seconds=10**400), "loading_seconds", "from 0 is expected; given 1000"),
            (lambda p: p.update(machine=[]), "machine", "an object is expected; given []"),
            (set_machine(threads=0), "machine.threads", "a whole number from 1 is expected; given 0"),
            (set_machine(threads=2.0), "machine.threads", "a whole number from 1 is expected; given 2.0"),
            (set_machine(cpu=7), "machine.cpu", "a text is expected; given 7"),
            (lambda p: p["machine"].pop("torch"), "machine.torch", "missing"),
            (lambda p: p.update(costs={}), "costs.f64.functions.elementwise", "missing"),
            (lambda p: p["costs"].update(f32=None), "costs.f32", "an object is expected; given None"),
            (lambda p: p["costs"]["f64"]["movement"].pop("box"), "costs.f64.movement.box", "missing"),
            (
                lambda p: p["costs"]["f64"]["functions"]["add"].update(memory=None),
                "costs.f64.functions.add.memory",
                "is expected; given None",
            ),
            (
                lambda p: p["costs"]["f64"]["movement"].update(convert=[1]),
                "costs.f64.movement.convert",
                "[constant, per element] or [constant, per element, more beyond 131072] is expected; given [1]",
            ),
            (
                lambda p: p["costs"]["f64"]["movement"].update(link=None),
                "costs.f64.movement.link",
                "is expected; given None",
            ),
            (
                lambda p: p["costs"]["f64"]["movement"].update(link=[0, -1]),
                "costs.f64.movement.link[1]",
                "a number of seconds from 0 is expected; given -1",
            ),
            (
                lambda p: p["costs"]["f64"]["movement"].update(links=[0, 1]),
                "costs.f64.movement.links",
                "not a field; there are wrap, convert, view, box, link",
            ),
            (
                lambda p: p["costs"]["f64"]["functions"].update(add={"pure": [0, -1e-9], "native": [0, 0]}),
                "costs.f64.functions.add.pure[1]",
                "a number of seconds from 0 is expected; given -1e-09",
            ),
            (
                lambda p: p["costs"]["f64"]["functions"].update(add={"pure": [0, 1e-9, -2e-9], "native": [0, 0]}),
                "costs.f64.functions.add.pure[2]",
                "a number of seconds from -1e-09 is expected; given -2e-09",
            ),
            (lambda p: p["costs"]["f64"]["functions"].pop("elementwise"), "costs.f64.functions.elementwise", "missing"),
        ],
    )
    def test_file_and_field_are_named(self, change: Change, field: str, problem: str, tmp_path: Path) -> None:
        path = written(tmp_path / "profile.json", change)
        with pytest.raises(ProfileError, match=f"^{re.escape(f'{path}: {field}: ')}.*{re.escape(problem)}"):
            accel.use_profile(path)

    @pytest.mark.parametrize("text", ["", "{", "\x00", "[" * 100_000, '"no', b"\xff\xfe{", b"\x80"])
    def test_no_json(self, text: str | bytes, tmp_path: Path) -> None:
        path = tmp_path / "profile.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(ProfileError, match=f"^{re.escape(str(path))}: no JSON: "):
            accel.use_profile(path)

    @pytest.mark.parametrize("text", ["1", "null", "[]", '"text"', "true"])
    def test_other_json(self, text: str) -> None:
        with pytest.raises(ProfileError, match=r"^memory: the whole: an object is expected"):
            profile.loads(text, "memory")

    def test_a_missing_file_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            accel.use_profile(tmp_path / "profile.json")

    def test_what_decides_is_unchanged_by_a_bad_one(self, tmp_path: Path) -> None:
        accel.use_profile("fixed")
        with pytest.raises(ProfileError):
            accel.use_profile(written(tmp_path / "profile.json", lambda p: p.pop("costs")))
        assert accel.current_profile().name == "fixed"

    @given(st.data())
    def test_anything_else_in_a_field_is_a_profile_error_or_fine(self, data: st.DataObject) -> None:
        whole = json.loads(as_json())
        node, path = whole, []
        while isinstance(node, (dict, list)) and node and (not path or data.draw(st.booleans())):
            key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else range(len(node))))
            path.append((node, key))
            node = node[key]
        holder, key = path[-1]
        holder[key] = data.draw(
            st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists)
        )
        try:
            read = profile.loads(json.dumps(whole), "memory")
        except ProfileError:
            return
        pure, native, _ = read.cost("add", "f64")
        assert pure.at(10**6) + native.at(10**6) >= 0 and not math.isnan(read.loading_seconds)


class TestFitting:
    def test_the_calibrated_one_is_used_when_it_fits(self) -> None:
        path = calibrated()
        assert accel.current_profile().name == str(path)

    def test_without_one_the_shipped_is(self) -> None:
        assert accel.current_profile().name == "default"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (set_machine(cpu="Z80"), f"CPU Z80 (here {this_machine().cpu})"),
            (set_machine(python="CPython 3.9"), f"Python CPython 3.9 (here {this_machine().python})"),
            (set_machine(threads=4000), f"threads 4000 (here {this_machine().threads})"),
            (set_machine(package="0.0.1"), f"rt-torch 0.0.1 (here {__version__})"),
            (set_machine(package="0", threads=4000), f"threads 4000 (here {this_machine().threads}), rt-torch 0 "),
        ],
    )
    def test_one_that_does_not_fit_is_refused_aloud_and_once(self, change: Change, said: str) -> None:
        path = calibrated(change)
        with pytest.warns(UserWarning, match=re.escape(said)) as caught:
            assert accel.current_profile().name == "default"
        text = str(caught[0].message)
        assert text.startswith(f"the profile {path} was measured with ")
        assert text.endswith("The default profile is used; `rt-torch calibrate` measures this machine")
        accel.use_profile(None)
        assert accel.current_profile().name == "default"

    def test_another_torch(self) -> None:
        calibrated(set_machine(torch="2.10.0"))
        accel.set_detection(None, lambda: "2.13.0")
        with pytest.warns(UserWarning, match=re.escape("torch 2.10.0 (here 2.13.0)")):
            accel.current_profile()

    def test_a_torch_that_cannot_be_told_fits(self) -> None:
        calibrated(set_machine(torch="2.10.0"))
        assert accel.current_profile().name != "default"

    def test_one_of_another_schema_is_refused_aloud(self) -> None:
        calibrated(lambda p: p.update(schema=2, more=1))
        with pytest.warns(UserWarning, match=r"schema: it is 2, and this version of rt-torch knows 1. .*calibrate"):
            assert accel.current_profile().name == "default"

    def test_a_bad_one_in_the_cache_is_a_warning(self) -> None:
        calibrated(lambda p: p.update(loading_seconds=-1))
        with pytest.warns(UserWarning, match="cannot be used: .*loading_seconds: a number of seconds from 0"):
            assert accel.current_profile().name == "default"

    def test_warnings_as_errors_leave_the_default(self) -> None:
        calibrated(set_machine(cpu="Z80"))
        accel.set_ffi_available(True)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(UserWarning):
                accel.set_acceleration("auto")
        assert accel.current_profile().name == "default"
        accel.set_acceleration("auto")
        assert accel.limits()["add"] != (accel.NEVER_ELEMENTS, 0, 0)

    def test_pure_mode_reads_none(self) -> None:
        calibrated(set_machine(cpu="Z80"))
        accel.set_acceleration("pure")
        assert not accel.should_use_ffi("add", 10**9)
        assert profile.chosen() is None

    def test_a_file_that_is_named_is_held_to_it_too(self, tmp_path: Path) -> None:
        path = written(tmp_path / "mine.json", set_machine(cpu="Z80"))
        with pytest.warns(UserWarning, match="CPU Z80"):
            accel.use_profile(path)
        assert accel.current_profile().name == "default"

    def test_a_profile_in_hand_is_not(self, tmp_path: Path) -> None:
        path = written(tmp_path / "mine.json", set_machine(cpu="Z80"))
        accel.use_profile(profile.load(path))
        assert accel.current_profile().machine.cpu == "Z80"


class TestNames:
    def test_those_that_exist(self) -> None:
        calibrated()
        for name in ("fixed", "default"):
            accel.use_profile(name)
            assert accel.current_profile().name == name
        accel.use_profile("calibrated")
        assert accel.current_profile().name == accel.calibrated_path()
        accel.use_profile(accel.calibrated_path())
        assert accel.current_profile().name == accel.calibrated_path()

    def test_calibrated_when_there_is_none(self) -> None:
        with pytest.raises(FileNotFoundError, match=r"profile.json: `rt-torch calibrate` makes one"):
            accel.use_profile("calibrated")

    def test_others(self) -> None:
        with pytest.raises(ValueError, match="unknown profile 'fast': there are default, fixed and calibrated"):
            accel.use_profile("fast")
        with pytest.raises(TypeError, match=r"given 3 \(int\)"):
            accel.use_profile(3)

    def test_decisions_made_before_are_forgotten(self) -> None:
        accel.set_ffi_available(True)
        accel.set_acceleration("auto")
        accel.use_profile("default")
        before = accel.decide("add", "f64", 100, ("native", 100, "native", 100))
        accel.use_profile("fixed")
        after = accel.decide("add", "f64", 100, ("native", 100, "native", 100))
        assert before.native and not after.native


class TestPlace:
    @pytest.mark.parametrize(
        ("platform", "variables", "expected"),
        [
            ("linux", {"XDG_CACHE_HOME": "/elsewhere"}, "/elsewhere/rt-torch/profile.json"),
            ("linux", {"XDG_CACHE_HOME": ""}, "/home/me/.cache/rt-torch/profile.json"),
            ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/rt-torch/profile.json"),
            ("darwin", {"XDG_CACHE_HOME": ""}, "/home/me/Library/Caches/rt-torch/profile.json"),
            ("win32", {"LOCALAPPDATA": "/local"}, "/local/rt-torch/profile.json"),
            ("win32", {"LOCALAPPDATA": ""}, "/home/me/AppData/Local/rt-torch/profile.json"),
        ],
    )
    def test_it_is_the_users_cache_folder(
        self, monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: str
    ) -> None:
        monkeypatch.setattr("sys.platform", platform)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path.replace("~", "/home/me"))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert accel.calibrated_path() == expected


class TestShipped:
    def test_every_function_and_group_has_a_cost(self) -> None:
        shipped = profile.default_profile()
        for dtype in ("f64", "f32"):
            assert set(GROUPS) <= set(shipped.costs[dtype].functions)
        for name in declared():
            for dtype in profile.DTYPES:
                for cost in filter(None, shipped.cost(name, dtype)):
                    assert min(cost.a, cost.b, cost.b + cost.far) >= 0
        assert 0 < shipped.loading_seconds < 5

    def test_it_decides_on_any_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(profile, "this_machine", lambda: Machine("Z80", "CPython 3.10", "2.10.0", 64, __version__))
        assert accel.current_profile().name == "default"

    def test_fixed_has_its_costs_for_explanations(self) -> None:
        accel.use_profile("fixed")
        cost = profile.default_profile().cost("add", "f64")
        assert accel.predict("add", "f64", 9, ()) == (cost.pure.at(9), cost.native.at(9))


class TestMachine:
    def test_this_one(self) -> None:
        here = this_machine()
        assert here.cpu and here.threads >= 1 and re.fullmatch(r"\w+ 3\.\d+", here.python)
        assert here.package == __version__
        assert not here.differences(here)

    @pytest.mark.parametrize(("text", "threads"), [("3", 3), ("4,2", 4), ("0", None), ("many", None), ("", None)])
    def test_threads_as_openmp_is_told(self, monkeypatch: pytest.MonkeyPatch, text: str, threads: int | None) -> None:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        usual = this_machine().threads
        monkeypatch.setenv("OMP_NUM_THREADS", text)
        assert this_machine().threads == (threads or usual)

    def test_torch_is_what_detection_says(self) -> None:
        accel.set_detection(None, lambda: "2.13.0+cpu")
        assert this_machine().torch == "2.13.0+cpu"


def test_movement_falls_back_to_f64() -> None:
    moving = Movement(1, Linear(2, 3), 4, 5)
    f32 = DtypeCosts(moving, {})
    both: Profile = MEASURED._replace(costs={**MEASURED.costs, "f32": f32})
    assert both.movement("f32") == moving
    assert both.movement("i64") == both.movement("f64") == costs.COSTLY
