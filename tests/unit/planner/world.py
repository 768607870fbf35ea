"""A small firm's service on a socket, and makers of recipes' files: what the planner's tests are about."""

import csv
import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from importer.executor import Applied, Options, Settings, apply_plan
from importer.plan import Action, StepTotals, Verb
from importer.plan.file import PlanReader
from importer.planner import Binding, bind_recipe, make_plan
from importer.problems import ProblemGroup
from importer.problems.problem import code_of
from importer.progress import Silent
from importer.recipe import read_recipe
from importer.sandbox import Faults, Habits, Running, plain_service, running
from importer.sandbox.store import Store
from importer.service import Service, open_service
from importer.service.entities import Entities
from tests.building import make_workbook

DOCUMENT = (Path(__file__).parent / "firm.xml").read_bytes()
TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITES = {Verb.CREATE, Verb.UPDATE}


def guid(name: str) -> str:
    """The key of a seeded entity, by what it is called."""
    return str(uuid5(UUID(int=7), name))


@dataclass
class Made:
    """A plan, read back."""

    path: Path
    actions: list[Action]
    steps: dict[str, StepTotals]
    problems: tuple[ProblemGroup, ...]

    @property
    def codes(self) -> list[str]:
        """The codes of all problems that are no mere notes on merged rows, once each, in order."""
        return list(dict.fromkeys(group.code for group in self.problems))

    @property
    def writes(self) -> list[Action]:
        """The actions that write, by wave."""
        return sorted(
            (a for a in self.actions if a.verb in WRITES), key=lambda action: (action.wave, action.id)
        )

    @property
    def verbs(self) -> dict[str, str]:
        """Title → verb."""
        return {action.title: action.verb.value for action in self.actions}

    @property
    def fates(self) -> dict[str, int]:
        """The totals of the only step that are not zero."""
        (step,) = self.steps.values()
        return fates(step)

    def named(self, title: str) -> Action:
        """The action that writes, of this title."""
        (found,) = [action for action in self.actions if action.title == title and action.verb in WRITES]
        return found

    def group(self, code: str) -> ProblemGroup:
        """The problem with a code."""
        return next(group for group in self.problems if group.code == code)

    def places(self, code: str) -> list[tuple[str | None, int | None]]:
        """(column, row) of every place of a code."""
        return sorted(
            (str(getattr(place, "column", "") or ""), getattr(place, "row", None))
            for group in self.problems
            if group.code == code
            for place in group.places
        )


def fates(step: StepTotals) -> dict[str, int]:
    """The counts of a step that are not zero; they add up, or the test ends here."""
    names = ("create", "update", "unchanged", "merged", "skip", "blocked", "not_for_step")
    found = {name: getattr(step, name) for name in names if getattr(step, name)}
    assert sum(found.values()) == step.rows
    return found


@dataclass(repr=False)
class World:
    """One service and a folder."""

    running: Running
    service: Service
    store: Store
    folder: Path = Path()
    seeds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        """Say little where hypothesis shows a failing example: it would print the service's whole model, and warn of that."""
        printer.text("<World>")

    def fresh(self, folder: Path) -> "World":
        """An empty service and an empty folder."""
        self.folder, self.seeds = folder, {}
        self._begin()
        return self

    def seed(self, entity_set: str, *entities: Mapping[str, Any]) -> None:
        """Let the service hold entities from the beginning; an `id` is made of the name, e-mail or code."""
        kind = self.service.model.sets[entity_set].type
        has_id = "id" in self.service.model.properties_of(kind)
        found = [
            {**({"id": guid(str(e.get("name") or e.get("email") or e.get("code")))} if has_id else {}), **e}
            for e in entities
        ]
        self.seeds.setdefault(entity_set, []).extend(found)
        self._begin()

    def _begin(self) -> None:
        """Put a new store with the seeds behind the socket, which stays."""
        pack = replace(plain_service(DOCUMENT, "firm"), seed=self.seeds)
        self.store.close()
        self.store = pack.store()
        vars(self.running.sandbox).update(
            vars(pack.sandbox(self.store, Habits(), Faults(), self.running.sandbox.site.root))
        )
        self.service.entities = Entities(self.service.reader, self.service.model)

    def write(self, name: str, rows: Sequence[Sequence[object]]) -> Path:
        """Write a table: CSV, or a workbook with one sheet."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".xlsx"):
            return make_workbook(path, Sheet1=rows)
        out, width = io.StringIO(), max(map(len, rows))
        csv.writer(out, delimiter=";").writerows([*row, *[""] * (width - len(row))] for row in rows)
        path.write_text(out.getvalue(), "utf-8")
        return path

    def bind(
        self, steps: str, files: Mapping[str, Sequence[Sequence[object]]] | None = None, *, head: str = ""
    ) -> Binding:
        """Check a recipe: `steps` is what follows `steps:`."""
        for name, rows in (files or {}).items():
            self.write(name, rows)
        path = self.folder / "recipe.yaml"
        lines = "\n".join("  " + line for line in steps.strip("\n").splitlines())
        path.write_text(
            f"recipe: 1\n{head or 'source: {file: a.csv, delimiter: ;}'}\nsteps:\n{lines}\n", "utf-8"
        )
        return bind_recipe(read_recipe(path, "recipe.yaml"), self.service, project=self.folder)

    def check(
        self, steps: str, files: Mapping[str, Sequence[Sequence[object]]] | None = None, *, head: str = ""
    ) -> list[str]:
        """The codes that `check` would tell."""
        return [code_of(problem) for problem in self.bind(steps, files, head=head).problems]

    def plan(
        self,
        steps: str,
        rows: Sequence[Sequence[object]] | None = None,
        *,
        files: Mapping[str, Sequence[Sequence[object]]] | None = None,
        head: str = "",
        keys: str = "auto",
    ) -> Made:
        """Plan a recipe over `a.csv` (the rows), or over several files."""
        binding = self.bind(steps, {**(files or {}), **({} if rows is None else {"a.csv": rows})}, head=head)
        assert binding.sound, [problem.message() for problem in binding.problems]
        path = self.folder / f"{next(self.numbers)}.plan"
        make_plan(binding, self.service, path, today=TODAY, progress=Silent(), version="0", keys=keys)
        with PlanReader(path) as reader:
            return Made(
                path, list(reader.actions()), {step.name: step for step in reader.steps()}, reader.problems()
            )

    def apply(self, made: Made) -> Applied:
        """Carry a plan out."""
        return apply_plan(
            made.path,
            self.service,
            settings=Settings(settle=0),
            options=Options(skip_blocked=True),
            stop=threading.Event(),
            pause=lambda _: None,
        )

    def stored(self, entity_set: str) -> dict[str, dict[str, Any]]:
        """The entities of a set by name (or e-mail, code, key)."""
        kind = self.service.model.sets[entity_set].type
        found = (entity.values for entity in self.store.all(kind))
        return {str(v.get("name") or v.get("email") or v.get("code") or v.get("iso")): v for v in found}


@contextmanager
def firm() -> Iterator[World]:
    """The firm's service."""
    pack = plain_service(DOCUMENT, "firm")
    with running(pack) as found:
        service = open_service("firm", found.url, pause=lambda _: None)
        world = World(found, service, pack.store())
        try:
            yield world
        finally:
            service.close()
            world.store.close()
