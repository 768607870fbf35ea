"""What every job begins with: the project, the profile in force, the service behind it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.odata.http import Login, NoLogin
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.progress import Progress, Silent
from importer.project import Folders, choose_profile, find_project
from importer.project.logins import ca_of, login_of
from importer.project.merging import read_settings
from importer.project.profiles import Chosen
from importer.results.common import ServiceLine
from importer.service import Service, open_service


class FileOfOurs(Problem):
    """A file that every job needs cannot be used."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be used: {expected}.'
    hint: ClassVar[str] = "Look at the rights and at the space left on that disk"


class Workplace(msgspec.Struct, frozen=True):
    """Where and how a job works: the options that are the same for every command.

    `announce` is told the service in use as soon as it is known, before anything is asked of it.
    """

    folders: Folders
    profile: str | None = None
    progress: Progress = msgspec.field(default_factory=Silent)
    announce: Callable[[ServiceLine], None] = lambda _: None


def workplace(
    project: Path | None = None,
    *,
    near: Path | None = None,
    profile: str | None = None,
    progress: Progress | None = None,
    announce: Callable[[ServiceLine], None] | None = None,
) -> Workplace:
    """Return the workplace of a project: the one asked for, else the one `near` (a recipe, a plan) is in."""
    start = near.parent if near is not None and near.parent.is_dir() else Path()
    return Workplace(
        find_project(start, project), profile, progress or Silent(), announce or (lambda _: None)
    )


def language_of(place: Workplace) -> str | None:
    """Return the language that the project's configuration names, if it can be read and names one."""
    try:
        return read_settings(place.folders).merged.lang
    except ConfigurationError:
        return None  # told by the job that needs it


@contextmanager
def connected(
    place: Workplace,
    *,
    service: str | None = None,
    offline: bool = False,
    lanes: int | None = None,
    login: Login | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[tuple[Chosen, Service]]:
    """Give the profile in force and its service, and close it afterwards. `login` instead of the profile's own.

    `pause` is how it waits for the service (`open_service`).

    Raises:
        ConfigurationError: no such profile, a missing credential, an unreadable file.
        ServiceError: unreachable, login refused, not OData v4.

    """
    chosen = choose_profile(place.folders, asked=place.profile, service=service)
    profile = chosen.profile
    place.announce(ServiceLine(chosen.name, profile.url))
    folder = place.folders.root
    # Offline nobody is asked, so nobody logs in.
    if login is None:
        login = NoLogin() if offline else login_of(chosen.name, profile, folder=folder)
    try:
        found = open_service(
            chosen.name,
            profile.url,
            login=login,
            ca=ca_of(profile, folder),
            dialect=profile.dialect,
            timeout=profile.timeout,
            lanes=max(lanes or profile.concurrency, 2),
            requests_per_second=profile.requests_per_second,
            cache=place.folders.metadata,
            offline=offline,
            project=place.folders.root,
            probe=place.folders.probe,
            pause=pause,
        )
    except OSError as error:
        # The metadata cannot be kept, or a certificate of the environment cannot be read.
        name, reason = str(error.filename or place.folders.metadata), error.strerror or str(error)
        raise ConfigurationError(FileOfOurs(place=FilePlace(name), found=name, expected=reason)) from None
    try:
        yield chosen, found
    finally:
        found.close()


def line_of(service: Service) -> ServiceLine:
    """Return the service as results show it."""
    return ServiceLine(service.name, service.url.rstrip("/"), service.fetched, service.cached)
