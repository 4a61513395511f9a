"""Configurations from files, and from values in the notation that these are in."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from rt_torch import sdn
from rt_torch._file import opened
from rt_torch.config.configuration import READERS, Config, Setting, unknown_key
from rt_torch.errors import ConfigError, SDNError
from rt_torch.sdn.file import decoded

_EXTENDS = "extends"
_KEYS = [*READERS, _EXTENDS]


def read_file(path: str) -> Config:
    """What a file says, and below it what the file says that it extends, and so on.

    Raises:
        ConfigError: One of the files is not there, cannot be read, is not in the notation, or says what it cannot; or
            they extend each other in a circle.
    """
    config = Config()
    chain = [path]
    content = _content(path, str)
    while True:
        document = _document(content, chain[-1])
        config = _said(document).merged(config)
        base = _base(document)
        if base is None:
            return config
        _check_circle(document, chain, base)
        content = _content(base, functools.partial(document.message, [_EXTENDS]))
        chain.append(base)


def read_if_there(path: str) -> Config:
    """As read_file; nothing is said where there is no file."""
    return read_file(path) if os.path.lexists(path) else Config()


def of_value(value: Any) -> Config:
    """What a dictionary says that was read from the notation.

    Raises:
        ConfigError: It is no dictionary, or says what it cannot.
    """
    if not isinstance(value, dict):
        raise ConfigError("SDN root must be a dictionary for DL config")
    said = {}
    for key, given in value.items():
        if key not in READERS:
            raise ConfigError(unknown_key(key, READERS))
        try:
            said[key] = Setting(READERS[key](given), "")
        except ValueError as error:
            raise ConfigError(f"{key}: {error}") from None
    return Config.of_settings(said, ())


def _content(path: str, message: Callable[[str], str]) -> bytes:
    """What is in a file; `message` says where that is named."""
    try:
        with opened(path, "a configuration file") as file:
            return file.read()
    except FileNotFoundError:
        raise ConfigError(message(f"Config file not found: {path}")) from None
    except OSError as error:
        raise ConfigError(message(f"Failed to read config file: {path}: {error.strerror or error}")) from error


def _document(content: bytes, path: str) -> sdn.Document:
    try:
        document = sdn.parse_document(decoded(content, path), path)
    except SDNError as error:
        raise ConfigError(f"Failed to parse SDN: {error}") from error
    if not isinstance(document.value, dict):
        problem = document.message([], "`key: value` is expected, with a space behind the colon")
        raise ConfigError(f"SDN root must be a dictionary for DL config: {problem}")
    return document


def _said(document: sdn.Document) -> Config:
    said = {}
    for key, value in document.value.items():
        if key == _EXTENDS:
            continue
        if key not in READERS:
            raise ConfigError(document.key_message(key, unknown_key(key, _KEYS)))
        try:
            said[key] = Setting(READERS[key](value), f"{document.name}:{document.line([key])}")
        except ValueError as error:
            raise ConfigError(document.message([key], str(error))) from None
    return Config.of_settings(said, (document.name,))


def _base(document: sdn.Document) -> str | None:
    """The file that is extended, which is named from the file's own folder."""
    if [_EXTENDS] not in document:
        return None
    name = document.get([_EXTENDS])
    if not isinstance(name, str) or not name or "\0" in name:
        raise ConfigError(document.message([_EXTENDS], "the path of a file is expected"))
    return os.path.join(os.path.dirname(document.name), os.path.expanduser(name))


def _check_circle(document: sdn.Document, chain: list[str], base: str) -> None:
    if os.path.realpath(base) in map(os.path.realpath, chain):
        circle = " -> ".join([*chain, base])
        raise ConfigError(document.message([_EXTENDS], f"files extend each other in a circle: {circle}"))
