"""Which steps from line to line our own code takes: what tells a new input from one more of the same."""

import sys
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, Self

import importer

_OURS = str(Path(importer.__file__).parent)


class Edges:
    """While it is entered, collects the (code, line before, line) that run below `importer/`.

    Each edge counts once per power of two of how often it ran, so that a loop that turns more often is news.
    """

    def __init__(self) -> None:
        self._ran: dict[tuple[CodeType, int, int], int] = {}
        self._before: dict[int, int] = {}
        self._traced_by: Any = None

    def __enter__(self) -> Self:
        self._ran.clear()
        # Whoever traces already, as coverage does, gets its place back: without it the rest of the process goes unseen.
        self._traced_by = sys.gettrace()
        sys.settrace(self._enter_code)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.settrace(self._traced_by)

    def seen(self) -> frozenset[tuple[CodeType, int, int, int]]:
        """Return what ran since it was entered."""
        return frozenset((*edge, count.bit_length()) for edge, count in self._ran.items())

    def _enter_code(self, frame: FrameType, event: str, _argument: Any) -> Any:
        return self._step if frame.f_code.co_filename.startswith(_OURS) else None

    def _step(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            before = self._before.get(id(frame), 0)
            self._before[id(frame)] = frame.f_lineno
            edge = (frame.f_code, before, frame.f_lineno)
            self._ran[edge] = self._ran.get(edge, 0) + 1
        elif event == "return":
            self._before.pop(id(frame), None)
        return self._step
