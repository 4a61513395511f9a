"""Profiles: measured costs, and where they are kept.

    default     shipped with the package, measured on another machine
    calibrated  measured on this one by `rt-torch calibrate`, in the user's cache folder
    fixed       numbers of elements for each group, whatever is measured

A profile that was measured on a machine unlike this one is refused with a warning, and the shipped one used.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from rt_torch.accel import change, functions
from rt_torch.accel.cost import FAR, FunctionCost, Linear, Movement
from rt_torch.accel.machine import Machine, this_machine
from rt_torch.accel.threshold import NEVER

__all__ = [
    "FIXED_THRESHOLDS",
    "SCHEMA",
    "DtypeCosts",
    "Profile",
    "ProfileError",
    "calibrated_path",
    "current_profile",
    "default_profile",
    "dumps",
    "load",
    "loads",
    "save",
    "use_profile",
]

SCHEMA = 1
DTYPES = ("f64", "f32", "i64", "bool")
DEFAULT_PATH = os.path.join(os.path.dirname(__file__), "profiles", "default.json")
FIXED_THRESHOLDS: Mapping[str, int | float] = {
    "matmul": 1_000_000,
    "elementwise": 10_000_000,
    "reductions": 5_000_000,
    "activations": NEVER,
    "views": NEVER,
    "creation": 10_000_000,
}


class ProfileError(ValueError):
    """A profile's file does not say what it must; the text names the file and the field."""


class _UnknownSchemaError(ProfileError):
    """Written by a version of this package that is unlike this one."""


class DtypeCosts(NamedTuple):
    movement: Movement
    functions: Mapping[str, FunctionCost]  # by function or group: "add", "elementwise"


class Profile(NamedTuple):
    name: str  # "default", or the file that it was read from
    machine: Machine  # that it was measured on
    loading_seconds: float  # 0.2: what loading libtorch takes
    costs: Mapping[str, DtypeCosts]  # by dtype; "f64" is there, the other ones fall back to it
    thresholds: Mapping[str, int | float] = MappingProxyType({})  # by group; where there is one, costs are not asked

    def cost(self, name: str, dtype: str) -> FunctionCost:
        """A function's cost for a dtype, else for another one, else its group's."""
        group = functions.group_of(name)
        for key in (name, group, "elementwise"):
            for other in (dtype, "f64", "f32"):
                costs = self.costs.get(other)
                if costs is not None and key in costs.functions:
                    return costs.functions[key]
        raise ProfileError(f"{self.name}: costs.f64.functions.elementwise: missing")

    def movement(self, dtype: str) -> Movement:
        return (self.costs.get(dtype) or self.costs["f64"]).movement


_chosen: Profile | None = None
_choosing = threading.RLock()
_warned: set[str] = set()


def use_profile(profile: str | os.PathLike[str] | Profile | None) -> None:
    """Decide by a profile from now on.

    profile: "default", "fixed", "calibrated", a JSON file, a Profile (used as it is, wherever it was measured), or
        None: the calibrated one if there is one, else the default.

    Errors: ProfileError when the file does not say what it must, OSError when it cannot be read, ValueError for an
    unknown name, TypeError for anything else.  A file that was measured on a machine unlike this one is a warning, and
    the default is used.
    """
    global _chosen
    chosen = None if profile is None else _named(profile)
    with _choosing:
        _chosen = chosen
    change.announce()


def current_profile() -> Profile:
    """The profile that decides; read when it is first needed."""
    global _chosen
    chosen = _chosen
    if chosen is None:
        with _choosing:
            if _chosen is None:
                _chosen = default_profile()  # also if what follows is a warning that is raised
                _chosen = _calibrated() or _chosen
            chosen = _chosen
    return chosen


def chosen() -> Profile | None:
    """The profile that decides; None while none was needed."""
    return _chosen


def calibrated_path() -> str:
    """The file that `rt-torch calibrate` writes."""
    return os.path.join(_cache_folder(), "rt-torch", "profile.json")


def _cache_folder() -> str:
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):  # a relative one is to be ignored
        return named
    return os.path.join(home, "Library", "Caches") if sys.platform == "darwin" else os.path.join(home, ".cache")


@lru_cache(maxsize=1)
def default_profile() -> Profile:
    """The one that is shipped."""
    return load(DEFAULT_PATH)._replace(name="default")


@lru_cache(maxsize=1)
def _fixed() -> Profile:
    return default_profile()._replace(name="fixed", thresholds=FIXED_THRESHOLDS)


def _named(profile: object) -> Profile:
    if isinstance(profile, Profile):
        return profile
    if profile == "default":
        return default_profile()
    if profile == "fixed":
        return _fixed()
    if profile == "calibrated":
        path = calibrated_path()
        if not os.path.exists(path):
            raise FileNotFoundError(f"there is no calibrated profile at {path}: `rt-torch calibrate` makes one")
        return _fitting(path) or default_profile()
    if not isinstance(profile, (str, os.PathLike)):
        raise TypeError(f"a profile is a name, a file or a Profile; given {profile!r} ({type(profile).__name__})")
    path = os.fspath(profile)
    if not isinstance(profile, os.PathLike) and not path.endswith(".json") and not os.path.exists(path):
        raise ValueError(f"unknown profile {path!r}: there are default, fixed and calibrated, and JSON files")
    return _fitting(path) or default_profile()


def _calibrated() -> Profile | None:
    """The calibrated profile if there is one that can be used; what is wrong with it is a warning."""
    path = calibrated_path()
    try:
        return _fitting(path)
    except FileNotFoundError:
        return None
    except (OSError, ProfileError) as error:
        _warn(f"the calibrated profile cannot be used: {error}")
        return None


def _fitting(path: str) -> Profile | None:
    """The profile of a file, None with a warning when it was measured on a machine unlike this one."""
    try:
        profile = load(path)
    except _UnknownSchemaError as error:
        _warn(str(error))
        return None
    differences = profile.machine.differences(this_machine())
    if not differences:
        return profile
    _warn(f"the profile {path} was measured with {', '.join(differences)}")
    return None


def _warn(problem: str) -> None:
    text = f"{problem}. The default profile is used; `rt-torch calibrate` measures this machine"
    if text not in _warned:
        _warned.add(text)
        warnings.warn(text, stacklevel=4)


def load(path: str | os.PathLike[str]) -> Profile:
    """The profile that a JSON file holds.

    Errors: OSError, ProfileError.
    """
    with open(path, "rb") as file:
        return loads(file.read(), os.fspath(path))


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile as JSON: whoever reads the file sees the old one or the new one, never a part.

    A symbolic link stays one, and what it points to is replaced.
    """
    path = os.path.realpath(path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    beside = f"{path}.{os.getpid()}.{threading.get_ident()}.tmp"
    try:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(dumps(profile))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        if os.path.exists(beside):
            os.unlink(beside)
        raise


def dumps(profile: Profile) -> str:
    """A profile as JSON, a line for each function."""
    import json

    lines = [
        "{",
        f'  "schema": {SCHEMA},',
        f'  "machine": {json.dumps(profile.machine._asdict())},',
        f'  "loading_seconds": {_number(profile.loading_seconds)},',
        '  "costs": {',
    ]
    for at, (dtype, costs) in enumerate(profile.costs.items()):
        lines += [f'    "{dtype}": {{', f'      "movement": {_movement_text(costs.movement)},', '      "functions": {']
        lines += _separated(
            [f"        {json.dumps(name)}: {_cost_text(cost)}" for name, cost in costs.functions.items()]
        )
        lines += ["      }", "    }" + ("," if at + 1 < len(profile.costs) else "")]
    return "\n".join([*lines, "  }", "}"]) + "\n"


def _separated(lines: list[str]) -> list[str]:
    return [line + "," for line in lines[:-1]] + lines[-1:]


def _movement_text(movement: Movement) -> str:
    wrap, convert, view, box, link = movement
    linked = "" if link is None else f', "link": {_linear_text(link)}'
    fields = (
        f'"wrap": {_number(wrap)}, "convert": {_linear_text(convert)}, "view": {_number(view)}, "box": {_number(box)}'
    )
    return f"{{{fields}{linked}}}"


def _cost_text(cost: FunctionCost) -> str:
    memory = "" if cost.memory is None else f', "memory": {_linear_text(cost.memory)}'
    return f'{{"pure": {_linear_text(cost.pure)}, "native": {_linear_text(cost.native)}{memory}}}'


def _linear_text(linear: Linear) -> str:
    numbers = linear if linear.far else linear[:2]
    return f"[{', '.join(map(_number, numbers))}]"


def _number(number: float) -> str:
    """Four digits: more are not measured."""
    return repr(float(f"{number:.4g}"))


def loads(text: str | bytes, source: str) -> Profile:
    """The profile that JSON says; `source` is its name, and what errors name.

    Errors: ProfileError.
    """
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProfileError(f"{source}: no JSON: {error}") from None
    whole = _Node(source, "", found)
    schema = whole.value.get("schema") if isinstance(whole.value, dict) else None
    if type(schema) is int and schema != SCHEMA:
        raise _UnknownSchemaError(f"{source}: schema: it is {schema}, and this version of rt-torch knows {SCHEMA}")
    fields = whole.fields("schema", "machine", "loading_seconds", "costs")
    fields["schema"].integer()
    costs = {dtype: _costs(node) for dtype, node in fields["costs"].entries().items()}
    if "f64" not in costs or "elementwise" not in costs["f64"].functions:
        raise ProfileError(f"{source}: costs.f64.functions.elementwise: missing")
    return Profile(source, _machine(fields["machine"]), fields["loading_seconds"].seconds(), costs)


def _machine(node: _Node) -> Machine:
    fields = node.fields(*Machine._fields)
    texts = {name: fields[name].text() for name in ("cpu", "python", "torch", "package")}
    return Machine(threads=fields["threads"].integer(), **texts)


def _costs(node: _Node) -> DtypeCosts:
    fields = node.fields("movement", "functions")
    moving = fields["movement"].fields("wrap", "convert", "view", "box", optional=("link",))
    movement = Movement(
        moving["wrap"].seconds(),
        moving["convert"].linear(),
        moving["view"].seconds(),
        moving["box"].seconds(),
        moving["link"].linear() if "link" in moving else None,
    )
    costs = {name: _cost(entry) for name, entry in fields["functions"].entries().items()}
    return DtypeCosts(movement, costs)


def _cost(node: _Node) -> FunctionCost:
    fields = node.fields("pure", "native", optional=("memory",))
    memory = fields["memory"].linear() if "memory" in fields else None
    return FunctionCost(fields["pure"].linear(), fields["native"].linear(), memory)


class _Node(NamedTuple):
    """A value in a profile's JSON, and where it stands."""

    source: str
    path: str  # "costs.f64.movement"
    value: Any

    def fields(self, *expected: str, optional: tuple[str, ...] = ()) -> dict[str, _Node]:
        found = self.entries()
        for name in expected:
            if name not in found:
                self._at(name).fail("missing")
        for name in found:
            if name not in (*expected, *optional):
                self._at(name).fail(f"not a field; there are {', '.join((*expected, *optional))}")
        return found

    def entries(self) -> dict[str, _Node]:
        if not isinstance(self.value, dict):
            self.fail(f"an object is expected; given {self._given()}")
        return {name: self._at(name, value) for name, value in self.value.items()}

    def linear(self) -> Linear:
        value = self.value
        if not isinstance(value, list) or len(value) not in (2, 3):
            expected = f"[constant, per element] or [constant, per element, more beyond {FAR}]"
            self.fail(f"{expected} is expected; given {self._given()}")
        parts = [_Node(self.source, f"{self.path}[{at}]", each) for at, each in enumerate(value)]
        a, b = (part.seconds() for part in parts[:2])
        return Linear(a, b, *(part.seconds(-b) for part in parts[2:]))

    def seconds(self, least: float = 0) -> float:
        value = self.value
        if type(value) is not float and type(value) is not int:
            self.fail(f"a number of seconds is expected; given {self._given()}")
        if not least <= value <= sys.float_info.max:
            self.fail(f"a number of seconds from {least:g} is expected; given {self._given()}")
        return float(value)

    def integer(self) -> int:
        if type(self.value) is not int or self.value < 1:
            self.fail(f"a whole number from 1 is expected; given {self._given()}")
        return int(self.value)

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail(f"a text is expected; given {self._given()}")
        return str(self.value)

    def fail(self, problem: str) -> None:
        raise ProfileError(f"{self.source}: {self.path or 'the whole'}: {problem}")

    def _at(self, name: str, value: Any = None) -> _Node:
        return _Node(self.source, f"{self.path}.{name}" if self.path else name, value)

    def _given(self) -> str:
        text = repr(self.value)
        return text if len(text) <= 40 else text[:37] + "..."
