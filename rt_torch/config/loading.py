"""The configurations that are in files, and having them hold.

What reads files is loaded when the first one is read: programs that use tensors without them start sooner.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from typing import Any, TypeAlias

from rt_torch.config.configuration import Config
from rt_torch.config.location import project_paths, user_paths
from rt_torch.errors import ConfigError
from rt_torch_bindings.arguments import shown

Path: TypeAlias = "str | os.PathLike[str]"


def load_config(folder: Path = "") -> Config:
    """What the user's and the project's configuration files say, those that are there.

    From the weakest on, each overriding the keys that it has: ~/.simple/dl.config.sdn, rt-torch/dl.config.sdn in
    $XDG_CONFIG_HOME or else in ~/.config, then dl.config.sdn and dl.config.local.sdn in the project's folder.

    Args:
        folder: The project's; by default the working folder.

    Raises:
        ConfigError: There is no such folder, or one of the files cannot be read, is not in the notation, or says what it
            cannot.
    """
    return load_user_config().merged(_local("rt.load_config", folder))


def load_user_config() -> Config:
    """What the user's configuration files say; errors are those of load_config."""
    return _merged(user_paths())


def load_local_config(folder: Path = "") -> Config:
    """What the project's configuration files say; arguments and errors are those of load_config."""
    return _local("rt.config.load_local_config", folder)


def load_config_from_file(path: Path) -> Config:
    """What one file says, and the files that it extends.

    Raises:
        ConfigError: It is not there, cannot be read, is not in the notation, or says what it cannot.
    """
    return _from_file("rt.config.load_config_from_file: argument `path`", path)


def apply_config(config: Config | Path | None = None) -> Config:
    """Have a configuration hold from now on, that of a file, or that of load_config; returns it.

    Raises:
        ConfigError: It cannot be read, or says what cannot be done; nothing of it is applied then.
    """
    if not isinstance(config, Config):
        config = load_config() if config is None else _from_file("rt.apply_config: argument `config`", config)
    return config.apply()


def load_and_apply(path: Path) -> bool:
    """Apply the configuration of a file; False where there is no such file.

    Raises:
        ConfigError: It cannot be read, or says what cannot be done.
    """
    from rt_torch._file import path_text

    if not os.path.lexists(path_text("rt.config.load_and_apply: argument `path`", path)):
        return False
    apply_config(path)
    return True


apply_file_to_global = load_and_apply


def extract_dl_config_from_sdn(value: Any) -> Config:
    """The configuration that a dictionary is, as rt_torch.sdn reads it.

    Raises:
        ConfigError: It is no dictionary, or says what it cannot.
    """
    from rt_torch.config.reading import of_value

    return of_value(value)


def apply_sdn_to_global(value: Any) -> None:
    """Apply the configuration that a dictionary is; errors are those of extract_dl_config_from_sdn and of Config.apply."""
    extract_dl_config_from_sdn(value).apply()


def _from_file(where: str, path: Path) -> Config:
    from rt_torch._file import path_text
    from rt_torch.config.reading import read_file

    return read_file(path_text(where, path))


def _local(where: str, folder: Path) -> Config:
    from rt_torch._file import path_text

    text = path_text(f"{where}: argument `folder`", folder)
    if text and not os.path.isdir(text):
        hint = "; rt.config.load_config_from_file reads a file" if os.path.exists(text) else ""
        raise ConfigError(f"{where}: argument `folder`: a folder is expected; given {shown(text)}{hint}")
    return _merged(project_paths(text))


def _merged(paths: Iterable[str]) -> Config:
    from rt_torch.config.reading import read_if_there

    return functools.reduce(Config.merged, map(read_if_there, paths), Config())
