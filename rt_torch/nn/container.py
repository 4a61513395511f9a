"""Modules made of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, overload

from rt_torch.errors import ArgumentTypeError
from rt_torch.nn.module import Module
from rt_torch_bindings.arguments import shown


class Sequential(Module):
    """Modules one after the other: each is called with what the one before it gave.

    Args:
        modules: Modules, or one list of them.
    """

    def __init__(self, *modules: Module | Iterable[Module]) -> None:
        for module in _listed(modules):
            self.append(module)

    def forward(self, x: Any) -> Any:
        for module in self.children():
            x = module(x)
        return x

    def append(self, module: Module) -> Sequential:
        """Put a module behind the last one; returns this one."""
        taken = [int(name) for name, _ in self.named_children() if name.isdecimal()]
        setattr(self, str(max(taken, default=-1) + 1), _checked(len(self), module))
        return self

    def __len__(self) -> int:
        return len([*self.children()])

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    @overload
    def __getitem__(self, place: int) -> Module: ...

    @overload
    def __getitem__(self, place: slice) -> Sequential: ...

    def __getitem__(self, place: int | slice) -> Module:
        """The module at a place; for a slice, those there as another Sequential, under the names that they have here."""
        if not isinstance(place, slice):
            return [*self.children()][place]
        part = Sequential()
        for name, module in [*self.named_children()][place]:
            setattr(part, name, module)
        return part

    def __setitem__(self, place: int, module: Module) -> None:
        """Put another module at a place."""
        name, _ = [*self.named_children()][place]
        setattr(self, name, _checked(place, module))

    def __delitem__(self, place: int | slice) -> None:
        """Take away the module at a place, or those of a slice; the ones behind move up."""
        names, left = [name for name, _ in self.named_children()], [*self.children()]
        del left[place]
        for name in names:
            delattr(self, name)
        for module in left:
            self.append(module)


def _checked(place: int, module: Any) -> Module:
    if not isinstance(module, Module):
        raise ArgumentTypeError(f"rt.nn.Sequential: module {place}: a module is expected; given {shown(module)}")
    return module


def _listed(modules: tuple[Any, ...]) -> Iterable[Any]:
    if len(modules) != 1 or isinstance(modules[0], Module):
        return modules
    try:
        return [*modules[0]]
    except TypeError:
        return modules
