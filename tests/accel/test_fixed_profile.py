"""The fixed profile: one number of elements for each group, strictly more of them go native."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rt_torch import accel
from rt_torch.accel import NEVER, AccelMode


@pytest.fixture(autouse=True)
def fixed() -> Iterator[None]:
    accel.use_profile("fixed")
    return


@pytest.fixture
def auto() -> None:
    accel.set_ffi_available(True)
    accel.set_acceleration(AccelMode.AUTO)


class TestDefaultConfiguration:
    def test_the_mode_is_pure(self) -> None:
        assert accel.get_current_mode() is AccelMode.PURE

    def test_native_is_not_available(self) -> None:
        assert not accel.is_ffi_available()

    def test_nothing_is_native(self) -> None:
        assert not accel.should_use_ffi("matmul", 4_000_000)


class TestPure:
    @pytest.fixture(autouse=True)
    def pure(self) -> None:
        accel.set_ffi_available(True)
        accel.set_acceleration(AccelMode.PURE)

    def test_small_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 100)

    def test_large_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 10_000_000)

    def test_a_billion_is_pure_even_if_native_is_available(self) -> None:
        assert not accel.should_use_ffi("matmul", 1_000_000_000)
        assert not accel.should_use_ffi("add", 1_000_000_000)


class TestNative:
    @pytest.fixture(autouse=True)
    def native(self) -> None:
        accel.set_ffi_available(True)
        accel.set_acceleration(AccelMode.NATIVE)

    def test_small_is_native(self) -> None:
        assert accel.should_use_ffi("matmul", 10)

    def test_large_is_native(self) -> None:
        assert accel.should_use_ffi("matmul", 10_000_000)

    def test_pure_when_not_available(self) -> None:
        accel.set_ffi_available(False)
        assert not accel.should_use_ffi("matmul", 10_000_000)


@pytest.mark.usefixtures("auto")
class TestAutoMatmul:
    def test_100_square_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 100 * 100)

    def test_1000_square_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 1000 * 1000)

    def test_1001_square_is_native(self) -> None:
        assert accel.should_use_ffi("matmul", 1001 * 1001)

    def test_2000_square_is_native(self) -> None:
        assert accel.should_use_ffi("matmul", 2000 * 2000)


@pytest.mark.usefixtures("auto")
class TestAutoElementwise:
    def test_small_add_is_pure(self) -> None:
        assert not accel.should_use_ffi("add", 1000)

    def test_add_of_a_million_is_pure(self) -> None:
        assert not accel.should_use_ffi("add", 1_000_000)

    def test_add_above_ten_million_is_native(self) -> None:
        assert accel.should_use_ffi("add", 20_000_000)

    def test_mul_above_ten_million_is_native(self) -> None:
        assert accel.should_use_ffi("mul", 10_000_001)


@pytest.mark.usefixtures("auto")
class TestAutoActivations:
    def test_relu_of_a_hundred_million_is_pure(self) -> None:
        assert not accel.should_use_ffi("relu", 100_000_000)

    def test_sigmoid_is_pure(self) -> None:
        assert not accel.should_use_ffi("sigmoid", 100_000_000)

    def test_tanh_is_pure(self) -> None:
        assert not accel.should_use_ffi("tanh", 1_000_000_000)


class TestThresholdValues:
    def test_matmul(self) -> None:
        assert accel.get_threshold("matmul") == 1_000_000

    def test_add(self) -> None:
        assert accel.get_threshold("add") == 10_000_000

    def test_mul(self) -> None:
        assert accel.get_threshold("mul") == 10_000_000

    def test_activations(self) -> None:
        assert accel.get_threshold("relu") == accel.get_threshold("sigmoid") == NEVER

    def test_sum(self) -> None:
        assert accel.get_threshold("sum") == 5_000_000

    def test_mean(self) -> None:
        assert accel.get_threshold("mean") == 5_000_000


class TestStatistics:
    def test_each_kind_is_counted(self) -> None:
        accel.record_pure()
        accel.record_ffi()
        accel.record_ffi()
        accel.record_ffi_fallback()
        assert accel.get_stats() == (1, 2, 1)

    def test_reset(self) -> None:
        accel.record_pure()
        accel.record_ffi()
        accel.reset_stats()
        assert accel.get_stats() == (0, 0, 0)

    def test_the_triple_has_names(self) -> None:
        accel.record_pure()
        pure, ffi, fallback = stats = accel.get_stats()
        assert (stats.pure, stats.ffi, stats.fallback) == (pure, ffi, fallback) == (1, 0, 0)


class TestAvailability:
    def test_it_can_be_set(self) -> None:
        accel.set_ffi_available(True)
        assert accel.is_ffi_available()

    def test_it_can_be_taken_back(self) -> None:
        accel.set_ffi_available(True)
        accel.set_ffi_available(False)
        assert not accel.is_ffi_available()

    def test_it_decides_in_native_mode(self) -> None:
        accel.set_acceleration(AccelMode.NATIVE)
        accel.set_ffi_available(True)
        before = accel.should_use_ffi("add", 1)
        accel.set_ffi_available(False)
        assert before and not accel.should_use_ffi("add", 1)


@pytest.mark.usefixtures("auto")
class TestEdges:
    def test_at_the_threshold_is_pure(self) -> None:
        assert not accel.should_use_ffi("sum", 5_000_000)

    def test_one_over_is_native(self) -> None:
        assert accel.should_use_ffi("sum", 5_000_001)

    def test_nothing_and_less_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 0)
        assert not accel.should_use_ffi("matmul", -1)
        assert not accel.should_use_ffi("add", -(10**9))

    def test_pure_when_not_available(self) -> None:
        accel.set_ffi_available(False)
        assert not accel.should_use_ffi("matmul", 10_000_000)


@pytest.mark.usefixtures("auto")
class TestUnderAnOperation:
    """What an operation that asks the policy relies on."""

    def test_small_matmul_is_pure(self) -> None:
        assert not accel.should_use_ffi("matmul", 2)

    def test_large_matmul_would_be_native(self) -> None:
        assert accel.should_use_ffi("matmul", 2_000_000)

    def test_ten_million_depend_on_availability(self) -> None:
        assert accel.should_use_ffi("matmul", 10_000_000)
        accel.set_ffi_available(False)
        assert not accel.should_use_ffi("matmul", 10_000_000)

    def test_pure_ignores_availability(self) -> None:
        accel.set_acceleration(AccelMode.PURE)
        assert not accel.should_use_ffi("matmul", 10_000_000)


@pytest.mark.usefixtures("auto")
class TestDecisions:
    @pytest.mark.parametrize("kind", ["list", "memory", "native", "shared"])
    def test_the_number_of_elements_decides_wherever_they_are(self, kind: str) -> None:
        assert accel.decide("add", "f64", 10_000_001, (kind, 10_000_001, kind, 1)).native
        assert not accel.decide("add", "f64", 10_000_000, (kind, 1, kind, 10_000_000)).native
        assert not accel.decide("relu", "f64", 10**9, (kind, 10**9)).native

    def test_a_matmul_is_decided_by_its_larger_operand(self) -> None:
        assert accel.decide("matmul", "f64", 1001**3, ("list", 1001**2, "list", 1001**2)).native
        assert not accel.decide("matmul", "f64", 1000**3, ("list", 1000**2, "list", 1000**2)).native

    def test_limits_say_the_same(self) -> None:
        assert accel.limits()["add"] == (10_000_001,) * 3
        assert accel.limits()["relu"] == (accel.NEVER_ELEMENTS,) * 3

    def test_loading_is_not_waited_for(self) -> None:
        assert accel.decide("add", "f64", 10_000_001, ("list", 10_000_001), False).native
