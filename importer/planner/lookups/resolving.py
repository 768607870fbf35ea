"""Texts become references: exactly one candidate, or a problem, or what the rule says instead (recipe-language.md §6.4)."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import BLANKS, Asked, Blank, BoundLookup
from importer.planner.binding.lookups import created_by
from importer.planner.lookups.index import UNREAD, value_key
from importer.planner.lookups.known import Known, UnresolvedError
from importer.planner.lookups.nearness import Nearness
from importer.planner.lookups.problems import Ambiguous, DependsOnBlocked, NotFound, NotFoundUnlike, OldName
from importer.planner.lookups.references import KeyRef, MadeEntity, MadeRef, RecordRef, Reference
from importer.planner.lookups.searching import Found, Search, Wanted
from importer.planner.mapping.conversion import Context, NotConvertible, convert
from importer.planner.mapping.record import Record
from importer.problems import Near, Problem
from importer.service import FetchedEntity
from importer.text.translating import translate

# Near misses: among so many names at most, and so many looks at names in one plan.
_MAX_WORDS = 20_000
_MAX_COMPARED = 3_000_000
# `on_missing: blank` keeps what is there: like a column that is missing, never like an empty cell that clears.
_KEEP = Blank(there=False)


@dataclass
class Resolver:
    """References of all records of one plan. Problems go to the records; notes to `notes`."""

    known: Known
    search: Search
    notes: list[Problem] = field(default_factory=list)
    made: dict[Hashable, MadeEntity] = field(default_factory=dict)
    _near: dict[int, Nearness] = field(default_factory=dict)
    _compared: int = 0

    def resolve_all(self) -> None:
        """Resolve every reference of every record that is not skipped; defaults of blank cells are resolved when asked for."""
        for record in self.known.planned.records:
            for position in record.step.looked_up:
                if record.skipped is None and isinstance(record.values[position], Asked):
                    self.reference(record, position)

    def reference(
        self, record: Record, position: int, asked: Asked | None = None
    ) -> Reference | Blank | None:
        """Return what a field refers to: a reference, a blank (`on_missing: blank`), or None when a problem was told.

        `asked` is a default, where the cell itself is blank.
        """
        known, key = self.known.references, (record.number, position)
        if key not in known:
            value, lookup = asked or record.values[position], record.step.fields[position].lookup
            sure = self.search.sure(lookup, value) if lookup and isinstance(value, Asked) else None
            if sure is not None:
                known[key] = sure
            else:
                self._resolve_with_others(record, position, asked)
        return known[key]

    def _resolve_with_others(self, record: Record, position: int, asked: Asked | None) -> None:
        """Resolve a reference, and before it those of other records that decide about it."""
        stack = [(record, position, asked or record.values[position])]
        while stack:
            record, position, value = stack[-1]
            key, lookup = (record.number, position), record.step.fields[position].lookup
            self.search.undecidable.add(key)
            try:
                found = (
                    self._resolve(record, position, lookup, value)
                    if lookup is not None and isinstance(value, Asked)
                    else None
                )
            except UnresolvedError as first:
                stack.append((first.record, first.position, first.record.values[first.position]))
                continue
            self.known.references[key] = found
            self.search.undecidable.discard(key)
            stack.pop()

    def _resolve(
        self, record: Record, position: int, lookup: BoundLookup, asked: Asked
    ) -> Reference | Blank | None:
        where = self._where(record, position, lookup, asked)
        if where is None:
            return None
        found = self.search.look(lookup, asked.text, where, record)
        if len(found.candidates) == 1:
            self.search.remember(lookup, asked, found)
            if found.old:
                names = ", ".join(item.name for item in lookup.by)
                self.notes.append(
                    OldName(
                        place=record.place(position),
                        step=record.step.name,
                        found=shown(asked),
                        property=names,
                    )
                )
            return found.candidates[0]
        if found.candidates:
            return self._several(record, position, lookup, asked, found)
        if found.left_out:
            other = found.left_out[0]
            record.problems.append(
                DependsOnBlocked(
                    place=record.place(position),
                    step=record.step.name,
                    found=shown(asked),
                    row=other.row.number,
                    of=other.step.name,
                )
            )
            return None
        return self._missing(record, position, lookup, asked, where)

    def _where(
        self, record: Record, position: int, lookup: BoundLookup, asked: Asked
    ) -> tuple[Wanted, ...] | None:
        """Return the values of the narrowings; None when one of them cannot be resolved."""
        values: list[Wanted] = []
        for narrowing, value in zip(lookup.where, asked.where, strict=True):
            if isinstance(value, Asked) and narrowing.lookup is not None:
                inner = self._resolve(record, position, narrowing.lookup, value)
                if inner is None:
                    return None
                values.append(None if isinstance(inner, Blank) else inner)
            else:
                values.append(None if isinstance(value, UNREAD) else value)
        return tuple(values)

    def _several(
        self, record: Record, position: int, lookup: BoundLookup, asked: Asked, found: Found
    ) -> Blank | None:
        if lookup.on_ambiguous == "blank":
            return _KEEP
        if lookup.on_ambiguous == "skip":
            record.skipped = record.skipped or "on_ambiguous"
            return None
        described = [self._describe(item, lookup) for item in found.candidates[:5]]
        near = tuple(
            Near(text, 1.0, self._key_text(item))
            for text, item in zip(described, found.candidates, strict=False)
        )
        record.problems.append(
            Ambiguous(
                place=record.place(position),
                step=record.step.name,
                found=shown(asked),
                expected=lookup.text,
                near=near,
                count=len(found.candidates),
                set=lookup.set,
                candidates=", ".join(described),
            )
        )
        return None

    def _missing(
        self, record: Record, position: int, lookup: BoundLookup, asked: Asked, where: tuple[Wanted, ...]
    ) -> Reference | Blank | None:
        if lookup.on_missing == "blank":
            return _KEEP
        if lookup.on_missing == "skip":
            record.skipped = record.skipped or "on_missing"
            return None
        if lookup.on_missing == "create":
            return self._make(record, position, lookup, asked, where)
        near = self._nearest(lookup, shown(asked))
        names = translate("{set} with {properties}").format(
            set=lookup.set, properties=", ".join(item.name for item in lookup.by)
        )
        kind = NotFound if near else NotFoundUnlike
        record.problems.append(
            kind(
                place=record.place(position),
                step=record.step.name,
                found=shown(asked),
                expected=names,
                near=near,
            )
        )
        return None

    def _make(
        self, record: Record, position: int, lookup: BoundLookup, asked: Asked, where: tuple[Wanted, ...]
    ) -> MadeRef | None:
        """Return the entity to be made for a text, the same for all who ask for it in the same words and narrowings."""
        property_, place = created_by(lookup), record.place(position)
        context = Context(
            record.step.rule.table.locale, place, record.step.name, record.step.enums, record.step.flags
        )
        try:
            value = convert(asked.text, shown(asked), property_, context)
        except NotConvertible as refused:
            record.problems.append(refused.problem)
            return None
        key = made_key(lookup, value, self.search.where_key(where))
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = MadeEntity(lookup, value, where, step=record.step.name)
        made.places.append(place)
        return MadeRef(made)

    def _nearest(self, lookup: BoundLookup, text: str) -> tuple[Near, ...]:
        """Return near misses; none any more when a whole column seems to be wrong."""
        found = self._near.get(id(lookup))
        if found is None:
            found = self._near[id(lookup)] = Nearness(self._words_of(lookup))
        self._compared += found.cost(text)
        return found.near(text) if self._compared <= _MAX_COMPARED else ()

    def _words_of(self, lookup: BoundLookup) -> dict[str, str | None]:
        """Return what candidates are called, with the keys of those that are on the service."""
        words: dict[str, str | None] = {}
        table, planned = self.known.tables.get(lookup.set), self.known.planned
        kinds = self.known.making(lookup.type)
        for property_ in lookup.by:
            for word, entity in table.words(property_) if table is not None else ():
                if len(words) < _MAX_WORDS:
                    words.setdefault(word, key_text(entity))
            for kind in kinds:
                for word, other in planned.words(kind, property_):
                    if len(words) < _MAX_WORDS and other.number not in planned.left_out:
                        words.setdefault(word, None)
        return words

    def _key_text(self, candidate: Reference) -> str | None:
        entity = self.known.key_of(candidate)
        return None if entity is None else key_text(entity)

    def _describe(self, candidate: KeyRef | RecordRef, lookup: BoundLookup) -> str:
        """Return what tells a candidate apart: its name, and its row or key."""
        name = shown(self.search.value_of(candidate, lookup.by[-1]))
        if isinstance(candidate, RecordRef):
            return translate('"{name}" (row {row} of {step})').format(
                name=name, row=candidate.record.row.number, step=candidate.record.step.name
            )
        return f'"{name}" ({key_text(candidate.entity)})'


def made_key(lookup: BoundLookup, value: EdmValue, where: Hashable) -> Hashable:
    """Return what two lookups share that make one entity: set, property and text, and the narrowings by name."""
    return (
        lookup.set,
        created_by(lookup).wire,
        value_key(value, exact=lookup.exact),
        tuple(item.property.wire for item in lookup.where),
        where,
    )


def shown(value: object) -> str:
    """Return a value as people wrote it; a blank is the empty text."""
    if type(value) is str:
        return value
    if isinstance(value, Asked):
        return str(value.text)
    return "" if value is None or isinstance(value, BLANKS) else str(value)


def key_text(entity: FetchedEntity) -> str:
    """Return an entity's key for people."""
    return ", ".join(str(value) for value in entity.key.values())
