"""Every function on a GPU: the known answers of the specs, the operators, and every derivative, as on the CPU."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rt_torch as rt
from rt_torch import native
from rt_torch_bindings import functions as typed
from rt_torch_bindings import operators
from rt_torch_bindings.gradients import GRADIENTS
from tests.autograd import cases
from tests.autograd.network_cases import NETWORKS
from tests.tensor.test_parity import Operand, made
from verification.conformance import Conformance

pytestmark = [pytest.mark.gpu, pytest.mark.usefixtures("settled")]

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = json.loads((ROOT / "generated" / "conformance" / "rt_torch.json").read_text(encoding="utf-8"))
FUNCTIONS = [function for function in DOCUMENT["functions"] if function["cases"]]

# What a GPU sums in another order, or rounds otherwise.
TOLERANCE = 1e-9
CASES = {**cases.CASES, **NETWORKS}


class OnGpu:
    """The typed functions, with tensors of cases made on the GPU."""

    def __getattr__(self, name: str) -> Any:
        function = getattr(typed, name)
        return self._moved(function) if name.startswith("from_data_") else function

    def _moved(self, function: Callable[..., int]) -> Callable[..., int]:
        def make(*arguments: Any) -> int:
            here = function(*arguments)
            try:
                return typed.to_device(here, "cuda")
            finally:
                typed.free(here)

        return make


def answered(function: dict[str, Any]) -> dict[str, Any]:
    """A function whose answers may be off in the last places, without those that only the CPU has."""
    cases = [case for case in function["cases"] if not is_product_of_integers(function["name"], case)]
    tolerant = [{**case, "tolerance": max(case.get("tolerance", 0.0), TOLERANCE)} for case in cases]
    return {**function, "cases": tolerant}


def is_product_of_integers(name: str, case: dict[str, Any]) -> bool:
    return name == "matmul" and "error" not in case and case["args"]["a"]["dtype"] == "i64"


# What is about the CPU's memory, or where a tensor is.
ELSEWHERE = {"device", "wrap", "to_dlpack", "from_dlpack"} | {
    f"from_data_{name}" for name in ("f64", "f32", "i64", "bool")
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=[function["name"] for function in FUNCTIONS])
def test_known_answers(function: dict[str, Any]) -> None:
    if function["name"] in ELSEWHERE:
        pytest.skip("it is about the CPU")
    outcomes = list(Conformance(OnGpu(), {"functions": [answered(function)]}).outcomes())
    assert [f"{outcome.title}: {outcome.problem}" for outcome in outcomes if outcome.problem] == []


few = settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck])


def placed(value: Any, device: str) -> Any:
    if isinstance(value, Operand):
        tensor = made(value).to(device)
        return tensor.requires_grad_() if tensor.dtype == "f64" else tensor
    return (
        [placed(each, device) for each in value]
        if isinstance(value, list) and value and isinstance(value[0], Operand)
        else value
    )


def with_gradients(name: str, arguments: list[Any], device: str) -> tuple[rt.Tensor, list[rt.Tensor | None]]:
    """The result, and its gradients by all tensors."""
    given = [placed(value, device) for value in arguments]
    result = operators._dispatch(name, *given)
    tensors = [each for value in given for each in (value if isinstance(value, list) else [value])]
    wanted = [tensor for tensor in tensors if isinstance(tensor, rt.Tensor) and tensor.requires_grad]
    if not isinstance(result, rt.Tensor) or not result.requires_grad:
        return result, []
    weights = (rt.arange(result.numel(), dtype="f64") * 0.25 - 1.0).reshape(result.shape).to(result)
    return result, [*rt.grad(result, wanted, weights, allow_unused=True)]


@pytest.mark.parametrize("name", [name for name in GRADIENTS if name in CASES])
def test_values_and_gradients_are_those_of_the_cpu(name: str, alike: Callable[..., None]) -> None:
    @few
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        arguments = data.draw(CASES[name].smooth)
        there, there_gradients = with_gradients(name, arguments, "cuda")
        here, here_gradients = with_gradients(name, arguments, "cpu")
        if not isinstance(there, rt.Tensor):
            assert abs(there - here) <= TOLERANCE * max(1.0, abs(here)) or there != there
            return
        assert there.is_cuda or name == "to_device"
        close(there, here)
        for one, other in zip(there_gradients, here_gradients, strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                assert one.device == "cuda:0"
                close(one, other)

    def close(there: rt.Tensor, here: rt.Tensor) -> None:
        if there.numel() and (here == here).reshape([-1]).tolist() == [True] * here.numel():
            alike(there, here, TOLERANCE)

    compare()


class TestOperators:
    def test_with_python_s_numbers(self) -> None:
        x = rt.tensor([1.0, 2.0, 4.0], device="cuda")
        for result, expected in (
            (x + 1, [2.0, 3.0, 5.0]),
            (1 - x, [0.0, -1.0, -3.0]),
            (x * 2.5, [2.5, 5.0, 10.0]),
            (8 / x, [8.0, 4.0, 2.0]),
            (x**2, [1.0, 4.0, 16.0]),
            (-x, [-1.0, -2.0, -4.0]),
            (rt.where(x > 1.5, x, 0.0), [0.0, 2.0, 4.0]),
            (rt.maximum(x, 3), [3.0, 3.0, 4.0]),
        ):
            assert (result.device, result.tolist()) == ("cuda:0", expected)

    def test_of_integers_and_bools(self) -> None:
        x = rt.tensor([1, -2, (1 << 60) + 1], device="cuda")
        assert (x + 1).tolist() == [2, -1, (1 << 60) + 2]
        assert (3 - x).tolist() == [2, 5, 2 - (1 << 60)]
        assert (x * x[1]).tolist() == [-2, 4, -(1 << 61) - 2]
        assert {(x + x).device for x in (rt.zeros([0] + [1] * 63, dtype="i64", device="cuda"), x)} == {"cuda:0"}
        bits = rt.tensor([True, False], device="cuda")
        assert (bits + True).tolist() == [True, True]
        assert (x > 0).dtype == "bool"

    def test_a_number_on_the_cpu_goes_with_any(self) -> None:
        x, number = rt.tensor([1.0, 2.0], device="cuda"), rt.tensor(3.0)
        for result in (x + number, number + x, x * number, rt.where(x > number, x, number), number**x):
            assert result.device == "cuda:0"
        assert (number + x).tolist() == [4.0, 5.0]
        assert (rt.tensor([1, 2], device="cuda") + rt.tensor(3)).tolist() == [4, 5]
        assert (rt.tensor(1, device="cuda") + rt.tensor(2)).device == "cuda:0"

    def test_half_precision(self) -> None:
        for dtype in ("f16", "bf16"):
            a = rt.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=dtype, device="cuda")
            assert (a @ a).tolist() == [[7.0, 10.0], [15.0, 22.0]]
            assert ((a + a) * 0.5).softmax(1).dtype == dtype

    def test_products_of_every_rank(self, alike: Callable[..., None], seeded: None) -> None:
        shapes = [
            ([3], [3]),
            ([2, 3], [3]),
            ([3], [3, 2]),
            ([2, 3], [3, 4]),
            ([5, 2, 3], [3, 4]),
            ([1, 2, 3], [5, 3, 2]),
        ]
        for left, right in shapes:
            a, b = rt.randn(left), rt.randn(right)
            alike(a.cuda() @ b.cuda(), a @ b, TOLERANCE)

    @pytest.mark.parametrize("dtype", ["i64", "i32", "i16", "i8", "u8"])
    def test_of_integers_there_are_no_products(self, dtype: str) -> None:
        """cuBLAS has none, and so libtorch; what is refused is said, with what to do."""
        a = rt.tensor([[1, 2], [3, 4]], dtype=dtype, device="cuda")
        for b in (a, a[0], a.reshape([1, 2, 2])):
            with pytest.raises(
                rt.BadArgumentError,
                match=rf"argument `a`: the dtype is {dtype}, and on cuda:0 libtorch has matrix products of "
                "floating-point tensors only: convert them, or take them to the cpu",
            ):
                a @ b
        nothing = rt.zeros([2, 0], dtype=dtype, device="cuda")
        assert (nothing @ nothing.T).tolist() == [[0, 0], [0, 0]]
        assert (a.to("f64") @ a.to("f64")).tolist() == [[7.0, 10.0], [15.0, 22.0]]

    @pytest.mark.parametrize("mode", ["pure", "native", "auto"])
    def test_in_every_mode_it_is_computed_there(self, mode: str) -> None:
        x = rt.tensor([1.0, -2.0], device="cuda")
        rt.reset_stats()
        with rt.acceleration(mode):
            y = rt.relu(x) + x.exp().log()
        assert (y.device, y.residency) == ("cuda:0", "native")
        assert rt.get_stats() == (0, 4, 0)
        assert rt.get_transfers() == (0, 0, 0)

    def test_views_share_its_memory(self) -> None:
        x = rt.zeros([2, 3], device="cuda")
        for view in (x.T, x.reshape([3, 2]), x.unsqueeze(0), x.narrow(1, 0, 2), x.detach(), x.data, x[0]):
            assert view.device == "cuda:0"
        x.T[2, 1] = 4.0
        assert x.tolist() == [[0.0, 0.0, 0.0], [0.0, 0.0, 4.0]]


def test_libtorch_s_own_functions_agree(torch: Any) -> None:
    """With torch itself, on the same memory."""
    x = rt.randn([64, 32], dtype="f32", device="cuda")
    theirs = torch.from_dlpack(x)
    assert theirs.device == torch.device("cuda", 0)
    for ours, other in (
        (x @ x.T, theirs @ theirs.T),
        (x.softmax(1), theirs.softmax(1)),
        (x.sum(0), theirs.sum(0)),
        (rt.gelu(x), torch.nn.functional.gelu(theirs)),
    ):
        assert torch.allclose(torch.from_dlpack(ours), other, rtol=1e-5, atol=1e-6)


def test_no_handle_is_left_behind() -> None:
    x = rt.ones([4], device="cuda")
    before = native.live_handles()
    for _ in range(100):
        (x + x).sum().item()
    assert native.live_handles() == before
