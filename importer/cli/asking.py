"""Questions are asked on a terminal only.

Elsewhere a needed answer is an error that names the option giving it.
"""

import sys
from typing import ClassVar

import click

from importer.cli.options import Globals
from importer.problems import Problem, Severity, UsageError
from importer.secret import Secret
from importer.text.translating import N_, translate

_ITEMS = {
    "username": N_("User"),
    "password": N_("Password"),
    "token": N_("API token"),
    "client_secret": N_("Secret of the client"),
    "refresh_token": N_("Refresh token"),
}


class AnswerNeeded(Problem):
    """Nobody is there to be asked."""

    code: ClassVar[str] = "answer-needed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "A yes is needed before anything is written."
    hint: ClassVar[str] = "Look at the plan, then say {found}"


class CredentialNeeded(Problem):
    """A credential has to be typed, and nobody is there."""

    code: ClassVar[str] = "answer-needed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "A credential is needed, and nobody can be asked for it."
    hint: ClassVar[str] = "Set {found} in the environment of this command, or run it on a terminal"


class Declined(Problem):
    """A person said no."""

    code: ClassVar[str] = "answer-needed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Nothing was written."


def agree(settings: Globals, *, protected: str | None, tenant: str | None = None) -> None:
    """Ask whether to go on; for a protected profile the tenant's name must be typed, where it is not known the profile's.

    Raises:
        UsageError: nobody can be asked, or the answer is no.

    """
    settings.clear()
    if settings.silent or not sys.stdin.isatty():
        raise UsageError(AnswerNeeded(found="--yes"))
    if protected is not None:
        question, name = question_of(protected, tenant)
        answer = click.prompt(question, err=True, default="", show_default=False)
        agreed = str(answer).strip() == name
    else:
        agreed = click.confirm(translate("Go on?"), err=True)
    if not agreed:
        raise UsageError(Declined())


def question_of(profile: str, tenant: str | None) -> tuple[str, str]:
    """Return what a protected profile asks, and the name that must be typed."""
    if tenant:
        return translate("Type the tenant's name to go on ({name})").format(name=tenant), tenant
    return translate("Type the name of the profile to go on ({name})").format(name=profile), profile


def ask_credential(settings: Globals, item: str, variable: str) -> Secret:
    """Ask for a credential on the terminal; what is secret is not shown while it is typed.

    Raises:
        UsageError: nobody can be asked; it names the environment variable that would do.

    """
    settings.clear()
    if settings.silent or not sys.stdin.isatty():
        raise UsageError(CredentialNeeded(found=variable))
    answer = click.prompt(translate(_ITEMS[item]), err=True, hide_input=item != "username")
    found = str(answer)
    return Secret(found if item == "password" else found.strip())
