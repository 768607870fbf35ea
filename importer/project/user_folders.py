"""Where this user's own things are on this platform: configuration, and what no project should hold."""

import os
import sys
from pathlib import Path

_NAME = "importer"


def user_configuration() -> Path:
    """Return the path of the user's own configuration: `IMPORTER_CONFIG`, else `config.yaml` in the platform's folder."""
    asked = os.environ.get("IMPORTER_CONFIG")
    if asked:
        return Path(asked)
    return _folder("XDG_CONFIG_HOME", ".config", "APPDATA") / "config.yaml"


def user_state() -> Path:
    """Return the folder of tokens and their locks."""
    return _folder("XDG_STATE_HOME", ".local/state", "LOCALAPPDATA")


def _folder(variable: str, below_home: str, windows: str) -> Path:
    if sys.platform == "win32":
        base = os.environ.get(windows)
        return (Path(base) if base else Path.home() / "AppData" / "Local") / _NAME
    named = os.environ.get(variable, "")
    # A relative path there is to be ignored (XDG Base Directory Specification).
    if named and Path(named).is_absolute():
        return Path(named) / _NAME
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _NAME
    return Path.home() / below_home / _NAME
