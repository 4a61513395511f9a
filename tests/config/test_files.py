"""Configuration files: which are read, who overrides whom, and what is said of mistakes."""

from __future__ import annotations

import copy
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import rt_torch as rt
from rt_torch import Config, config
from rt_torch.config import (
    extract_dl_config_from_sdn,
    load_config_from_file,
    load_local_config,
    load_user_config,
)

Write = Callable[[str, str], None]


def problem(text: str) -> str:
    """What is said of a file with this text."""
    Path("bad.sdn").write_text(text, encoding="utf-8")
    with pytest.raises(rt.ConfigError) as caught:
        load_config_from_file("bad.sdn")
    return str(caught.value)


class TestValues:
    def test_the_file_of_the_original(self, write: Write) -> None:
        write("dl.config.sdn", 'device: "cuda:1"  # the second one\ndtype: "f32"\nbackend: "torch"\nautograd: true\n')
        loaded = rt.load_config()
        assert loaded.device.to_string() == "cuda:1" and loaded.device.cuda_id() == 1
        assert (loaded.dtype.to_string(), loaded.backend.to_string()) == ("f32", "torch")
        assert (loaded.autograd, loaded.amp, loaded.seed) == (True, False, None)

    def test_every_key(self, write: Write) -> None:
        write("x.sdn", "device: gpu\ndtype: bfloat16\nbackend: pytorch\nautograd: false\namp: true\nseed: -1\n")
        loaded = load_config_from_file("x.sdn")
        assert (loaded.device, loaded.dtype, loaded.backend) == ("cuda:0", rt.DType.BF16, rt.Backend.PYTORCH)
        assert (loaded.autograd, loaded.amp, loaded.seed) == (False, True, -1)

    def test_any_form_of_the_notation_will_do(self, write: Write) -> None:
        write("x.sdn", "{device: cuda:1, seed = 5}".replace(" =", ":"))
        assert load_config_from_file(Path("x.sdn")) == Config(device="cuda:1", seed=5)
        write("x.sdn", "device = 'cpu'\r\n\r\nseed: 1_000\r\n")
        assert load_config_from_file("x.sdn") == Config(device="cpu", seed=1000)

    def test_without_files_there_are_defaults(self) -> None:
        loaded = rt.load_config()
        assert (loaded.device, loaded.dtype, loaded.backend) == ("cpu", "f32", "torch")
        assert (loaded.autograd, loaded.amp, loaded.seed, loaded.files) == (True, False, None, ())
        assert not any(loaded.says(key) for key in ("device", "dtype", "backend", "autograd", "amp", "seed"))

    def test_cuda_means_a_cuda_device(self) -> None:
        assert Config(backend="cuda").device == "cuda:0"
        assert Config(backend="cuda", device="cuda:1").device == "cuda:1"
        assert Config(backend="cuda", device="cpu").device == "cpu"


class TestOrder:
    FILES = ("~/.simple/dl.config.sdn", "~/.config/rt-torch/dl.config.sdn", "dl.config.sdn", "dl.config.local.sdn")

    def test_each_overrides_the_keys_that_it_has(self, write: Write) -> None:
        for number, name in enumerate(self.FILES):
            write(name, f"seed: {number}\n")
            assert rt.load_config().seed == number
        write(self.FILES[0], "seed: 0\ndtype: f64\ndevice: cuda:7\n")
        write(self.FILES[1], "device: cuda:6\n")
        loaded = rt.load_config()
        assert (loaded.seed, loaded.dtype, loaded.device) == (3, "f64", "cuda:6")
        assert loaded.files == tuple(os.path.expanduser(name) for name in self.FILES)
        assert loaded.source("seed") == "dl.config.local.sdn:1"
        assert loaded.source("dtype") == f"{os.path.expanduser(self.FILES[0])}:2"
        assert loaded.source("amp") == ""

    def test_the_users_and_the_projects_alone(self, write: Write) -> None:
        write("~/.simple/dl.config.sdn", "seed: 1\ndtype: f16\n")
        write("dl.config.sdn", "seed: 2\n")
        assert load_user_config() == Config(seed=1, dtype="f16")
        assert load_local_config() == Config(seed=2)

    def test_where_the_users_files_are(self, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        write("~/.config/rt-torch/dl.config.sdn", "seed: 1\n")
        write("~/elsewhere/rt-torch/dl.config.sdn", "seed: 2\n")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "elsewhere"))
        assert load_user_config().seed == 2
        monkeypatch.setenv("XDG_CONFIG_HOME", "elsewhere")  # which is relative, and to be ignored
        assert load_user_config().seed == 1

    def test_users_without_a_home_have_no_files(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        """As those whom the system does not know, which containers run programs as."""
        write("./~/.simple/dl.config.sdn", "seed: 1\n")
        write("./~/.config/rt-torch/dl.config.sdn", "seed: 2\n")
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
        assert load_user_config() == Config()
        write("xdg/rt-torch/dl.config.sdn", "seed: 3\n")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(Path("xdg").resolve()))
        assert load_user_config().seed == 3

    def test_another_folder(self, write: Write, tmp_path: Path) -> None:
        write("sub/dl.config.sdn", "seed: 1\n")
        write("sub/dl.config.local.sdn", "dtype: f64\n")
        for folder in ("sub", tmp_path / "project" / "sub"):
            assert rt.load_config(folder) == load_local_config(folder) == Config(seed=1, dtype="f64")
        assert rt.load_config() == rt.load_config("") == Config()

    def test_what_is_no_folder(self, write: Write) -> None:
        """Nothing would be read there, and all be as if nobody had configured anything."""
        write("dl.config.sdn", "seed: 1\n")
        for load, name in ((rt.load_config, "rt.load_config"), (load_local_config, "rt.config.load_local_config")):
            with pytest.raises(rt.ConfigError, match=rf"^{name}: argument `folder`: a folder is expected; .*'nowhere'"):
                load("nowhere")
            with pytest.raises(rt.ConfigError, match=r"'dl\.config\.sdn' .*; rt\.config\.load_config_from_file reads"):
                load("dl.config.sdn")
            with pytest.raises(rt.ArgumentTypeError, match=rf"^{name}: argument `folder`: a path is expected"):
                load(5)  # type: ignore[arg-type]  # that is what is tried
        with pytest.raises(rt.ArgumentTypeError, match=r"^rt\.apply_config: argument `config`: a path is expected"):
            rt.apply_config({"seed": 1})  # type: ignore[arg-type]  # that is what is tried


class TestExtends:
    def test_what_is_extended_is_below(self, write: Write) -> None:
        write("dl.config.sdn", "extends: conf/base.sdn\nseed: 3\n")
        write("conf/base.sdn", 'extends: "../root.sdn"\nseed: 2\ndtype: f64\n')
        write("root.sdn", "seed: 1\ndtype: f16\ndevice: cuda:1\n")
        loaded = rt.load_config()
        assert loaded == Config(seed=3, dtype="f64", device="cuda:1")
        assert loaded.files == ("conf/../root.sdn", "conf/base.sdn", "dl.config.sdn")
        assert loaded.source("device") == "conf/../root.sdn:3"

    def test_the_home_can_be_named(self, write: Write) -> None:
        write("x.sdn", "extends: '~/base.sdn'\n")
        write("~/base.sdn", "seed: 1\n")
        assert load_config_from_file("x.sdn").seed == 1

    def test_circles_are_refused(self, write: Write) -> None:
        write("a.sdn", "extends: b.sdn\n")
        write("b.sdn", "# first\nextends: sub/../a.sdn\n")
        Path("sub").mkdir()
        with pytest.raises(rt.ConfigError) as caught:
            load_config_from_file("a.sdn")
        assert str(caught.value).startswith(
            "b.sdn:2:10: files extend each other in a circle: a.sdn -> b.sdn -> sub/../a.sdn\n  extends: sub/../a.sdn\n"
        )
        assert "in a circle: bad.sdn -> bad.sdn" in problem("extends: bad.sdn")
        Path("link.sdn").symlink_to("bad.sdn")
        assert "in a circle: bad.sdn -> link.sdn" in problem("extends: link.sdn")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("extends: none.sdn", "bad.sdn:1:10: Config file not found: none.sdn\n  extends: none.sdn\n           ^"),
            ("# c\nextends: sub", "bad.sdn:2:10: Failed to read config file: sub: It is a folder"),
            ("extends: loop.sdn", "bad.sdn:1:10: Failed to read config file: loop.sdn: Too many levels"),
            ("seed: 1\nextends: 5", "bad.sdn:2:10: the path of a file is expected"),
            ('extends: ""', "bad.sdn:1:10: the path of a file is expected"),
            ("extends: [a.sdn]", "bad.sdn:1:10: the path of a file is expected"),
        ],
    )
    def test_what_cannot_be_extended(self, text: str, said: str) -> None:
        Path("sub").mkdir()
        Path("loop.sdn").symlink_to("loop.sdn")
        assert problem(text).startswith(said)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "# c\n\ndevice: cuda1  # oh",
                'bad.sdn:3:9: unknown device \'cuda1\' (str): expected "cpu", "gpu", "cuda" or "cuda:N"; '
                'did you mean "cuda:1"?\n  device: cuda1  # oh\n          ^',
            ),
            ("device: 0", 'bad.sdn:1:9: unknown device 0 (int): expected "cpu"'),
            ("dtype: f23", "bad.sdn:1:8: unknown dtype 'f23' (str): expected f16, "),
            (
                "backend: pytroch",
                "bad.sdn:1:10: unknown backend 'pytroch' (str): expected native, torch, pytorch or cuda; did",
            ),
            ("autograd: yes", "bad.sdn:1:11: true or false is expected; given 'yes' (str)"),
            ("amp: 1", "bad.sdn:1:6: true or false is expected; given 1 (int)"),
            ("seed: 1.5", "bad.sdn:1:7: an integer of 64 bits is expected; given 1.5 (float)"),
            ("seed: true", "bad.sdn:1:7: an integer of 64 bits is expected; given True (bool)"),
            ("seed: 18446744073709551616", "bad.sdn:1:7: an integer of 64 bits is expected"),
            ("seed: null", "bad.sdn:1:7: an integer of 64 bits is expected; given None"),
            (
                "seed: 1\ndevise: cpu",
                "bad.sdn:2:1: unknown key 'devise' (str): expected one of device, dtype, backend, autograd, amp, seed, "
                'extends; did you mean "device"?\n  devise: cpu\n  ^',
            ),
            ("device |a| 1", "bad.sdn:1:8: unknown device Table("),
            ("dtype:\n  f32", "bad.sdn:2:3: unknown dtype ['f32'] (list)"),
            ("a b", "Failed to parse SDN: bad.sdn:1:3: "),
            ("grid g:\n  |1|", "Failed to parse SDN: bad.sdn:1:1: `grid` is an extension"),
            ("- 1", "SDN root must be a dictionary for DL config: bad.sdn:1:1: "),
            (
                "# c\ndevice:cpu\nseed:1\n",
                "SDN root must be a dictionary for DL config: bad.sdn:2:1: `key: value` is expected, with a space behind "
                "the colon\n  device:cpu\n  ^",
            ),
        ],
    )
    def test_the_place_is_named(self, text: str, said: str) -> None:
        assert problem(text).startswith(said)

    def test_files_that_are_not_there_or_cannot_be_read(self, tmp_path: Path) -> None:
        with pytest.raises(rt.ConfigError, match=r"^Config file not found: none\.sdn$"):
            load_config_from_file("none.sdn")
        with pytest.raises(rt.ConfigError, match=r"^Failed to read config file: .*project: It is a folder"):
            load_config_from_file(tmp_path / "project")
        Path("dl.config.sdn").mkdir()
        with pytest.raises(rt.ConfigError, match=r"^Failed to read config file: dl\.config\.sdn: "):
            rt.load_config()
        Path("bytes.sdn").write_bytes(b"device: \xff")
        with pytest.raises(rt.ConfigError, match=r"^Failed to parse SDN: bytes\.sdn:1:9: the byte 0xff is no UTF-8"):
            load_config_from_file("bytes.sdn")
        os.mkfifo("pipe.sdn")
        with pytest.raises(rt.ConfigError, match=r"^Failed to read config file: pipe\.sdn: "):
            load_config_from_file("pipe.sdn")
        for wrong in (5, None):
            with pytest.raises(rt.ArgumentTypeError, match="argument `path`: a path is expected"):
                load_config_from_file(wrong)  # type: ignore[arg-type]  # that is what is tried

    def test_errors_can_be_caught_by_what_they_are(self) -> None:
        with pytest.raises(ValueError, match="Config file not found"):
            load_config_from_file("none.sdn")
        assert issubclass(rt.ConfigError, rt.Error)


class TestWithoutFiles:
    def test_arguments(self) -> None:
        made = Config(device=rt.Device.CUDA(2), dtype="float16", autograd=False, seed=0)
        assert (made.device, made.dtype, made.autograd, made.seed) == ("cuda:2", rt.DType.F16, False, 0)
        assert made.says("autograd") and not made.says("amp") and made.source("seed") == ""
        assert repr(made) == "Config(device='cuda:2', dtype='f16', autograd=False, seed=0)"

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"device": "tpux"}, "argument `device`: unknown device"),
            ({"dtype": "f3"}, "argument `dtype`: unknown dtype"),
            ({"backend": "x"}, "argument `backend`: unknown backend"),
            ({"autograd": 1}, "argument `autograd`: true or false is expected"),
            ({"seed": 1 << 64}, "argument `seed`: an integer of 64 bits is expected"),
        ],
    )
    def test_arguments_that_are_wrong(self, arguments: dict[str, object], said: str) -> None:
        with pytest.raises(rt.ConfigError, match=f"^rt.Config: {said}"):
            Config(**arguments)  # type: ignore[arg-type]  # that is what is tried

    def test_merging_and_comparing(self) -> None:
        a, b = Config(device="cpu", seed=1), Config(seed=2, amp=True)
        assert a.merged(b) == Config(device="cpu", seed=2, amp=True) and a == Config(device="cpu", seed=1)
        assert a.merged(Config()) == a and hash(a) == hash(Config(device="cpu", seed=1)) and a != b and a != 5
        assert Config(dtype="f32") != Config()  # as only one of them says it
        with pytest.raises(rt.ArgumentTypeError, match=r"rt\.Config\.merged: argument `other`: a Config is expected"):
            a.merged({"seed": 2})  # type: ignore[arg-type]  # that is what is tried

    def test_they_are_not_changed(self) -> None:
        for name in ("device", "seed", "files", "other"):
            with pytest.raises(AttributeError):
                setattr(Config(seed=1), name, ())

    def test_they_are_copied_and_sent(self, write: Write) -> None:
        write("dl.config.sdn", "device: gpu\ndtype: bf16\nbackend: cuda\nseed: 1\n")
        loaded = rt.load_config()
        for copied in (copy.deepcopy(loaded), pickle.loads(pickle.dumps(loaded))):
            assert copied == loaded and str(copied) == str(loaded) and copied.files == loaded.files

    def test_keys_that_there_are_not(self) -> None:
        for ask in (Config().get, Config().says, Config().source):
            with pytest.raises(rt.ConfigError, match=r"unknown key 'sed' .*did you mean \"seed\""):
                ask("sed")

    def test_what_is_printed(self, write: Write) -> None:
        write("dl.config.sdn", "device: gpu\nseed: 1\namp: false\n")
        assert str(rt.load_config().merged(Config(dtype="f64"))) == (
            "device    cuda:0    dl.config.sdn:1\n"
            "dtype     f64       given\n"
            "backend   torch     default\n"
            "autograd  true      default\n"
            "amp       false     dl.config.sdn:3\n"
            "seed      1         dl.config.sdn:2"
        )

    def test_dictionaries(self) -> None:
        assert extract_dl_config_from_sdn({"device": "gpu", "seed": 1}) == Config(device="cuda:0", seed=1)
        for value, said in (
            ([], "SDN root must be a dictionary for DL config"),
            ({"seed": "x"}, "seed: an integer"),
            ({"extends": "x"}, "unknown key 'extends'"),
        ):
            with pytest.raises(rt.ConfigError, match=said):
                extract_dl_config_from_sdn(value)


def test_all_is_there() -> None:
    assert sorted(set(config.__all__)) == sorted(config.__all__)
    assert all(hasattr(config, name) for name in config.__all__)
