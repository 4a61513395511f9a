"""Memory that several sides use: whoever goes first, and whatever is resized, nothing dangles and nothing leaks.

Each history is a set of names for the same four numbers, and every order of dropping the names one by one, with
writing, resizing and collecting in between.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
import sys
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

import rt_torch as rt
from rt_torch import _lending
from rt_torch_bindings import functions

pytestmark = pytest.mark.usefixtures("no_handle_left")

Names = dict[str, Any]


def numbers() -> Any:
    return array("d", [1, 2, 3, 4])


def read(holder: Any) -> list[float]:
    return list(map(float, holder.tolist()))


def check(names: Names, first: float | None = None) -> None:
    """All see the same numbers."""
    for holder in names.values():
        values = read(holder)
        assert values[1:4] == [2, 3, 4]
        assert first is None or values[0] == first


def write(names: Names) -> None:
    """Through each of the names, and all others see it."""
    for place, holder in enumerate(names.values()):
        if not hasattr(holder, "flags") or holder.flags.writeable:
            holder[0] = 10.0 + place
            check(names, 10.0 + place)


def history(names: Names, order: Iterable[str], resize: Callable[..., None]) -> None:
    """Take the steps; the one called "resize" is taken while there is an owner whose memory could move."""
    for step in order:
        if step == "collect":
            gc.collect()
        elif step == "write":
            write(names)
        elif step == "resize":
            if "owner" in names:
                resize(names["owner"], alone=len(names) == 1)
        else:
            del names[step]
        check(names)
    gc.collect()


def orders(*steps: str) -> list[tuple[str, ...]]:
    return list(itertools.permutations(steps))


def grow(owner: Any, *, alone: bool = True) -> None:
    """Make an array so long that it has to move, which works exactly when nobody else uses its memory."""
    with contextlib.nullcontext() if alone else pytest.raises(BufferError):
        owner.extend([5.0] * 10_000)


def every(make: Callable[[], Names]) -> None:
    """Every order of the steps for an array called owner, which is gone after the last."""
    for order in orders(*make(), "write", "resize", "collect"):
        names = make()
        owner_gone = weakref.ref(names["owner"])
        history(names, order, grow)
        assert owner_gone() is None


def native_view(tensor: rt.Tensor) -> rt.Tensor:
    """A view that libtorch makes, without a Python side."""
    with rt.acceleration("native"):
        view = tensor.reshape((2, 2)).reshape((4,))
        assert view.residency == "native"
        return view


# An array as a tensor, and its views.


def test_array_and_pure_view(quick_collections: None) -> None:
    def make() -> Names:
        owner = numbers()
        tensor = rt.from_buffer(owner)
        return {"owner": owner, "tensor": tensor, "view": tensor[:]}

    every(make)


def test_array_and_native_view(native: None, quick_collections: None) -> None:
    def make() -> Names:
        owner = numbers()
        tensor = rt.from_buffer(owner).to_native()
        return {"owner": owner, "tensor": tensor, "view": native_view(tensor)}

    every(make)


def test_array_and_the_memory_of_a_native_view(native: None, quick_collections: None) -> None:
    def make() -> Names:
        owner = numbers()
        tensor = rt.from_buffer(owner).to_native()
        return {"owner": owner, "tensor": tensor, "memory": native_view(tensor).memoryview()}

    every(make)


# A native tensor's memory.


@pytest.mark.parametrize("kind", ["memoryview", "numpy", "numpy dlpack", "torch dlpack"])
def test_native_memory_seen_from_outside(kind: str, native: None, quick_collections: None) -> None:
    from rt_torch_bindings import functions

    look = _looks(kind)
    before = functions.live_handles()
    for order in orders("tensor", "seen", "part", "write", "collect"):
        history(_seen(look), order, grow)
        assert functions.live_handles() == before


def _seen(look: Callable[[rt.Tensor], Any]) -> Names:
    with rt.acceleration("native"):
        tensor = rt.from_data([1.0, 2.0, 3.0, 4.0], (4,)) + 0.0
    assert tensor.residency == "native"
    seen = look(tensor)
    return {"tensor": tensor, "seen": seen, "part": seen[:]}


def _looks(kind: str) -> Callable[[rt.Tensor], Any]:
    if kind == "memoryview":
        return rt.Tensor.memoryview
    library = pytest.importorskip(kind.split()[0])
    look: Callable[[rt.Tensor], Any] = library.from_dlpack if "dlpack" in kind else library.asarray
    return look


def test_arrays_on_native_memory_cannot_be_resized(np: Any, native: None) -> None:
    with rt.acceleration("native"):
        seen = np.asarray(rt.ones([4]) + rt.ones([4]))
    for refcheck in (True, False):
        with pytest.raises(ValueError, match="resize"):
            seen.resize(100_000, refcheck=refcheck)


# DLPack, out.


@pytest.mark.parametrize("kind", ["pure", "native"])
@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_dlpack_to_others(library: str, kind: str, quick_collections: None, request: pytest.FixtureRequest) -> None:
    consumer = pytest.importorskip(library)
    if kind == "native":
        request.getfixturevalue("native")

    def make() -> Names:
        owner = numbers()
        tensor = rt.from_buffer(owner)
        if kind == "native":
            tensor.to_native()
        return {"owner": owner, "tensor": tensor, "taken": consumer.from_dlpack(tensor)}

    every(make)


def test_dlpack_of_native_views_to_others(native: None, quick_collections: None, np: Any) -> None:
    def make() -> Names:
        owner = numbers()
        return {"owner": owner, "taken": np.from_dlpack(native_view(rt.from_buffer(owner)))}

    every(make)


def test_dlpack_by_every_exporter(exporter: str, quick_collections: None) -> None:
    def make() -> Names:
        owner = numbers()
        tensor = rt.from_buffer(owner)
        return {"owner": owner, "tensor": tensor, "taken": rt.from_dlpack(tensor.__dlpack__())}

    every(make)


# DLPack and NumPy, in.


@pytest.mark.parametrize("refcheck", [True, False])
@pytest.mark.parametrize("way", ["from_numpy", "from_dlpack", "from_numpy a part", "from_dlpack a part"])
def test_numpy_arrays(way: str, refcheck: bool, np: Any, quick_collections: None) -> None:
    function = getattr(rt, way.split()[0])

    def make() -> Names:
        owner = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
        tensor = function(owner[:4] if "part" in way else owner)
        return {"owner": owner, "tensor": tensor, "view": tensor[:]}

    def resize(owner: Any, *, alone: bool) -> None:
        with contextlib.nullcontext() if alone else pytest.raises(ValueError, match="cannot resize"):
            owner.resize(100_000, refcheck=refcheck and not alone)

    for order in orders(*make(), "write", "resize", "collect"):
        history(make(), order, resize)


@pytest.mark.parametrize("name", ["float64", "bfloat16"])
def test_torch_tensors(name: str, torch: Any, native: None, quick_collections: None) -> None:
    pytest.importorskip("numpy")

    def make() -> Names:
        owner = torch.tensor([1, 2, 3, 4], dtype=getattr(torch, name))
        tensor = rt.from_dlpack(owner)
        return {"owner": owner, "tensor": tensor, "view": tensor.reshape((4,))}

    def resize(owner: Any, *, alone: bool) -> None:
        with pytest.raises(RuntimeError, match="not resizable"):
            owner.untyped_storage().resize_(100_000)

    for order in orders(*make(), "resize", "collect"):
        names = make()
        storage_gone = weakref.ref(names["owner"].untyped_storage())
        history(names, order, resize)
        assert storage_gone() is None


# Threads.


def _together(*jobs: Callable[[], None]) -> None:
    """Run the jobs at once, switching between them as often as possible."""
    problems: list[BaseException] = []
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        start.wait()
        try:
            job()
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not problems


WAYS: dict[str, Callable[[rt.Tensor], Any]] = {
    "memoryview": lambda tensor: tensor.memoryview(),
    "view": lambda tensor: tensor[:],
    "dlpack": lambda tensor: rt.from_dlpack(tensor.__dlpack__()),
    "capsule": lambda tensor: tensor.__dlpack__() and tensor,
    "native": lambda tensor: native_view(tensor),
    "numpy": lambda tensor: sys.modules["numpy"].asarray(tensor),
    "numpy dlpack": lambda tensor: sys.modules["numpy"].from_dlpack(tensor),
    "torch dlpack": lambda tensor: sys.modules["torch"].from_dlpack(tensor),
}


@pytest.mark.parametrize("way", WAYS)
def test_two_threads_share_and_drop(
    way: str, resident: Callable[[rt.Tensor], rt.Tensor], request: pytest.FixtureRequest
) -> None:
    if way == "native":
        request.getfixturevalue("native")
    if way.split()[0] in ("numpy", "torch"):
        pytest.importorskip(way.split()[0])
    owner = numbers()
    shared = [resident(rt.from_buffer(owner))]

    def job() -> None:
        for _ in range(300):
            assert read(WAYS[way](shared[0])) == [1, 2, 3, 4]

    _together(job, job)
    with pytest.raises(BufferError):
        grow(owner)
    shared.clear()
    gc.collect()
    grow(owner)


def test_two_threads_drop_what_the_other_made(exporter: str) -> None:
    owner = numbers()
    made: list[Any] = []

    def make() -> None:
        for _ in range(1000):
            made.append(rt.from_dlpack(rt.from_buffer(owner).__dlpack__()))

    def drop() -> None:
        for _ in range(3000):
            if made:
                assert read(made.pop()) == [1, 2, 3, 4]

    _together(make, drop)
    made.clear()
    grow(owner)


def test_two_threads_make_one_tensor_native(native: None) -> None:
    from rt_torch_bindings import functions

    before = functions.live_handles()
    for _ in range(200):
        tensor = rt.from_buffer(numbers())
        _together(tensor.to_native, tensor.to_native)
        assert functions.live_handles() == before + 1
        del tensor
        gc.collect(0)


def test_a_capsule_that_two_threads_want() -> None:
    for _ in range(200):
        owner = numbers()
        capsule = rt.from_buffer(owner).__dlpack__()
        taken: list[rt.Tensor] = []

        def take(capsule: Any = capsule, taken: list[rt.Tensor] = taken) -> None:
            with contextlib.suppress(rt.BadArgumentError):
                taken.append(rt.from_dlpack(capsule))

        _together(take, take)
        assert len(taken) == 1
        taken.clear()
        grow(owner)


def test_memory_that_comes_back_while_it_is_asked_for(native: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than there is room for comes between counting and taking: all of it is given back by the same poll."""
    if functions.wrap_copies():
        pytest.skip("this libtorch lends no memory")
    _lending.reclaim()
    before = len(_lending._lent)
    raw = functions.opened()
    tensors = [rt.tensor([float(place)]).to_native() for place in range(200)]
    handles = [functions.retain(tensor._handle) for tensor in tensors]
    tensors.clear()
    assert len(_lending._lent) == before + 200

    def released(pointer: Any, room: int) -> int:
        count: int = raw.released(pointer, room)
        if not room and handles:  # it is counted: now more come
            for handle in handles[: len(handles) // 2 or 1]:
                functions.free(handle)
            del handles[: len(handles) // 2 or 1]
        return count

    functions.free(handles.pop())
    faulty = SimpleNamespace(**vars(raw))
    faulty.released = released
    monkeypatch.setattr(functions, "opened", lambda: faulty)
    _lending.reclaim()
    monkeypatch.undo()
    assert len(handles) < 100
    assert len(_lending._lent) == before + len(handles)
    for handle in handles:
        functions.free(handle)
    _lending.reclaim()
