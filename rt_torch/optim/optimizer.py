"""What all optimizers have: groups of parameters, options of each group, and a state of each parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rt_torch import _transfer
from rt_torch._dispatch import dispatch
from rt_torch._tensor import Tensor, give_elements
from rt_torch.autograd import no_grad
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.optim.argument import count, not_negative
from rt_torch_bindings.arguments import shown

Params = Iterable[Tensor] | Iterable[Mapping[str, Any]]
Options = dict[str, Any]  # of a group: "lr", ...; and "params"
State = dict[str, Any]  # of a parameter: tensors of its shape, and "step", how many steps it has made


class Optimizer:
    """Changes parameters by their gradients: SGD, Adam, AdamW and RMSprop do.

    A step gives parameters other memory and leaves the old one as it is, so graphs and copies that share it stay valid.

    Args:
        params: Tensors; or groups {"params": tensors, "lr": ..., ...} that have options of their own.
        options: Those of groups that say nothing else.

    Raises:
        ArgumentTypeError: Among `params` is something else.
        BadArgumentError: There are none, one is there twice or no leaf, or an option is out of its range.
    """

    param_groups: list[Options]

    _kept: ClassVar[frozenset[str]]  # names of the tensors in a parameter's state

    def __init__(self, params: Params, options: Options) -> None:
        self._defaults = options
        self._states: list[State] = []  # of all parameters, in the order of the groups
        self.param_groups = []
        for group in _groups(self._symbol, params):
            self.add_param_group(group)
        if not self._states:
            raise BadArgumentError(f"{self._symbol}: argument `params`: there are no parameters")

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Change these parameters too: {"params": tensors, "lr": ..., ...}.

        Raises:
            ArgumentTypeError: Among them is something else.
            BadArgumentError: One is there twice or no leaf, or an option is unknown or out of its range.
        """
        unknown = sorted(set(group) - {"params", *self._defaults})
        if unknown:
            known = ", ".join(self._defaults)
            raise BadArgumentError(f"{self._symbol}: groups have no option {unknown[0]!r}, but {known}")
        given = group.get("params", ())
        params = [given] if isinstance(given, Tensor) else _listed(self._symbol, given)
        options = self._checked(self._symbol, {**self._defaults, **group})
        self._check_new(params)
        self.param_groups.append({"params": params, **options})
        self._states += [{} for _ in params]

    def step(self) -> None:
        """Change each parameter that has a gradient."""
        states = iter(self._states)
        with no_grad():
            for group in self.param_groups:
                for param in group["params"]:
                    state = next(states)
                    gradient = param.grad
                    if gradient is not None:
                        if _transfer.cuda:
                            _follow(param, state)
                        give_elements(param, self._changed(param, gradient, state, group))

    def zero_grad(self) -> None:
        """Forget the gradients: `grad` of each parameter is None afterwards."""
        for group in self.param_groups:
            for param in group["params"]:
                param.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Options and state in the form that torch has for them, with numbers for the parameters:

        {"state": {0: {"step": 1, ...}, ...}, "param_groups": [{"lr": 0.1, ..., "params": [0, ...]}, ...]}
        """
        numbers = iter(range(len(self._states)))
        groups = [
            {**_options(group), "params": [number for _, number in zip(group["params"], numbers, strict=False)]}
            for group in self.param_groups
        ]
        return {
            "state": {number: {**state} for number, state in enumerate(self._states) if state},
            "param_groups": groups,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where another optimizer of the same kind stood, which had as many parameters of the same shapes.

        Raises:
            BadArgumentError: That was no state of such an optimizer; this one is as it was.
        """
        symbol = f"{self._symbol}.load_state_dict"
        if not isinstance(state, Mapping) or set(state) != {"state", "param_groups"}:
            raise BadArgumentError(
                f"{symbol}: argument `state`: a dictionary of state and param_groups is expected; given {shown(state)}"
            )
        options = self._loaded_options(symbol, state["param_groups"])
        self._states = self._loaded_states(symbol, state["state"])
        for group, loaded in zip(self.param_groups, options, strict=True):
            group.update(loaded)

    def __repr__(self) -> str:
        groups = [
            ", ".join(f"{name}={value}" for name, value in _options(group).items()) for group in self.param_groups
        ]
        counted = [
            f"{each}, params={len(group['params'])}" for each, group in zip(groups, self.param_groups, strict=True)
        ]
        return f"{type(self).__name__}({'; '.join(counted)})"

    # What the kinds of optimizers say.

    def _changed(self, param: Tensor, grad: Tensor, state: State, options: Options) -> Tensor:
        """The parameter after a step, which nobody else has; `state` is brought up to date.  Nothing is recorded."""
        raise NotImplementedError

    def _checked(self, symbol: str, options: Options) -> Options:
        """The options with checked values, without "params".

        Raises:
            BadArgumentError: One is out of its range.
        """
        checked = _options(options)
        for name in ("lr", "weight_decay"):
            checked[name] = not_negative(symbol, name, options[name])
        return checked

    # Within.

    @property
    def _symbol(self) -> str:
        return f"rt.optim.{type(self).__name__}"

    def _params(self) -> list[Tensor]:
        return [param for group in self.param_groups for param in group["params"]]

    def _check_new(self, params: list[Any]) -> None:
        where = f"{self._symbol}: argument `params`"
        seen = {id(param) for param in self._params()}
        for param in params:
            if not isinstance(param, Tensor):
                raise ArgumentTypeError(f"{where}: tensors are expected; given {shown(param)}")
            if not param.is_leaf:
                raise BadArgumentError(
                    f"{where}: a tensor of shape {param.shape} is the result of {param.grad_fn}: only leaves learn"
                )
            if id(param) in seen:
                raise BadArgumentError(f"{where}: a tensor of shape {param.shape} is there twice")
            seen.add(id(param))

    def _loaded_options(self, symbol: str, groups: Any) -> list[Options]:
        where = f"{symbol}: argument `state`"
        wanted = [len(group["params"]) for group in self.param_groups]
        if not isinstance(groups, (list, tuple)) or not all(map(_is_group, groups)):
            raise BadArgumentError(f"{where}: param_groups is to be a list of groups; given {shown(groups)}")
        given = [len(group["params"]) for group in groups]
        if given != wanted:
            raise BadArgumentError(f"{where}: it is of groups of {given} parameters, and here are groups of {wanted}")
        for group in groups:
            odd = sorted(set(group) ^ {"params", *self._defaults})
            if odd:
                side = "is not known here" if odd[0] in group else "is missing"
                raise BadArgumentError(f"{where}: the option {odd[0]!r} {side}: is it another optimizer's?")
        return [self._checked(symbol, group) for group in groups]

    def _loaded_states(self, symbol: str, states: Any) -> list[State]:
        params = self._params()
        if not isinstance(states, Mapping) or not all(isinstance(each, Mapping) for each in states.values()):
            raise BadArgumentError(
                f"{symbol}: argument `state`: state is to be a dictionary of dictionaries; given {shown(states)}"
            )
        unknown = [number for number in states if number not in range(len(params))]
        if unknown:
            raise BadArgumentError(f"{symbol}: argument `state`: there is no parameter {unknown[0]!r} here")
        return [
            {
                name: self._loaded(f"{symbol}: state of parameter {number}", param, name, value)
                for name, value in states.get(number, {}).items()
            }
            for number, param in enumerate(params)
        ]

    def _loaded(self, where: str, param: Tensor, name: str, value: Any) -> Any:
        """What is kept of a parameter, as its dtype and on its device."""
        if name == "step":
            return count(where, name, value)
        if name not in self._kept:
            raise BadArgumentError(f"{where}: {name!r} is not known here: is it another optimizer's?")
        if not isinstance(value, Tensor) or value.shape != param.shape:
            raise BadArgumentError(f"{where}: {name!r} is to be a tensor of shape {param.shape}; given {shown(value)}")
        return value.data.to(param.device, param.dtype)


def _follow(param: Tensor, state: State) -> None:
    """Have the tensors in a parameter's state where that is: it may have been moved since the last step."""
    for name, value in state.items():
        if isinstance(value, Tensor):
            state[name] = value.to(param.device)


def plus(a: Tensor, b: Tensor, share: float) -> Tensor:
    """a + share * b."""
    made: Tensor = dispatch("add_scaled", a, b, share)
    return made


def running_mean(mean: Tensor | None, value: Tensor, kept: float) -> Tensor:
    """The mean with a new value, of which `kept` is what remains of the old mean; without one, the old mean is 0."""
    share = (1.0 - kept) * value
    return share if mean is None else kept * mean + share


def _is_group(group: Any) -> bool:
    return isinstance(group, Mapping) and isinstance(group.get("params"), (list, tuple))


def _options(group: Mapping[str, Any]) -> Options:
    return {name: value for name, value in group.items() if name != "params"}


def _listed(symbol: str, params: Any) -> list[Any]:
    try:
        return list(params)
    except TypeError:
        raise ArgumentTypeError(
            f"{symbol}: argument `params`: tensors, or groups of them, are expected; given {shown(params)}"
        ) from None


def _groups(symbol: str, params: Any) -> list[Mapping[str, Any]]:
    if isinstance(params, Tensor):
        raise ArgumentTypeError(f"{symbol}: argument `params`: a list of tensors is expected, and not a single one")
    given = _listed(symbol, params)
    groups: list[Mapping[str, Any]] = [each for each in given if isinstance(each, Mapping)]
    if groups and len(groups) < len(given):
        raise ArgumentTypeError(f"{symbol}: argument `params`: there are groups and other things among them")
    return groups or [{"params": given}]
