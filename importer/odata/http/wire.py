"""httpx without the command line that it brings: that one loads a library for terminals, which takes as long as all of httpx."""

import sys
from typing import Any

_COMMAND_LINE = "httpx._main"
_loaded: dict[str, Any] = sys.modules
# As where those libraries are not installed: httpx leaves its command line out.
_hidden = _loaded.setdefault(_COMMAND_LINE, None) is None
try:
    import httpx
finally:
    if _hidden:
        del _loaded[_COMMAND_LINE]

__all__ = ["httpx"]
