"""The way from rows to a plan: stage, fetch, identify, group, resolve, decide, order, write."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from importer.plan import FilePrint, JsonValue, Origin, hash_file
from importer.plan.file import PlanWriter
from importer.planner.binding import Binding
from importer.planner.deciding import Decider
from importer.planner.fetching import fetch, needs_of
from importer.planner.lookups import EntityTable, Known, Planned, Resolver, Search
from importer.planner.merging import Node, group_all
from importer.planner.planning.accounting import fates_of, problems_of, totals
from importer.planner.planning.arranging import arrange
from importer.planner.planning.composing import Composer
from importer.planner.planning.keying import choose_keys
from importer.planner.remarks import remarks
from importer.planner.staging import Staged, stage
from importer.problems import Severity, group
from importer.problems.problem import severity_of
from importer.progress import Progress
from importer.service import Service
from importer.text.translating import N_


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the cyclic collector: hundreds of thousands of small values are made and kept, and none of them is in a cycle.

    Measured on 10,000 rows of 12 fields: a quarter of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def make_plan(
    binding: Binding,
    service: Service,
    path: Path,
    *,
    today: datetime,
    progress: Progress,
    version: str,
    keys: str = "auto",
    options: Mapping[str, JsonValue] | None = None,
) -> None:
    """Write the plan of a sound binding to `path`; everything about it is read from there.

    `keys` is the profile's: who makes keys. Nothing stands under `path` when this fails.

    Raises:
        ServiceError: the service cannot be read.
        OSError: the plan cannot be written.
    """
    origin = _origin(binding, service, today, version=version, keys=keys, options=options or {})
    staged = stage(binding.steps, today.date(), progress)
    tables = fetch(service, needs_of(binding.steps, staged.records), progress)
    progress.phase(N_("comparing"), len(staged.records))
    resolver, decider = _decide(service, staged, tables)
    arrangement = arrange(decider, resolver)
    own = choose_keys(arrangement, service, tables, keys=keys, salt=f"{path.name}{origin.created}")
    composer = Composer(binding, service.model, arrangement, own, literal=keys == "client")
    with PlanWriter(path) as writer:
        writer.origin(origin)
        writer.actions(composer.actions())
        fates = [*staged.fates, *fates_of(decider, composer)]
        writer.rows(fates)
        writer.steps(totals(binding, staged, fates))
        # Notes on the recipe are for its author: `check` tells them.
        told = (problem for problem in binding.problems if severity_of(problem) is not Severity.NOTE)
        writer.problems(
            group([*told, *staged.problems, *remarks(staged.records), *problems_of(decider, resolver)])
        )
        writer.seal()


def _decide(service: Service, staged: Staged, tables: Mapping[str, EntityTable]) -> tuple[Resolver, Decider]:
    known = Known(service.model, tables, Planned(staged.records))
    resolver = Resolver(known, Search(known))
    groups = group_all(staged.records, resolver)
    resolver.resolve_all()
    nodes = [Node(members, known.identities[members[0].number].entity) for members in groups]
    decider = Decider(nodes, resolver)
    decider.settle()
    return resolver, decider


def _origin(
    binding: Binding,
    service: Service,
    today: datetime,
    *,
    version: str,
    keys: str,
    options: Mapping[str, JsonValue],
) -> Origin:
    recipe = binding.recipe
    used = dict(binding.used)
    return Origin(
        importer=version,
        recipe=FilePrint(str(recipe.path.resolve()), recipe.shown, recipe.fingerprint),
        files=tuple(hash_file(path, shown) for path, shown in (*binding.files, *recipe.parts)),
        service=service.name,
        url=service.url,
        metadata=service.fingerprint(used),
        used=used,
        created=_utc(datetime.now(UTC)),
        today=today.isoformat(),
        keys=keys,
        description=recipe.description,
        options=options,
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
