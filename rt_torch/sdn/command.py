"""The command line: `python -m rt_torch.sdn check|to-json|from-json|get|set|fmt`."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from rt_torch.errors import BadArgumentError, SDNError
from rt_torch.sdn.document import Document
from rt_torch.sdn.file import decoded, write_file
from rt_torch.sdn.inline import Inline
from rt_torch.sdn.layout import laid_out
from rt_torch.sdn.source import Source
from rt_torch.sdn.table import Table
from rt_torch.sdn.writer import to_string
from rt_torch_bindings.arguments import shown

_STDIN = "-"
_MISSING = object()


class _Parser(argparse.ArgumentParser):
    """Ends with status 1 where arguments are wrong."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(1, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        output = given.run(given)
    except (SDNError, BadArgumentError) as error:
        return _failed(str(error))
    except OSError as error:
        name = "standard input" if error.filename is None else error.filename or "''"
        return _failed(f"{name}: {error.strerror or error}")
    return _printed(output)


def parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m rt_torch.sdn",
        description="Simple Data Notation (SDN): check, convert, read and change files.  The file - is standard input.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        made.add_argument("file", metavar="FILE", help="its path, or -")
        made.set_defaults(run=run)
        return made

    command("check", _check, "say where a file is not in the notation; status 1 then")
    command("to-json", _to_json, "print a file's values as JSON, tables as lists")
    command("from-json", _from_json, "print a JSON file's values in the notation")
    get = command("get", _get, "print one value")
    put = command("set", _set, "change one value in the file, which otherwise stays as it is; of - it is printed")
    for one in (get, put):
        one.add_argument("path", metavar="PATH", help="keys and numbers of items with dots between: training.sizes.0")
    put.add_argument("value", metavar="VALUE", help="in the notation; what is no value there is a text")
    command("fmt", _format, "print a file laid out anew, comments and all")
    return parser


def _check(given: argparse.Namespace) -> str:
    _document(given.file)
    return ""


def _to_json(given: argparse.Namespace) -> str:
    return f"{json.dumps(_plain(_document(given.file).value), indent=2, ensure_ascii=False)}\n"


def _from_json(given: argparse.Namespace) -> str:
    name, text = _read(given.file)
    try:
        value = json.loads(
            text.removeprefix("\ufeff"), parse_constant=_refuse_constant, object_pairs_hook=_without_doubles
        )
    except json.JSONDecodeError as error:
        raise Source(error.doc, name).error(error.pos, f"it is no JSON: {error.msg}") from None
    except RecursionError:
        raise SDNError(f"{name}: it is nested too deep") from None
    except ValueError as error:
        raise SDNError(f"{name}: it is no JSON that can be read: {error}") from None
    try:
        return to_string(value)
    except BadArgumentError as error:
        raise SDNError(f"{name}: {error}") from None


def _get(given: argparse.Namespace) -> str:
    value = _document(given.file).get(given.path, _MISSING)
    if value is _MISSING:
        raise SDNError(f"{given.file}: there is no {given.path}")
    if isinstance(value, Table):
        return to_string({given.path.rpartition(".")[2]: value})
    return f"{value}\n" if isinstance(value, str) else to_string(value) or "{}\n"


def _set(given: argparse.Namespace) -> str:
    document = _document(given.file)
    document.set(given.path, _value(given.value))
    if given.file == _STDIN:
        return document.text
    write_file(given.file, document)
    return ""


def _format(given: argparse.Namespace) -> str:
    name, text = _read(given.file)
    return laid_out(text, name)


def _value(text: str) -> Any:
    """What is written there; the text itself where that is no value."""
    reader = Inline(Source(text, "VALUE"))
    try:
        node = reader.value(0, 0)
    except SDNError:
        return text
    return node.value if node.end == len(text) else text


def _document(file: str) -> Document:
    name, text = _read(file)
    return Document(text, name)


def _read(file: str) -> tuple[str, str]:
    """A file's name for messages, and its text."""
    if file == _STDIN:
        if sys.stdin is None:  # closed by whoever started this: `<&-`
            raise OSError(errno.EBADF, "It is closed")
        return "<stdin>", decoded(sys.stdin.buffer.read(), "<stdin>")
    with open(file, "rb") as opened:
        return file, decoded(opened.read(), file)


def _plain(value: Any) -> Any:
    """A value with tables as lists, of dictionaries where the columns have names."""
    if isinstance(value, Table):
        return _plain(value.rows if value.fields is None else value.dicts())
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the key {shown(key)} is twice in the same object")
        made[key] = value
    return made


def _failed(problem: str) -> int:
    if sys.stderr is not None:  # where it is closed, print writes to standard output
        print(problem, file=sys.stderr)
    return 1


def _printed(text: str) -> int:
    """Print the text as UTF-8, wherever that goes; the status."""
    if sys.stdout is None:  # `>&-`
        return _failed("standard output: It is closed") if text else 0
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    except BrokenPipeError:  # `| head`: the reader has enough, and Python must not try again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        return _failed(f"standard output: {error.strerror or error}")
    return 0
