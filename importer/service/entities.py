"""Current entities: whole sets, by values, by keys, in as few requests as the service allows, believed only after a second look.

Every row that comes back is checked against what was asked (odata-protocol.md rule 1), and "no rows" counts as *not there* only
after the same kind of question has found an entity known to exist (the positive control). How questions are put is `asking`'s.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from importer.odata.edm import EdmValue, Model
from importer.odata.http.collecting import PAGE, Question, read_whole
from importer.odata.http.reading import Reader, ReadFailed
from importer.odata.payload.pages import parse_json
from importer.odata.url.paths import entity_path
from importer.odata.url.predicates import IN_BYTES
from importer.odata.url.query import query
from importer.problems import EntityPlace, ServiceError
from importer.service.asking import NOTHING, Asker
from importer.service.controls import Values, may_be_asked, same
from importer.service.costs import SMALL_SET, questions_of, whole_is_cheaper
from importer.service.fetched import FetchedEntity, OddEntity, entity_reader, odd_entity, page_reader

# Types of keys that `gt` orders on every service; text follows a collation, which is the service's own: the last row received decides.
_COMPARABLE = frozenset(
    {
        "Edm.Guid",
        "Edm.String",
        "Edm.Int16",
        "Edm.Int32",
        "Edm.Int64",
        "Edm.Byte",
        "Edm.SByte",
        "Edm.Date",
        "Edm.DateTimeOffset",
    }
)
# Its order and its comparison are the same everywhere; of texts they follow collations.
_PLAIN = _COMPARABLE - {"Edm.String"}
# Up to so many keys are asked for by address, one by one.
_FEW_KEYS = 20


class AnotherEntity(OddEntity):
    """Asked for one key, the service answered another."""

    text: ClassVar[str] = (
        "{set} answers another entity than the one asked for: {found} instead of {expected}."
    )


@dataclass
class Entities:
    """Questions about the entities of one service, safe for many threads. What was learned about its habits is kept; entities never are."""

    reader: Reader
    model: Model
    # Whether entities are found by their address, `Set(key)`.
    _addressable: dict[str, bool] = field(default_factory=dict)
    asker: Asker = field(init=False)

    def __post_init__(self) -> None:
        """Make the one who asks."""
        self.asker = Asker(self.reader, self.model, self._question)

    def count(self, entity_set: str) -> int | None:
        """Return how many entities the set has, or None when the service does not say."""
        return self.reader.count(entity_set)

    def read_all(self, entity_set: str, select: Sequence[str]) -> Iterator[FetchedEntity]:
        """Yield every entity of the set once, with its key and the properties of `select`.

        Raises:
            ServiceError: the set cannot be read whole.
        """
        asked = self._select(entity_set, select)
        try:
            yield from read_whole(self.reader, self._question(entity_set, asked))
        except ReadFailed as failed:
            raise failed.error() from None

    def by_values(
        self, entity_set: str, name: str, values: Iterable[EdmValue], select: Sequence[str]
    ) -> list[FetchedEntity] | None:
        """Return the entities whose property is exactly one of `values`, or None when reading the set whole is the way.

        None is returned where the service cannot be asked so, and where it would cost more. A value not among the answers
        is not there (exactly so written).
        """
        return self.by_tuples(entity_set, (name,), ((value,) for value in values), select)

    def by_tuples(
        self, entity_set: str, names: Sequence[str], wanted: Iterable[Values], select: Sequence[str]
    ) -> list[FetchedEntity] | None:
        """Return the entities that hold one of `wanted` in the properties `names` together; otherwise as `by_values`."""
        asked, together = list(dict.fromkeys(wanted)), tuple(names)
        if any(value is None for values in asked for value in values):
            return None
        if not may_be_asked(self.model, entity_set, together):
            return None
        size: int | None = None
        if questions_of(asked, "in" if len(together) == 1 else "pairs", self._budget(entity_set)) > 1:
            size = self.count(entity_set)
            if size is not None and size <= SMALL_SET:
                return None
        return self._asked(entity_set, together, asked, select, size)

    def by_keys(
        self, entity_set: str, keys: Iterable[Mapping[str, EdmValue]], select: Sequence[str]
    ) -> dict[Hashable, FetchedEntity]:
        """Return the entities under these keys, by `identity`; missing ones are left out."""
        names = self._key(entity_set)
        wanted = {tuple(key[name] for name in names): key for key in keys}
        entities = self.by_tuples(entity_set, names, wanted, select) if len(wanted) > 1 else None
        if entities is None and len(wanted) > _FEW_KEYS:
            entities = list(self.read_all(entity_set, select))
        if entities is not None:
            asked = {tuple(map(same, values)) for values in wanted}
            return {
                entity.identity: entity
                for entity in entities
                if tuple(map(same, entity.key.values())) in asked
            }
        found = (self.one(entity_set, key, select) for key in wanted.values())
        return {entity.identity: entity for entity in found if entity is not None}

    def one(
        self, entity_set: str, key: Mapping[str, EdmValue], select: Sequence[str]
    ) -> FetchedEntity | None:
        """Return the entity under a key, or None when it is not there.

        "Not there" is believed only of a service that finds another entity by its address.

        Raises:
            ServiceError: the service does not let us look.
        """
        found = self._at(entity_set, key, select)
        if found is not None or self._finds_by_address(entity_set):
            return found
        names = self._key(entity_set)
        entities = self._asked(entity_set, names, [tuple(key[name] for name in names)], select, None)
        if entities is not None:
            return next((entity for entity in entities if _is(entity, key)), None)
        return next((entity for entity in self.read_all(entity_set, select) if _is(entity, key)), None)

    def decode_raw(self, entity_set: str, raw: Mapping[str, Any]) -> FetchedEntity:
        """Return a raw entity of an answer to a write, decoded."""
        return entity_reader(self.model, entity_set, tuple(raw))(raw)

    def _asked(
        self,
        entity_set: str,
        names: tuple[str, ...],
        wanted: Sequence[Values],
        select: Sequence[str],
        size: int | None,
    ) -> list[FetchedEntity] | None:
        """Return what `by_tuples` returns; `size` of the set, where it is known."""
        operator = self.asker.operator(entity_set, names) if wanted else NOTHING
        if operator is None:
            return None
        if operator is NOTHING:
            return []
        page = max(self.reader.longest.get(entity_set, PAGE), 1)

        def dear(requests: int, questions: int) -> bool:
            return whole_is_cheaper(requests, questions, size, page)

        if dear(*self.asker.cost(entity_set, wanted, operator)):
            return None
        return self.asker.asked(entity_set, names, wanted, select, operator=operator, dear=dear)

    def _budget(self, entity_set: str) -> int:
        return self.asker.budgets.get(entity_set, IN_BYTES)

    def _at(
        self, entity_set: str, key: Mapping[str, EdmValue], select: Sequence[str]
    ) -> FetchedEntity | None:
        asked = self._select(entity_set, select)
        try:
            answer = self.reader.get(entity_path(entity_set, key) + query(select=asked), entity_set)
        except ReadFailed as failed:
            if failed.message.status in (404, 410):
                return None
            raise failed.error() from None
        if answer.status == 204:
            return None
        try:
            raw = parse_json(answer.body)
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            raise odd_entity(entity_set, "no JSON")
        entity = entity_reader(self.model, entity_set, asked)(raw)
        if not _is(entity, key):
            # A service that answers another row than the one asked for (odata-protocol.md §2) has not answered.
            found, expected = (entity_path("", item) for item in (entity.key, key))
            raise ServiceError(
                AnotherEntity(place=EntityPlace(entity_set), found=found, expected=expected, set=entity_set)
            )
        return entity

    def _finds_by_address(self, entity_set: str) -> bool:
        known = self._addressable.get(entity_set)
        if known is None:
            names = self._key(entity_set)
            page = self.asker.page(entity_set, names) if names else None
            sample = next(iter(page.entities), None) if page is not None else None
            if sample is None:
                return True  # an empty set: nothing is there, by whatever address
            known = self._addressable[entity_set] = self._at(entity_set, sample.key, ()) is not None
        return known

    def _question(
        self, entity_set: str, select: Sequence[str], condition: str | None = None
    ) -> Question[FetchedEntity]:
        asked, types = self._select(entity_set, select), self._key_types(entity_set)
        return Question(
            entity_set=entity_set,
            select=asked,
            key=self._key(entity_set),
            comparable=bool(types) and _COMPARABLE.issuperset(types),
            plain=len(types) == 1 and types[0] in _PLAIN,
            read=page_reader(self.model, entity_set, asked),
            identity=_key_of_one if len(self._key(entity_set)) == 1 else _key_of_several,
            condition=condition,
        )

    def _key(self, entity_set: str) -> tuple[str, ...]:
        return self.model.key_of(self.model.sets[entity_set].type)

    def _select(self, entity_set: str, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._key(entity_set), *(name.partition("/")[0] for name in names))))

    def _key_types(self, entity_set: str) -> tuple[str, ...]:
        """Return the primitive types of the key's properties; of one at the end of a path its path, which is none."""
        declared = self.model.properties_of(self.model.sets[entity_set].type)
        return tuple(
            self.model.underlying(declared[name].type) if name in declared else name
            for name in self._key(entity_set)
        )


def _key_of_one(entity: FetchedEntity) -> Hashable:
    return next(iter(entity.key.values()))


def _key_of_several(entity: FetchedEntity) -> Hashable:
    return entity.identity


def _is(entity: FetchedEntity, key: Mapping[str, EdmValue]) -> bool:
    return all(same(entity.key.get(name)) == same(value) for name, value in key.items())
