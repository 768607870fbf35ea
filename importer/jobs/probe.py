"""`probe`: what the service can do, asked and kept. Read-only, but for one entity of a set that a person names."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from importer.executor.probe_entity import specimen_of
from importer.executor.write_probe import Written, clear_up, new_key, write_probe
from importer.jobs.touching import recipes_of, uses_of
from importer.jobs.workplace import FileOfOurs, Workplace, connected, line_of
from importer.problems import (
    ConfigurationError,
    EntityPlace,
    FilePlace,
    Problem,
    Severity,
    group,
    nearest,
)
from importer.project import choose_profile
from importer.results.probe import Probed
from importer.service import Service
from importer.service.findings import Findings, keep
from importer.service.probing import Probe
from importer.text.translating import N_

# Sets that are tried where no recipe of the project names any.
_FEW = 3


class NoSetToWrite(Problem):
    """The set named for writing is not there."""

    code: ClassVar[str] = "unknown-entity-set"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no entity set "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"


def probe(place: Workplace, *, write: str | None = None) -> Probed:
    """Return what the service of the profile can do; kept in `.importer/probe/` until its metadata change.

    The sets that the project's recipes use are asked, else the first few. `write`: one entity of this set is made, changed and
    deleted as well; the caller has asked a person.

    Raises:
        ConfigurationError: no such profile or set, or the answers cannot be kept.
        ServiceError: the service cannot be used.

    """
    with connected(place) as (chosen, service):
        if write is not None and write not in service.model.sets:
            near = nearest(write, service.model.sets)
            raise ConfigurationError(NoSetToWrite(place=EntityPlace(write), found=write, near=near))
        place.progress.phase(N_("probing the service"))
        sets = _sets(place, service, chosen.name, write)
        findings = Probe(service).findings(sets).with_written(service.probed)
        problems: list[Problem] = []
        try:
            if write is not None:
                written = _write(place, service, write)
                findings = _with(findings, write, written)
                problems += written.problems
            path = keep(place.folders.probe, findings)
        except OSError as error:
            name = str(error.filename or place.folders.probe)
            reason = error.strerror or str(error)
            raise ConfigurationError(FileOfOurs(place=FilePlace(name), found=name, expected=reason)) from None
        return Probed(
            service=line_of(service), findings=findings, path=path, written=write, problems=group(problems)
        )


def protected(place: Workplace) -> str | None:
    """Return the name of the profile in force when it must be typed before anything is written.

    Raises:
        ConfigurationError: no such profile.

    """
    chosen = choose_profile(place.folders, asked=place.profile, service=None)
    return chosen.name if chosen.profile.protected else None


def _sets(place: Workplace, service: Service, profile: str, write: str | None) -> Sequence[str]:
    """Return the sets to ask about."""
    recipes, _ = recipes_of(place.folders.root, profile)
    used = [
        use.set
        for recipe in recipes
        for use in uses_of(recipe, service.model, service.model)
        if use.set in service.model.sets
    ]
    named = [*([write] if write else []), *used]
    return list(dict.fromkeys(named)) or list(service.model.sets)[:_FEW]


def _write(place: Workplace, service: Service, write: str) -> Written:
    left = clear_up(service, place.folders.probe)
    specimen = specimen_of(service, write, new_key(service, write))
    written = write_probe(service, specimen, place.folders.probe)
    written.problems[:0] = left
    return written


def _with(findings: Findings, name: str, written: Written) -> Findings:
    """Return the findings with what writing to a set taught."""
    found = {
        "own_keys": {**findings.own_keys, name: written.kept},
        "duplicate": {**findings.duplicate, **({name: written.duplicate} if written.duplicate else {})},
        "concurrency": {
            **findings.concurrency,
            **({name: written.concurrency} if written.concurrency else {}),
        },
        "seen": (*findings.seen, *written.seen),
    }
    return msgspec.structs.replace(findings, **found)
