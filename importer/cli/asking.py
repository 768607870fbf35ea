"""Questions are asked on a terminal only.

Elsewhere a needed answer is an error that names the option giving it.
"""

import sys
from typing import ClassVar

import click

from importer.cli.options import Globals
from importer.problems import Problem, Severity, UsageError
from importer.text.translating import translate


class AnswerNeeded(Problem):
    """Nobody is there to be asked."""

    code: ClassVar[str] = "answer-needed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "A yes is needed before anything is written."
    hint: ClassVar[str] = "Look at the plan, then say {found}"


class Declined(Problem):
    """A person said no."""

    code: ClassVar[str] = "answer-needed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Nothing was written."


def agree(settings: Globals, *, protected: str | None) -> None:
    """Ask whether to go on; for a protected profile its name must be typed.

    Raises:
        UsageError: nobody can be asked, or the answer is no.

    """
    settings.clear()
    if settings.silent or not sys.stdin.isatty():
        raise UsageError(AnswerNeeded(found="--yes"))
    if protected is not None:
        question = translate("Type the name of the profile to go on ({name})").format(name=protected)
        answer = click.prompt(question, err=True, default="", show_default=False)
        agreed = str(answer).strip() == protected
    else:
        agreed = click.confirm(translate("Go on?"), err=True)
    if not agreed:
        raise UsageError(Declined())
