"""Files in the notation, which are UTF-8."""

from __future__ import annotations

from typing import Any

from rt_torch._file import Path, path_text, replacing
from rt_torch.sdn.document import Document
from rt_torch.sdn.source import Source
from rt_torch.sdn.writer import to_string


def parse_file(path: Path) -> Any:
    """The value that is in a file.

    Raises:
        SDNError: It is not in the notation, or no UTF-8; the message names file, line and column.
        OSError: It cannot be read.
        ArgumentTypeError: The path is none.
    """
    return _document("rt.sdn.parse_file", path)._root.value


def read_document(path: Path) -> Document:
    """A file's text, to be changed by path; write_file writes it.  Errors are those of parse_file."""
    return _document("rt.sdn.read_document", path)


def write_file(path: Path, value: Any) -> None:
    """Write a value, or a Document's text, into a file, of which the old content is replaced whole or not at all.

    Raises:
        BadArgumentError: The value cannot be written: see to_string.
        OSError: The file cannot be written, or something stands there that is no regular file.
        ArgumentTypeError: The path is none, or something in the value is of a type that the notation does not have.
    """
    content = (value.text if isinstance(value, Document) else to_string(value)).encode()
    with replacing(path_text("rt.sdn.write_file: argument `path`", path)) as file:
        file.write(content)


def decoded(content: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        SDNError: It is no UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        source = Source(content.decode(errors="replace"), name)
        at = len(content[: error.start].decode())
        raise source.error(at, f"the byte 0x{content[error.start]:02x} is no UTF-8, and so no text") from None


def _document(function: str, path: Path) -> Document:
    name = path_text(f"{function}: argument `path`", path)
    with open(name, "rb") as file:
        return Document(decoded(file.read(), name), name)
