"""The real libcudart where there is no GPU: CUDA's own code and text, and what can be done, through every path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rt_torch import loader
from rt_torch.cuda import wheel
from tests.cuda.conftest import ROOT

EVERY_PATH = """
import json
from rt_cuda_bindings import functions as f
from rt_torch import errors, loader
import rt_torch as rt

f.use(loader.open_library(LOADER, loader.find_library(), loader.CUDA))
rt.cuda.load(LIBCUDART)
calls = {
    "device_count": lambda: f.device_count(),
    "device_name": lambda: f.device_name(0),
    "device_attribute": lambda: f.device_attribute(10, 0),
    "device_memory": lambda: f.device_memory(None),
    "device_memory of one": lambda: f.device_memory(0),
    "can_access_peer": lambda: f.can_access_peer(0, 1),
    "set_device": lambda: f.set_device(0),
    "current_device": lambda: f.current_device(),
    "synchronize": lambda: f.synchronize(None),
    "stream_create": lambda: f.stream_create(0, True),
    "stream_create on one": lambda: f.stream_create(0, False, 0),
    "stream_priorities": lambda: f.stream_priorities(),
    "stream_synchronize": lambda: f.stream_synchronize(None),
    "stream_query": lambda: f.stream_query(None),
    "event_create": lambda: f.event_create(True, False),
    "alloc": lambda: f.alloc(1),
    "alloc nothing": lambda: f.alloc(0),
    "host_alloc": lambda: f.host_alloc(1),
    "host_alloc nothing": lambda: f.host_alloc(0),
    "rt.cuda.get_device_name": lambda: rt.cuda.get_device_name(),
    "rt.cuda.mem_get_info": lambda: rt.cuda.mem_get_info("cuda:0"),
    "rt.cuda.CudaStream": lambda: rt.cuda.CudaStream(),
    "rt.cuda.CudaEvent": lambda: rt.cuda.CudaEvent(0),
    "rt.cuda.CudaDeviceMem": lambda: rt.cuda.CudaDeviceMem(16),
    "rt.cuda.CudaHostMem": lambda: rt.cuda.CudaHostMem(16),
}
said = {}
for name, call in calls.items():
    try:
        call()
        said[name] = "it went well"
    except errors.NoUpstreamError as error:
        said[name] = str(error)
    assert f.last_error_code() == 3, name
    assert rt.cuda.last_cuda_error() == EXPECTED, name
print(json.dumps({
    "said": said, "live": f.live_handles(), "count": rt.cuda.device_count(), "available": rt.cuda.is_available(),
    "why": rt.cuda.why_unavailable(), "runtime": rt.cuda.runtime_version(), "driver": rt.cuda.driver_version(),
    "names": [f.error_name(code) for code in (2, 35, 100, 600, 700)], "text": f.error_text(100),
}))
"""


def every_path(loader_name: str, libcudart: Path, code: int, error: str) -> str:
    """The program, which expects that error of every call."""
    expected = f"EXPECTED = ({code}, {error!r})\n"
    return expected + EVERY_PATH.replace("LOADER,", f"{loader_name!r},").replace("LIBCUDART", repr(str(libcudart)))


@pytest.fixture(params=[12, 13], ids=lambda major: f"CUDA {major}")
def libcudart(request: pytest.FixtureRequest, library: str) -> Path:
    """The real one of that version."""
    for found in wheel.installed():
        if found.major == request.param:
            return Path(found.library)
    package = {12: "nvidia-cuda-runtime-cu12", 13: "nvidia-cuda-runtime"}[request.param]
    pytest.skip(f"the runtime of CUDA {request.param} is not installed: pip install {package}")


@pytest.fixture
def driverless(python: Any, libcudart: Path) -> Path:
    """The real libcudart, on a machine without a driver."""
    code = "import sys, rt_torch as rt; rt.cuda.load(sys.argv[1]); print(rt.cuda.driver_version())"
    done = python("-c", code, str(libcudart))
    assert done.returncode == 0, done.stderr
    if done.stdout.strip() != "None":
        pytest.skip("there is an NVIDIA driver here")
    return libcudart


@pytest.mark.parametrize("name", loader.LOADERS)
def test_without_a_driver_every_path_says_so(python: Any, driverless: Path, name: str) -> None:
    if loader.problem(name, loader.CUDA):
        pytest.skip(loader.problem(name, loader.CUDA))
    done = python("-c", every_path(name, driverless, 35, "cudaErrorInsufficientDriver"))
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    for path, text in answer["said"].items():
        assert text.startswith("rt_cuda_"), (path, text)
        assert "cudaErrorInsufficientDriver (35): CUDA driver version is insufficient for CUDA runtime version" in text
        assert "there is no NVIDIA driver here (libcuda.so.1): install one, or go on without CUDA" in text, path
        assert 'on the device "cpu", natively or in the pure tier' in text, path
    assert (answer["live"], answer["count"], answer["available"], answer["driver"]) == (0, 0, False, None)
    assert answer["why"].startswith("rt_cuda_device_count: cudaErrorInsufficientDriver (35)")
    assert answer["runtime"][0] == int(driverless.name.rpartition(".")[2])
    assert answer["names"] == [
        *("cudaErrorMemoryAllocation", "cudaErrorInsufficientDriver", "cudaErrorNoDevice"),
        *("cudaErrorNotReady", "cudaErrorIllegalAddress"),
    ]
    assert answer["text"] == "no CUDA-capable device is detected"


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process with a driver that does not begin."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        pytest.skip("the stand-in for a driver needs a C compiler, on Linux")
    path = tmp_path_factory.mktemp("driver") / "libcuda.so.1"
    source = ROOT / "tests" / "native" / "fake_libcuda.c"
    flags = ["-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", f"-Wl,-soname,{path.name}"]
    subprocess.run([compiler, *flags, str(source), "-o", str(path)], check=True)
    return {"LD_LIBRARY_PATH": os.pathsep.join(filter(None, [str(path.parent), os.environ.get("LD_LIBRARY_PATH")]))}


def test_without_a_device_every_path_says_so(python: Any, driverless: Path, driver: dict[str, str]) -> None:
    """A driver that finds no GPU is a stand-in here; what is made of it is the real runtime's."""
    done = python("-c", every_path("ctypes", driverless, 100, "cudaErrorNoDevice"), FAKE_CUINIT="100", **driver)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    for path, text in answer["said"].items():
        assert "cudaErrorNoDevice (100): no CUDA-capable device is detected" in text, path
        assert "the NVIDIA driver finds no GPU, or CUDA_VISIBLE_DEVICES hides it" in text, path
        assert 'on the device "cpu", natively or in the pure tier' in text, path
    assert (answer["live"], answer["count"], answer["available"], answer["driver"]) == (0, 0, False, [13, 1])


@pytest.mark.parametrize(
    ("code", "name", "advice"),
    [
        (3, "NoUpstreamError rt_cuda_stream_create: cudaErrorInitializationError", "CUDA cannot be used here"),
        (803, "NoUpstreamError rt_cuda_stream_create: cudaErrorSystemDriverMismatch", "install the driver again"),
        (804, "NoUpstreamError rt_cuda_stream_create: cudaErrorCompatNotSupportedOnDevice", "(cuda-compat)"),
        (999, "RefusedError rt_cuda_stream_create: cudaErrorUnknown", "either CUDA could not begin"),
    ],
)
def test_a_driver_that_does_not_begin(
    python: Any, driverless: Path, driver: dict[str, str], code: int, name: str, advice: str
) -> None:
    program = (
        f"import rt_torch as rt\nrt.cuda.load({str(driverless)!r})\nprint(rt.cuda.is_available())\n"
        "try: rt.cuda.CudaStream()\nexcept rt.Error as error: print(type(error).__name__, error)\n"
    )
    done = python("-c", program, FAKE_CUINIT=str(code), **driver)
    assert done.returncode == 0, done.stderr
    available, text = done.stdout.splitlines()
    assert available == "False"
    assert text.startswith(f"{name} ({code}): ") and advice in text


CASES = """
import json, sys
from rt_cuda_bindings import functions
from rt_torch import loader
from verification.conformance import Conformance
bound = functions.bind(loader.best(loader.find_library(), loader.CUDA))
bound.load(sys.argv[1])
print(json.dumps(Conformance(bound, json.load(open(sys.argv[2]))).failures()))
"""


@pytest.mark.filterwarnings("ignore")
def test_the_known_answers(python: Any, libcudart: Path) -> None:
    document = ROOT / "generated" / "conformance" / "rt_cuda.json"
    done = python("-W", "ignore", "-c", CASES, str(libcudart), str(document))
    assert done.returncode == 0, done.stderr
    passed, failures = json.loads(done.stdout)
    assert failures == [] and passed > 30
