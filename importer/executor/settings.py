"""How fast and how far an apply goes: the profile's pace, and what the person said on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The profile's: operations in a batch, most lanes, seconds between two looks for a lost write, keys."""

    batch_size: int = 100
    concurrency: int = 4
    settle: float = 5.0
    keys: str = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The command line's. `steps` empty: all; `max_errors` 0: go on however many fail."""

    skip_blocked: bool = False
    steps: tuple[str, ...] = ()
    max_errors: int = 50
