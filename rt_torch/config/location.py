"""Where configuration files are looked for."""

from __future__ import annotations

import os

NAME = "dl.config.sdn"
LOCAL_NAME = "dl.config.local.sdn"


def user_paths() -> list[str]:
    """The user's files, the weaker one first: that of the original system, then the one in the folder for such files."""
    home = os.path.expanduser("~")
    named = os.environ.get("XDG_CONFIG_HOME", "")
    folder = named if os.path.isabs(named) else os.path.join(home, ".config")  # a relative one is to be ignored
    paths = [os.path.join(home, ".simple", NAME), os.path.join(folder, "rt-torch", NAME)]
    return [*filter(os.path.isabs, paths)]  # a user whom the system does not know has the home "~", which is none


def project_paths(folder: str) -> list[str]:
    """A project's files, the weaker one first: the one that everybody has, then the one of this copy."""
    return [os.path.join(folder, NAME), os.path.join(folder, LOCAL_NAME)]
