"""Copies by copy, deepcopy and pickle, and subclasses, whose instances they copy."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import rt_torch as rt

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

Resident = Callable[[rt.Tensor], rt.Tensor]


class Named(rt.Tensor):
    """A tensor with attributes."""

    name: str = ""


class Slotted(rt.Tensor):
    __slots__ = ()


def again(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.fixture(params=[copy.copy, copy.deepcopy, again])
def copied(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    function: Callable[[Any], Any] = request.param
    return function


class TestCopies:
    def test_elements_are_copied(self, copied: Callable[[Any], Any], resident: Resident) -> None:
        x = resident(rt.tensor([[1.0, 2.0]]))
        y = copied(x)
        y[0, 0] = 9.0
        assert (x.tolist(), y.tolist()) == ([[1.0, 2.0]], [[9.0, 2.0]])

    @pytest.mark.parametrize("wanted", [True, False])
    def test_requires_grad_is_kept(self, copied: Callable[[Any], Any], resident: Resident, wanted: bool) -> None:
        assert copied(resident(rt.tensor([1.0], requires_grad=wanted))).requires_grad is wanted

    def test_of_one_object_twice(self) -> None:
        x = rt.tensor([1.0])
        one, two = copy.deepcopy([x, x])
        assert one is two and one is not x


class TestSubclasses:
    @pytest.mark.parametrize("kind", [Named, Slotted])
    def test_one_is_made_of_data(self, kind: type[rt.Tensor]) -> None:
        x = kind([[1, 2]], dtype="f32", requires_grad=True)
        assert (type(x), x.dtype, x.tolist(), x.requires_grad) == (kind, "f32", [[1.0, 2.0]], True)
        assert type(kind(x)) is kind and kind(x).tolist() == x.tolist()

    def test_it_computes_and_gives_plain_tensors(self, resident: Resident) -> None:
        x, y = resident(Named([1.0, 2.0])), rt.tensor([3.0, 4.0])
        for result in (x + y, y + x, 1.0 + x, x.sum(), x.relu(), rt.matmul(x, y), x[0], x.clone(), x.reshape(2, 1)):
            assert type(result) is rt.Tensor
        assert ((x + y).tolist(), (x @ y).item(), x.exp().shape) == ([4.0, 6.0], 11.0, (2,))
        assert type(x) is Named

    @pytest.mark.parametrize("kind", [Named, Slotted])
    def test_its_copies_are_of_it(
        self, copied: Callable[[Any], Any], resident: Resident, kind: type[rt.Tensor]
    ) -> None:
        y = copied(resident(kind([1.0], requires_grad=True)))
        assert (type(y), y.tolist(), y.requires_grad) == (kind, [1.0], True)

    def test_its_attributes_are_copied(self, copied: Callable[[Any], Any]) -> None:
        x = Named([1.0])
        x.name = "weight"
        assert copied(x).name == "weight"

    def test_attributes_are_copied_deeply_where_that_is_asked_for(self) -> None:
        x = Named([1.0])
        x.friends = [x, rt.tensor([2.0])]
        y = copy.deepcopy(x)
        assert y.friends[0] is y and y.friends[1] is not x.friends[1]
        assert copy.copy(x).friends is x.friends

    def test_an_init_of_its_own_is_called(self) -> None:
        class Scaled(rt.Tensor):
            def __init__(self, data: Any, scale: float = 1.0, **named: Any) -> None:
                self.scale = scale

            def __new__(cls, data: Any, scale: float = 1.0, **named: Any) -> Any:
                return super().__new__(cls, data, **named)

        assert Scaled([1.0], 2.0, dtype="f32").scale == 2.0

    def test_a_native_one_is_freed_once(self, native: None) -> None:
        live = rt.native.live_handles()
        with rt.acceleration("native"):
            x = Named(rt.ones([2]).exp())
            assert x.residency == "native" and rt.native.live_handles() == live + 1
        del x
        assert rt.native.live_handles() == live


def test_strides_of_a_clone(native: None) -> None:
    x = rt.ones(2, 3).T
    assert (x.strides, x.clone().strides, x.clone().contiguous().strides) == ((1, 3), (2, 1), (2, 1))
    with rt.acceleration("native"):
        assert (x.clone().strides, x.clone().contiguous().strides) == ((1, 3), (2, 1))
