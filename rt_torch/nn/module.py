"""What networks are made of: modules that hold parameters, buffers and other modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from rt_torch._target import Target, gpu
from rt_torch._target import target as _target
from rt_torch._tensor import Tensor, changed
from rt_torch.errors import ArgumentTypeError, BadArgumentError
from rt_torch.nn.parameter import Parameter
from rt_torch.pure.dtype import canonical, is_floating
from rt_torch_bindings.arguments import shown

M = TypeVar("M", bound="Module")


class Unmatched(NamedTuple):
    """What load_state_dict(..., strict=False) passed over."""

    missing_keys: list[str]  # that the module has, and the state has not
    unexpected_keys: list[str]  # the other way round


class Module:
    """A part of a network.  Write `forward`, and set what it needs as attributes in `__init__`:

        class Residual(rt.nn.Module):
            def __init__(self, width):
                self.inner = rt.nn.Linear(width, width)
                self.scale = rt.nn.Parameter(rt.ones([1]))

            def forward(self, x):
                return x + self.scale * rt.relu(self.inner(x))

    Attributes that are parameters or modules are what `parameters`, `state_dict`, `train` and so on find, in the order
    in which they were first set; None may stand in the place of either.  Other tensors that belong to the module are
    said to be buffers by `register_buffer`.
    """

    training: bool = True
    _buffers: Mapping[str, bool] = {}  # by name, whether they are saved

    def forward(self, *arguments: Any, **named: Any) -> Any:
        """What the module computes; calling the module calls it."""
        raise NotImplementedError(f"{type(self).__name__} has no forward()")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.forward(*arguments, **named)

    # Attributes.

    def __setattr__(self, name: str, value: Any) -> None:
        before = vars(self).get(name)
        if value is not None and isinstance(before, (Parameter, Module)):
            kind = Parameter if isinstance(before, Parameter) else Module
            if not isinstance(value, kind):
                raise ArgumentTypeError(
                    f"{type(self).__name__}.{name}: a {kind.__name__} or None is expected in the place of one; "
                    f"given {shown(value)}"
                )
        if name in self._buffers and not (value is None or isinstance(value, Tensor)):
            raise ArgumentTypeError(
                f"{type(self).__name__}.{name}: a tensor or None is expected in the place of a buffer; given {shown(value)}"
            )
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        self._buffers = {buffer: saved for buffer, saved in self._buffers.items() if buffer != name}

    def register_buffer(self, name: str, tensor: Tensor | None, *, persistent: bool = True) -> None:
        """Set an attribute to a tensor that belongs to the module and is not learned: `to` moves it along.

        Args:
            name: Of the attribute.
            tensor: None for a buffer that is not there for now.
            persistent: Whether it is part of `state_dict`.

        Raises:
            BadArgumentError: The name is none, or taken.
            ArgumentTypeError: There is no tensor.
        """
        if tensor is not None and not isinstance(tensor, Tensor):
            raise ArgumentTypeError(f"register_buffer: argument `tensor`: a tensor is expected; given {shown(tensor)}")
        self._check_name("register_buffer", name, self._buffers)
        self._buffers = {**self._buffers, name: persistent}
        setattr(self, name, tensor)

    def register_parameter(self, name: str, parameter: Parameter | None) -> None:
        """Set an attribute to a parameter, or to None where there might be one.

        Raises:
            BadArgumentError: The name is none, or taken.
            ArgumentTypeError: There is no parameter.
        """
        if parameter is not None and not isinstance(parameter, Parameter):
            raise ArgumentTypeError(
                f"register_parameter: argument `parameter`: a Parameter is expected; given {shown(parameter)}"
            )
        self._check_name(
            "register_parameter", name, [key for key, it in vars(self).items() if isinstance(it, Parameter)]
        )
        setattr(self, name, parameter)

    def _check_name(self, who: str, name: Any, replaceable: Any) -> None:
        if not isinstance(name, str) or not name or "." in name:
            raise BadArgumentError(f"{who}: argument `name`: a name without dots is expected; given {shown(name)}")
        if hasattr(self, name) and name not in replaceable:
            raise BadArgumentError(f"{who}: argument `name`: {type(self).__name__} already has another {name!r}")

    # What is in it.

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly in this one, with their names."""
        return ((name, value) for name, value in vars(self).items() if isinstance(value, Module))

    def children(self) -> Iterator[Module]:
        """The modules directly in this one."""
        return (value for value in vars(self).values() if isinstance(value, Module))

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module and all below, each once, with their paths: "", "0", "0.inner"."""
        seen = set()
        waiting: list[tuple[str, Module]] = [("", self)]
        while waiting:
            path, module = waiting.pop()
            if id(module) not in seen:
                seen.add(id(module))
                yield path, module
                waiting += reversed([(_joined(path, name), child) for name, child in module.named_children()])

    def modules(self) -> Iterator[Module]:
        """This module and all below, each once."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """The parameters of this module and all below, each once, with their paths: "0.weight"."""
        return _once(
            (path, name, value) for path, module in self.named_modules() for name, value in module._own_parameters()
        )

    def parameters(self) -> Iterator[Parameter]:
        """The parameters of this module and all below, each once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """The buffers of this module and all below, each once, with their paths."""
        return _once(
            (path, name, value) for path, module in self.named_modules() for name, value in module._own_buffers()
        )

    def buffers(self) -> Iterator[Tensor]:
        """The buffers of this module and all below, each once."""
        return (buffer for _, buffer in self.named_buffers())

    def count_parameters(self) -> int:
        """How many numbers can be learned."""
        return sum(parameter.numel() for parameter in self.parameters() if parameter.requires_grad)

    def _own_parameters(self) -> Iterator[tuple[str, Parameter]]:
        return ((name, value) for name, value in vars(self).items() if isinstance(value, Parameter))

    def _own_buffers(self) -> Iterator[tuple[str, Tensor]]:
        return ((name, vars(self)[name]) for name in self._buffers if isinstance(vars(self).get(name), Tensor))

    # Modes.

    def train(self: M, mode: bool = True) -> M:
        """Have the module, and all below, behave as in training (dropout, batch statistics); returns the module."""
        if not isinstance(mode, bool):
            raise ArgumentTypeError(f"train: argument `mode`: True or False is expected; given {shown(mode)}")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self: M) -> M:
        """The opposite of `train`: behave as in use; returns the module."""
        return self.train(False)

    def requires_grad_(self: M, requires_grad: bool = True) -> M:
        """Have the parameters learn, or not; returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def zero_grad(self) -> None:
        """Forget the gradients: `grad` of each parameter is None afterwards."""
        for parameter in self.parameters():
            parameter.grad = None

    def to(self: M, *target: str | Tensor, dtype: str | None = None, device: str | None = None) -> M:
        """Give floating-point parameters and buffers another dtype, or move all to a device, or both.

        The parameters stay the same objects, so that an optimizer goes on with them; the module is returned.

        Args:
            target: A dtype, "f32"; a device, "cuda:1"; a device and a dtype; or a tensor, whose device and dtype are meant.
            dtype: The same by name.
            device: The same by name.

        Raises:
            BadArgumentError: It is no floating-point dtype, or there is no such device.
        """
        symbol = f"{type(self).__name__}.to"
        wanted = _target(symbol, target, dtype, device)
        if isinstance(wanted.dtype, str) and not is_floating(canonical(wanted.dtype) or wanted.dtype):
            raise BadArgumentError(
                f"{symbol}: argument `dtype`: a floating-point dtype is expected; given {shown(wanted.dtype)}"
            )
        moved = [(tensor, _moved(tensor.data, wanted)) for tensor in (*self.parameters(), *self.buffers())]
        for tensor, content in moved:
            gradient = tensor.grad
            if gradient is not None:
                tensor.grad = None  # it must have the tensor's dtype, and be where that is
            tensor.data = content
            if gradient is not None:
                tensor.grad = _moved(gradient, wanted)
        return self

    def cpu(self: M) -> M:
        """Move all parameters and buffers to the CPU; returns the module."""
        return self.to("cpu")

    def cuda(self: M, device: int | str | None = None) -> M:
        """Move all parameters and buffers to a GPU, by its number or name, by default the first; returns the module."""
        return self.to(device=gpu(f"{type(self).__name__}.cuda", device))

    # State.

    def state_dict(self) -> dict[str, Tensor]:
        """Parameters and saved buffers by their paths.

        They are on the module's memory, outside of any gradient.  Learning gives the module other memory, so that this
        remains what was learned up to now.
        """
        return {path: tensor.data for path, tensor in self._state("")}

    def load_state_dict(self, state: Mapping[str, Tensor], *, strict: bool = True) -> Unmatched:
        """Take over copies of what `state_dict` gave, in the dtypes and on the devices that are here.

        Args:
            state: Tensors by their paths.
            strict: Whether the paths must be the same on both sides.

        Returns:
            The paths that are on one side only.

        Raises:
            BadArgumentError: A shape is another, or with `strict` a path is on one side only: the text tells all such,
                and the module is as it was.
        """
        where = f"{type(self).__name__}.load_state_dict: argument `state`"
        if not isinstance(state, Mapping):
            raise ArgumentTypeError(f"{where}: tensors by their paths are expected; given {shown(state)}")
        mine = dict(self._state(""))
        found = {path: tensor for path, tensor in mine.items() if path in state}
        unmatched = Unmatched(
            [path for path in mine if path not in state], [path for path in state if path not in mine]
        )
        problems = [problem for path, tensor in found.items() if (problem := _misfit(path, tensor, state[path]))]
        if strict:
            problems += [f"{path} is missing" for path in unmatched.missing_keys]
            problems += [f"{path} is not known here" for path in unmatched.unexpected_keys]
        if problems:
            raise BadArgumentError("\n  ".join([f"{where}: it does not fit:", *problems]))
        copies = [
            (tensor, state[path].data.to(tensor.device, tensor.dtype, copy=True)) for path, tensor in found.items()
        ]
        for tensor, copy in copies:
            tensor.data = copy
        return unmatched

    def _state(self, prefix: str) -> Iterator[tuple[str, Tensor]]:
        """What is shared is here as often as there are paths to it."""
        for name, parameter in self._own_parameters():
            yield prefix + name, parameter
        for name, buffer in self._own_buffers():
            if self._buffers[name]:
                yield prefix + name, buffer
        for name, child in self.named_children():
            yield from child._state(f"{prefix}{name}.")

    # Printing.

    def extra_repr(self) -> str:
        """What printing shows between the parentheses, before the modules within."""
        return ""

    def __repr__(self) -> str:
        name, extra = type(self).__name__, self.extra_repr()
        lines = [f"({child}): {module!r}" for child, module in self.named_children()]
        if not lines and "\n" not in extra:
            return f"{name}({extra})"
        below = "\n".join([extra, *lines] if extra else lines).replace("\n", "\n  ")
        return f"{name}(\n  {below}\n)"


def count_parameters(module: Module) -> int:
    """How many numbers the module can learn."""
    return module.count_parameters()


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


T = TypeVar("T", bound=Tensor)


def _once(found: Iterator[tuple[str, str, T]]) -> Iterator[tuple[str, T]]:
    seen = set()
    for path, name, tensor in found:
        if id(tensor) not in seen:
            seen.add(id(tensor))
            yield _joined(path, name), tensor


def _moved(tensor: Tensor, target: Target) -> Tensor:
    """The tensor with another dtype, where it is floating, and on another device."""
    return changed(tensor, target if is_floating(tensor.dtype) else target._replace(dtype=None))


def _misfit(path: str, mine: Tensor, given: Any) -> str:
    if not isinstance(given, Tensor):
        return f"{path} is no tensor; given {shown(given)}"
    return "" if mine.shape == given.shape else f"{path} has the shape {given.shape}, and {mine.shape} is expected"
