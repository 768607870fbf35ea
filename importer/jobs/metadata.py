"""`metadata pull` and `metadata diff`: the service's metadata kept, and what changed since."""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from importer.jobs.touching import recipes_of, touched, uses_of
from importer.jobs.workplace import Workplace, connected, line_of
from importer.odata.csdl import read_metadata
from importer.odata.edm import Model
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, UsageError, group
from importer.project import Folders, choose_profile
from importer.results.metadata import Drift, Drifted, Pulled
from importer.service.changes import Change, Subject
from importer.service.drift import changes
from importer.text.translating import N_


class NothingPulled(Problem):
    """Nothing to compare with."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "No metadata of {expected} were pulled yet: there is no {found}."
    hint: ClassVar[str] = "Run `importer metadata pull` first, or name a saved $metadata with --against"


class MetadataFile(Problem):
    """A file that cannot be read or written."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be used: {expected}.'


class MetadataThere(Problem):
    """A file is in the way."""

    code: ClassVar[str] = "already-there"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} is there already."
    hint: ClassVar[str] = "Overwrite it with --force, or choose another name with -o"


def pull(place: Workplace, *, output: Path | None = None, force: bool = False) -> Pulled:
    """Return where the service's metadata are kept now: in the project, or in `output`.

    Raises:
        ConfigurationError: no such profile, or they cannot be kept.
        ServiceError: they cannot be had.
        UsageError: `output` is there already.

    """
    with connected(place) as (chosen, service):
        path = output or kept_at(place.folders, chosen.name)
        if output is not None and output.exists() and not force:
            raise UsageError(MetadataThere(place=FilePlace(str(output)), found=str(output)))
        before = _document(path) if path.is_file() else None
        _write(path, service.document)
        return Pulled(
            path=path,
            service=line_of(service),
            size=len(service.document),
            fingerprint=hashlib.sha256(service.document).hexdigest(),
            version=service.model.version,
            sets=len(service.model.sets),
            same=None if before is None else before == service.document,
        )


def diff(
    place: Workplace, *, against: Path | None = None, metadata: Path | None = None, tell_changes: bool = False
) -> Drift:
    """Return what changed since the last `pull`, or between `against` and now, and which recipes use it.

    metadata: this file is now, and no service is asked. tell_changes: exit code 10 when there are some.

    Raises:
        ConfigurationError: nothing was pulled, a file is missing, no such profile.
        ServiceError: the metadata cannot be had, or a document is none.

    """
    name = place.profile
    if against is None:
        name = choose_profile(place.folders, asked=place.profile, service=None).name
        against = kept_at(place.folders, name)
        if not against.is_file():
            missing = NothingPulled(place=FilePlace(str(against)), found=str(against), expected=name)
            raise ConfigurationError(missing)
    before = _model(against)
    if metadata is not None:
        after, said = _model(metadata), str(metadata)
    else:
        with connected(place) as (chosen, service):
            after, said, name = service.model, f"{service.name} · {service.url.rstrip('/')}", chosen.name
    place.progress.phase(N_("comparing"))
    recipes, problems = recipes_of(place.folders.root, name)
    uses = [use for recipe in recipes for use in uses_of(recipe, before, after)]
    return Drift(
        before=str(against),
        after=said,
        changes=tuple(
            Drifted(
                change=change,
                sets=_sets(change, before, after),
                places=touched(change, uses, before, after),
            )
            for change in changes(before, after)
        ),
        recipes=tuple(recipe.shown for recipe in recipes),
        tell=tell_changes,
        problems=group(problems),
    )


def kept_at(folders: Folders, profile: str) -> Path:
    """Return where the metadata of a profile are kept by `pull`."""
    name = re.sub(r"[^\w.-]", "_", profile)
    return folders.metadata / f"{name}.pulled.xml"


def _sets(change: Change, *models: Model) -> tuple[str, ...]:
    """Return the sets whose entities a change concerns."""
    if change.subject in (Subject.SET, Subject.SINGLETON):
        return (change.name,) if change.subject is Subject.SET else ()
    owner = change.owner or change.name.partition("/")[0]
    return tuple(dict.fromkeys(name for model in models for name in _holding(model, owner)))


def _holding(model: Model, owner: str) -> Iterable[str]:
    if owner in model.sets:
        return (owner,)
    return (name for name, item in model.sets.items() if model.is_a(item.type, owner))


def _model(path: Path) -> Model:
    return read_metadata(_document(path), str(path))


def _document(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(_unusable(path, error)) from None


def _write(path: Path, document: bytes) -> None:
    """Write whole or not at all."""
    passing = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        passing.write_bytes(document)
        passing.replace(path)
    except OSError as error:
        raise ConfigurationError(_unusable(path, error)) from None


def _unusable(path: Path, error: OSError) -> Problem:
    reason = error.strerror or str(error)
    return MetadataFile(place=FilePlace(str(path)), found=str(path), expected=reason)
