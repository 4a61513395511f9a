"""The C library alone: built with several compilers and checkers, and run on a stand-in for libtorch."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CORE = sorted((ROOT / "native" / "core").glob("*.c"))
LIBRARY = [*CORE, *sorted((ROOT / "native" / "torch").glob("*.c")), ROOT / "generated" / "c" / "rt_torch.c"]
CUDA = [*CORE, *sorted((ROOT / "native" / "cuda").glob("*.c")), ROOT / "generated" / "c" / "rt_cuda.c"]
INCLUDES = [f"-I{ROOT / folder}" for folder in ("native/core", "native/torch", "native/cuda", "generated/c")]
WARNINGS = ["-std=c11", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
OLDER = ["-DFAKE_OLDER", "-DFAKE_VERSION=0x020a000000000000"]

pytestmark = pytest.mark.skipif(os.environ.get("RT_TORCH_LIBRARY") == "none", reason="this run is without the library")


@dataclass(frozen=True)
class Variant:
    """One way to build and run the tests."""

    name: str
    compiler: str
    flags: tuple[str, ...]
    runner: tuple[str, ...] = ()
    divisor: int = 1  # of the number of rounds: memory checkers are slow


ADDRESS = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
THREAD = ("-O1", "-fsanitize=thread")
VALGRIND = ("valgrind", "-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect")
PLAIN = Variant("plain", "gcc", ("-O2",))
VARIANTS = [
    PLAIN,
    Variant("address", "gcc", ADDRESS, divisor=2),
    Variant("thread", "gcc", THREAD, divisor=2),
    Variant("clang-address", "clang", ADDRESS, divisor=2),
    Variant("clang-thread", "clang", THREAD, divisor=2),
    Variant("valgrind", "gcc", ("-O1",), VALGRIND, divisor=50),
]


class Builder:
    """Compiles into one folder, each thing once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def compile(self, variant: Variant, target: str, sources: list[Path], *options: str) -> Path:
        output = self.folder / variant.name / target
        if not output.exists():
            output.parent.mkdir(parents=True, exist_ok=True)
            libraries = ["-ldl", "-lpthread", "-lm"]
            files = [str(source) for source in sources]
            command = [variant.compiler, *WARNINGS, *variant.flags, *INCLUDES, *options, *files, *libraries]
            done = subprocess.run([*command, "-o", str(output)], check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        return output

    def fake(self, variant: Variant, name: str, *options: str) -> Path:
        """A stand-in for libtorch, in a folder of its own: its file name is fixed."""
        shared = ["-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-soname,libtorch_cpu.so"]
        return self.compile(variant, f"{name}/libtorch_cpu.so", [HERE / "fake_libtorch.c"], *shared, *options)

    def fake_cudart(self, variant: Variant, name: str, *options: str, version: int = 12090) -> Path:
        """A stand-in for CUDA's runtime."""
        soname = f"libcudart.so.{version // 1000}"
        shared = ["-fPIC", "-shared", "-fvisibility=hidden", f"-Wl,-soname,{soname}", f"-DFAKE_VERSION={version}"]
        return self.compile(variant, f"{name}/{soname}", [HERE / "fake_cudart.c"], *shared, *options)

    def other(self, target: str, *options: str) -> Path:
        """Some other shared library."""
        shared = ["-fPIC", "-shared", "-fvisibility=hidden", *options]
        return self.compile(PLAIN, target, [HERE / "fake_libtorch.c"], *shared)

    def library_test(self, variant: Variant) -> Path:
        return self.compile(variant, "test_library", [*LIBRARY, HERE / "test_library.c"])

    def program(self, name: str, *options: str) -> Path:
        return self.compile(PLAIN, name, [*LIBRARY, HERE / f"{name}.c"], *options)


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    return Builder(tmp_path_factory.mktemp("native"))


@pytest.fixture(params=VARIANTS, ids=lambda variant: variant.name)
def variant(request: pytest.FixtureRequest, tmp_path: Path) -> Variant:
    chosen: Variant = request.param
    needs_tools(chosen)
    if chosen.flags != PLAIN.flags:
        trial = tmp_path / "trial.c"
        trial.write_text("int main(void) { return 0; }\n")
        command = [chosen.compiler, *chosen.flags, str(trial), "-o", str(tmp_path / "trial")]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip(f"{chosen.compiler} cannot link {' '.join(chosen.flags)}")
    return chosen


def needs_tools(variant: Variant) -> None:
    for tool in (variant.compiler, *variant.runner[:1]):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")


def run_tests(variant: Variant, program: Path, *arguments: str) -> None:
    """Run a test program; its output must be the summary and nothing else."""
    command = [*variant.runner, str(program), *arguments]
    environment = {**os.environ, "TEST_ROUNDS_DIVISOR": str(variant.divisor)}
    environment["TSAN_OPTIONS"] = f"suppressions={HERE / 'thread.supp'}"
    environment.pop("RT_TORCH_LIBTORCH", None)
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if "unexpected memory mapping" in done.stderr and shutil.which("setarch"):  # older checkers on newer kernels
        done = subprocess.run(["setarch", "-R", *command], check=False, capture_output=True, text=True, env=environment)
    output = done.stdout + done.stderr
    assert re.fullmatch(r"[1-9]\d* passed, 0 failed\n", output), output
    assert done.returncode == 0


def test_handles(builder: Builder, variant: Variant) -> None:
    sources = [*CORE, HERE / "test_handles.c"]
    run_tests(variant, builder.compile(variant, "test_handles", sources))


def test_errors(builder: Builder, variant: Variant) -> None:
    sources = [*CORE, HERE / "test_errors.c"]
    run_tests(variant, builder.compile(variant, "test_errors", sources, "-Wl,--wrap=malloc"))


def test_what_is_put_off(builder: Builder, variant: Variant) -> None:
    sources = [*CORE, HERE / "test_later.c"]
    run_tests(variant, builder.compile(variant, "test_later", sources))


def test_handles_are_used_up(builder: Builder, variant: Variant) -> None:
    sources = [*CORE, HERE / "test_handles.c"]
    tiny = ["-DTINY", "-DHANDLE_GENERATION_BITS=2", "-DHANDLE_CHUNKS=2"]
    run_tests(variant, builder.compile(variant, "test_tiny_handles", sources, *tiny))


def test_library(builder: Builder, variant: Variant) -> None:
    run_tests(variant, builder.library_test(variant), str(builder.fake(variant, "new")))


def test_library_on_the_oldest_libtorch(builder: Builder, variant: Variant) -> None:
    run_tests(variant, builder.library_test(variant), str(builder.fake(variant, "old", *OLDER)))


def test_random_numbers(builder: Builder, variant: Variant) -> None:
    program = builder.compile(variant, "test_random", [*LIBRARY, HERE / "test_random.c"])
    run_tests(variant, program, str(builder.fake(variant, "new")))


CHECKERS = [variant for variant in VARIANTS if variant.name in ("plain", "clang-address", "thread", "valgrind")]


@pytest.mark.parametrize("variant", CHECKERS, ids=lambda variant: variant.name, indirect=True)
def test_cuda(builder: Builder, variant: Variant) -> None:
    program = builder.compile(variant, "test_cuda", [*CUDA, HERE / "test_cuda.c"])
    run_tests(variant, program, str(builder.fake_cudart(variant, "cuda12")))


def test_cuda_13(builder: Builder) -> None:
    needs_tools(PLAIN)
    program = builder.compile(PLAIN, "test_cuda", [*CUDA, HERE / "test_cuda.c"])
    run_tests(PLAIN, program, str(builder.fake_cudart(PLAIN, "cuda13", version=13050)))


# Finding libtorch: each case in a process of its own, since a process can hold only one.


@pytest.fixture(scope="session")
def fakes(builder: Builder) -> dict[str, Path]:
    """Stand-ins by name."""
    needs_tools(PLAIN)
    return {
        "new": builder.fake(PLAIN, "new"),
        "old": builder.fake(PLAIN, "old", *OLDER),
        "too_old": builder.fake(PLAIN, "too_old", "-DFAKE_VERSION=0x0209010000000000"),
        "stranger": builder.fake(PLAIN, "stranger", "-DFAKE_STRANGER"),
    }


Probe = Callable[..., list[str]]


@pytest.fixture
def probe(builder: Builder, tmp_path: Path) -> Probe:
    """Run commands of probe.c in one process; a line of output for each."""
    needs_tools(PLAIN)

    def run(
        *commands: object,
        environment: str = "",
        system: Path | None = None,
        cuda: str = "",
        through: Sequence[str] = (),
    ) -> list[str]:
        settings = {**os.environ, "RT_TORCH_LIBTORCH": environment, "RT_TORCH_CUDA": cuda}
        settings["LD_LIBRARY_PATH"] = str(system or tmp_path)
        arguments = [str(command) for command in commands]
        done = subprocess.run(
            [*through, str(builder.program("probe")), *arguments],
            check=False,
            capture_output=True,
            env=settings,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8").splitlines()

    return run


def test_a_file_or_its_folder_is_loaded(probe: Probe, fakes: dict[str, Path]) -> None:
    for path in (fakes["new"], fakes["new"].parent, f"{fakes['new'].parent}/"):
        assert probe("load", path, "call", "path", "version") == ["0 ", "0 ", f"{fakes['new']} 0 ", "2.13.0 0 "]


def test_a_relative_path_is_no_search(probe: Probe, fakes: dict[str, Path], tmp_path: Path) -> None:
    assert "there is no file or folder" in probe("load", "libtorch_cpu.so", system=fakes["new"].parent)[0]
    shutil.copy(fakes["new"], tmp_path)
    assert probe("load", "libtorch_cpu.so", "path") == ["0 ", f"{tmp_path / 'libtorch_cpu.so'} 0 "]


@pytest.mark.parametrize("before", [[], ["loaded"]], ids=["loading", "loaded"])
def test_a_plugin_may_compute_as_it_is_loaded(builder: Builder, fakes: dict[str, Path], before: list[str]) -> None:
    """While its constructor holds the loader's lock, another thread opens libtorch, or looks up its functions."""
    shared = ["-fPIC", "-shared"]
    plugin = builder.compile(PLAIN, "plugin.so", [HERE / "plugin.c"], *shared)
    environment = {**os.environ, "RT_TORCH_LIBTORCH": str(fakes["new"])}
    command = [str(builder.program("host", "-rdynamic")), str(plugin), *before]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "1 1\n")


def test_a_thread_with_a_small_stack_can_load(
    probe: Probe, builder: Builder, fakes: dict[str, Path], tmp_path: Path
) -> None:
    """Language runtimes have such threads."""
    library, needed = needing_a_neighbour(builder, tmp_path / "library")
    assert probe("small", fakes["new"], "call") == ["0 ", "0 "]
    shutil.copy(needed, tmp_path)
    assert probe("small", library, "call") == ["0 ", "0 "]
    truncated(needed, tmp_path / needed.name)
    assert 'libneeded.so" is truncated' in probe("small", library)[0]


def test_the_order_of_the_search(probe: Probe, fakes: dict[str, Path]) -> None:
    new, old = fakes["new"], fakes["old"]
    assert probe("call", "path", environment=str(new), system=old.parent)[1] == f"{new} 0 "
    assert probe("suggest", old, "call", "path", environment=str(new))[2] == f"{new} 0 "
    assert probe("load", old, "path", environment=str(new))[1] == f"{old} 0 "
    assert probe("open", old, "suggest", new, "call", "path", system=new.parent)[3] == f"{old} 0 "
    assert probe("suggest", new, "call", "path", system=old.parent)[2] == f"{new} 0 "
    assert probe("suggest", "/nowhere", "call", "path", system=old.parent)[2] == f"{old} 0 "
    assert probe("suggest", new, "suggest", "-", "call", "path", system=old.parent)[3] == f"{old} 0 "
    assert probe("available", system=old.parent) == ["1 "]


def test_where_it_looked_is_told(probe: Probe) -> None:
    lines = probe("available", "call", "suggest", "/nowhere", "call", "load", "-")
    assert lines[0] == "0 "
    assert lines[1].startswith("3 rt_torch_from_data_f64: libtorch was not found: this process has none open")
    for part in ("RT_TORCH_LIBTORCH is not set", "no path was suggested", "no libtorch_cpu.so; install it, or set"):
        assert part in lines[1]
    assert 'the suggested "/nowhere" does not exist' in lines[3]
    assert lines[4].startswith("3 rt_torch_load: libtorch was not found")


def test_a_failed_search_is_repeated_when_something_changed(probe: Probe, fakes: dict[str, Path]) -> None:
    assert probe("call", "setenv", fakes["new"], "call")[2] == "0 "
    assert probe("call", "suggest", fakes["new"], "call")[2] == "0 "
    assert probe("load", "/nowhere", "load", fakes["new"], "call")[1:] == ["0 ", "0 "]
    assert probe("available", "open", fakes["new"], "available") == ["0 ", "0 ", "1 "]


def test_an_environment_that_is_wrong_is_an_error(probe: Probe, fakes: dict[str, Path]) -> None:
    lines = probe("suggest", fakes["new"], "call", environment="/nowhere", system=fakes["new"].parent)
    assert lines[1].startswith(
        "3 rt_torch_from_data_f64: the environment variable RT_TORCH_LIBTORCH says where libtorch is, but there is no file"
    )


def test_a_second_copy_is_refused(probe: Probe, fakes: dict[str, Path], tmp_path: Path) -> None:
    new, old = fakes["new"], fakes["old"]
    lines = probe("load", new, "load", new, "load", new.parent, "load", "-", "load", old, "call")
    assert lines[:4] == ["0 "] * 4
    assert f'"{old}" cannot be loaded, since this process already has libtorch 2.13.0 from "{new}"' in lines[4]
    assert lines[5] == "0 "
    assert "already has libtorch" in probe("open", new, "load", old)[1]
    assert "already has libtorch" in probe("open", new, "call", environment=str(old))[1]
    lines = probe("load", fakes["too_old"], "load", new, "load", fakes["too_old"])
    assert (
        f'this process still has "{fakes["too_old"]}", which was refused: the libtorch found is version 2.9.1'
        in lines[1]
    )
    assert lines[2] == lines[0]
    link = tmp_path / "link.so"
    link.symlink_to(new)
    assert probe("load", new, "load", link) == ["0 ", "0 "]


def test_what_is_no_libtorch_is_refused(probe: Probe, fakes: dict[str, Path], tmp_path: Path) -> None:
    text = tmp_path / "text.so"
    text.write_text("/* GNU ld script */\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "nothing.so").write_bytes(b"")
    expectations = {
        "/nowhere": 'there is no file or folder "/nowhere"',
        empty: "holds no libtorch_cpu.so",
        text: "is no shared library",
        tmp_path / "nothing.so": "is no shared library",
        "/dev/null": "is no shared library",
        fakes["stranger"]: "is no libtorch: it has no `aoti_torch_abi_version`",
        fakes["too_old"]: "the libtorch found is version 2.9.1, and 2.10 is the oldest",
    }
    for path, part in expectations.items():
        line = probe("load", path)[0]
        assert line.startswith("3 rt_torch_load: argument `path`: "), line
        assert part in line
    assert probe("load", text, "load", fakes["new"], "call") == [probe("load", text)[0], "0 ", "0 "]
    line = probe("suggest", fakes["too_old"], "call", system=fakes["new"].parent)[1]
    assert "the suggested path cannot be used: the libtorch found is version 2.9.1, and 2.10 is the oldest" in line
    line = probe("load", "/" + "x" * 4095)[0]
    assert line == "2 rt_torch_load: argument `path`: more than 4095 bytes were given, and no path is that long"
    assert "a path of 4095 bytes is too long" in probe("load", "x" * 4095)[0]  # "./" is put before it


def test_a_truncated_file_is_recognised(probe: Probe, fakes: dict[str, Path], tmp_path: Path) -> None:
    whole = fakes["new"].read_bytes()
    ends = loaded_segment_ends(whole)
    cut = tmp_path / "libtorch_cpu.so"
    for length in (8, 63, 100, len(whole) // 100, ends // 3, ends * 6 // 10, ends - 1):
        cut.write_bytes(whole[:length])
        line = probe("load", cut)[0]
        assert "is truncated" in line, (length, line)
    for machine in (b"\x03", b"\xb7"):  # i386, AArch64
        if whole[18:19] != machine:
            cut.write_bytes(whole[:18] + machine + whole[19:])
            assert "another kind of machine" in probe("load", cut)[0]


def truncated(whole: Path, place: Path) -> Path:
    elf = whole.read_bytes()
    place.write_bytes(elf[: loaded_segment_ends(elf) // 2])
    return place


def test_a_truncated_file_on_the_loader_s_path_is_refused(probe: Probe, fakes: dict[str, Path], tmp_path: Path) -> None:
    cut = truncated(fakes["new"], tmp_path / "libtorch_cpu.so")
    for folder in (str(tmp_path), f"/usr/lib/../..{tmp_path}"):  # the second looks like one of the system's own
        line = probe("call", system=folder)[0]
        assert line.startswith(f'3 rt_torch_from_data_f64: "{folder}/libtorch_cpu.so" is truncated'), line
    cut.write_text("/* GNU ld script */\n")
    assert "is no shared library" in probe("call", system=tmp_path)[0]


def test_a_truncated_neighbour_is_refused(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    needs_tools(PLAIN)
    needed = builder.other("neighbours/libneeded.so", "-DFAKE_STRANGER", "-Wl,-soname,libneeded.so")
    for origin in ("$ORIGIN", "${ORIGIN}/../neighbours", ""):
        name = f"needing{len(origin)}"
        options = ["-Wl,--no-as-needed", str(needed), f"-Wl,-rpath,{origin}"]
        whole = builder.fake(PLAIN, name, *options[: 3 if origin else 2])
        folder = tmp_path / name
        (tmp_path / "neighbours").mkdir(exist_ok=True)
        beside = (tmp_path / "neighbours" if ".." in origin else folder) / "libneeded.so"
        folder.mkdir()
        shutil.copy(whole, folder)
        shutil.copy(needed, beside)
        assert probe("load", folder, "call", system=folder) == ["0 ", "0 "]
        truncated(needed, beside)
        for line in (*probe("load", folder, system=folder), *probe("call", system=folder)):
            assert 'libneeded.so" is truncated' in line, line


def searched(folder: Path, *, runpath: str | None = None) -> list[Path]:
    """Where the loader looks for a library of this folder, in its order and its own words."""
    source = folder / "search.c"
    folder.mkdir(exist_ok=True)
    source.write_text("int main(void) { return 0; }\n")
    options = [] if runpath is None else [f"-Wl,-rpath,{runpath}"]
    subprocess.run(["gcc", str(source), "-o", str(folder / "search"), *options], check=True)
    environment = {**os.environ, "LD_DEBUG": "libs"} | ({} if runpath else {"LD_LIBRARY_PATH": str(folder)})
    done = subprocess.run([str(folder / "search")], check=True, capture_output=True, text=True, env=environment)
    tried = re.findall(rf"trying file=({re.escape(str(folder))}.*)/libc\.so", done.stderr)
    if not tried:
        pytest.skip("this loader does not tell where it searches")
    return [Path(place) for place in dict.fromkeys(tried)]


def needing_a_neighbour(builder: Builder, folder: Path, *options: str) -> tuple[Path, Path]:
    """A stand-in for libtorch in a folder of its own, and what it needs, which is elsewhere."""
    needs_tools(PLAIN)
    needed = builder.other("neighbours/libneeded.so", "-DFAKE_STRANGER", "-Wl,-soname,libneeded.so")
    name = f"needing_elsewhere{zlib.crc32(repr(options).encode())}"
    whole = builder.fake(PLAIN, name, "-Wl,--no-as-needed", str(needed), *options)
    folder.mkdir()
    return Path(shutil.copy(whole, folder)), needed


def test_a_truncated_neighbour_for_some_processors_is_not_opened(
    probe: Probe, builder: Builder, tmp_path: Path
) -> None:
    """Such as one in glibc-hwcaps/x86-64-v2, in every place where this loader looks."""
    library, needed = needing_a_neighbour(builder, tmp_path / "library")
    system = tmp_path / "system"
    places = searched(system)
    assert places[-1] == system
    for folder in [*places[:-1], system / "glibc-hwcaps" / "x86-64-v9", system / "another"]:
        folder.mkdir(parents=True, exist_ok=True)
        cut = truncated(needed, folder / needed.name)
        expected = f'"{cut}" is truncated' if folder in places else "libneeded.so: cannot open shared object file"
        assert expected in probe("load", library, system=system)[0].replace("//", "/")
        whole = shutil.copy(needed, system)
        assert probe("load", library, "call", system=system) == ["0 ", "0 "]
        os.unlink(whole)
        cut.unlink()


def test_a_whole_neighbour_is_opened_in_place_of_a_truncated_one(
    probe: Probe, builder: Builder, tmp_path: Path
) -> None:
    """What the whole one needs is opened before it, and what no whole one is there for is named."""
    needs_tools(PLAIN)
    last = builder.other("replaced/liblast.so", "-DFAKE_STRANGER", "-Wl,-soname,liblast.so")
    rest = ["-Wl,--no-as-needed", str(last)]
    middle = builder.other("replacing/libmiddle.so", "-DFAKE_STRANGER", "-Wl,-soname,libmiddle.so", *rest)
    options = ["-Wl,--no-as-needed", str(last), str(middle), f"-Wl,-rpath-link,{last.parent}"]
    library = builder.fake(PLAIN, "replaced_needing", *options)
    bad, good = tmp_path / "bad", tmp_path / "good"
    for folder in (bad, good):
        folder.mkdir()
    for neighbour in (last, middle):
        shutil.copy(neighbour, good)
        truncated(neighbour, bad / neighbour.name)
    path = f"{bad}:{good}"
    assert probe("load", library, "call", system=path) == ["0 ", "0 "]
    (good / last.name).unlink()
    assert f'"{bad / last.name}" is truncated' in probe("load", library, system=path)[0]


def test_a_neighbour_without_a_name_of_its_own_is_not_replaced(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    """The loader would look for it in spite of another one that is open."""
    needs_tools(PLAIN)
    nameless = builder.other("nameless/libnameless.so", "-DFAKE_STRANGER")
    library = builder.fake(PLAIN, "needing_nameless", "-Wl,--no-as-needed", f"-L{nameless.parent}", "-lnameless")
    bad, good = tmp_path / "bad", tmp_path / "good"
    for folder in (bad, good):
        folder.mkdir()
    shutil.copy(nameless, good)
    truncated(nameless, bad / nameless.name)
    assert probe("load", library, system=good) == ["0 "]
    assert "is truncated" in probe("load", library, system=f"{bad}:{good}")[0]


def test_neighbours_are_found_wherever_the_loader_finds_them(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    """In a runpath with an empty entry, which is the present folder, and behind very many folders."""
    nowhere, bad = tmp_path / "nowhere", tmp_path / "bad"
    bad.mkdir()
    many = ":".join(f"{nowhere}/a_folder_with_a_rather_long_name_{number}" for number in range(200))
    for number, (runpath, place) in enumerate(((f"{nowhere}:", tmp_path), (f"{many}:{bad}", bad))):
        library, needed = needing_a_neighbour(builder, tmp_path / f"library{number}", f"-Wl,-rpath,{runpath}")
        shutil.copy(needed, place)
        assert probe("load", library, system=nowhere) == ["0 "]
        truncated(needed, place / needed.name)
        assert "is truncated" in probe("load", library, system=nowhere)[0]


def test_what_a_filter_stands_for_is_looked_at(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    needs_tools(PLAIN)
    wanted = builder.other("filtered/libwanted.so", "-DFAKE_STRANGER", "-Wl,-soname,libwanted.so")
    for option in ("-f", "-F"):
        library = builder.fake(PLAIN, f"filter{option}", f"-Wl,{option},libwanted.so")
        truncated(wanted, tmp_path / wanted.name)
        assert "is truncated" in probe("load", library, system=tmp_path)[0]
        shutil.copy(wanted, tmp_path)
        assert probe("load", library, system=tmp_path) == ["0 "]


def test_a_neighbour_whose_end_was_never_written_is_refused(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    """A download may be given its length beforehand, in zeros."""
    library, needed = needing_a_neighbour(builder, tmp_path / "library")
    whole = needed.read_bytes()
    for kept in (64, 1000, len(whole) // 2, len(whole) * 9 // 10):
        (tmp_path / needed.name).write_bytes(whole[:kept] + bytes(len(whole) - kept))
        assert "is truncated" in probe("load", library, system=tmp_path)[0]
    (tmp_path / needed.name).write_bytes(whole)
    assert probe("load", library, system=tmp_path) == ["0 "]


def test_a_folder_of_links_has_its_own_neighbours(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    library, needed = needing_a_neighbour(builder, tmp_path / "library", "-Wl,-rpath,$ORIGIN")
    truncated(needed, tmp_path / "library" / needed.name)
    links = tmp_path / "links"
    links.mkdir()
    (links / library.name).symlink_to(library)
    shutil.copy(needed, links)
    assert "is truncated" in probe("load", library)[0]
    assert probe("load", links) == ["0 "]


def test_libtorch_for_some_processors_is_found_where_the_loader_finds_it(
    probe: Probe, fakes: dict[str, Path], tmp_path: Path
) -> None:
    system = tmp_path / "system"
    for folder in reversed(searched(system)):
        folder.mkdir(parents=True, exist_ok=True)
        whole = shutil.copy(fakes["new"], folder)
        assert probe("call", "path", system=system) == ["0 ", f"{whole} 0 "]
        cut = truncated(fakes["new"], folder / fakes["new"].name)
        assert f'"{cut}" is truncated' in probe("call", system=system)[0]


def test_the_loader_s_own_words_in_a_runpath_are_followed(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    """$LIB is "lib64" or the like, $PLATFORM the kind of processor."""
    for words in ("$LIB", "${LIB}/of/$PLATFORM", "x${PLATFORM}y"):
        runpath = f"$ORIGIN/{words}"
        named = tmp_path / f"named{len(words)}"
        library, needed = needing_a_neighbour(builder, named, f"-Wl,-rpath,{runpath}")
        place = searched(named, runpath=runpath)[-1]
        place.mkdir(parents=True)
        shutil.copy(needed, place)
        assert probe("load", library) == ["0 "]
        truncated(needed, place / needed.name)
        assert 'libneeded.so" is truncated' in probe("load", library)[0]


def test_a_truncated_neighbour_that_is_already_loaded_is_no_harm(
    probe: Probe, builder: Builder, tmp_path: Path
) -> None:
    """The loader takes the one that it has."""
    library, needed = needing_a_neighbour(builder, tmp_path / "library")
    truncated(needed, tmp_path / needed.name)
    assert "is truncated" in probe("load", library, system=tmp_path)[0]
    assert probe("open", needed, "load", library, "call", system=tmp_path)[1:] == ["0 ", "0 "]


def test_a_neighbour_named_with_its_folder_is_looked_at(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    needs_tools(PLAIN)
    needed = builder.other("by_path/named_by_path.so", "-DFAKE_STRANGER")  # without a soname, so by its path
    place = shutil.move(needed, tmp_path / needed.name)
    whole = builder.fake(PLAIN, "needing_a_path", "-Wl,--no-as-needed", str(place))
    assert probe("load", whole) == ["0 "]
    truncated(place, place)
    assert 'named_by_path.so" is truncated' in probe("load", whole)[0]


def test_a_neighbour_s_neighbour_is_looked_for_by_inherited_rpath(
    probe: Probe, builder: Builder, tmp_path: Path
) -> None:
    """With an rpath, and with a runpath, which is not inherited."""
    needs_tools(PLAIN)
    last = builder.other("two/liblast.so", "-DFAKE_STRANGER", "-Wl,-soname,liblast.so")
    options = ["-Wl,--no-as-needed", str(last)]
    middle = builder.other("one/libmiddle.so", "-DFAKE_STRANGER", "-Wl,-soname,libmiddle.so", *options)
    for tags in ("disable", "enable"):
        options = ["-Wl,--no-as-needed", str(middle), "-Wl,-rpath,$ORIGIN/../one:$ORIGIN/../two"]
        options += ["-Wl,--allow-shlib-undefined", f"-Wl,--{tags}-new-dtags", f"-Wl,-rpath-link,{last.parent}"]
        whole = builder.fake(PLAIN, f"inheriting_{tags}", *options)
        folder = tmp_path / tags
        for file in (whole, middle, last):
            (folder / file.parent.name).mkdir(parents=True)
            shutil.copy(file, folder / file.parent.name)
        library = folder / whole.parent.name
        opened = "0 " if tags == "disable" else "liblast.so: cannot open shared object file"
        assert opened in probe("load", library)[0]
        truncated(last, folder / "two" / "liblast.so")
        opened = 'liblast.so" is truncated' if tags == "disable" else opened
        assert opened in probe("load", library)[0]


def write_cache(tmp_path: Path, *folders: Path) -> Path:
    """What ldconfig makes of these folders, in a file of its own."""
    ldconfig = shutil.which("ldconfig", path=f"{os.environ['PATH']}:/sbin:/usr/sbin")
    if ldconfig is None:
        pytest.skip("ldconfig is not installed")
    cache, conf = tmp_path / "cache", tmp_path / "conf"
    conf.write_text("".join(f"{folder}\n" for folder in folders))
    subprocess.run([ldconfig, "-X", "-C", str(cache), "-f", str(conf)], check=True, capture_output=True)
    return cache


def test_a_truncated_file_in_the_loader_s_cache_is_refused(
    probe: Probe, builder: Builder, fakes: dict[str, Path], tmp_path: Path
) -> None:
    """The library itself, and its neighbour; the loader is given our cache in place of the system's."""
    folder, beside = tmp_path / "cached", tmp_path / "beside"
    needed = builder.other("in_cache/libneeded.so", "-DFAKE_STRANGER", "-Wl,-soname,libneeded.so")
    needing = builder.fake(PLAIN, "needing_cached", "-Wl,--no-as-needed", str(needed))
    for place, file in ((folder, needing), (beside, needed)):
        place.mkdir()
        shutil.copy(file, place)
    cache = write_cache(tmp_path, folder, beside)
    script = 'mount --bind "$0" /etc/ld.so.cache && exec "$@"'
    through = ["unshare", "--mount", "--map-root-user", "sh", "-c", script, str(cache)]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*through, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("a file of the system cannot be covered here")
    assert probe("call", "path", through=through) == ["0 ", f"{folder / 'libtorch_cpu.so'} 0 "]
    truncated(needed, beside / "libneeded.so")
    assert f'"{beside / "libneeded.so"}" is truncated' in probe("call", through=through)[0]
    assert f'"{beside / "libneeded.so"}" is truncated' in probe("load", folder, through=through)[0]
    shutil.copy(needed, beside)
    truncated(fakes["new"], folder / "libtorch_cpu.so")
    assert f'"{folder / "libtorch_cpu.so"}" is truncated' in probe("call", through=through)[0]
    shutil.copy(needing, folder)
    for place in searched(tmp_path / "search")[:3]:
        special = beside / place.relative_to(tmp_path / "search")
        special.mkdir(parents=True, exist_ok=True)
        shutil.copy(needed, special)
        write_cache(tmp_path, folder, beside)
        assert probe("call", through=through) == ["0 "]
        truncated(needed, special / needed.name)
        assert probe("call", through=through) == ["0 "]
        os.rename(beside / needed.name, tmp_path / "aside")
        assert f'"{special / needed.name}" is truncated' in probe("call", through=through)[0]
        os.rename(tmp_path / "aside", beside / needed.name)
        shutil.rmtree(special)


def test_the_loader_s_cache_is_read_with_care(builder: Builder, variant: Variant, tmp_path: Path) -> None:
    needed = builder.other("in_cache/libneeded.so", "-DFAKE_STRANGER", "-Wl,-soname,libneeded.so")
    whole = write_cache(tmp_path, needed.parent).read_bytes()
    caches = {"whole": whole, "behind_the_older_format": b"ld.so-1.7.0\0" + bytes(12) + whole, "empty": b""}
    for number, at in enumerate([*range(80), *range(80, len(whole), len(whole) // 100)]):
        caches[f"cut_{number}"] = whole[:at]
        caches[f"broken_{number}"] = whole[:at] + bytes([255 - whole[at]]) + whole[at + 1 :]
    for name, content in caches.items():
        (tmp_path / name).write_bytes(content)
    program = builder.compile(variant, "cached", [*CORE, HERE / "cached.c"])
    files = [str(tmp_path / name) for name in [*caches, "absent"]]
    command = [*variant.runner, str(program), "libneeded.so", *files]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == [bytes(needed), bytes(needed), b"-"] and lines[-1] == b"-" and len(lines) == len(files)
    special = tmp_path / "glibc-hwcaps" / "x86-64-v2" / "libneeded.so"
    special.parent.mkdir(parents=True)
    shutil.copy(needed, special)
    listed = write_cache(tmp_path, tmp_path, needed.parent)
    done = subprocess.run([*variant.runner, str(program), "libneeded.so", str(listed)], check=True, capture_output=True)
    assert done.stdout.splitlines() == [bytes(special) + b"* " + bytes(needed)]


def test_garbage_in_a_library_s_headers_is_survived(probe: Probe, builder: Builder, tmp_path: Path) -> None:
    """What names its neighbours is read with care: the load fails, or not, but says so."""
    whole = bytearray(builder.fake(PLAIN, "new").read_bytes())
    offset, size, count = (*struct.unpack_from("<Q", whole, 32), *struct.unpack_from("<HH", whole, 54))
    dynamic = next(at for at in range(offset, offset + size * count, size) if whole[at] == 2)
    start, length = (struct.unpack_from("<Q", whole, dynamic + place)[0] for place in (8, 32))
    neighbour = tmp_path / "beside.so"  # refused before the loader sees it, for it is cut short: only reading counts
    for number in range(60):
        broken = whole.copy()
        for step in range(8):
            at = start + (number * 7919 + step * 104729) % length
            broken[at] = (number * 31 + step * 17) % 256
        neighbour.write_bytes(broken[: loaded_segment_ends(bytes(broken)) - 1])
        assert "is truncated" in probe("load", neighbour)[0]


def loaded_segment_ends(elf: bytes) -> int:
    """Where the last part that is mapped into memory ends; 64-bit ELF."""
    offset, size, count = (*struct.unpack_from("<Q", elf, 32), *struct.unpack_from("<HH", elf, 54))
    ends = [0]
    for number in range(count):
        kind, _, start, _, _, length = struct.unpack_from("<IIQQQQ", elf, offset + number * size)
        if kind == 1:
            ends.append(start + length)
    return max(ends)


# CUDA: libtorch's other half, a driver, and devices.


@dataclass(frozen=True)
class Cuda:
    both: Path  # a libtorch with a CUDA half
    alone: Path  # one without
    driver: Path  # a folder with a driver


@pytest.fixture
def cuda(builder: Builder) -> Cuda:
    needs_tools(PLAIN)
    builder.other("with_cuda/libtorch_cuda.so", "-DFAKE_CUDA")
    source = ROOT / "tests" / "gpu" / "stand_in" / "libcuda.c"
    driver = builder.compile(PLAIN, "driver/libcuda.so.1", [source], "-fPIC", "-shared", "-fvisibility=hidden")
    return Cuda(builder.fake(PLAIN, "with_cuda"), builder.fake(PLAIN, "new"), driver.parent)


def test_cuda_is_there_with_a_driver_and_libtorch_s_half(probe: Probe, cuda: Cuda) -> None:
    lines = probe("load", cuda.both, "cuda", "devices", "problem", system=cuda.driver)
    assert lines == ["0 ", "1 ", "2 ", " 0 "]
    devices = ("cuda", "gpu", "cuda:1", "cuda:2")
    lines = probe("load", cuda.both, *(part for device in devices for part in ("zeros", device)), system=cuda.driver)
    assert lines[1:4] == ["0 ", "0 ", "0 "]
    assert lines[4] == '2 rt_torch_zeros: argument `device`: "cuda:2" is not there: the last device is cuda:1'


def cuda_problem(probe: Probe, library: Path, **surroundings: Any) -> str:
    """Why there is no CUDA; every way to ask says the same."""
    lines = probe("load", library, "cuda", "devices", "problem", "zeros", "cuda:1", "knows", "rt_torch_cuda_set_stream",
                  **surroundings)  # fmt: skip
    assert lines[1:3] == ["0 ", "0 "]
    problem = lines[3].removesuffix(" 0 ")
    assert lines[4] == f'2 rt_torch_zeros: argument `device`: "cuda:1" is not there: {problem}; or use "cpu"'
    return problem


def test_why_there_is_no_cuda_is_told(
    probe: Probe, cuda: Cuda, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = "this libtorch is a build without CUDA, which has no libtorch_cuda.so beside it"
    assert cuda_problem(probe, cuda.alone, system=cuda.driver) == f"{build}: install a torch with CUDA"
    neither = f"{build}, and there is no NVIDIA driver either: install a torch with CUDA"
    assert cuda_problem(probe, cuda.alone) == neither
    missing = cuda_problem(probe, cuda.both)
    assert missing.startswith("there is no NVIDIA driver (libcuda.so.1: ")
    assert missing.endswith("): install one, or run where one is")
    off = "the environment variable RT_TORCH_CUDA is 0, which turns it off"
    assert cuda_problem(probe, cuda.both, system=cuda.driver, cuda="0") == off
    broken = tmp_path / "broken"
    broken.mkdir()
    shutil.copy(cuda.both, broken)
    (broken / "libtorch_cuda.so").write_text("no library\n")
    problem = cuda_problem(probe, broken, system=cuda.driver)
    assert problem == f'"{broken}/libtorch_cuda.so" cannot be opened: it is no shared library for this machine'
    for visible in ("", "-1"):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
        hidden = "the environment variable CUDA_VISIBLE_DEVICES hides every device"
        assert cuda_problem(probe, cuda.both, system=cuda.driver) == hidden


def test_the_driver_s_own_words_are_told(probe: Probe, cuda: Cuda, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_DEVICES", "-100")
    assert cuda_problem(probe, cuda.both, system=cuda.driver) == (
        "the NVIDIA driver gives no GPU, or CUDA_VISIBLE_DEVICES hides it: cuInit answered 100, CUDA_ERROR_NO_DEVICE: no "
        "CUDA-capable device is detected"
    )
    monkeypatch.setenv("STAND_IN_DEVICES", "-7")
    assert cuda_problem(probe, cuda.both, system=cuda.driver) == "the NVIDIA driver gives no GPU: cuInit answered 7"
    monkeypatch.setenv("STAND_IN_DEVICES", "0")
    said = "the NVIDIA driver finds no GPU, or CUDA_VISIBLE_DEVICES hides it"
    assert cuda_problem(probe, cuda.both, system=cuda.driver) == said


def test_functions_of_the_cuda_half_say_what_is_missing(probe: Probe, cuda: Cuda) -> None:
    lines = probe("load", cuda.alone, "knows", "rt_torch_cuda_set_stream", "stream", "cuda", system=cuda.driver)
    assert lines[1] == "0 "
    assert lines[2].startswith(
        "4 rt_torch_cuda_set_stream: unavailable in libtorch 2.13.0: this libtorch is a build without CUDA"
    )
    lines = probe("load", cuda.both, "knows", "rt_torch_cuda_set_stream", "stream", "cuda", "stream", "cpu",
                  "synchronize", "cuda", system=cuda.driver)  # fmt: skip
    assert lines[1:3] == ["1 ", "1 "]
    assert lines[3] == '2 rt_torch_cuda_set_stream: argument `device`: "cpu" was given, and a CUDA device is needed'
    lacking = "it lacks `torch_cuda_stream_synchronize`"
    assert lines[4] == f"4 rt_torch_cuda_synchronize: unavailable in libtorch 2.13.0: {lacking}"


def test_cuda_in_a_forked_child(probe: Probe, cuda: Cuda) -> None:
    """It does not survive a fork once the driver was asked; before, nothing is lost."""
    lines = probe("load", cuda.both, "fork", "devices", "zeros", "cuda:1", system=cuda.driver)
    assert lines[2:] == ["2 ", "0 "]
    lines = probe(
        "load", cuda.both, "devices", "fork", "devices", "zeros", "cuda:1", "zeros", "cpu", system=cuda.driver
    )
    assert lines[3] == "0 "
    assert '"cuda:1" is not there: this process was forked from one that had used CUDA' in lines[4]
    assert lines[5] == "0 "


# On a real libtorch.


@pytest.fixture(scope="session")
def stress(builder: Builder) -> Callable[..., subprocess.CompletedProcess[str]]:
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        pytest.skip("torch is not installed")
    needs_tools(PLAIN)
    program = builder.program("stress")
    environment = {**os.environ, "RT_TORCH_LIBTORCH": str(Path(found.origin).parent / "lib")}

    def run(*what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(program), *what], check=False, capture_output=True, text=True, timeout=60, env=environment
        )

    return run


@pytest.mark.parametrize("delay", [1, 30, 100, 180])
def test_fork_while_other_threads_load(stress: Callable[..., subprocess.CompletedProcess[str]], delay: int) -> None:
    for _ in range(5):
        assert stress("fork-loading", str(delay)).returncode == 0


@pytest.mark.parametrize("delay", [1, 60, 100, 140, 180])
def test_exit_while_other_threads_load(stress: Callable[..., subprocess.CompletedProcess[str]], delay: int) -> None:
    for _ in range(5):
        done = stress("exit-loading", str(delay))
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("what", ["exit", "fork"])
def test_forty_times_without_a_crash(stress: Callable[..., subprocess.CompletedProcess[str]], what: str) -> None:
    for _ in range(40):
        done = stress(what)
        assert done.returncode == 0, done.stderr


def test_a_million_cycles_leave_nothing(stress: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = stress("cycles")
    growth, handles = map(int, re.findall(r"-?\d+", done.stdout))
    assert growth < 2048
    assert handles == 0
