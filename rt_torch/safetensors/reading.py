"""Reading tensors."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rt_torch._dispatch import GONE
from rt_torch._exchange.content import tensor_of, turned
from rt_torch._file import Path, opened, path_text
from rt_torch.errors import ArgumentTypeError, BadArgumentError, FileFormatError
from rt_torch.safetensors import header
from rt_torch.safetensors.dtype import TO_TENSOR
from rt_torch.safetensors.header import LENGTH_SIZE, Entry, Header, shown_name
from rt_torch.safetensors.source import File, Memory, Source
from rt_torch_bindings.arguments import shown

if TYPE_CHECKING:
    from rt_torch._tensor import Tensor


class Reader:
    """A safetensors file whose tensors are read when they are asked for; safe_open makes one.

    It stays the file that was opened, also when another one takes its place meanwhile.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._header, self._start = _header_of(source)

    def keys(self) -> Sequence[str]:
        """The tensors' names, in the order of their bytes."""
        return [*self._header.entries]

    def metadata(self) -> dict[str, str]:
        """The texts that were saved with the tensors."""
        return dict(self._header.metadata or {})

    def get_tensor(self, name: str) -> Tensor:
        """One tensor, in memory of its own.

        Raises:
            BadArgumentError: There is none of that name.
            FileFormatError: Its elements are of a type that tensors do not have, or no bools where they should be.
            LibraryMissingError: Only the native tier has its dtype, and that is not there.
            NoUpstreamError: Only the native tier has its dtype, and libtorch is not there.
        """
        entry = self._header.entries.get(name)
        if entry is None:
            raise BadArgumentError(f"{self._source.name}: there is no tensor {shown(name)}{self._similar(name)}")
        where = f"{self._source.name}: tensor {shown_name(name)}"
        dtype = _dtype(where, entry)
        data = self._source.read(self._start + entry.start, entry.end - entry.start)
        if dtype == "bool" and data.translate(None, b"\0\1"):
            raise FileFormatError(f"{where}: it is BOOL, and has other bytes than 0 and 1")
        right = turned(data, dtype, "little")
        try:
            return tensor_of(right if isinstance(right, bytearray) else bytearray(right), entry.shape, dtype)
        except GONE as error:
            raise type(error)(f"{where}: it is {entry.dtype}, which needs libtorch: {error}", error.function) from None

    def get_tensors(self, device: str = "cpu") -> dict[str, Tensor]:
        """All tensors, by name."""
        for name, entry in self._header.entries.items():  # before anything is read
            _dtype(f"{self._source.name}: tensor {shown_name(name)}", entry)
        return {name: self.get_tensor(name).to(device) for name in self._header.entries}

    def close(self) -> None:
        """Let go of the file; tensors that were read stay."""
        self._source.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _similar(self, name: Any) -> str:
        names = self._header.entries
        close = difflib.get_close_matches(name, names, 1) if isinstance(name, str) else []
        if close:
            return f"; did you mean {shown_name(close[0])}?"
        return f"; there are {len(names)}" + (f", such as {shown_name(next(iter(names)))}" if names else "")


def safe_open(filename: Path) -> Reader:
    """A safetensors file, to read some of its tensors, or its metadata.

        with rt.safetensors.safe_open("model.safetensors") as file:
            weight = file.get_tensor("0.weight")

    Raises:
        FileFormatError: It is no safetensors file, or damaged.
        OSError: It cannot be read.
    """
    name = path_text("rt.safetensors.safe_open: argument `filename`", filename)
    file = opened(name, "a safetensors file")
    try:
        return Reader(File(name, file))
    except BaseException:
        file.close()
        raise


def load_file(filename: Path, device: str = "cpu") -> dict[str, Tensor]:
    """All tensors of a safetensors file by name, none of which requires gradients.

    Args:
        filename: A file that rt.safetensors.save_file wrote, or any other program.
        device: Where the tensors are to be.

    Raises:
        FileFormatError: It is no safetensors file, or damaged, or has tensors of types that there are not here.
        OSError: It cannot be read.
        LibraryMissingError: Only the native tier has the dtype of a tensor, and that is not there.
        NoUpstreamError: Only the native tier has the dtype of a tensor, and libtorch is not there.
    """
    with safe_open(filename) as file:
        return file.get_tensors(device)


def load(data: bytes | bytearray | memoryview) -> dict[str, Tensor]:
    """As load_file, of the file's bytes."""
    try:
        memory = memoryview(data).cast("B")
    except TypeError:
        raise ArgumentTypeError(
            f"rt.safetensors.load: argument `data`: bytes are expected; given {shown(data)}"
        ) from None
    return Reader(Memory("the data", memory)).get_tensors()


def _header_of(source: Source) -> tuple[Header, int]:
    """What is in it, and where the tensors' bytes begin."""
    first = source.read(0, min(LENGTH_SIZE, source.size))
    start = LENGTH_SIZE + header.length(source.name, first, source.size)
    text = source.read(LENGTH_SIZE, start - LENGTH_SIZE)
    return header.parsed(source.name, text, source.size - start), start


def _dtype(where: str, entry: Entry) -> str:
    if entry.dtype not in TO_TENSOR:
        raise FileFormatError(f"{where}: it is {entry.dtype}, and tensors are {', '.join(TO_TENSOR)}")
    return TO_TENSOR[entry.dtype]
