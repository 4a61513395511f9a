"""Simple Data Notation (SDN): dictionaries, lists and tables in a text that is easy to read and to write.

    sdn.parse(text), sdn.parse_file(path)       Python's dict, list, str, int, float, bool and None, and sdn.Table
    sdn.to_string(value), sdn.write_file(...)   the other way; parse(to_string(value)) == value
    sdn.parse_document(text)                    to change values by path, and keep comments and layout
    sdn.laid_out(text)                          indented alike, comments and all

    python -m rt_torch.sdn check|to-json|from-json|get|set|fmt

It stands on the standard library alone, and imports nothing of the package but its errors, and how it writes files.  What
is not in the notation is an rt_torch.SDNError, which shows the place.

    # a comment                        to the end of the line
    name: "two words"                  in quotes, with \\n and other escapes; one plain word needs none: cuda:1
    epochs: 1_000                      also -5, 0.5, 1e-3, true, false, null
    sizes: [4, 8, 1]                   a list in brackets; over several lines too
    adam: {lr: 0.01, betas: [0.9, 1]}  a dictionary
    training:                          the same in lines of equal indentation,
        batch_size: 32
        devices:                       of entries, or of one value in each line
            cpu
            cuda:0
        steps:
            - name: first              or with dashes, behind which a dictionary may begin
              rate: 0.1
    users |id, name|                   a table: columns with names, and rows
        1, Ada
        2, Grace Hopper                whose cells need no quotes
    points: table{f64, f64} = [(0, 1), (2, 3)]     or with types, and rows in brackets or in lines
"""

from __future__ import annotations

from typing import Any

from rt_torch.sdn.document import Document
from rt_torch.sdn.file import parse_file, read_document, write_file
from rt_torch.sdn.layout import laid_out
from rt_torch.sdn.table import Table
from rt_torch.sdn.writer import to_string

__all__ = [
    "Document",
    "Table",
    "laid_out",
    "parse",
    "parse_document",
    "parse_file",
    "read_document",
    "to_string",
    "write_file",
]


def parse(text: str, name: str = "<text>") -> Any:
    """The value that a text in the notation has.

    Args:
        text: An empty one is a dictionary without keys, and one with a single value in it is that value.
        name: What messages call it.

    Raises:
        SDNError: It is not in the notation.
        ArgumentTypeError: It is no text.
    """
    return parse_document(text, name)._root.value


def parse_document(text: str, name: str = "<text>") -> Document:
    """The text as something that can be changed by path, and stays as it is everywhere else; errors are those of parse."""
    return Document(text, name)
