"""The port through which long work says how far it is; the library never prints."""

from typing import Protocol


class Progress(Protocol):
    """Told by jobs; drawn by the CLI, ignored by everybody else."""

    def phase(self, name: str, total: int | None = None) -> None:
        """Begin a phase: `name` is a gettext id such as "reading rows"; `total` its size in items, if known."""

    def advance(self, count: int = 1) -> None:
        """Say that `count` more items of the current phase are done."""


class Silent:
    """A `Progress` nobody looks at."""

    def phase(self, name: str, total: int | None = None) -> None:
        """Ignore the phase."""

    def advance(self, count: int = 1) -> None:
        """Ignore the items."""
