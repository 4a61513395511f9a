"""Applying a configuration: what holds then, where, and for how long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import Config, config, nn
from rt_torch.accel import AccelMode

Write = Callable[[str, str], None]
MAKERS: list[Callable[..., rt.Tensor]] = [
    lambda **kind: rt.zeros(2, **kind),
    lambda **kind: rt.ones([2], **kind),
    lambda **kind: rt.full([2], 1.5, **kind),
    lambda **kind: rt.arange(0.0, 2.0, **kind),
    lambda **kind: rt.randn(2, **kind),
    lambda **kind: rt.rand(2, **kind),
    lambda **kind: rt.tensor([1.5, 2], **kind),
    lambda **kind: rt.tensor(1.5, **kind),
    lambda **kind: rt.tensor([], **kind),
    lambda **kind: rt.Tensor([[1.5]], **kind),
    lambda **kind: rt.from_data([1.5, 2.5], [2], **kind),
]


def holding() -> tuple[Any, ...]:
    """What holds here."""
    made = rt.zeros(1)
    return made.dtype, made.device, rt.get_current_mode(), rt.is_grad_enabled()


BEFORE = ("f64", "cpu", AccelMode.PURE, True)


class TestDtype:
    def test_floats_get_it(self) -> None:
        assert {make().dtype for make in MAKERS} == {"f64"}
        Config(dtype="f32").apply()
        assert {make().dtype for make in MAKERS} == {"f32"}
        assert {make(dtype="f64").dtype for make in MAKERS} == {"f64"}

    def test_integers_and_bools_stay(self) -> None:
        Config(dtype="f32").apply()
        made = [rt.tensor([1, 2]), rt.tensor(1), rt.arange(3), rt.full([1], 2), rt.tensor([True]), rt.full([1], True)]
        assert [one.dtype for one in made] == ["i64", "i64", "i64", "i64", "bool", "bool"]

    def test_what_has_a_dtype_keeps_it(self) -> None:
        Config(dtype="f32").apply()
        double = rt.ones(2, dtype="f64")
        assert rt.tensor(double).dtype == rt.zeros_like(double).dtype == (double + 1).dtype == "f64"
        assert rt.tensor([double[0], 1.0]).dtype == "f64" and rt.tensor(memoryview(b"a")).dtype != "f32"

    def test_numpys_numbers_keep_theirs(self) -> None:
        np = pytest.importorskip("numpy")
        Config(dtype="f32").apply()
        assert rt.tensor(np.ones(2)).dtype == rt.tensor([np.ones(())]).dtype == "f64"
        assert rt.from_data(np.ones(2), [2]).dtype == rt.tensor(np.array(1.0)).dtype == "f64"

    def test_layers_and_data_sets_get_it(self) -> None:
        Config(dtype="f32").apply()
        model = nn.Sequential(
            nn.Linear(2, 3), nn.BatchNorm1d(3), nn.LayerNorm(3), nn.Conv2d(1, 1, 1), nn.Embedding(2, 2)
        )
        assert {x.dtype for name, x in model.state_dict().items() if "num_batches" not in name} == {"f32"}
        assert {rt.data.xor()[0].dtype, rt.data.iris()[0].dtype, rt.data.digits()[0].dtype} == {"f32"}
        assert rt.data.linear(3)[1].dtype == rt.data.one_hot([1]).dtype == rt.data.normalize([[1], [2]]).dtype == "f32"
        assert rt.training.LinearModel(1.0, 0.0).w.dtype == "f32"
        loss = nn.mse_loss(nn.Linear(2, 1)(rt.data.xor()[0]), rt.data.xor()[1])
        assert loss.dtype == "f32"

    def test_sixteen_bits_need_libtorch(self) -> None:
        Config(dtype="bf16").apply()
        if rt.is_ffi_available():
            assert {make().dtype for make in MAKERS} == {"bf16"}
            assert rt.tensor([1, 2]).dtype == "i64"
        else:
            for make in MAKERS[:2]:
                with pytest.raises((rt.LibraryMissingError, rt.NoUpstreamError)):
                    make()

    def test_only_floating_point_dtypes_can_be_the_default(self, write: Write) -> None:
        write("dl.config.sdn", "seed: 1\ndtype: i32\n")
        state = rt.pure.random_state()
        with pytest.raises(rt.ConfigError, match=r"^dl\.config\.sdn:2: dtype: i32 is no floating-point dtype"):
            rt.apply_config()
        assert holding() == BEFORE and rt.pure.random_state() == state
        assert rt.load_config().dtype == rt.DType.I32


class TestDevice:
    def test_everything_is_made_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Which device each call asks for, and not what becomes of it: there need be none."""
        asked: list[Any] = []
        dispatch = rt._create.dispatch

        def seen(name: str, *arguments: Any) -> Any:
            asked.append(arguments[-1])
            return dispatch(name, *arguments[:-1], "cpu")

        def moved(self: rt.Tensor, *, device: str | None = None, dtype: str | None = None) -> rt.Tensor:
            asked.append(device)
            return self

        Config(device="cuda:1").apply()
        monkeypatch.setattr(rt._create, "dispatch", seen)
        for make in MAKERS[:6]:
            asked.clear()
            make()
            assert {*asked} == {"cuda:1"}
            asked.clear()
            make(device="cpu")
            assert {*asked} <= {"cpu"}
        monkeypatch.setattr(rt.Tensor, "to", moved)
        for make in MAKERS[6:]:
            asked.clear()
            make()
            assert "cuda:1" in asked

    def test_without_a_gpu_the_error_is_clear(self) -> None:
        if rt.torch_ffi.torch_cuda_available():
            pytest.skip("there is a GPU")
        config.use_gpu()
        with pytest.raises(rt.Error, match=r"cuda|CUDA|libtorch|library"):
            rt.zeros(2)
        config.use_cpu()
        assert rt.zeros(2).device == "cpu"

    def test_data_sets_stay_on_the_cpu(self) -> None:
        Config(device="cuda:1").apply()
        x, y = rt.data.iris()
        parts = [x, y, *rt.data.xor(), *rt.data.linear(3), *rt.data.digits(), rt.data.one_hot([0, 1])]
        parts += [rt.data.standardize(x), rt.data.normalize([[1.0], [2.0]]), *rt.data.train_test_split(x, y)]
        parts += [rt.data.normalize(x, [0.0] * 4, [1.0] * 4), *rt.data.value_range(x)]
        assert {part.device for part in parts} == {"cpu"}


class TestModeAndTheRest:
    @pytest.mark.parametrize(
        ("backend", "mode", "device"),
        [("native", AccelMode.PURE, "cpu"), ("torch", AccelMode.NATIVE, "cpu"), ("cuda", AccelMode.NATIVE, "cuda:0")],
    )
    def test_backends(self, backend: str, mode: AccelMode, device: str) -> None:
        from rt_torch import _defaults

        Config(backend=backend).apply()
        assert rt.get_current_mode() is mode and _defaults.device() == device

    def test_a_device_that_is_said_is_kept(self) -> None:
        Config(backend="cuda", device="cpu").apply()
        assert holding() == ("f64", "cpu", AccelMode.NATIVE, True)

    def test_only_what_is_said_is_applied(self) -> None:
        rt.set_acceleration("auto")
        rt.manual_seed(7)
        state = rt.pure.random_state()
        with rt.no_grad():
            assert Config().apply() == Config() and rt.load_config().apply().dtype == "f32"
            assert holding() == ("f64", "cpu", AccelMode.AUTO, False) and rt.pure.random_state() == state

    def test_gradients(self) -> None:
        Config(autograd=False).apply()
        assert not (rt.ones(1, requires_grad=True) * 2).requires_grad
        Config(autograd=True).apply()
        assert (rt.ones(1, requires_grad=True) * 2).requires_grad

    def test_the_seed(self) -> None:
        Config(seed=5).apply()
        first = rt.randn(3).tolist()
        rt.manual_seed(5)
        assert rt.randn(3).tolist() == first

    def test_mixed_precision_is_refused(self, write: Write) -> None:
        write("dl.config.sdn", "amp: true\ndtype: f16\n")
        assert rt.load_config().amp
        for start in (rt.apply_config, lambda: rt.load_config().applied().__enter__()):
            with pytest.raises(
                rt.ConfigError, match=r"^dl\.config\.sdn:1: amp: nothing computes in mixed precision yet"
            ):
                start()
        assert holding() == BEFORE
        Config(amp=False).apply()

    @pytest.mark.parametrize("said", [{"device": "gpu"}, {"dtype": "f16"}])
    def test_what_python_alone_has_not(self, said: dict[str, str]) -> None:
        with pytest.raises(
            rt.ConfigError, match=r"^rt\.Config: (device|dtype): .* needs libtorch, and the backend native"
        ):
            Config(backend="native", **said).apply()  # type: ignore[arg-type]  # both are texts
        assert holding() == BEFORE

    def test_both_files_are_named_where_they_do_not_fit(self, write: Write) -> None:
        write("~/.simple/dl.config.sdn", "# mine\nbackend: native\n")
        write("dl.config.sdn", "device: gpu\n")
        with pytest.raises(
            rt.ConfigError, match=r"^dl\.config\.sdn:1: device: .* the backend native \(.*/\.simple/dl\.config\.sdn:2\)"
        ):
            rt.apply_config()
        assert holding() == BEFORE


class TestBlocks:
    def test_they_end(self) -> None:
        state = rt.pure.random_state()
        chosen = Config(dtype="f32", backend="torch", autograd=False, seed=3)
        with chosen.applied() as given:
            assert given is chosen and holding() == ("f32", "cpu", AccelMode.NATIVE, False)
            inside = rt.randn(2).tolist()
            with Config(dtype="f64", autograd=True).applied():
                assert holding() == ("f64", "cpu", AccelMode.NATIVE, True)
            assert holding() == ("f32", "cpu", AccelMode.NATIVE, False)
        assert holding() == BEFORE and rt.pure.random_state() == state
        with pytest.raises(KeyError), chosen.applied():
            assert rt.randn(2).tolist() == inside
            raise KeyError
        assert holding() == BEFORE and rt.pure.random_state() == state

    def test_they_are_their_threads_own(self) -> None:
        seen: list[Any] = []
        with Config(dtype="f32", backend="torch", autograd=False).applied():
            thread = threading.Thread(target=lambda: seen.append(holding()))
            thread.start()
            thread.join()
            context = copy_context()
        context.run(lambda: seen.append(holding()))
        assert seen == [BEFORE, ("f32", "cpu", AccelMode.NATIVE, False)]

    def test_tasks_take_them_along(self) -> None:
        async def task() -> tuple[Any, ...]:
            return holding()

        async def main() -> list[Any]:
            with Config(dtype="f32", backend="torch", autograd=False).applied():
                started = asyncio.create_task(task())
            return [await started, await asyncio.create_task(task())]

        assert asyncio.run(main()) == [("f32", "cpu", AccelMode.NATIVE, False), BEFORE]

    def test_what_goes_before_what(self) -> None:
        with Config(dtype="f32", backend="torch", autograd=False).applied():
            Config(dtype="f64", backend="native", autograd=True).apply()
            assert holding() == ("f32", "cpu", AccelMode.NATIVE, True)
        with rt.no_grad():
            Config(autograd=True).apply()
        assert holding() == BEFORE

    def test_what_is_applied_inside_holds_behind_it(self) -> None:
        with Config(dtype="f32").applied():
            config.use_f64()
            assert rt.zeros(1).dtype == "f32"
        config.use_f32()
        assert rt.zeros(1).dtype == "f32"

    def test_generators_do_not_mix_them_up(self) -> None:
        def steps(dtype: str) -> Any:
            with Config(dtype=dtype).applied():
                yield rt.zeros(1).dtype
                yield rt.zeros(1).dtype

        first, second = steps("f32"), steps("f64")
        assert [next(first), next(second), *first, *second] == ["f32", "f64", "f64", "f64"]
        assert holding() == BEFORE

    def test_as_a_decorator_and_by_many_threads(self) -> None:
        @Config(dtype="f32").applied()
        def made() -> str:
            return rt.zeros(1).dtype

        results: list[str] = []
        threads = [threading.Thread(target=lambda: results.extend(made() for _ in range(50))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == ["f32"] * 200 and made() == "f32" and holding() == BEFORE

    def test_the_process_is_one_for_all_threads(self) -> None:
        seen: list[Any] = []
        Config(dtype="f32", backend="torch", autograd=False).apply()
        thread = threading.Thread(target=lambda: seen.append(holding()))
        thread.start()
        thread.join()
        assert seen == [("f32", "cpu", AccelMode.NATIVE, True)]  # recording is each thread's own


class TestShorthands:
    def test_files_are_applied(self, write: Write) -> None:
        write("dl.config.sdn", "dtype: f32\n")
        write("other.sdn", "backend: torch\n")
        assert rt.apply_config() == Config(dtype="f32")
        assert rt.apply_config("other.sdn") == Config(backend="torch")
        assert holding() == ("f32", "cpu", AccelMode.NATIVE, True)
        assert rt.apply_config(Config(dtype="f64")) == Config(dtype="f64")
        assert holding()[0] == "f64"

    @pytest.mark.parametrize("load", [config.load_and_apply, config.apply_file_to_global])
    def test_whether_there_was_a_file(self, write: Write, load: Callable[[str], bool]) -> None:
        assert load("none.sdn") is False
        write("x.sdn", "dtype: f32\n")
        assert load("x.sdn") is True and holding()[0] == "f32"
        write("x.sdn", "dtype: f3\n")
        with pytest.raises(rt.ConfigError, match="unknown dtype"):
            load("x.sdn")

    def test_dictionaries(self) -> None:
        config.apply_sdn_to_global(rt.sdn.parse("dtype: f32\nautograd: false"))
        assert holding() == ("f32", "cpu", AccelMode.PURE, False)

    @pytest.mark.parametrize(
        ("preset", "wanted"),
        [
            (config.config_training, ("cuda:0", "f32", "torch", True, False)),
            (config.config_inference, ("cuda:0", "f32", "torch", False, False)),
            (config.config_development, ("cpu", "f64", "native", True, False)),
            (config.config_mixed_precision, ("cuda:0", "f16", "torch", True, True)),
            (config.config_cpu_training, ("cpu", "f32", "torch", True, False)),
        ],
    )
    def test_presets(self, preset: Callable[[], Config], wanted: tuple[Any, ...]) -> None:
        made = preset()
        assert (made.device, made.dtype, made.backend, made.autograd, made.amp) == wanted
        assert all(made.says(key) for key in ("device", "dtype", "backend", "autograd", "amp")) and made.seed is None

    def test_presets_that_any_machine_has(self) -> None:
        config.config_cpu_training().apply()
        assert holding() == ("f32", "cpu", AccelMode.NATIVE, True)
        config.config_development().apply()
        assert holding() == BEFORE

    def test_one_thing_at_a_time(self) -> None:
        from rt_torch import _defaults

        for use, dtype in (("f16", "f16"), ("bf16", "bf16"), ("f32", "f32"), ("f64", "f64")):
            getattr(config, f"use_{use}")()
            assert _defaults.current() == (dtype, "cpu")
        config.use_torch()
        assert rt.get_current_mode() is AccelMode.NATIVE
        config.use_gpu(1)
        assert _defaults.current() == ("f64", "cuda:1")
        config.use_native()
        assert holding() == BEFORE
