"""Progress on a terminal's standard error."""

import threading

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from importer.text.translating import translate


class Drawn:
    """A `Progress` drawn as one line, that of the running phase; nothing of it stays."""

    def __init__(self, *, colour: bool, console: Console | None = None) -> None:
        """Begin to draw when the first phase begins."""
        self._bars = Bars(
            TextColumn("  {task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console or Console(stderr=True, no_color=not colour, markup=False, highlight=False),
            transient=True,
        )
        self._task: TaskID | None = None
        # Lanes advance while others clear.
        self._lock = threading.Lock()

    def phase(self, name: str, total: int | None = None) -> None:
        """Begin a phase in place of the one before."""
        with self._lock:
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._task = self._bars.add_task(translate(name), total=total)
            self._bars.start()

    def advance(self, count: int = 1) -> None:
        """Say that more is done."""
        with self._lock:
            if self._task is not None:
                self._bars.advance(self._task, count)

    def clear(self) -> None:
        """Take the line off the terminal and give the cursor back; the next phase draws again."""
        with self._lock:
            if self._task is not None:
                self._bars.remove_task(self._task)
                self._task = None
                self._bars.stop()
