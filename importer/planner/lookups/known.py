"""What is known so far while records are identified, grouped and resolved; who writes what to an entity."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from importer.odata.edm import EdmValue, Model
from importer.planner.binding.bound import Blank
from importer.planner.lookups.index import EntityTable, Planned, read_path
from importer.planner.lookups.references import KeyRef, MadeRef, RecordRef, Reference
from importer.planner.mapping.record import Record
from importer.service import FetchedEntity


class Identity(msgspec.Struct):
    """What a record is: the entity it found and by which alternative; `values` are what equal records share, per alternative.

    None among `values` stands where the record says nothing in an alternative.
    """

    entity: FetchedEntity | None
    alternative: int | None
    values: tuple[tuple[Hashable, ...] | None, ...]


class UnresolvedError(Exception):
    """A reference of another record must be resolved first; whoever resolves comes back later."""

    def __init__(self, record: Record, position: int) -> None:
        """Keep which one."""
        super().__init__(position)
        self.record, self.position = record, position


@dataclass
class Known:
    """Identities, references and groups of the records of one plan, as far as they are known.

    groups: record number → the number that all records of one entity share. members: the records under that number, of rows that say the
    same, one.
    """

    model: Model
    tables: Mapping[str, EntityTable]
    planned: Planned
    identities: dict[int, Identity] = field(default_factory=dict)
    references: dict[tuple[int, int], Reference | Blank | None] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[Record]] = field(default_factory=dict)
    # By entity: the records that are it; and, where there are several, what they say.
    _finders: dict[Hashable, list[Record]] = field(default_factory=dict)
    _said: dict[Hashable, set[Hashable]] = field(default_factory=dict)
    _tokens: dict[Hashable, int] = field(default_factory=dict)
    _roots: dict[str, str] = field(default_factory=dict)

    def making(self, type_name: str) -> tuple[str, ...]:
        """Return the types of steps whose entities are of this type."""
        return tuple(kind for kind in self.planned.types if self.model.is_a(kind, type_name))

    def identify(self, record: Record, identity: Identity) -> None:
        """Remember what a record is."""
        self.identities[record.number] = identity
        if identity.entity is not None and record.number not in self.planned.left_out:
            self._found_by(record, (self.root(record.step.type), identity.entity.identity))

    def _found_by(self, record: Record, entity: Hashable) -> None:
        found = self._finders.setdefault(entity, [])
        if found:
            said = self._said.setdefault(entity, {self.planned.says(found[0])})
            says = self.planned.says(record)
            if says in said:
                return
            said.add(says)
        found.append(record)

    def group(self, groups: Sequence[Sequence[Record]]) -> None:
        """Remember which records are one entity; what one of them found, all of them are."""
        for records in groups:
            number = records[0].number
            if len(records) == 1:
                self.members[number], self.groups[number] = list(records), number
                continue
            self.members[number] = list({self.planned.says(record): record for record in records}.values())
            found = {
                item.identity: item
                for record in records
                if (item := self.identities[record.number].entity) is not None
            }
            # Of several, which is told as a problem, none is what the others are.
            entity = next(iter(found.values())) if len(found) == 1 else None
            for record in records:
                self.groups[record.number] = number
                identity = self.identities[record.number]
                if entity is not None and identity.entity is None:
                    self.identify(record, Identity(entity, None, identity.values))

    def token(self, reference: Reference) -> int:
        """Return a number that equal targets share: entities by key, records by what they are."""
        return self._tokens.setdefault(self._identity_of(reference), len(self._tokens))

    def key_of(self, reference: object) -> FetchedEntity | None:
        """Return the service's entity that a reference leads to, if there is one."""
        if isinstance(reference, KeyRef):
            return reference.entity
        if isinstance(reference, RecordRef):
            identity = self.identities.get(reference.record.number)
            return identity.entity if identity else None
        return None

    def together(self, record: Record) -> list[Record]:
        """Return the records that are one entity with this one."""
        number = self.groups.get(record.number)
        return [record] if number is None else self.members[number]

    def finders(self, type_name: str, entity: FetchedEntity) -> Iterable[Record]:
        """Return the records, found so far and not left out, that are this entity; of rows that say the same, one."""
        return self._finders.get((self.root(type_name), entity.identity), ())

    def policy(self, record: Record, position: int) -> str:
        """Return when a field changes the entity that the record found: always, never or if_blank."""
        if record.step.rule.mode == "create":
            return "never"
        update = record.step.fields[position].update
        if update != "never-found":
            return update
        identity = self.identities.get(record.number)
        found_by = (
            ()
            if identity is None or identity.alternative is None
            else record.step.alternatives[identity.alternative]
        )
        return "never" if position in found_by else "always"

    def takes(self, record: Record, position: int, entity: FetchedEntity | None) -> bool:
        """Whether what the record says will stand on the service."""
        if entity is None:
            return True
        policy = self.policy(record, position)
        if policy != "if_blank":
            return policy == "always"
        return read_path(entity.values, record.step.fields[position].property.path) in (None, "")

    def left_out(self, record: Record) -> bool:
        """Whether it is known already that the record's entity will not be made by it nor is there."""
        if record.number in self.planned.left_out:
            return True
        identity = self.identities.get(record.number)
        if identity is None or identity.entity is not None:
            return False
        return all(other.step.rule.mode == "update" for other in self.together(record))

    def root(self, type_name: str) -> str:
        """Return the root type whose keys a type shares."""
        found = self._roots.get(type_name)
        if found is None:
            found = self._roots[type_name] = [declared.name for declared in self.model.lineage(type_name)][-1]
        return found

    def _identity_of(self, reference: Reference) -> Hashable:
        if isinstance(reference, KeyRef):
            return (
                "key",
                self.root(reference.entity.type or self.model.sets[reference.set].type),
                reference.entity.identity,
            )
        if isinstance(reference, MadeRef):
            return ("made", id(reference.made))
        record = reference.record
        identity = self.identities.get(record.number)
        if identity is not None and identity.entity is not None:
            return ("key", self.root(record.step.type), identity.entity.identity)
        if record.number in self.groups:
            return ("group", self.groups[record.number])
        if identity is not None:
            for names, values in zip(record.step.match_text, identity.values, strict=True):
                if values is not None:
                    return ("new", record.step.type, names, values)
        return ("row", record.number)


def first_key(entity: FetchedEntity) -> EdmValue:
    """Return the value of an entity's single key property."""
    return next(iter(entity.key.values()))
