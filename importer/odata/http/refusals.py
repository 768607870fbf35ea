"""Why a service cannot be read: one clear sentence each, with what to check (recipe-language.md §13)."""

from datetime import datetime, timedelta
from typing import ClassVar

from importer.problems import EntityPlace, Problem, Severity


class ServiceUnreachable(Problem):
    """Nobody answers."""

    code: ClassVar[str] = "service-unreachable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} does not answer: {found}."
    hint: ClassVar[str] = "Check the address in importer.yaml, the network, and whether the service runs"


class AskedToWait(ServiceUnreachable):
    """The service wants too long a pause."""

    text: ClassVar[str] = "{expected} asks us to wait for {found} seconds."
    hint: ClassVar[str] = "Try again then"


class ComeBackLater(AskedToWait):
    """The same, and when the wait is over."""

    text: ClassVar[str] = "{expected} takes no requests for {found} seconds, until {until}."
    hint: ClassVar[str] = "Try again after that; what is done stays done"

    until: str


def come_back(root: str, seconds: float) -> ComeBackLater:
    """Return the problem that a service wants us to stay away for so many seconds, by this machine's clock."""
    try:
        until = (datetime.now().astimezone() + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError):
        until = "9999-12-31"
    return ComeBackLater(place=EntityPlace(root), found=f"{seconds:.0f}", expected=root, until=until)


class LoginRefused(Problem):
    """401."""

    code: ClassVar[str] = "login-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} refuses the login ({status}). {found}"
    hint: ClassVar[str] = (
        "Check the credential that the profile names, or run `importer login`: a token may have expired"
    )

    status: int


class NoLoginGiven(LoginRefused):
    """401, and we sent no token."""

    hint: ClassVar[str] = (
        "The profile sends no token: write `auth: {{type: bearer}}` in importer.yaml and set its environment variable"
    )


class AccessDenied(Problem):
    """403."""

    code: ClassVar[str] = "access-denied"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} does not let us read {set} ({status}). {found}"
    hint: ClassVar[str] = "The user of the token needs the right to read it"

    status: int
    set: str


class NotOData(Problem):
    """Something else answered."""

    code: ClassVar[str] = "not-odata"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} does not answer as an OData v4 service: {found}"
    hint: ClassVar[str] = (
        "Check the address in importer.yaml: it ends where $metadata follows, often in /odata"
    )


class AnotherOrigin(NotOData):
    """A link or redirect leads away from the service."""

    text: ClassVar[str] = (
        "The service at {expected} leads to another address: {found}. Nothing is sent there."
    )
    hint: ClassVar[str] = "If it has moved, write its new address in importer.yaml"


class AnswerTooLarge(NotOData):
    """An answer without end."""

    text: ClassVar[str] = "An answer of {expected} is {found}."
    hint: ClassVar[str] = "Tell the service's provider"


class ReadRefused(Problem):
    """The service refuses a question."""

    code: ClassVar[str] = "service-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The service answered {status} to reading {set}: {found}"

    status: int
    set: str


class ReadIncomplete(Problem):
    """A set that cannot be read whole."""

    code: ClassVar[str] = "not-odata"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{set} cannot be read whole: {found} entities came, the service counts {expected}."
    hint: ClassVar[str] = (
        "Perhaps somebody changes it right now: try again. If it stays so, tell the service's provider"
    )

    set: str
