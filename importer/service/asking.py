"""Entities by values, asked for by filters: `in`, else `or`, or pairs; in batches where there are many; believed only when proved.

The ladder of odata-protocol.md §6, *Lookups by name*. A question too long for the service is halved, down to one value; nothing is
taken for an answer that cannot be proved to be all of it.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from importer.odata.batch import Answer, BatchUnreadable
from importer.odata.edm import Model
from importer.odata.http.collecting import Question, first_page, link_of, may_be_cut, read_whole
from importer.odata.http.reading import Reader, ReadFailed
from importer.odata.payload.pages import Page
from importer.odata.url.literals import encoded
from importer.odata.url.predicates import IN_BYTES, in_chunks, or_chunks, pair_chunks
from importer.service.controls import (
    CONTROL_PAGE,
    Values,
    absent,
    fit,
    may_be_asked,
    proves,
    samples,
)
from importer.service.costs import questions_of
from importer.service.fetched import FetchedEntity

# A refusal with one of these may be about the length of the question.
_TOO_LONG = frozenset({400, 404, 413, 414, 431, 500, 501})
# What a query string may measure once a service has taken one of `IN_BYTES` (ASP.NET takes a request line of 8 kB).
_LONG = 7_500
# A filter inside a batch is not part of an address: `in` takes its 500 values there (odata-protocol.md §3, *Long filters*).
_IN_BATCH = 30_000
_BATCH_BYTES = 90_000
_BATCH_GETS = 50
# So few questions are put one by one: a batch must be worth finding out whether there is one.
_FEW = 2
# The operator of a set that holds nothing.
NOTHING = "nothing"


@dataclass
class Asker:
    """Puts questions to one service. What was learned about its habits is kept; entities never are. Safe for many threads.

    `question` makes the question for a set: properties to read, condition.
    """

    reader: Reader
    model: Model
    question: Callable[[str, Sequence[str], str | None], Question[FetchedEntity]]
    # (set, properties) → "in", "or" or "pairs", or "" when none is honoured.
    operators: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    budgets: dict[str, int] = field(default_factory=dict)
    # Whether many GETs in one batch are answered; None: never tried.
    batches: bool | None = None

    def cost(self, entity_set: str, wanted: Sequence[Values], operator: str) -> tuple[int, int]:
        """Return (requests, questions) that asking would take, if the service takes long addresses and has batches."""
        direct = questions_of(wanted, operator, self.budgets.get(entity_set, _LONG))
        if self.batches is False or direct <= _FEW:
            return direct, direct
        inside = questions_of(wanted, operator, _IN_BATCH)
        room = _BATCH_GETS if operator != "in" else _BATCH_BYTES // _IN_BATCH
        return -(-inside // room), inside

    def operator(self, entity_set: str, names: tuple[str, ...]) -> str | None:
        """Return the operator that the service honours for these properties; None when it does none, `NOTHING` for an empty set."""
        known = self.operators.get((entity_set, names))
        if known is None:
            if not may_be_asked(self.model, entity_set, names):
                return None
            page = self.page(entity_set, names)
            if page is not None and not (page.entities or page.next_link or page.count):
                # In an empty set nothing can prove a question, and none is needed.
                return NOTHING
            known_values = samples(page, names) if page is not None else []
            if not known_values:
                return None
            known = self.operators[entity_set, names] = self._proved(entity_set, names, known_values)
        return known or None

    def page(self, entity_set: str, names: Sequence[str]) -> Page[FetchedEntity] | None:
        """Return a first page of a set, None when it is refused."""
        try:
            return first_page(self.reader, self.question(entity_set, names, None))
        except ReadFailed:
            return None

    def asked(
        self,
        entity_set: str,
        names: tuple[str, ...],
        wanted: Sequence[Values],
        select: Sequence[str],
        *,
        operator: str,
        dear: Callable[[int, int], bool] = lambda _, __: False,
    ) -> list[FetchedEntity] | None:
        """Return the entities that hold one of `wanted`; None where the service cannot be asked so, or is not believed.

        `dear` tells of (requests, questions) whether they are too many, should there turn out to be no batch.
        """
        asking = _Asking(self, entity_set, names, (*select, *names), operator, dear)
        return asking.all_of(list(wanted))

    def _proved(self, entity_set: str, names: tuple[str, ...], known: Sequence[Values]) -> str:
        """Find out by values known to exist and one known not to (odata-protocol.md rule 1)."""
        for operator in ("in", "or") if len(names) == 1 else ("pairs",):
            _, condition = next(
                chunks(operator, names, [*known, absent(known[0])], budget=_LONG), (None, None)
            )
            asked = self.question(entity_set, names, condition)
            try:
                page = first_page(self.reader, asked, CONTROL_PAGE)
            except ReadFailed:
                continue
            if proves(page, names, known):
                return operator
        return ""


@dataclass(frozen=True)
class _Asking:
    """One errand: values of some properties of one set, asked for by one operator."""

    asker: Asker
    entity_set: str
    names: tuple[str, ...]
    select: Sequence[str]
    operator: str
    dear: Callable[[int, int], bool]

    def all_of(self, wanted: list[Values]) -> list[FetchedEntity] | None:
        found: dict[Hashable, FetchedEntity] = {}
        left = wanted
        while left:
            taken, entities = self._some(left)
            if entities is None:
                return None
            left = left[taken:]
            found.update((entity.identity, entity) for entity in entities)
        return list(found.values())

    def _some(self, left: Sequence[Values]) -> tuple[int, list[FetchedEntity] | None]:
        """Return how many of the values were asked for, and what was found."""
        asker = self.asker
        direct = self._chunks(left)
        first = next(direct)
        many = questions_of(left, self.operator, asker.budgets.get(self.entity_set, IN_BYTES)) > _FEW
        if many and asker.batches is not False:
            return self._batched(left)
        return len(first[0]), self._ask(*first)

    def _ask(self, values: Sequence[Values], condition: str) -> list[FetchedEntity] | None:
        """Return the answer to one question, in halves where it is too long; None when a row came that was not asked for."""
        asker = self.asker
        try:
            found = list(read_whole(asker.reader, self._question(condition)))
        except ReadFailed as failed:
            if failed.message.status not in _TOO_LONG:
                return None
            if len(values) == 1:
                return self._alone(values[0], condition)
            asker.budgets[self.entity_set] = IN_BYTES
            return self._halves(values)
        if not fit(found, self.names, values):
            return None
        if self.operator == "in" and len(encoded(condition)) > IN_BYTES // 2:
            asker.budgets.setdefault(self.entity_set, _LONG)
        return found

    def _halves(self, values: Sequence[Values]) -> list[FetchedEntity] | None:
        middle = len(values) // 2
        found: list[FetchedEntity] = []
        for half in (values[:middle], values[middle:]):
            for chunk, condition in self._chunks(half):
                part = self._ask(chunk, condition)
                if part is None:
                    return None
                found.extend(part)
        return found

    def _alone(self, value: Values, condition: str) -> list[FetchedEntity] | None:
        """Return the answer for a value that no address can ask for: inside a batch it may be, and too long a text is not there."""
        answers = self._gets({"1": self._link(condition)}) if self.asker.batches is not False else {}
        found = self._member(answers.get("1"), condition)
        if found is not None and fit(found, self.names, [value]):
            return found
        declared = self.asker.model.properties_of(self.asker.model.sets[self.entity_set].type)
        for name, part in zip(self.names, value, strict=True):
            longest = declared[name].max_length
            if isinstance(part, str) and longest is not None and len(part) > longest:
                return []
        return None

    def _batched(self, left: Sequence[Values]) -> tuple[int, list[FetchedEntity] | None]:
        """Ask for as many values as one batch may hold; what it does not answer is asked for alone."""
        asked: dict[str, tuple[Sequence[Values], str]] = {}
        size = 0
        for chunk, condition in self._chunks(left, budget=_IN_BATCH):
            size += len(self._link(condition))
            if asked and (size > _BATCH_BYTES or len(asked) == _BATCH_GETS):
                break
            asked[str(len(asked) + 1)] = (chunk, condition)
        answers = self._gets({name: self._link(condition) for name, (_, condition) in asked.items()})
        found: list[FetchedEntity] = []
        taken = 0
        if not self.asker.batches:
            return 0, None if self.dear(*self.asker.cost(self.entity_set, left, self.operator)) else []
        for name, (chunk, condition) in asked.items():
            part = self._member(answers.get(name), condition)
            if part is None:
                part = self._split(chunk)
            if part is None or not fit(part, self.names, chunk):
                return taken, None
            found.extend(part)
            taken += len(chunk)
        return taken, found

    def _split(self, values: Sequence[Values]) -> list[FetchedEntity] | None:
        """Return the answer for values whose question failed inside a batch: by addresses, as short as they must be."""
        found: list[FetchedEntity] = []
        for chunk, condition in self._chunks(values):
            part = self._ask(chunk, condition)
            if part is None:
                return None
            found.extend(part)
        return found

    def _gets(self, links: Mapping[str, str]) -> Mapping[str, Answer]:
        """Return the answers to GETs in one batch; a service that answers none of them as it should has no batch."""
        asker = self.asker
        try:
            answers = asker.reader.batch(links)
        except BatchUnreadable:
            answers = {}
        if asker.batches is None or not answers:
            # One that was answered once and fails now may fail for this question only: it is asked for in another way.
            worked = any(answer.status == 200 for answer in answers.values())
            asker.batches = worked or (asker.batches is True and bool(answers))
        return answers

    def _member(self, answer: Answer | None, condition: str) -> list[FetchedEntity] | None:
        """Return the entities of an answer inside a batch that is proved to be whole, else None."""
        if answer is None or answer.status != 200:
            return None
        asked = self._question(condition)
        try:
            page = asked.read(answer.body)
        except ValueError:
            return None
        whole = not page.next_link and page.count == len(page.entities)
        return (
            page.entities if whole and not may_be_cut(self.asker.reader, asked, len(page.entities)) else None
        )

    def _chunks(
        self, values: Sequence[Values], budget: int | None = None
    ) -> Iterator[tuple[Sequence[Values], str]]:
        room = budget or self.asker.budgets.get(self.entity_set, IN_BYTES)
        room = max(room - len(",".join(self.select)), IN_BYTES // 4)
        return chunks(self.operator, self.names, values, budget=room)

    def _question(self, condition: str) -> Question[FetchedEntity]:
        return self.asker.question(self.entity_set, self.select, condition)

    def _link(self, condition: str) -> str:
        return link_of(self.asker.reader, self._question(condition))


def chunks(
    operator: str, names: Sequence[str], values: Sequence[Values], *, budget: int
) -> Iterator[tuple[Sequence[Values], str]]:
    """Yield (values, filter) in the form of an operator: `in`, `or`, or `pairs` of several properties."""
    if operator == "pairs":
        keys = [dict(zip(names, value, strict=True)) for value in values]
        for pairs, condition in pair_chunks(keys, budget=budget):
            yield [tuple(pair.values()) for pair in pairs], condition
        return
    single = [value[0] for value in values]
    found = (
        in_chunks(names[0], single, budget=budget)
        if operator == "in"
        else or_chunks(names[0], single, budget=budget)
    )
    for chunk, condition in found:
        yield [(value,) for value in chunk], condition
