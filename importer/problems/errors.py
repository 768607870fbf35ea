"""The one tree of exceptions. Each leaves a command with its exit code (cli.md, *Exit codes*) and its problems.

ImporterError
├── UsageError            2   wrong use of the command line
├── ConfigurationError    3   recipe, answers, configuration or a file is wrong
├── BlockedError          4   the plan has blocked rows, and nobody said to leave them out
├── ServiceError          5   the service cannot be reached or understood, refuses the login or a read
├── RefusedError          6   refused for safety: stale plan, wrong service, plan held by somebody else
└── Interrupted         130   Ctrl-C
"""

from collections.abc import Iterable
from typing import ClassVar

from importer.problems.problem import Problem


class ImporterError(Exception):
    """A command cannot go on. `problems` say why, to people."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *problems: Problem, more: Iterable[Problem] = ()) -> None:
        """Keep the problems; `more` are the ones gathered before, which are shown too."""
        self.problems: tuple[Problem, ...] = (*more, *problems)
        super().__init__("; ".join(problem.message() for problem in self.problems))


class UsageError(ImporterError):
    """The command line was used wrongly."""

    exit_code = 2


class ConfigurationError(ImporterError):
    """A recipe, configuration or file is wrong, missing or unreadable."""

    exit_code = 3


class BlockedError(ImporterError):
    """The plan has blocked rows, and nobody said to leave them out."""

    exit_code = 4


class ServiceError(ImporterError):
    """The service cannot be used."""

    exit_code = 5


class RefusedError(ImporterError):
    """It could be done, but it would not be safe."""

    exit_code = 6


class Interrupted(ImporterError):  # noqa: N818 - a person did it, it is no error
    """A person stopped it; what was sent is journalled."""

    exit_code = 130
