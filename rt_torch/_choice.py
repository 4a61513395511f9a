"""Where a call runs: what the mode, the cost model and earlier failures say."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
from operator import index
from typing import Any, NamedTuple

from rt_torch import _transfer, accel, libtorch, loader, native, pure
from rt_torch._tensor import Tensor
from rt_torch._transfer import layout
from rt_torch.accel import AccelMode, availability, change, cost, log
from rt_torch.accel.functions import group_of, line_of
from rt_torch.accel.policy import Limits
from rt_torch.errors import Error
from rt_torch.pure.dtype import PURE_DTYPES, canonical, is_cuda
from rt_torch.pure.layout import Layout
from rt_torch_bindings import operators
from rt_torch_bindings.arguments import SIGNATURES
from rt_torch_bindings.operators import Operator

REMEMBERED = 4096  # choices

_SETTLED_BY = {"tensor", "tensor?", "f64", "f64?"}  # types of parameters


class Choice(NamedTuple):
    """Where a call runs, and why."""

    tier: str  # "pure" or "native"
    reason: str  # "predicted 12.1 ms against 9.8 s"
    pure_seconds: float = math.nan  # predicted; NaN where no prediction was made
    native_seconds: float = math.nan

    def __str__(self) -> str:
        return f"{self.tier}: {self.reason}{self._predictions()}"

    def _predictions(self) -> str:
        if math.isnan(self.pure_seconds) or self.reason.startswith("predicted"):
            return ""
        pure, native = log.seconds_text(self.pure_seconds), log.seconds_text(self.native_seconds)
        return f" (predicted: pure {pure}, native {native})"


class Known:
    """What is known of calls of a function on tensors of the same layouts and places."""

    __slots__ = ("choice", "result")

    choice: Choice
    result: Layout | None  # of what the native tier gives; None where it is not known, or hangs on other arguments too

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.result = None


ONLY_NATIVE = Choice("native", "only the native tier has this dtype or device")
_PURE_BY_MODE = Choice("pure", "the mode is pure")
_NATIVE_BY_MODE = Choice("native", "the mode is native")
_VIEW_OF_A_COPY = Choice("pure", "libtorch cannot see what runs backwards, so a view would be of a copy")
_NOT_AVAILABLE = Choice("pure", "native is not available")

loaded = False  # whether a native call has succeeded: only then is libtorch there for certain

# Where the functions that make lines along a dimension are told which.
_dims = {
    name: operator.params.index("dim")
    for name, operator in operators.FUNCTIONS.items()
    if line_of(name) and "dim" in operator.params
}

# Which tensor's elements are what a function works on, where that is not what all broadcast to.
_COUNTED = {"gather": 1, "cross_entropy": 0, "cross_entropy_backward": 1} | dict.fromkeys(
    ("batch_norm", "batch_norm_backward", "batch_norm_measured", "batch_norm_measured_backward"), 0
)

# The functions whose tensors alone settle the layout of the result: beside them there are numbers at most.
SHAPED = frozenset(
    name
    for name, operator in operators.FUNCTIONS.items()
    if operator.result == "tensor"
    and operator.ownership == "new"
    and operator.tensors
    and {parameter.split(": ")[1] for parameter in SIGNATURES[operator.symbol].split(", ")} <= _SETTLED_BY
)

_limits: Limits = {}  # what the policy has said last

_refusals: dict[tuple[str, ...], str] = {}  # (function, dtypes) -> why the native tier is not asked again
_choices: dict[tuple[Any, ...], Known] = {}  # by situation; another dict after each change


def choose(operator: Operator, arguments: tuple[Any, ...]) -> Known:
    """Where the call is to run; in mode AUTO what native would have saved is added up until libtorch is loaded."""
    choices = _choices
    mode = accel.get_current_mode()
    situation: list[Any] = [mode, operator.name]
    for place in operator.tensors:
        tensor = arguments[place]
        known_layout = tensor._layout
        situation.append(known_layout if known_layout.dtype else layout(tensor))
        situation.append(_place(tensor) if _transfer.cuda or not tensor._handle else True)
    if operator.name in _dims:
        situation.append(_dim(operator, arguments))
    key = tuple(situation)
    known = choices.get(key)
    if known is None:
        known = Known(_chosen(operator, arguments, add=True))
        if (loaded or mode is not AccelMode.AUTO) and not _asks(operator):
            if len(choices) >= REMEMBERED:
                choices.clear()
            choices[key] = known
    return known


def _place(tensor: Tensor) -> Any:
    if tensor._handle:
        return _transfer.device_of(tensor) if _transfer.cuda else True
    return type(tensor._cell[0])


def preview(operator: Operator, arguments: tuple[Any, ...]) -> Choice:
    """What `choose` would answer, with predictions also where they do not matter; nothing is added up."""
    choice = _chosen(operator, arguments, add=False)
    if choice is ONLY_NATIVE or not math.isnan(choice.pure_seconds):
        return choice
    pure_seconds, native_seconds = accel.predict(*described(operator, arguments))
    return choice._replace(pure_seconds=pure_seconds, native_seconds=native_seconds)


def _chosen(operator: Operator, arguments: tuple[Any, ...], *, add: bool) -> Choice:
    if _native_only(operator, arguments):
        if add and not _transfer.cuda:
            _expect_gpu(operator, arguments)
        return ONLY_NATIVE
    mode = accel.get_current_mode()
    if mode is AccelMode.PURE:
        return _PURE_BY_MODE
    if operator.ownership != "new" and any(_transfer.runs_backwards(arguments[place]) for place in operator.tensors):
        return _VIEW_OF_A_COPY
    if not accel.is_ffi_available():
        return _NOT_AVAILABLE
    refusal = _refusals.get(_key(operator, arguments))
    if refusal is not None:
        return Choice("pure", f"native cannot, as an earlier call showed: {refusal}")
    if mode is AccelMode.NATIVE:
        return _NATIVE_BY_MODE
    decide = accel.decide if add else accel.preview
    resident = any(arguments[place]._handle for place in operator.tensors)  # so libtorch is there
    decision = decide(*described(operator, arguments), loaded=loaded or resident)
    return Choice(decision.tier, decision.reason, decision.pure_seconds, decision.native_seconds)


def _native_only(operator: Operator, arguments: tuple[Any, ...]) -> bool:
    """Whether a tensor, or the dtype or device asked for, is none of the pure tier's."""
    if any(_transfer.native_only(arguments[place]) for place in operator.tensors):
        return True
    return _asks(operator) and _asks_native(dict(zip(operator.params, arguments, strict=True)))


def why_native(operator: Operator, arguments: tuple[Any, ...]) -> Choice:
    """ONLY_NATIVE, and what it is that only the native tier has."""
    for place in operator.tensors:
        tensor = arguments[place]
        if _transfer.on_gpu(tensor):
            back = log.seconds_text(accel.policy.moving_seconds(tensor.dtype, tensor.numel()))
            stays = "" if operator.name == "to_device" else ", and stays there"
            reason = f"`{operator.params[place]}` is on {tensor.device}{stays}: to the cpu it takes {back}"
            return ONLY_NATIVE._replace(reason=reason)
    for place in operator.tensors:
        if layout(arguments[place]).dtype not in PURE_DTYPES:
            return ONLY_NATIVE._replace(reason=f"only the native tier has the dtype {layout(arguments[place]).dtype}")
    asked = dict(zip(operator.params, arguments, strict=True))
    device = asked.get("device", "cpu")
    what = f"the device {device}" if is_cuda(device) else f"the dtype {asked.get('dtype')}"
    return ONLY_NATIVE._replace(reason=f"only the native tier has {what}")


def absent(operator: Operator, arguments: tuple[Any, ...], error: Error) -> Error:
    """The same error, which says that there is no native tier, for a call that asks for what only that has."""
    asked = dict(zip(operator.params, arguments, strict=True))
    gpu = isinstance(asked.get("device"), str) and is_cuda(asked["device"])
    name, instead = ("device", "cpu") if gpu else ("dtype", "f32")
    if not isinstance(asked.get(name), str):
        return error  # a tensor is of that dtype
    why = str(error).removeprefix(f"{error.function}: ")
    text = f'"{asked[name]}" needs the native tier, and there is none: {why}; or use "{instead}"'
    return type(error)(f"{operator.symbol}: argument `{name}`: {text}", operator.symbol)


def _asks(operator: Operator) -> bool:
    return "dtype" in operator.params or "device" in operator.params


def _asks_native(asked: dict[str, Any]) -> bool:
    device, dtype = asked.get("device", "cpu"), asked.get("dtype", "f64")
    if isinstance(device, str) and is_cuda(device):
        return True
    return isinstance(dtype, str) and canonical(dtype) not in (*PURE_DTYPES, None)


def _expect_gpu(operator: Operator, arguments: tuple[Any, ...]) -> None:
    """Where the call is going to make a tensor on a GPU, have devices looked at: before there is one, and not where there
    is no GPU, since it takes time.
    """
    if "device" not in operator.params:
        return
    device = arguments[operator.params.index("device")]
    if not isinstance(device, str) or not is_cuda(device):
        return
    with contextlib.suppress(Error):  # which the call itself is going to raise
        _transfer.cuda = native.cuda_device_count() > 0


# What is known of the native tier.


def refuse(operator: Operator, arguments: tuple[Any, ...], reason: str) -> None:
    """Do not ask the native tier again for this function with these dtypes: a failure costs milliseconds."""
    _refusals[_key(operator, arguments)] = reason
    _forget()
    _set_limits(_limits)


def ask_again() -> None:
    """Ask the native tier again for what it refused."""
    _refusals.clear()
    _forget()
    _set_limits(_limits)


def _follow_change() -> None:
    """When somebody has said whether native is available, ask it again for what it refused."""
    global _availability
    _forget()
    if _availability != availability.changes():
        _availability = availability.changes()
        _refusals.clear()


def _key(operator: Operator, arguments: tuple[Any, ...]) -> tuple[str, ...]:
    return (operator.name, *(layout(arguments[place]).dtype for place in operator.tensors))


def _forget() -> None:
    global _choices
    _choices = {}


def available() -> bool:
    """Whether the C library and a libtorch are there; what can be found by its file is not loaded for that."""
    try:
        loader.find_library()
    except Error:
        return False
    named = os.environ.get("RT_TORCH_LIBTORCH")
    if named:
        return os.path.exists(named)
    return libtorch.installed() is not None or native.available()


def torch_version() -> str:
    """Version of the torch that the native tier would use; "" when it cannot be told."""
    installed = libtorch.installed()
    return installed.version if installed is not None else ""


# A call as the cost model sees it.


def described(operator: Operator, arguments: tuple[Any, ...]) -> tuple[str, str, int, cost.Operands]:
    """Function, dtype, work, and for each tensor where it is and how many elements it has."""
    tensors = [arguments[place] for place in operator.tensors]
    operands: list[str | int] = []
    for tensor in tensors:
        operands += (_kind(tensor), layout(tensor).size)
    if tensors:
        dtype = max((layout(tensor) for tensor in tensors), key=_size).dtype
    else:
        asked = arguments[operator.params.index("dtype")] if "dtype" in operator.params else "f64"
        dtype = asked if isinstance(asked, str) else "f64"
    return operator.name, dtype, _work(operator, arguments), tuple(operands)


def _size(layout: pure.Layout) -> int:
    return layout.size


def _kind(tensor: Tensor) -> str:
    if tensor._handle:
        return cost.CUDA if _transfer.on_gpu(tensor) else cost.NATIVE
    return cost.LIST if type(tensor._cell[0]) is list else cost.MEMORY


def _work(operator: Operator, arguments: tuple[Any, ...]) -> int:
    """What a call's time is proportional to: elements of the largest tensor, multiplications of a matmul, and lines."""
    layouts = [layout(arguments[place]) for place in operator.tensors]
    if not layouts:
        return _elements_made(operator, arguments)
    if operator.name in _COUNTED:
        return layouts[_COUNTED[operator.name]].size
    if operator.name == "index_select":
        return _elements_selected(layouts[0], layouts[1], arguments[1])
    if operator.name == "embedding":
        return layouts[1].size * math.prod(layouts[0].shape[-1:])
    if group_of(operator.name) == "views":
        return 0
    if operator.name in ("cat", "stack"):
        return sum(layout.size for layout in layouts)
    if group_of(operator.name) == "matmul":
        work = _multiplications(operator.name, layouts, arguments)
        length = layouts[0].shape[-1] if layouts[0].shape else 0
    else:
        work = math.prod(_broadcast(layouts))
        length = layouts[0].shape[_dim(operator, arguments)] if operator.name in _dims and layouts[0].shape else 0
    return work + line_of(operator.name) * (work // length) if length else work


def _dim(operator: Operator, arguments: tuple[Any, ...]) -> int:
    """The dimension that a function works along; the last one where there is none such."""
    dim, ndim = arguments[_dims[operator.name]], layout(arguments[operator.tensors[0]]).ndim
    return dim if type(dim) is int and -ndim <= dim < ndim else -1


def _broadcast(layouts: list[pure.Layout]) -> list[int]:
    """The sizes of the result, as far as they go together."""
    shapes = [layout.shape[::-1] for layout in layouts]
    return [max(sizes) for sizes in itertools.zip_longest(*shapes, fillvalue=1)]


def _multiplications(name: str, layouts: list[pure.Layout], arguments: tuple[Any, ...]) -> int:
    """As far as the arguments go together; of a convolution as if it had no stride."""
    first, second = layouts[:2]
    if name == "matmul":
        return _of_matrices(first, second)
    if name == "linear":
        return first.size * second.shape[0] if second.shape else 0
    if name == "conv2d":
        return first.size * second.size // max(first.shape[1], 1) if first.ndim == 4 else 0
    if name == "conv2d_input":
        return first.size * second.size // max(second.shape[0], 1) if second.ndim == 4 else 0
    try:
        return _most(first.size * math.prod(map(index, arguments[2][1:])))
    except (TypeError, OverflowError):
        return 0  # no sizes of filters: whoever is called says so


def _of_matrices(a: pure.Layout, b: pure.Layout) -> int:
    columns = b.shape[-1] if len(b.shape) > 1 else 1
    rows = a.shape[-2] if len(a.shape) > 1 else 1
    return max(a.size * columns, b.size * rows)


def _elements_selected(x: pure.Layout, indices: pure.Layout, dim: Any) -> int:
    """Elements of the parts that an index_select copies; those of `x` where it has no such dimension."""
    in_range = isinstance(dim, int) and -x.ndim <= dim < x.ndim
    return x.size // (x.shape[dim] or 1) * indices.size if in_range else x.size


def _elements_made(operator: Operator, arguments: tuple[Any, ...]) -> int:
    """Elements of what a creation function makes, as far as its arguments make sense."""
    given = dict(zip(operator.params, arguments, strict=True))
    try:
        if "shape" in given:
            return _most(math.prod(map(index, given["shape"])))
        return _most(int((given["end"] - given["start"]) / given["step"]))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, KeyError):
        return 0  # whoever is called says what is wrong


def _most(elements: int) -> int:
    """What a float can be compared with, whatever somebody asks for."""
    return max(0, min(elements, operators.NEVER))


def _set_limits(limits: Limits) -> None:
    """Tell the operators in which cases they need not ask; never for a function that native has refused."""
    global _limits
    _limits = limits
    refused = {name: (operators.NEVER, *limits[name][1:]) for name, *_ in _refusals if name in limits}
    operators.set_limits({**limits, **refused})


_availability = availability.changes()
change.listen(_follow_change)
accel.subscribe(_set_limits)
accel.set_detection(available, torch_version)
