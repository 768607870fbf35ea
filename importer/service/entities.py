"""Current entities: whole sets, by values, by keys, in as few requests as the service allows, believed only after a second look.

Every row that comes back is checked against what was asked (odata-protocol.md rule 1), and "no rows" counts as *not there* only
after the same kind of question has found an entity known to exist (the positive control).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from importer.odata.edm import EdmValue, Model
from importer.odata.http.collecting import PAGE, Question, first_page, read_whole
from importer.odata.http.reading import Reader, ReadFailed
from importer.odata.payload.pages import Page, parse_json
from importer.odata.url.literals import encoded
from importer.odata.url.paths import entity_path
from importer.odata.url.predicates import IN_BYTES, in_chunks, or_chunks
from importer.odata.url.query import query
from importer.problems import EntityPlace, ServiceError
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
# A refusal with one of these may be about the length of the question.
_TOO_LONG = frozenset({400, 404, 413, 414, 431, 500, 501})
# What a query string may measure once a service has taken one of `IN_BYTES` (ASP.NET takes a request line of 8 kB).
_LONG = 7_500
# Reading a set whole is cheaper than many questions (odata-protocol.md §6, "Lookups by name").
_MANY_QUESTIONS = 20
_SMALL_SET = 5_000
# The operator of a set that holds nothing.
_NOTHING = "nothing"


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
    # (set, property) → "in" or "or", or "" when neither is honoured.
    _operators: dict[tuple[str, str], str] = field(default_factory=dict)
    _budgets: dict[str, int] = field(default_factory=dict)
    # Whether entities are found by their address, `Set(key)`.
    _addressable: dict[str, bool] = field(default_factory=dict)

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
        wanted = list(dict.fromkeys(values))
        questions = sum(1 for _ in in_chunks(name, wanted, budget=self._budgets.get(entity_set, IN_BYTES)))
        if questions > 1:
            size = self.count(entity_set)
            if size is not None and (
                size <= _SMALL_SET or (questions > _MANY_QUESTIONS and size // PAGE < questions)
            ):
                return None
        return self._asked(entity_set, name, wanted, select)

    def by_keys(
        self, entity_set: str, keys: Iterable[Mapping[str, EdmValue]], select: Sequence[str]
    ) -> dict[Hashable, FetchedEntity]:
        """Return the entities under these keys, by `identity`; missing ones are left out."""
        wanted = {tuple(key.values()): key for key in keys}
        names = self._key(entity_set)
        if len(names) == 1 and len(wanted) > 1:
            entities = self._asked(entity_set, names[0], [key[names[0]] for key in wanted.values()], select)
            if entities is not None:
                return {entity.identity: entity for entity in entities}
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
        if len(names) == 1:
            entities = self._asked(entity_set, names[0], [key[names[0]]], select)
            if entities is not None:
                return next(iter(entities), None)
        return next((entity for entity in self.read_all(entity_set, select) if _is(entity, key)), None)

    def decode_raw(self, entity_set: str, raw: Mapping[str, Any]) -> FetchedEntity:
        """Return a raw entity of an answer to a write, decoded."""
        return entity_reader(self.model, entity_set, tuple(raw))(raw)

    def _asked(
        self, entity_set: str, name: str, wanted: Sequence[EdmValue], select: Sequence[str]
    ) -> list[FetchedEntity] | None:
        """Return what `by_values` returns, whatever it costs."""
        operator = self._operator(entity_set, name) if wanted else _NOTHING
        if operator is None:
            return None
        if operator is _NOTHING:
            return []
        asked = self._select(entity_set, [*select, name])
        found: dict[Hashable, FetchedEntity] = {}
        left = list(wanted)
        while left:
            chunk, condition = next(self._chunks(entity_set, name, left, operator, asked))
            left = left[len(chunk) :]
            entities = self._ask(entity_set, name, chunk, condition, asked, operator=operator)
            if entities is None:
                return None
            found.update((entity.identity, entity) for entity in entities)
        return list(found.values())

    def _chunks(
        self, entity_set: str, name: str, values: Sequence[EdmValue], operator: str, select: Sequence[str]
    ) -> Iterator[tuple[tuple[EdmValue, ...], str]]:
        if operator != "in":
            return or_chunks(name, values)
        room = self._budgets.get(entity_set, IN_BYTES) - len(",".join(select))
        return in_chunks(name, values, budget=max(room, IN_BYTES // 4))

    def _ask(
        self,
        entity_set: str,
        name: str,
        values: Sequence[EdmValue],
        condition: str,
        select: Sequence[str],
        *,
        operator: str,
    ) -> list[FetchedEntity] | None:
        """Return the answer to one question, in halves where it is too long; None when a row came that was not asked for."""
        asked = frozenset(map(_folded, values))
        found = []
        try:
            for entity in read_whole(self.reader, self._question(entity_set, select, condition)):
                if _folded(entity.values.get(name)) not in asked:
                    return None
                found.append(entity)
        except ReadFailed as failed:
            if failed.message.status not in _TOO_LONG or len(values) == 1:
                return None
            self._budgets[entity_set] = IN_BYTES
            return self._halves(entity_set, name, values, select, operator)
        if operator == "in" and len(encoded(condition)) > IN_BYTES // 2:
            self._budgets.setdefault(entity_set, _LONG)
        return found

    def _halves(
        self, entity_set: str, name: str, values: Sequence[EdmValue], select: Sequence[str], operator: str
    ) -> list[FetchedEntity] | None:
        middle = len(values) // 2
        found: list[FetchedEntity] = []
        for half in (values[:middle], values[middle:]):
            for chunk, condition in self._chunks(entity_set, name, half, operator, select):
                part = self._ask(entity_set, name, chunk, condition, select, operator=operator)
                if part is None:
                    return None
                found.extend(part)
        return found

    def _operator(self, entity_set: str, name: str) -> str | None:
        """Return `in` or `or`, whichever the service honours for this property; None when neither, `_NOTHING` for an empty set."""
        known = self._operators.get((entity_set, name))
        if known is None:
            # A name that an open type does not have is answered by "no rows" (odata-protocol.md §4): never ask by it.
            declared = self.model.properties_of(self.model.sets[entity_set].type).get(name)
            if declared is None or declared.collection:
                return None
            page = self._page(entity_set, self._select(entity_set, [name]))
            if page is not None and not (page.entities or page.next_link or page.count):
                # In an empty set nothing can prove a question, and none is needed.
                return _NOTHING
            sample = _filled(name, page)
            if sample is None:
                return None
            known = self._operators[entity_set, name] = self._proved(entity_set, name, sample.values[name])
        return known or None

    def _proved(self, entity_set: str, name: str, value: EdmValue) -> str:
        """Find out by a value known to exist and one known not to (odata-protocol.md rule 1)."""
        for operator, build in (("in", in_chunks), ("or", or_chunks)):
            _, condition = next(build(name, [value, _another(value)]))
            asked = self._select(entity_set, [name])
            try:
                page = first_page(self.reader, self._question(entity_set, asked, condition), 2)
            except ReadFailed:
                continue
            found = [_folded(entity.values.get(name)) for entity in page.entities]
            if found and all(item == _folded(value) for item in found):
                return operator
        return ""

    def _page(self, entity_set: str, select: Sequence[str]) -> Page[FetchedEntity] | None:
        try:
            return first_page(self.reader, self._question(entity_set, select))
        except ReadFailed:
            return None

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
            sample = _filled(names[0], self._page(entity_set, names)) if names else None
            if sample is None:
                return True  # an empty set: nothing is there, by whatever address
            known = self._addressable[entity_set] = self._at(entity_set, sample.key, ()) is not None
        return known

    def _question(
        self, entity_set: str, select: Sequence[str], condition: str | None = None
    ) -> Question[FetchedEntity]:
        return Question(
            entity_set=entity_set,
            select=select,
            key=self._key(entity_set),
            comparable=self._comparable(entity_set),
            read=page_reader(self.model, entity_set, select),
            identity=_key_of_one if len(self._key(entity_set)) == 1 else _key_of_several,
            condition=condition,
        )

    def _key(self, entity_set: str) -> tuple[str, ...]:
        return self.model.key_of(self.model.sets[entity_set].type)

    def _select(self, entity_set: str, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._key(entity_set), *(name.partition("/")[0] for name in names))))

    def _comparable(self, entity_set: str) -> bool:
        key = self._key(entity_set)
        declared = self.model.properties_of(self.model.sets[entity_set].type)
        return (
            len(key) == 1
            and key[0] in declared
            and self.model.underlying(declared[key[0]].type) in _COMPARABLE
        )


def _key_of_one(entity: FetchedEntity) -> Hashable:
    return next(iter(entity.key.values()))


def _key_of_several(entity: FetchedEntity) -> Hashable:
    return entity.identity


def _filled(name: str, page: Page[FetchedEntity] | None) -> FetchedEntity | None:
    """Return an entity of a page whose property has a value."""
    entities = page.entities if page is not None else ()
    return next((entity for entity in entities if entity.values.get(name) not in (None, "")), None)


def _is(entity: FetchedEntity, key: Mapping[str, EdmValue]) -> bool:
    return all(_folded(entity.key.get(name)) == _folded(value) for name, value in key.items())


def _folded(value: EdmValue) -> Hashable:
    """Return the form in which a row counts as asked for: exactly, or as a collation that ignores case would find it."""
    if isinstance(value, str):
        return value.casefold().rstrip()
    return str(value) if isinstance(value, UUID | tuple | Mapping) else value


def _another(value: EdmValue) -> EdmValue:
    """Return a value of the same type that is hardly there."""
    if isinstance(value, UUID):
        return UUID(int=0x5B9D_7C1E_0F4A_4D5B_9A3C_2E1F_7B6A_8D90)
    if isinstance(value, str):
        return "\u2205 odata-importer"
    return value
