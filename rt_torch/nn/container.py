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
        if not isinstance(module, Module):
            raise ArgumentTypeError(
                f"rt.nn.Sequential: module {len(self)}: a module is expected; given {shown(module)}"
            )
        setattr(self, str(len(self)), module)
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
        """The module at a place; for a slice, those there as another Sequential."""
        found = [*self.children()][place]
        return Sequential(found) if isinstance(found, list) else found


def _listed(modules: tuple[Any, ...]) -> Iterable[Any]:
    if len(modules) != 1 or isinstance(modules[0], Module):
        return modules
    try:
        return [*modules[0]]
    except TypeError:
        return modules
