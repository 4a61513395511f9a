"""The functions that the policy knows, and that it knows every one that computes."""

from __future__ import annotations

import pytest

from rt_torch import accel
from rt_torch.accel import functions
from rt_torch_bindings import arguments

PREFIX = "rt_torch_"

# They answer, move or release; nothing is decided for them.
OTHERS = {
    *("last_error", "last_error_code", "clear_error", "abi_version", "load", "suggest_path", "available"),
    *("function_available", "libtorch_path", "version", "cuda_available", "set_num_threads", "get_num_threads"),
    *("free", "retain", "live_handles", "wrap", "wrap_copies", "released", "data_ptr", "to_dlpack", "from_dlpack"),
    *("shape", "ndim", "numel", "dtype", "device", "strides", "is_contiguous", "manual_seed"),
    *("random_state", "set_random_state", "strided", "take", "put", "assign"),
    *("cuda_device_count", "cuda_problem", "cuda_current_stream", "cuda_set_stream", "cuda_synchronize"),
    *(f"{way}_data_{dtype}" for way in ("from", "to") for dtype in ("f64", "f32", "i64", "bool")),
}


def test_every_function_that_computes_is_declared() -> None:
    there = {name.removeprefix(PREFIX) for name in arguments.SIGNATURES}
    assert there - OTHERS <= set(functions.declared()), "declare them in rt_torch/accel/functions.py"


@pytest.mark.parametrize("name", sorted(functions.declared()))
def test_the_number_of_tensors_is_that_of_the_signature(name: str) -> None:
    signature = arguments.SIGNATURES.get(PREFIX + name)
    if signature is None:
        pytest.skip("not in the specs")
    kinds = [parameter.split(": ")[1] for parameter in signature.split(", ") if parameter]
    assert functions.operands_of(name) == kinds.count("tensor") + kinds.count("[tensor]")


def test_a_group_is_its_own() -> None:
    assert [functions.group_of(name) for name in functions.GROUPS] == list(functions.GROUPS)
    assert functions.group_of("nobody_declared_this") == "elementwise"


class TestDeclaring:
    @pytest.fixture(autouse=True)
    def kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(functions, "_functions", functions._functions)

    def test_a_function_is_known_from_then_on(self) -> None:
        with pytest.raises(ValueError, match="unknown function or group 'mish'"):
            accel.get_threshold("mish")
        functions.declare("mish", "activations", line=3)
        assert functions.line_of("mish") == 3
        accel.use_profile("fixed")
        assert accel.get_threshold("mish") == accel.NEVER
        assert "mish" in accel.limits()
        assert functions.operands_of("mish") == 1

    def test_of_an_unknown_group(self) -> None:
        with pytest.raises(ValueError, match="unknown group 'activation' for mish, did you mean 'activations'"):
            functions.declare("mish", "activation")
