"""Each call of a tensor function: run in the tier that is chosen, and in the pure one when native cannot."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import length_hint
from threading import get_ident
from typing import Any

from rt_torch import _choice, _lending, _tensor, _threads, _transfer, accel, pure
from rt_torch._choice import ONLY_NATIVE, SHAPED, Choice, Known
from rt_torch._numbers import grouped, with_tensors
from rt_torch._tensor import Tensor, of_handle, of_pure
from rt_torch.accel import log
from rt_torch.errors import Error, LibtorchMismatchError, LoaderError
from rt_torch.pure.create import no_memory
from rt_torch.pure.tensor import PureTensor
from rt_torch_bindings import functions, operators
from rt_torch_bindings.arguments import SIGNATURES
from rt_torch_bindings.errors import (
    LibraryMissingError,
    MissingFunctionError,
    NoUpstreamError,
    OutOfMemoryError,
    RefusedError,
    UnavailableError,
)
from rt_torch_bindings.operators import FUNCTIONS, Operator

# What says that the native tier cannot, and not that the arguments are wrong.
GONE = (NoUpstreamError, LibraryMissingError, LoaderError, LibtorchMismatchError)
UNABLE = (*GONE, UnavailableError, RefusedError, OutOfMemoryError, MissingFunctionError)

NONE = -1  # what C takes for a tensor that is not given

_asking: set[int] = set()  # threads whose next call is only asked about
_record: Callable[[Operator, tuple[Any, ...], Any], Any]  # is told of each call with a tensor that requires grad
_direct: dict[str, Callable[..., int]] = {}  # C functions that take the arguments as they are, once a library is open
_refused: tuple[type[Exception], ...] = ()  # what the loader raises for an argument that it cannot pass on


class Asked(BaseException):
    """A call that is only asked about."""

    def __init__(self, operator: Operator, arguments: tuple[Any, ...]) -> None:
        super().__init__(operator.name)
        self.operator = operator
        self.arguments = arguments


@contextmanager
def asking() -> Iterator[None]:
    """Let this thread's next call raise Asked instead of running."""
    _asking.add(get_ident())
    try:
        yield
    finally:
        _asking.discard(get_ident())


def is_asking() -> bool:
    """Whether this thread's calls only raise Asked."""
    return get_ident() in _asking


def record_with(record: Callable[[Operator, tuple[Any, ...], Any], Any]) -> None:
    """Have this called with function, arguments and result of each call that a tensor which requires grad goes into.

    It is called once, whatever tier gave the result, and what it returns is the call's result.
    """
    global _record
    _record = record


def dispatch(name: str, *arguments: Any) -> Any:
    """Run a function of the specs in the tier that the mode and the cost model choose.

    Raises:
        BadArgumentError: The arguments are wrong; the text is the same in both tiers.
    """
    operator = FUNCTIONS[name]
    if _asking and get_ident() in _asking:
        raise Asked(operator, arguments)
    watched = False
    if operator.lists:
        operator, arguments = with_tensors(operator, arguments)
    for place in operator.tensors:
        argument = arguments[place]
        if not isinstance(argument, Tensor):
            operator, arguments = with_tensors(operator, arguments)
            watched = _requires_grad(operator, arguments)
            break
        if argument._layout.plain is not None:
            watched = True
    known = _choice.choose(operator, arguments)
    choice = known.choice
    if log.enabled():
        _log(operator, arguments, choice)
    if choice.tier == "pure":
        result = _pure(operator, arguments)
        accel.count_pure()
    elif choice is ONLY_NATIVE:
        try:
            result = _native(operator, arguments, known)
        except GONE as error:
            raise _choice.absent(operator, arguments, error) from None
    else:
        result = _native_or_pure(operator, arguments, known)
    if not watched:
        return result
    return _record(operator, tuple(grouped(operator, arguments)), result)


def _requires_grad(operator: Operator, arguments: tuple[Any, ...]) -> bool:
    for place in operator.tensors:  # noqa: SIM110  (any() with a generator takes three times as long)
        if arguments[place]._layout.plain is not None:
            return True
    return False


def _pure(operator: Operator, arguments: tuple[Any, ...]) -> Any:
    values = list(arguments)
    for place in operator.tensors:
        values[place] = _transfer.to_pure(values[place])
    try:
        result = getattr(pure, operator.name)(*(grouped(operator, values) if operator.lists else values))
    except OutOfMemoryError:
        raise
    except MemoryError:
        raise no_memory(operator.symbol) from None
    if type(result) is PureTensor:
        return of_pure(result)
    return tuple(map(of_pure, result)) if _gives_several(operator) else result


def _gives_several(operator: Operator) -> bool:
    """Whether the results are tensors, more than one."""
    return operator.result.startswith("tensor, ")


def _native(operator: Operator, arguments: tuple[Any, ...], known: Known) -> Any:
    if not _choice.loaded:
        _threads.apply()
    values = list(arguments)
    temporary = []
    try:
        for place in operator.tensors:
            if handle := arguments[place]._handle:
                values[place] = handle
                continue
            values[place], owned = _transfer.to_native(arguments[place])
            if owned:
                temporary.append(values[place])
        result: Any = _direct_result(operator, values)
        if not result:
            result = getattr(functions, operator.name)(*grouped(operator, values))
    finally:
        if temporary:
            _give_back(temporary)
    accel.count_native()
    if not _choice.loaded:
        _note_loaded()
    if operator.result != "tensor":
        return tuple(map(of_handle, result)) if _gives_several(operator) else result
    if operator.ownership != "new":
        return _view(operator, arguments, result)
    made = of_handle(result)
    if known.result is not None:
        made._layout = known.result
    elif operator.name in SHAPED:
        known.result = _transfer.layout(made)
    return made


def _give_back(handles: list[int]) -> None:
    """Free handles of copies, and their memory."""
    for handle in handles:
        functions.free(handle)
    _lending.reclaim()


def _direct_result(operator: Operator, values: list[Any]) -> int:
    """What the C function gives when it is called at once, without the typed one; 0 where that is not possible."""
    function = _direct.get(operator.name)
    if function is None:
        return 0
    if operator.optional:
        values = [NONE if value is None and place in operator.optional else value for place, value in enumerate(values)]
    try:
        return function(*values)
    except _refused:
        return 0


def _view(operator: Operator, arguments: tuple[Any, ...], handle: int) -> Tensor:
    """A result that is on the memory of an argument, or may be."""
    seen = arguments[operator.tensors[0]]
    if not seen._handle:  # a copy of it was lent
        return of_handle(handle)
    if operator.ownership == "maybe":
        raw = functions.opened()
        if raw.data_ptr(handle) != raw.data_ptr(seen._handle):
            return of_handle(handle)
    return of_handle(handle, _transfer.memory_of(seen))


def _note_loaded() -> None:
    """From now on the C functions can be called at once."""
    global _refused
    raw = functions.opened()
    operators.use(raw)
    _refused = raw.memory.refused
    for name, operator in FUNCTIONS.items():
        if _is_direct(operator) and name not in raw.missing:
            _direct[name] = getattr(raw, name)
    _tensor._free = raw.free
    _choice.loaded = True


def _is_direct(operator: Operator) -> bool:
    """Whether C takes the arguments as Python has them, and gives a handle."""
    given = {parameter.split(": ")[1] for parameter in SIGNATURES[operator.symbol].split(", ")}
    return operator.result == "tensor" and given <= {"tensor", "tensor?", "i64", "f64", "bool"}


def _native_or_pure(operator: Operator, arguments: tuple[Any, ...], known: Known) -> Any:
    try:
        return _native(operator, arguments, known)
    except UNABLE as error:
        result = _pure(operator, arguments)  # which raises where the arguments are wrong after all
        _remember(operator, arguments, error)
        accel.record_ffi_fallback()
        log.fallback(operator.name, str(error))
        return result


def _remember(operator: Operator, arguments: tuple[Any, ...], error: Error) -> None:
    """What failed for good is not tried again: a failure costs milliseconds."""
    if isinstance(error, GONE):
        accel.set_ffi_available(False)
    elif not isinstance(error, OutOfMemoryError):
        _choice.refuse(operator, arguments, str(error))


def _log(operator: Operator, arguments: tuple[Any, ...], choice: Choice) -> None:
    shapes = [arguments[place].shape for place in operator.tensors] or [_shape_asked(operator, arguments)]
    log.decision(operator.name, shapes, _choice.described(operator, arguments)[1], choice.tier, choice.reason)


def _shape_asked(operator: Operator, arguments: tuple[Any, ...]) -> Any:
    """Of what is to be made; nothing where it is no list of sizes."""
    shape = dict(zip(operator.params, arguments, strict=True)).get("shape", ())
    return tuple(shape) if isinstance(shape, (list, tuple)) else ()


def _made_by_operators() -> tuple[Iterator[Tensor], Callable[[], int]]:
    """Empty tensors without end, and how many were taken."""
    left = itertools.repeat((Tensor,), operators.NEVER)
    return itertools.starmap(object.__new__, left), lambda: operators.NEVER - length_hint(left)


_natives, _natives_made = _made_by_operators()
_pures, _pures_made = _made_by_operators()
operators.choose(dispatch, Tensor, _natives, _pures)
accel.statistics.count_also(pure=_pures_made, native=_natives_made)
