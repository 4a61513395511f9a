"""Which tier a call runs in, and why.

`decide` is for whoever dispatches a call; `limits` is for call sites that decide the usual case in place, and leave
everything else to the dispatcher.
"""

from __future__ import annotations

import math
import operator
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import NamedTuple, SupportsIndex

from rt_torch.accel import availability, change, cost, functions, log, mode, profile, threshold
from rt_torch.accel.cost import FAR, LIST, MEMORY, NATIVE, Operands
from rt_torch.accel.crossover import Savings
from rt_torch.accel.mode import AccelMode, get_current_mode
from rt_torch.accel.profile import Profile
from rt_torch.accel.threshold import NEVER

__all__ = [
    "NEVER_ELEMENTS",
    "Decision",
    "Limits",
    "decide",
    "decided",
    "get_threshold",
    "limits",
    "moving_seconds",
    "predict",
    "preview",
    "saved_seconds",
    "should_use_ffi",
    "subscribe",
    "without_shortcuts",
]

NEVER_ELEMENTS = 1 << 62  # more elements than any tensor has
REMEMBERED = 4096  # decisions
IN_PYTHON = (LIST, MEMORY)  # what a call site that decides in place tells apart only where it must

Limits = Mapping[str, "tuple[int, int, int]"]  # by function: (native_from, pure_below, lists_below)

# Why a tier was chosen.
BY_MODE = "mode"
BY_AVAILABILITY = "availability"
BY_THRESHOLD = "threshold"
BY_COST = "cost"
BY_LOADING = "loading"


class Decision(NamedTuple):
    tier: str  # "pure" or "native"
    rule: str  # "mode", "availability", "threshold", "cost" or "loading"
    pure_seconds: float  # predicted
    native_seconds: float
    elements: int = 0  # for "threshold": that were compared with it
    limit: float = 0  # for "threshold": elements; for "loading": the seconds that loading takes
    saved: float = 0.0  # for "loading": the seconds that native would have saved until now

    @property
    def native(self) -> bool:
        return self.tier == "native"

    @property
    def reason(self) -> str:
        """predicted 12.1 ms against 9.8 s"""
        return _REASONS[self.rule](self)


def _because_of_cost(decision: Decision) -> str:
    chosen, other = decision.pure_seconds, decision.native_seconds
    if decision.native:
        chosen, other = other, chosen
    return f"predicted {log.seconds_text(chosen)} against {log.seconds_text(other)}"


def _because_of_threshold(decision: Decision) -> str:
    if decision.limit == NEVER:
        return "its threshold is never"
    above = "above" if decision.native else "not above"
    return f"{decision.elements:,} elements, {above} the threshold of {decision.limit:,}"


def _because_of_loading(decision: Decision) -> str:
    saved, loading = log.seconds_text(decision.saved), log.seconds_text(decision.limit)
    if decision.native:
        return f"libtorch is loaded now: it would have saved {saved}, and loading takes {loading}"
    return f"libtorch is not loaded: it would have saved {saved} until now, and loading takes {loading}"


_REASONS: dict[str, Callable[[Decision], str]] = {
    BY_MODE: lambda decision: f"the mode is {decision.tier}",
    BY_AVAILABILITY: lambda decision: "native is not available",
    BY_THRESHOLD: _because_of_threshold,
    BY_COST: _because_of_cost,
    BY_LOADING: _because_of_loading,
}


class _Rules:
    """Decisions by one profile and the thresholds that were set beside it."""

    def __init__(self, basis: _Basis) -> None:
        self.profile = basis.profile or profile.current_profile()
        self.thresholds = basis.thresholds
        self.decided = lru_cache(maxsize=REMEMBERED)(self._decide)

    def _decide(self, mode: AccelMode, name: str, dtype: str, work: int, operands: Operands) -> Decision:
        seconds = self.predict(name, dtype, work, operands)
        if mode is AccelMode.PURE:
            return Decision("pure", BY_MODE, *seconds)
        if not availability.is_ffi_available():
            return Decision("pure", BY_AVAILABILITY, *seconds)
        if mode is AccelMode.NATIVE:
            return Decision("native", BY_MODE, *seconds)
        limit = self.threshold(name)
        if limit is not None:
            elements: int = max(operands[1::2], default=work)  # type: ignore[assignment]  # those are the numbers
            return Decision("native" if elements > limit else "pure", BY_THRESHOLD, *seconds, elements, limit)
        pure, native = seconds
        return Decision("native" if native < pure else "pure", BY_COST, *seconds)

    def predict(self, name: str, dtype: str, work: int, operands: Operands) -> tuple[float, float]:
        reads = functions.group_of(name) != "views"
        return cost.predict(self.profile.cost(name, dtype), self.profile.movement(dtype), work, operands, reads=reads)

    def threshold(self, name: str) -> float | None:
        """The threshold that was set for a function or its group, or that the profile has; None: costs decide."""
        group = functions.group_of(name)
        for key, among in ((name, self.thresholds), (group, self.thresholds), (group, self.profile.thresholds)):
            if key in among:
                return among[key]
        return None

    def savings(self, name: str, dtype: str, kind: str, power: float, line: int = 0) -> Savings:
        """What native saves for equal operands of a kind."""
        reads = functions.group_of(name) != "views"
        costs, movement = self.profile.cost(name, dtype), self.profile.movement(dtype)
        return Savings.of(costs, movement, kind, functions.operands_of(name), power=power, line=line, reads=reads)

    @cached_property
    def limits(self) -> Limits:
        return {name: self._limits(name) for name in functions.declared()}

    def _limits(self, name: str) -> tuple[int, int, int]:
        """Where the tier is certain: any shape of so many elements, f64 or f32 when native, f64 when in Python."""
        limit = self.threshold(name)
        if limit is not None:
            first = NEVER_ELEMENTS if limit == NEVER else min(int(limit) + 1, NEVER_ELEMENTS)
            return first, first, first
        if _power(name) != 1.0 and any(
            part.far for dtype in ("f64", "f32") for part in self.profile.cost(name, dtype)[:2]
        ):
            return NEVER_ELEMENTS, 0, 0  # FAR counts work, and not elements
        # A matrix of n elements makes at least n multiplications with another of its shape, at most as if square.
        powers = {1.0, _power(name)}
        resident = [self.savings(name, dtype, NATIVE, power) for dtype in ("f64", "f32") for power in powers]
        native = max(savings.always_above() for savings in resident)
        line = functions.line_of(name)
        if line and min(min(savings.per_work, savings.far) for savings in resident) < 0:
            native = NEVER_ELEMENTS  # more lines are more work
        return (
            _whole(native * (1 + 1e-9), lambda n: math.floor(n) + 1),
            min(self._pure_below(name, kind, powers, line) for kind in IN_PYTHON),
            self._pure_below(name, LIST, powers, line),
        )

    def _pure_below(self, name: str, kind: str, powers: set[float], line: int) -> int:
        most = FAR / (1 + line) if line else NEVER
        savings = [self.savings(name, "f64", kind, power, least) for power in powers for least in {0, line}]
        below = min(most, *(each.never_below() for each in savings))
        return _whole(below * (1 - 1e-9), math.ceil)


def _power(name: str) -> float:
    """By which power of its operands' elements a function's work grows."""
    return 1.5 if functions.group_of(name) == "matmul" else 1.0


def _whole(number: float, rounded: Callable[[float], int]) -> int:
    return NEVER_ELEMENTS if number >= NEVER_ELEMENTS else max(rounded(number), 0)


class _Basis(NamedTuple):
    """What decisions are remembered for."""

    profile: Profile | None
    thresholds: dict[str, int | float]
    availability: int
    functions: Mapping[str, functions.Function]

    @classmethod
    def now(cls) -> _Basis:
        return cls(profile.chosen(), threshold.overrides(), availability.changes(), functions.declared())


_building = threading.RLock()
_rules: _Rules | None = None
_basis: _Basis | None = None  # of _rules

_subscribers: list[Callable[[Limits], object]] = []
_told: Limits | None = None

_holding = threading.Lock()
_held = 0

_saving = threading.Lock()
_saved = 0.0


def decide(name: str, dtype: str, work: int, operands: Operands, loaded: bool = True) -> Decision:
    """Where a call is to run, by the mode of this context.

    name: "matmul"; one that nobody declared has the cost of an element-wise function.
    work: elements of the largest tensor involved; for matmul the number of multiplications; for views 0.  For each line
        that is begun `functions.line_of` more.
    operands: kind and number of elements of each tensor: ("list", 8, "native", 8).
    loaded: whether libtorch is.  While it is not, AUTO adds up what native would have saved, and chooses native only
        once that is more than what loading costs.
    """
    decision = decided(get_current_mode(), name, dtype, work, operands)
    if loaded or decision.rule != BY_COST or decision.tier == "pure":
        return decision
    return _before_loading(decision, add=True)


def preview(name: str, dtype: str, work: int, operands: Operands, loaded: bool = True) -> Decision:
    """What `decide` would answer; nothing is added up."""
    decision = decided(get_current_mode(), name, dtype, work, operands)
    if loaded or decision.rule != BY_COST or decision.tier == "pure":
        return decision
    return _before_loading(decision, add=False)


def predict(name: str, dtype: str, work: int, operands: Operands) -> tuple[float, float]:
    """(pure, native): the seconds that the call would take in each tier, moving its operands included."""
    return _current_rules().predict(name, dtype, work, operands)


def moving_seconds(dtype: str, elements: int) -> float:
    """The seconds that so many elements of a tensor would take from a GPU to the CPU."""
    return _current_rules().profile.movement(dtype).moving(elements)


def _first_decided(mode: AccelMode, name: str, dtype: str, work: int, operands: Operands) -> Decision:
    return _current_rules().decided(mode, name, dtype, work, operands)


# The decision in a mode once libtorch is loaded, from memory where it can: for who has both at hand.  Read it from the
# module at each call: it is another one after each change.
decided: Callable[[AccelMode, str, str, int, Operands], Decision] = _first_decided


def _current_rules() -> _Rules:
    global _rules, _basis, decided
    rules = _rules
    if rules is None:
        with _building:
            rules = _rules
            if rules is None:
                profile.current_profile()
                basis = _Basis.now()
                rules = _Rules(basis)
                _basis, _rules, decided = basis, rules, rules.decided
    return rules


def _before_loading(decision: Decision, *, add: bool) -> Decision:
    """`decision` is native by its cost, and libtorch is not loaded."""
    global _saved
    loading = _current_rules().profile.loading_seconds
    with _saving:
        saved = _saved + decision.pure_seconds - decision.native_seconds
        if add:
            _saved = saved
    tier = "native" if saved > loading else "pure"
    return decision._replace(tier=tier, rule=BY_LOADING, limit=loading, saved=saved)


def saved_seconds() -> float:
    """What native would have saved while libtorch was not loaded."""
    return _saved


def should_use_ffi(op: str, numel: int) -> bool:
    """Whether a call of `op` on tensors of numel elements, held as lists, would run natively in this context.

    PURE: never.  NATIVE: when available.  AUTO: when available and numel is greater than `get_threshold(op)`.

    Errors: ValueError for an unknown name, TypeError when numel is no whole number.
    """
    name = functions.known(op)
    if not isinstance(numel, SupportsIndex):
        raise TypeError(f"numel is a whole number; given {numel!r} ({type(numel).__name__})")
    numel = operator.index(numel)
    chosen = get_current_mode()
    limit: float | None = None
    if chosen is AccelMode.PURE:
        answer, why = False, "the mode is pure"
    elif not availability.is_ffi_available():
        answer, why = False, "native is not available"
    elif chosen is AccelMode.NATIVE:
        answer, why = True, "the mode is native"
    else:
        limit = get_threshold(name)
        answer = numel > limit
        why = f"the threshold is {'never' if limit == NEVER else f'{limit:,}'}"
    if log.enabled():
        log.decision(name, [f"{numel:,} elements"], "", "native" if answer else "pure", why)
    return answer


def get_threshold(op: str, kind: str = LIST) -> int | float:
    """The number of elements above which AUTO runs `op` natively: what was set, what the profile fixes, or else where
    the predicted costs of f64 tensors cross, all of a kind.  NEVER where they do not.

    kind: "list", "memory", "native", "shared" or "cuda": where the elements are.  matmul's matrices are square; what works
        along a dimension has one line.

    Errors: ValueError for an unknown name or kind.
    """
    name = functions.known(op)
    if kind not in cost.KINDS:
        raise ValueError(f"unknown kind {kind!r}: there are {', '.join(cost.KINDS)}")
    rules = _current_rules()
    limit = rules.threshold(name)
    if limit is None:
        power = _power(name)
        line = functions.line_of(name) if power != 1.0 else 0
        limit = max(rules.savings(name, "f64", kind, power, line).always_above(), 0)
    return NEVER if limit >= NEVER_ELEMENTS else math.floor(limit)


def limits() -> Limits:
    """For each function (native_from, pure_below, lists_below), in elements.

    A call on native f64 or f32 tensors of one layout runs natively for certain from native_from elements, one on f64
    lists or memory of one layout in Python below pure_below, and one on lists below lists_below.  Everything between is
    for `decide`.  Where something unusual holds nothing is certain: (NEVER_ELEMENTS, 0, 0).
    """
    if _held or log.enabled() or mode.overridden():
        return _nothing_certain()
    try:
        chosen = mode.mode_of_process()
    except ValueError:  # raised where the mode is asked for
        return _nothing_certain()
    if chosen is AccelMode.PURE or not availability.is_ffi_available():
        return _alike(tuple(functions.declared()), (NEVER_ELEMENTS,) * 3)
    if chosen is AccelMode.NATIVE:
        return _alike(tuple(functions.declared()), (0, 0, 0))
    return _current_rules().limits


def _nothing_certain() -> Limits:
    return _alike(tuple(functions.declared()), (NEVER_ELEMENTS, 0, 0))


@lru_cache(maxsize=8)
def _alike(names: tuple[str, ...], limits: tuple[int, int, int]) -> Limits:
    return dict.fromkeys(names, limits)


def subscribe(callback: Callable[[Limits], object]) -> None:
    """Have `callback(limits())` called now and after each change, one at a time."""
    global _told
    _subscribers.append(callback)
    _told = None
    change.announce()


@contextmanager
def without_shortcuts() -> Iterator[None]:
    """Send every call of the process through the dispatcher meanwhile, for what must see them all."""
    _hold(1)
    try:
        yield
    finally:
        _hold(-1)


def _hold(step: int) -> None:
    global _held
    with _holding:
        _held += step
    change.announce()


def _refresh() -> None:
    """Forget what no longer holds, and tell the subscribers."""
    global _rules, decided, _told
    with _building:
        if _rules is not None and _basis != _Basis.now():
            _rules, decided = None, _first_decided
    now: Limits = _nothing_certain()
    try:
        now = limits()
    finally:
        if now is not _told:
            for callback in tuple(_subscribers):
                callback(now)
            _told = now


change.listen(_refresh)
