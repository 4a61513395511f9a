"""Writing tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rt_torch._exchange.content import content, turned
from rt_torch._file import Path, path_text, replacing
from rt_torch._tensor import Tensor
from rt_torch.errors import ArgumentTypeError
from rt_torch.safetensors import header
from rt_torch.safetensors.dtype import FROM_TENSOR
from rt_torch_bindings.arguments import shown

_AT_ONCE = 1 << 24  # bytes; between two writes Ctrl-C is heard


def save_file(tensors: Mapping[str, Tensor], filename: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write tensors to a safetensors file, which takes the place of an old one whole or not at all.

    When this fails, or is interrupted, or the process is killed, the old file is as it was; when this has returned, the
    new one is on the disk.  Tensors on the CPU are not copied, unless their elements are in a Python list or not in
    row-major order.

    Args:
        tensors: By name.  Those that share memory are written one by one.
        filename: A folder's file, which may be there already.
        metadata: Texts by name.

    Raises:
        ArgumentTypeError: Something else is among the tensors, or in the metadata.
        BadArgumentError: A tensor is called "__metadata__", or names are so many that the header is too long.
        OSError: It cannot be written.
    """
    symbol = "rt.safetensors.save_file"
    path = path_text(f"{symbol}: argument `filename`", filename)
    first, order = _header(symbol, tensors, metadata)
    with replacing(path) as file:
        for part in _parts(first, order, tensors):
            file.write(part)


def save(tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None) -> bytes:
    """The bytes that save_file writes."""
    first, order = _header("rt.safetensors.save", tensors, metadata)
    return b"".join(_parts(first, order, tensors))


def _header(symbol: str, tensors: Any, metadata: Mapping[str, str] | None) -> tuple[bytes, list[str]]:
    where = f"{symbol}: argument `tensors`"
    if not isinstance(tensors, Mapping):
        raise ArgumentTypeError(f"{where}: tensors by name are expected; given {shown(tensors)}")
    for name, tensor in tensors.items():
        if not isinstance(tensor, Tensor):
            raise ArgumentTypeError(f"{where}: a tensor is expected at {shown(name)}; given {shown(tensor)}")
    described = {name: (FROM_TENSOR[tensor.dtype], tensor.shape) for name, tensor in tensors.items()}
    return header.written(symbol, described, metadata)


def _parts(first: bytes, order: list[str], tensors: Mapping[str, Tensor]) -> Iterator[bytes | memoryview]:
    yield first
    for name in order:
        tensor = tensors[name]
        data = memoryview(turned(content(tensor), tensor.dtype, "little"))
        for start in range(0, len(data), _AT_ONCE):
            yield data[start : start + _AT_ONCE]
