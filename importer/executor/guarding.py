"""Before the first write: the same service, nothing stale, nothing blocked without consent."""

from typing import ClassVar
from urllib.parse import urlsplit

from importer.executor.settings import Options
from importer.plan.file import PlanReader
from importer.plan.origin import Origin, changed_files
from importer.problems import BlockedError, FilePlace, Problem, ProblemGroup, RefusedError, Severity
from importer.service import Service

_PORTS = {"http": 80, "https": 443}


class WrongService(Problem):
    """The plan was made for another service."""

    code: ClassVar[str] = "wrong-service"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This plan was made for {expected}; the profile leads to {found}."
    hint: ClassVar[str] = "Choose the plan's profile by `--profile`, or make a plan for this service"


class PlanStale(Problem):
    """What the plan was made from is not what it was."""

    code: ClassVar[str] = "plan-stale"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Made from another {found}."
    hint: ClassVar[str] = "Make the plan again"


class MetadataStale(PlanStale):
    """The used part of the metadata changed."""

    text: ClassVar[str] = "The service's metadata of {found} have changed since the plan was made."


class ChangedMeanwhile(Problem):
    """A change that no longer matters: the plan has begun and must be finished."""

    code: ClassVar[str] = "plan-stale"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = (
        "{found} has changed since the plan was made. The plan has begun, so it is carried on as it was made."
    )
    hint: ClassVar[str] = "When it is done, make a new plan: it will bring the change"


class RowsBlocked(Problem):
    """The plan leaves rows out."""

    code: ClassVar[str] = "rows-blocked"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{found} rows of this plan are blocked; nothing was sent."
    hint: ClassVar[str] = "Mend them and make the plan again, or leave them out by `--skip-blocked`"


class PlanRefused(Problem):
    """The plan holds an error."""

    code: ClassVar[str] = "plan-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The plan says itself that it must not be applied: {found}"
    hint: ClassVar[str] = "See `importer show`; mend it and make the plan again"


class CallsUnknown(Problem):
    """The plan calls bound actions, which this version does not."""

    code: ClassVar[str] = "plan-stale"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        "The plan calls {found} actions of the service, which this version of importer cannot do."
    )
    hint: ClassVar[str] = "Apply it with the version that made it"


def guard(plan: PlanReader, service: Service, options: Options) -> tuple[Problem, ...]:
    """Return warnings if the plan may be applied to `service`.

    Once a first attempt is in the journal only another service refuses: unknown outcomes must be settled with
    this plan before another is made.

    Raises:
        RefusedError: another service, another workbook, recipe or metadata, or a plan that refuses itself.
        BlockedError: it has blocked rows and `skip_blocked` was not said.
    """
    origin, place = plan.origin(), FilePlace(str(plan.path))
    if normal_url(origin.url) != normal_url(service.url):
        raise RefusedError(WrongService(place=place, found=service.url, expected=origin.url))
    begun = plan.begun()
    stale = stale_parts(origin, service)
    if begun:
        return tuple(ChangedMeanwhile(place=place, found=problem.found) for problem in stale)
    if stale:
        raise RefusedError(*stale)
    _refuse_errors(plan.problems(), place)
    blocked = sum(step.blocked for step in plan.steps())
    if blocked and not options.skip_blocked:
        raise BlockedError(RowsBlocked(place=place, found=str(blocked)))
    calls = sum(step.actions.call for step in plan.steps())
    if calls:
        raise RefusedError(CallsUnknown(place=place, found=str(calls)))
    return ()


def stale_parts(origin: Origin, service: Service) -> tuple[PlanStale, ...]:
    """Return a problem for each file that changed, and one for the used part of the metadata."""
    found: list[PlanStale] = [
        PlanStale(place=FilePlace(shown), found=shown) for shown in changed_files(origin)
    ]
    if service.fingerprint(dict(origin.used)) != origin.metadata:
        found.append(MetadataStale(place=FilePlace(origin.url), found=", ".join(origin.used)))
    return tuple(found)


def normal_url(url: str) -> str:
    """Return a service root as two are compared: host in lower case, no default port, a slash at its end."""
    parts = urlsplit(url)
    scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    address = host if port is None or port == _PORTS.get(scheme) else f"{host}:{port}"
    return f"{scheme}://{address}{parts.path.rstrip('/')}/"


def _refuse_errors(groups: tuple[ProblemGroup, ...], place: FilePlace) -> None:
    errors = [group for group in groups if group.severity is Severity.ERROR]
    if errors:
        raise RefusedError(
            *(
                PlanRefused(place=group.places[0] if group.places else place, found=group.problem.message())
                for group in errors
            )
        )
