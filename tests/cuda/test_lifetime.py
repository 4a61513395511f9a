"""What is made is given back: once, in any order, when dropped, at the interpreter's end, after errors."""

from __future__ import annotations

import copy
import gc
import itertools
import pickle
import threading
from pathlib import Path
from typing import Any

import pytest

from rt_torch.errors import InvalidHandleError
from tests.cuda.conftest import Fake


def everything(cuda: Any) -> list[Any]:
    stream, event, block, pinned = (
        cuda.CudaStream(1),
        cuda.CudaEvent(1),
        cuda.CudaDeviceMem(64, 1),
        cuda.CudaHostMem(64),
    )
    block.memset(1, stream=stream)
    block.copy_to(pinned, stream=stream)
    event.record(stream)
    return [stream, event, block, pinned]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5], ids=str)
@pytest.mark.parametrize("way", ["close", "drop"])
def test_in_any_order(cuda: Any, fake: Fake, order: tuple[int, ...], way: str) -> None:
    made = everything(cuda)
    assert fake.live() == 4
    for left, place in enumerate(order, 1):
        if way == "close":
            made[place].close()
            made[place].close()
        else:
            made[place] = None
        assert fake.live() == 4 - left


def test_an_error_in_the_block_stays_the_one_that_is_raised(cuda: Any, fake: Fake) -> None:
    with pytest.raises(KeyError), cuda.CudaStream() as stream, cuda.CudaDeviceMem(8):
        fake.fail("cudaFree", 1)
        fake.fail("cudaStreamDestroy", 1)
        raise KeyError(stream)
    assert fake.live() == 0 and fake.last_error() == 0


def test_none_is_copied(cuda: Any, fake: Fake) -> None:
    """A copy of pinned memory would be memory that is not pinned, and one of a handle is closed with the original."""
    for one in everything(cuda):
        for way in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match=f"a {type(one).__name__} can be neither copied nor pickled"):
                way(one)
    one = None
    assert fake.live() == 0


def test_a_cycle_is_collected(cuda: Any, fake: Fake) -> None:
    class Owner:
        pass

    owner: Any = Owner()
    owner.itself, owner.made = owner, everything(cuda)
    del owner
    gc.collect()
    assert fake.live() == 0


def test_a_constructor_that_fails_leaves_nothing(cuda: Any, fake: Fake) -> None:
    for function, kind in (
        ("cudaStreamCreateWithPriority", cuda.CudaStream),
        ("cudaEventCreateWithFlags", cuda.CudaEvent),
    ):
        fake.fail(function, 1)
        with pytest.raises(RuntimeError, match="cudaErrorInvalidValue"):
            kind()
    gc.collect()
    assert fake.live() == 0


def test_threads_share_and_close(cuda: Any, fake: Fake) -> None:
    """A thread that still uses what another one closes gets an error, and nothing worse."""
    problems = []

    def use(block: Any) -> None:
        try:
            for _ in range(200):
                block.memset(1)
        except InvalidHandleError:
            pass
        except Exception as error:
            problems.append(error)

    for _ in range(5):
        block = cuda.CudaDeviceMem(256)
        threads = [threading.Thread(target=use, args=(block,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        block.close()
        for thread in threads:
            thread.join()
    assert problems == []
    assert fake.live() == 0


AT_EXIT = """
import sys
import rt_torch as rt
kept = [rt.cuda.CudaStream(), rt.cuda.CudaEvent(), rt.cuda.CudaDeviceMem(64), rt.cuda.CudaHostMem(64)]
kept[2].memset(1, stream=kept[0])
kept[1].record(kept[0])
"""

COUNTED = """
import atexit, ctypes, os
fake = ctypes.CDLL(os.environ["RT_CUDA_LIBCUDART"])
"""

ENDS = {
    "the end of the program": "",
    "sys.exit": "sys.exit(0)",
    "with a view of pinned memory": "view = kept[3].view",
    "in a cycle": "kept.append(kept)",
    "a module's global is gone": "del sys.modules['rt_torch.cuda.resource'], rt",
    "after an error of the device": "fake.fake_poison(700); kept[2].memset(2, stream=kept[0])",
    "after a synchronization that failed": (
        "fake.fake_poison(700); kept[2].memset(2, stream=kept[0])\n"
        "try: kept[0].synchronize()\n"
        "except rt.Error as error: assert '700' in str(error)\n"
    ),
}


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_at_the_interpreter_s_end(python: Any, library: str, fake_path: Path, end: str) -> None:
    count = "atexit.register(lambda: print(fake.fake_live()))\n"  # registered first, so it runs last
    code = COUNTED + count + AT_EXIT + ENDS[end]
    done = python("-c", code, RT_CUDA_LIBCUDART=str(fake_path), RT_TORCH_LIBRARY=library)
    left = 1 if "view" in end else 0  # what somebody still looks at stays until the process is gone
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(left), "")


def test_a_thread_that_still_works_at_the_end(python: Any, library: str, fake_path: Path) -> None:
    code = (
        "import threading, time\nimport rt_torch as rt\n"
        "def work():\n"
        "    with rt.cuda.CudaDeviceMem(64) as block:\n"
        "        while True:\n"
        "            block.memset(1)\n"
        "threading.Thread(target=work, daemon=True).start()\n"
        "time.sleep(0.05)\n"
    )
    for _ in range(3):
        done = python("-c", code, RT_CUDA_LIBCUDART=str(fake_path), RT_TORCH_LIBRARY=library)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_forked_child_leaves_its_parent_s_alone(python: Any, library: str, fake_path: Path) -> None:
    code = (
        COUNTED
        + AT_EXIT
        + (
            "child = os.fork()\n"
            "if child == 0:\n"
            "    for one in kept: one.close()\n"
            "    os._exit(0 if fake.fake_live() == 4 else 1)\n"
            "assert os.waitpid(child, 0)[1] == 0\n"
            "for one in kept: one.close()\n"
            "assert fake.fake_live() == 0\n"
        )
    )
    done = python("-W", "ignore", "-c", code, RT_CUDA_LIBCUDART=str(fake_path), RT_TORCH_LIBRARY=library)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_forked_child_is_told_why_cuda_does_not_work(python: Any, library: str, fake_path: Path) -> None:
    """Which its driver calls by a name that says nothing of it."""
    code = COUNTED + (
        "import rt_torch as rt\n"
        "rt.cuda.device_count()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    fake.fake_fail(b'cudaGetDevice', 3, 0)\n"
        "    try: rt.cuda.current_device()\n"
        "    except rt.NoUpstreamError as error: print(error, flush=True)\n"
        "    os._exit(0)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
    )
    done = python("-W", "ignore", "-c", code, RT_CUDA_LIBCUDART=str(fake_path), RT_TORCH_LIBRARY=library)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cudaErrorInitializationError (3)" in done.stdout and 'Python\'s start method "spawn"' in done.stdout
