"""Node → verb: create, update, unchanged, skipped or blocked; what depends on a row left out is left out too (recipe-language.md §5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import ClassVar

from importer.plan import Verb
from importer.planner.binding.bound import Asked, Blank
from importer.planner.comparing import Difference, changes, creation, says_nothing_new, title_of
from importer.planner.lookups import KeyRef, MadeRef, RecordRef, Resolver
from importer.planner.lookups.problems import DependsOnBlocked, NotThere
from importer.planner.mapping import Record
from importer.planner.mapping.problems import BlankValue
from importer.planner.merging import Node, merge
from importer.problems import Problem, Severity
from importer.problems.problem import severity_of


class ReferenceCycle(Problem):
    """Entities that need each other to be made."""

    code: ClassVar[str] = "reference-cycle"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "These rows refer to each other in a circle: {found} (rows {rows})."
    hint: ClassVar[str] = "Leave one of the references out"

    rows: str


@dataclass(eq=False, slots=True)
class Decision:
    """What is done with a node, and what is written."""

    node: Node
    verb: Verb = Verb.BLOCKED
    differences: list[Difference] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def makes(self) -> bool:
        """Whether the entity will be there after the plan is applied."""
        return self.node.entity is not None or self.verb is Verb.CREATE


class Decider:
    """Decides all nodes, again and again until nothing depends any more on what is left out."""

    def __init__(self, nodes: Iterable[Node], resolver: Resolver) -> None:
        """Keep the nodes."""
        self._resolver = resolver
        self.decisions = [Decision(node) for node in nodes]
        self._by_record = {
            record.number: decision for decision in self.decisions for record in decision.node.records
        }
        self._records = {
            record.number: record for decision in self.decisions for record in decision.node.records
        }
        # By decision: the fields that refer to its entity, and through which of its rows.
        self._referring: dict[int, list[tuple[Record, int, Record]]] = {}
        self._seen = 0

    def settle(self) -> None:
        """Decide every node; rows that refer to a row left out are blocked, and so on."""
        self._settle(self.decisions)

    def of(self, record: Record) -> Decision:
        """Return the decision about the entity that a record is."""
        return self._by_record[record.number]

    def block_cycle(self, members: Sequence[Decision]) -> None:
        """Block the nodes of a circle of references that cannot be broken."""
        names = " → ".join([title_of(item.node.first) for item in (*members, members[0])])
        rows = ", ".join(str(item.node.first.row.number) for item in members)
        for item in members:
            for record in item.node.usable:
                record.problems.append(
                    ReferenceCycle(place=record.place(), step=record.step.name, found=names, rows=rows)
                )
        self._settle(members)

    def _settle(self, dirty: Sequence[Decision]) -> None:
        while dirty:
            for decision in dirty:
                self._decide(decision)
            dirty = self._orphans(dirty)

    def _decide(self, decision: Decision) -> None:
        node, left = decision.node, -1
        only = node.first
        if (
            node.entity is not None
            and len(node.records) == 1
            and only.usable
            and not only.defaults
            and says_nothing_new(only, node.entity, self._resolver)
        ):
            decision.notes, decision.differences, decision.verb = [], [], Verb.UNCHANGED
            return
        # A row that turns out to be left out takes what it says with it.
        while left != (left := len(node.usable)):
            decision.notes, decision.differences = [], []
            if node.entity is not None:
                self._blanks(node)
            decision.notes = list(merge(node, self._resolver))
            if node.usable:
                found = list(changes(node, self._resolver)) if node.entity is not None else self._new(node)
                for item in found:
                    self._take(decision, item)
        if not node.usable:
            skipped = any(record.skipped is not None for record in node.records)
            blocked = any(record.problems and record.skipped is None for record in node.records)
            decision.verb, decision.differences = (
                (Verb.SKIPPED if skipped and not blocked else Verb.BLOCKED),
                [],
            )
        elif node.entity is not None:
            decision.verb = Verb.UPDATE if decision.differences else Verb.UNCHANGED
        else:
            decision.verb = Verb.CREATE

    def _blanks(self, node: Node) -> None:
        """Apply `on_blank` where a default would have come first, had the entity to be made (recipe-language.md §6.2)."""
        for record in node.usable:
            for position in record.defaults:
                bound, value = record.step.fields[position], record.values[position]
                if not isinstance(value, Blank) or not value.there:
                    continue
                if bound.rule.on_blank == "skip":
                    record.skipped = record.skipped or "on_blank"
                elif bound.rule.on_blank == "error":
                    record.problems.append(
                        BlankValue(
                            place=record.place(position), step=record.step.name, property=bound.property.name
                        )
                    )

    def _new(self, node: Node) -> list[Difference | Problem]:
        makers = [record for record in node.usable if record.step.rule.mode != "update"]
        if makers:
            return list(creation(node, self._resolver))
        for record in node.usable:
            if record.step.rule.on_missing == "skip":
                record.skipped = "on_missing"
            else:
                positions = record.step.alternatives[0]
                names = " + ".join(record.step.fields[n].property.name for n in positions)
                record.problems.append(
                    NotThere(
                        place=record.place(positions[0]),
                        step=record.step.name,
                        found=f'"{title_of(record)}"',
                        expected=names,
                        set=record.step.to,
                    )
                )
        return []

    def _take(self, decision: Decision, item: Difference | Problem) -> None:
        if isinstance(item, Difference):
            decision.differences.append(item)
        elif severity_of(item) is Severity.NOTE:
            decision.notes.append(item)
        else:
            self._blame(decision.node, item)

    def _blame(self, node: Node, problem: Problem) -> None:
        """Block the rows of a node: what is wrong with the entity is wrong with each of them."""
        for record in node.usable:
            same_row = problem.place is not None and getattr(problem.place, "row", None) == record.row.number
            record.problems.append(problem if same_row or len(node.usable) == 1 else _moved(problem, record))

    def _orphans(self, decided: Sequence[Decision]) -> list[Decision]:
        """Block the records that refer to an entity which will not be there; return the nodes to be decided again."""
        gone = {id(item): item for item in (*decided, *self._new_targets()) if not item.makes}
        dirty: dict[int, Decision] = {}
        for target in gone.values():
            for record, position, other in self._referring.get(id(target), ()):
                if record.usable:
                    place, asked = record.place(position), record.values[position]
                    found = str(asked.text) if isinstance(asked, Asked) else title_of(other)
                    record.problems.append(
                        DependsOnBlocked(
                            place=place,
                            step=record.step.name,
                            found=found,
                            row=other.row.number,
                            of=other.step.name,
                        )
                    )
                    decision = self.of(record)
                    dirty[id(decision)] = decision
        return list(dirty.values())

    def _new_targets(self) -> Iterator[Decision]:
        """Yield the targets of references resolved since the last time: defaults are resolved when an entity is to be made."""
        references = self._resolver.known.references
        for (number, position), reference in islice(references.items(), self._seen, None):
            if isinstance(reference, KeyRef):
                continue
            for other in _records_in(reference):
                target = self.of(other)
                self._referring.setdefault(id(target), []).append((self._records[number], position, other))
                yield target
        self._seen = len(references)


def _records_in(reference: object) -> Iterator[Record]:
    """Yield the records that a reference leads to, or that the entity to be made for it refers to."""
    if isinstance(reference, RecordRef):
        yield reference.record
    elif isinstance(reference, MadeRef):
        for inner in reference.made.where:
            yield from _records_in(inner)


def _moved(problem: Problem, record: Record) -> Problem:
    return replace(problem, place=record.place(), step=record.step.name)
