"""Each loss is torch's, and so are its gradients: in both tiers, for each reduction."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import nn
from tests.nn.conftest import Numbers, close, distance, largest
from tests.nn.torch_twins import WITHIN, check_gradients, in_torch, torch

pytestmark = pytest.mark.usefixtures("settled", "no_handle_left")

REDUCTIONS = ("mean", "sum", "none")
BETWEEN = {  # losses of a prediction and a target of the same shape
    "mse_loss": {},
    "l1_loss": {},
    "huber_loss": {"delta": 0.7},
    "smooth_l1_loss": {"beta": 0.4},
}
few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
shapes = st.lists(st.integers(0, 4), max_size=3).map(tuple)
dtypes = st.sampled_from(["f64", "f32"])


def check_loss(ours: Callable[..., rt.Tensor], theirs: Callable[..., Any], tensors: list[rt.Tensor]) -> None:
    """A loss and its gradients are the same."""
    copies = [in_torch(tensor) for tensor in tensors]
    found, expected = ours(*tensors), theirs(*copies)
    dtype = tensors[0].dtype
    assert (found.shape, found.dtype) == (tuple(expected.shape), dtype)
    assert close(found, expected, WITHIN[dtype]) or largest(expected) < distance(found, expected) < 1e-30
    weights = Numbers(5).tensor(found.shape, dtype)
    found.backward(weights)
    expected.backward(in_torch(weights))
    learned = [place for place, tensor in enumerate(tensors) if tensor.requires_grad]
    check_gradients([tensors[place] for place in learned], [copies[place] for place in learned], dtype)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", BETWEEN)
@few
@given(shape=shapes, dtype=dtypes, seed=st.integers(0, 99), data=st.data())
def test_differences(
    tier: str, name: str, reduction: str, shape: tuple[int, ...], dtype: str, seed: int, data: st.DataObject
) -> None:
    numbers = Numbers(seed)
    input = (2.0 * numbers.tensor(shape, dtype)).requires_grad_()
    target = numbers.tensor(shape, dtype).requires_grad_(data.draw(st.booleans()))
    options = data.draw(st.sampled_from([{}, BETWEEN[name]]))
    check_loss(
        lambda x, y: getattr(nn, name)(x, y, reduction, **options),
        lambda x, y: getattr(torch.nn.functional, name)(x, y, reduction=reduction, **options),
        [input, target],
    )


@pytest.mark.parametrize("name", ["huber_loss", "smooth_l1_loss", "l1_loss"])
def test_differences_of_note(tier: str, name: str) -> None:
    """Where pieces meet, and at 0; with infinities and NaN."""
    differences = [0.0, -0.0, 1.0, -1.0, 0.5, -3.0, 1e200, 1e-200, math.inf, -math.inf, math.nan]
    check_loss(
        lambda x, y: getattr(nn, name)(x, y, "none"),
        lambda x, y: getattr(torch.nn.functional, name)(x, y, reduction="none"),
        [rt.tensor(differences, requires_grad=True), rt.zeros([len(differences)])],
    )


def test_smooth_l1_of_width_0_is_mae(tier: str) -> None:
    x, y = Numbers().tensor((3, 2)), Numbers(2).tensor((3, 2))
    assert nn.smooth_l1_loss(x, y, beta=0.0).item() == nn.mae_loss(x, y).item()


@pytest.mark.parametrize("reduction", REDUCTIONS)
@few
@given(shape=shapes, dtype=dtypes, seed=st.integers(0, 99), learned=st.booleans())
def test_binary_cross_entropy(
    tier: str, reduction: str, shape: tuple[int, ...], dtype: str, seed: int, learned: bool
) -> None:
    numbers = Numbers(seed)
    input = rt.sigmoid(4.0 * numbers.tensor(shape, dtype)).requires_grad_()
    target = rt.sigmoid(numbers.tensor(shape, dtype)).requires_grad_(learned)
    check_loss(
        lambda x, y: nn.binary_cross_entropy(x, y, reduction),
        lambda x, y: torch.nn.functional.binary_cross_entropy(x, y, reduction=reduction),
        [input, target],
    )


def test_binary_cross_entropy_of_certainties(tier: str) -> None:
    """Logarithms stop at -100, and the gradient's denominator at 1e-12."""
    for dtype in ("f64", "f32"):
        input = rt.tensor([0.0, 1.0, 0.0, 1.0, 1e-20, 0.25], dtype=dtype, requires_grad=True)
        target = rt.tensor([0.0, 1.0, 1.0, 0.0, 0.5, 0.25], dtype=dtype)
        assert nn.binary_cross_entropy(input, target, "none").tolist()[:4] == [0.0, 0.0, 100.0, 100.0]
        check_loss(
            lambda x, y: nn.binary_cross_entropy(x, y, "none"),
            lambda x, y: torch.nn.functional.binary_cross_entropy(x, y, reduction="none"),
            [input, target],
        )


class_shapes = st.sampled_from([(3,), (2, 3), (1, 1), (4, 2), (2, 3, 2), (2, 3, 0), (2, 1, 2, 2), (5, 4)])


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss"])
@few
@given(shape=class_shapes, dtype=dtypes, seed=st.integers(0, 99), data=st.data())
def test_numbers_of_classes(
    tier: str, name: str, reduction: str, shape: tuple[int, ...], dtype: str, seed: int, data: st.DataObject
) -> None:
    dim = min(1, len(shape) - 1)
    rest = shape[:dim] + shape[dim + 1 :]
    count = math.prod(rest)
    chosen = data.draw(st.lists(st.integers(0, shape[dim] - 1), min_size=count, max_size=count))
    check_loss(
        lambda x, y: getattr(nn, name)(x, y, reduction),
        lambda x, y: getattr(torch.nn.functional, name)(x, y, reduction=reduction),
        [(9.0 * Numbers(seed).tensor(shape, dtype)).requires_grad_(), rt.from_data(chosen, rest, dtype="i64")],
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@few
@given(shape=class_shapes, dtype=dtypes, seed=st.integers(0, 99), learned=st.booleans())
def test_probabilities_of_classes(
    tier: str, reduction: str, shape: tuple[int, ...], dtype: str, seed: int, learned: bool
) -> None:
    numbers = Numbers(seed)
    target = rt.softmax(3.0 * numbers.tensor(shape, dtype), min(1, len(shape) - 1)).requires_grad_(learned)
    check_loss(
        lambda x, y: nn.cross_entropy(x, y, reduction),
        lambda x, y: torch.nn.functional.cross_entropy(x, y, reduction=reduction),
        [(9.0 * numbers.tensor(shape, dtype)).requires_grad_(), target],
    )


def test_cross_entropy_of_large_numbers_does_not_overflow(tier: str) -> None:
    x = rt.tensor([[1000.0, -1000.0], [0.0, 800.0]], requires_grad=True)
    loss = nn.cross_entropy(x, rt.tensor([1, 1]))
    loss.backward()
    assert loss.item() == 1000.0
    assert x.grad is not None
    assert x.grad.tolist() == [[0.5, -0.5], [0.0, 0.0]]


def test_known_answers(tier: str) -> None:
    prediction, target = rt.tensor([1.5, 2.3, 3.1]), rt.tensor([2.0, 2.0, 3.0])
    assert nn.mse_loss(prediction, target).item() == pytest.approx(0.35 / 3)
    assert nn.mae_loss(prediction, target).item() == pytest.approx(0.3)
    assert nn.cross_entropy(rt.tensor([[0.0, 0.0]]), rt.tensor([1])).item() == pytest.approx(math.log(2.0))


def test_losses_as_modules(tier: str) -> None:
    x, y = rt.sigmoid(Numbers().tensor((2, 3))), rt.sigmoid(Numbers(2).tensor((2, 3)))
    classes = rt.tensor([2, 0])
    for reduction in REDUCTIONS:
        same = [
            (nn.MSELoss(reduction)(x, y), nn.mse_loss(x, y, reduction)),
            (nn.MAELoss(reduction)(x, y), nn.mae_loss(x, y, reduction)),
            (nn.L1Loss(reduction)(x, y), nn.l1_loss(x, y, reduction)),
            (nn.HuberLoss(reduction, 0.2)(x, y), nn.huber_loss(x, y, reduction, 0.2)),
            (nn.SmoothL1Loss(reduction, 0.2)(x, y), nn.smooth_l1_loss(x, y, reduction, 0.2)),
            (nn.BCELoss(reduction)(x, y), nn.binary_cross_entropy(x, y, reduction)),
            (nn.NLLLoss(reduction)(x, classes), nn.nll_loss(x, classes, reduction)),
            (nn.CrossEntropyLoss(reduction)(x, classes), nn.cross_entropy(x, classes, reduction)),
            (nn.CrossEntropyLoss(reduction)(x, y), nn.cross_entropy(x, y, reduction)),
        ]
        assert all(a.tolist() == b.tolist() for a, b in same)
    assert repr(nn.MSELoss()) == "MSELoss()"


# What is refused.

TWO, THREE = rt.tensor([0.5, 0.5]), rt.tensor([0.5, 0.5, 0.5])
MATRIX = rt.tensor([[0.5, 0.5], [0.1, 0.9]])
SAME_SHAPE = [nn.mse_loss, nn.mae_loss, nn.huber_loss, nn.smooth_l1_loss, nn.binary_cross_entropy]
ALL = [*SAME_SHAPE, nn.nll_loss, nn.cross_entropy]


@pytest.mark.parametrize("loss", ALL)
def test_other_things_than_tensors(loss: Callable[..., rt.Tensor]) -> None:
    for bad in (1.0, [0.5, 0.5], None, "x"):
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.nn\.\w+: argument `input`: a tensor is expected"):
            loss(bad, TWO)
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.nn\.\w+: argument `target`: a tensor is expected"):
            loss(TWO, bad)


@pytest.mark.parametrize("loss", ALL)
def test_other_reductions(loss: Callable[..., rt.Tensor]) -> None:
    for bad in ("average", "", None, 1, ["mean"]):
        with pytest.raises(
            rt.BadArgumentError, match=r"argument `reduction`: one of 'mean', 'sum', 'none' is expected"
        ):
            loss(TWO, rt.tensor(1) if loss is nn.nll_loss else TWO, bad)


@pytest.mark.parametrize("loss", SAME_SHAPE)
def test_other_shapes(loss: Callable[..., rt.Tensor]) -> None:
    for input, target in ((TWO, THREE), (MATRIX, TWO), (rt.tensor(0.5), TWO)):
        with pytest.raises(rt.BadArgumentError, match=r"argument `target`: its shape is .*, and that of `input`"):
            loss(input, target)


@pytest.mark.parametrize("loss", [nn.nll_loss, nn.cross_entropy])
def test_classes_that_do_not_fit(loss: Callable[..., rt.Tensor]) -> None:
    cases = [
        (rt.tensor(0.5), rt.tensor(0), "`input`: it is a single number"),
        (MATRIX, rt.tensor([0, 1, 0]), r"`target`: its shape is \(3,\), and \(2,\) is expected"),
        (MATRIX, rt.tensor([[0, 1]]), r"`target`: its shape is \(1, 2\), and \(2,\) is expected"),
        (TWO, rt.tensor([0, 1]), r"`target`: its shape is \(2,\), and \(\) is expected"),
        (MATRIX, rt.tensor([True, False]), "`target`: its dtype is bool, and i64 is expected"),
        (MATRIX, rt.tensor([0, 2]), "`target`: numbers from 0 to 2 are in it, and `input` has the classes 0 to 1"),
        (MATRIX, rt.tensor([-1, 0]), "`target`: numbers from -1 to 0 are in it"),
    ]
    for input, target, says in cases:
        with pytest.raises(rt.BadArgumentError, match=says):
            loss(input, target)


def test_classes_that_do_not_fit_in_either_tier(tier: str) -> None:
    with pytest.raises(rt.BadArgumentError, match="numbers from 0 to 2 are in it"):
        nn.cross_entropy(rt.tensor([[0.5, 0.5], [0.1, 0.9]], requires_grad=True), rt.tensor([0, 2]))


def test_probabilities_of_classes_have_the_shape_of_the_input() -> None:
    with pytest.raises(rt.BadArgumentError, match=r"argument `target`: its shape is \(2,\), and that of `input`"):
        nn.cross_entropy(MATRIX, TWO)


def test_numbers_of_classes_are_no_floats() -> None:
    with pytest.raises(rt.BadArgumentError, match="its dtype is f64, and i64 is expected"):
        nn.nll_loss(MATRIX, rt.tensor([0.0, 1.0]))


@pytest.mark.parametrize("bad", [1.5, -0.1, math.nan, math.inf])
def test_what_is_no_probability(tier: str, bad: float) -> None:
    good = rt.tensor([0.5, 0.5])
    for input, target, name in ((rt.tensor([0.5, bad]), good, "x"), (good, rt.tensor([0.5, bad]), "target")):
        with pytest.raises(rt.BadArgumentError, match=f"argument `{name}`: .* from 0 to 1"):
            nn.binary_cross_entropy(input, target)


def test_widths_out_of_range() -> None:
    for bad in (0.0, -1.0, math.nan):
        with pytest.raises(rt.BadArgumentError, match=r"argument `delta`: .* and more than 0 is expected"):
            nn.huber_loss(TWO, TWO, delta=bad)
        with pytest.raises(rt.BadArgumentError, match="argument `delta`"):
            nn.HuberLoss(delta=bad)
    for bad in (-1.0, math.nan):
        with pytest.raises(rt.BadArgumentError, match=r"argument `beta`: .* and at least 0"):
            nn.smooth_l1_loss(TWO, TWO, beta=bad)
        with pytest.raises(rt.BadArgumentError, match="argument `beta`"):
            nn.SmoothL1Loss(beta=bad)
    with pytest.raises(rt.ArgumentTypeError, match="argument `delta`: a number is expected"):
        nn.huber_loss(TWO, TWO, delta="1")  # type: ignore[arg-type]  # it is what is tested
    with pytest.raises(rt.BadArgumentError, match=r"rt\.nn\.MSELoss: argument `reduction`"):
        nn.MSELoss("total")
