"""Whole sets without losing a row (odata-protocol.md §3 *Paging*, §6 *Reading everything*).

The ladder: keyset (`$orderby=key&$filter=key gt last`) until a page is empty → the service's own next links → `$skip`. The
service's `$count` is the witness; where it speaks against us the set is walked once more, in the other way. What cannot be proved
whole is a `ServiceError`, never a short set.

A count that is a round number and just the page that came may count the page instead of the set: one more question tells.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Generic, cast

import msgspec

from importer.odata.edm.primitives import EdmValue
from importer.odata.http.reading import Reader, ReadFailed, Shape
from importer.odata.http.refusals import ReadIncomplete
from importer.odata.payload.errors import ServiceMessage
from importer.odata.payload.pages import E, Page
from importer.odata.url.literals import write_literal
from importer.odata.url.query import query
from importer.problems import EntityPlace, ServiceError

PAGE = 1_000
# A ceiling of `$top` that services are known to have; asked when a greater one is refused without a number.
_SMALL = 50
# Up to so many entities are taken in one answer from a service that pages only as far as it is asked to.
_AT_ONCE = 50_000
# Next links in a row that bring nothing new.
_BARREN = 20
_CEILING = re.compile(r"limit of '?(\d+)'? for top", re.IGNORECASE)
_REFUSALS = frozenset({400, 500, 501})


class Question(msgspec.Struct, Generic[E], frozen=True, kw_only=True):
    """What is to be read whole.

    `key`: the key properties; `comparable`: all are of types that `gt` orders. `plain`: there is one, and services order it as they
    filter by it; others (text by collations, several together) are walked by keyset only where a count can witness. `read` makes a
    page of a body; `identity`: the key of an entity as something hashable: the EDM value itself, or a tuple of several.
    `condition`: a `$filter`, not encoded.
    """

    entity_set: str
    select: Sequence[str]
    key: Sequence[str]
    comparable: bool
    read: Callable[[bytes], Page[E]]
    identity: Callable[[E], Hashable]
    condition: str | None = None
    plain: bool = True


def read_whole(reader: Reader, question: Question[E]) -> Iterator[E]:
    """Yield every entity the question means, once; of those changed meanwhile the version seen first.

    Raises:
        ReadFailed: the service refuses the question.
        ServiceError: it cannot be read, or not be proved to be whole.
    """
    first: _Walk[E] = _Walk(reader, question)
    yield from first.by_keys() if question.comparable else first.by_links()
    # Entities may have been deleted while we walked. Offsets slip when that happens: only a keyset bears it.
    if first.whole or (question.comparable and _agrees(first, reader, question)):
        return
    second: _Walk[E] = _Walk(reader, question)
    for entity in second.by_links():
        if question.identity(entity) not in first.keys:
            yield entity
    if second.whole or _agrees(second, reader, question):
        return
    # Two ways that end alike, one of them with proof: then it is the count that is wrong.
    if (first.proved or second.proved) and first.keys == second.keys:
        return
    counted = second.counted if second.counted is not None else first.counted
    found, expected = str(len(first.keys | second.keys)), "?" if counted is None else str(counted)
    raise ServiceError(
        ReadIncomplete(
            place=EntityPlace(question.entity_set), found=found, expected=expected, set=question.entity_set
        )
    )


def first_page(reader: Reader, question: Question[E], top: int = PAGE) -> Page[E]:
    """Return the first page, at most `top` entities where the service can be told so.

    Raises:
        ReadFailed: the service refuses the question.
        ServiceError: it cannot be read.
    """
    return _Walk(reader, question).first(Shape(top=top))[0]


def link_of(reader: Reader, question: Question[E]) -> str:
    """Return the link that asks a question in the form its set is known to grant, relative to the root."""
    shape = reader.shapes.get(question.entity_set, Shape())
    return _Walk(reader, question).link(shape)


def top_ceiling(refusal: str) -> int | None:
    """Return the greatest `$top` that the text of a refusal names; 0: none is taken."""
    match = _CEILING.search(refusal)
    return int(match[1]) if match else None


def may_be_cut(reader: Reader, question: Question[E], number: int) -> bool:
    """Whether so many entities may be as many as a page of the set holds, whatever the count beside them says."""
    round_number = number >= 10 and (number % 10 == 0 or number % 25 == 0 or number.bit_count() == 1)
    return round_number and number >= reader.longest.get(question.entity_set, 0)


def _agrees(walk: "_Walk[E]", reader: Reader, question: Question[E]) -> bool:
    """Whether the count, asked for again, agrees."""
    if walk.counted is None:
        return False
    again = reader.count(question.entity_set, question.condition)
    return again is not None and len(walk.keys) >= again


class _Walk(Generic[E]):
    """One way through a set. `keys`: what was met; `counted`: what the service said at the start; `ended`, `proved`: how it closed."""

    def __init__(self, reader: Reader, question: Question[E]) -> None:
        self._reader, self._question = reader, question
        self.keys: set[Hashable] = set()
        # What was met since the walk last began anew: where `$skip` goes on.
        self._met = self.keys
        self.counted: int | None = None
        self.ended = False  # the service gave no further link
        self.proved = False  # asked for more, it answered an empty page

    @property
    def whole(self) -> bool:
        """Whether nothing speaks against having met everything."""
        if self.counted is None:
            return self.proved or self.ended
        return len(self.keys) >= self.counted

    def by_keys(self) -> Iterator[E]:
        """Walk by keyset; on a service that does not honour it, by links."""
        page, shape = self.first(Shape())
        if not shape.ordered or (self.counted is None and not self._question.plain):
            yield from self._along(page, self.link(shape))
            yield from self._skipping(shape)
            return
        last: Hashable = None
        while True:
            fresh, keys = self._fresh(page)
            yield from fresh
            told = len(self.keys) == self.counted != shape.top and not page.next_link
            if last is None and told and not may_be_cut(self._reader, self._question, len(self.keys)):
                return
            if not page.entities:
                self.proved = True
                if page.next_link:
                    yield from self._along(page, self.link(shape))
                    self.proved = self.ended
                return
            shape = self._wider(shape)
            # The filter or the order is ignored where an entity came back that is not greater than the last one.
            honoured = (len(keys) == len(page.entities) or last is None) and _ascending(keys)
            last = self._question.identity(page.entities[-1])
            following = self._page_after(shape, last) if honoured else None
            if following is None:
                self._met = set()
                yield from self.by_links()
                return
            page = following

    def by_links(self) -> Iterator[E]:
        """Walk along the service's own next links, then ask by `$skip` whether there is more."""
        page, shape = self.first(Shape(top=None))
        yield from self._along(page, self.link(shape))
        alone = not page.next_link and may_be_cut(self._reader, self._question, len(self._met))
        if not self.whole or self.counted is None or alone:
            yield from self._skipping(shape)

    def first(self, wanted: Shape) -> tuple[Page[E], Shape]:
        """Return the first page and the form in which the service granted it."""
        name = self._question.entity_set
        known = self._reader.shapes.get(name)
        whole = wanted.top == PAGE
        ceiling = self._reader.top if known is None and wanted.top else None
        if ceiling is not None and wanted.top and ceiling < wanted.top:
            wanted = replace(wanted, top=ceiling or None)
        shapes = [_both(wanted, known)] if known else list(_shapes(wanted))
        while True:
            shape = shapes.pop(0)
            try:
                page = self._page(self.link(shape))
            except ReadFailed as failed:
                shapes = _lower(shapes, shape, failed.message)
                if not shapes:
                    raise
                continue
            if whole:
                self._reader.shapes[name] = shape
            self.counted = page.count if self.counted is None else self.counted
            return page, shape

    def _along(self, page: Page[E], request: str) -> Iterator[E]:
        current = self._reader.connection.url(request)
        visited, barren = {current}, 0
        while True:
            before = len(self._met)
            fresh, _ = self._fresh(page)
            yield from fresh
            barren = 0 if len(self._met) > before else barren + 1
            self.ended = not page.next_link
            if not page.next_link:
                return
            current = self._reader.resolve(page.next_link, current)
            if current in visited or barren > _BARREN:
                return
            visited.add(current)
            page = self._page(current)

    def _skipping(self, shape: Shape) -> Iterator[E]:
        while shape.ordered:
            before = len(self._met)
            try:
                page = self._page(self.link(replace(shape, count=False), skip=before))
            except ReadFailed:
                return
            fresh, _ = self._fresh(page)
            yield from fresh
            self.proved = not page.entities
            if len(self._met) == before:
                return

    def _page_after(self, shape: Shape, last: Hashable) -> Page[E] | None:
        """Return the page beyond a key, None where the service refuses such a question."""
        try:
            return self._page(self.link(replace(shape, count=False), after=last))
        except ReadFailed:
            return None

    def _page(self, link: str) -> Page[E]:
        reader, name = self._reader, self._question.entity_set
        page = reader.page(link, name, self._question.read)
        reader.longest[name] = max(reader.longest.get(name, 0), len(page.entities))
        return page

    def _fresh(self, page: Page[E]) -> tuple[list[E], list[Hashable]]:
        """Return the entities of a page that were never met before, and the keys not met since the walk last began; remember them."""
        identity_of, met, everything = self._question.identity, self._met, self.keys
        fresh, keys = [], []
        for entity in page.entities:
            identity = identity_of(entity)
            if identity not in everything:
                fresh.append(entity)
                everything.add(identity)
                if met is everything:
                    keys.append(identity)
            if met is not everything and identity not in met:
                keys.append(identity)
                met.add(identity)
        return fresh, keys

    def _wider(self, shape: Shape) -> Shape:
        """Return a form without `$top` where a low ceiling would cost many pages."""
        rest = (self.counted or 0) - len(self.keys)
        return (
            replace(shape, top=None)
            if shape.top and shape.top < PAGE and 2 * shape.top < rest <= _AT_ONCE
            else shape
        )

    def link(self, shape: Shape, *, after: Hashable = None, skip: int | None = None) -> str:
        """Return the link of a page in this form: beyond a key, or so many entities further."""
        asked = self._question
        condition = asked.condition
        if after is not None:
            values = after if isinstance(after, tuple) else (after,)
            beyond = _beyond(asked.key, cast("Sequence[EdmValue]", values))
            condition = f"({condition}) and {beyond}" if condition else beyond
        return asked.entity_set + query(
            select=asked.select,
            filter=condition,
            orderby=asked.key if shape.ordered else (),
            top=shape.top,
            skip=skip,
            count=shape.count,
        )


def _both(wanted: Shape, known: Shape) -> Shape:
    top = min(wanted.top, known.top) if wanted.top and known.top else None
    return Shape(top, wanted.count and known.count, wanted.ordered and known.ordered)


def _shapes(wanted: Shape) -> Iterator[Shape]:
    """Yield the forms to try on a set never asked before, the best one first."""
    if wanted.top:
        yield wanted
        yield replace(wanted, top=_SMALL)
    yield replace(wanted, top=None)
    yield replace(wanted, top=None, count=False)
    yield Shape(top=None, count=False, ordered=False)


def _lower(left: list[Shape], tried: Shape, message: ServiceMessage) -> list[Shape]:
    """Return the forms still worth trying after a refusal, which may name the greatest `$top`."""
    if message.status not in _REFUSALS:
        return []
    limit = top_ceiling(message.text)
    if limit is None or tried.top is None:
        return left
    allowed = [replace(tried, top=limit)] if 0 < limit < tried.top else []
    return allowed + [shape for shape in left if shape.top is None]


def _beyond(names: Sequence[str], values: Sequence[EdmValue]) -> str:
    """Return the condition that a key is greater than these values, the first property weighing most."""
    literal = write_literal(values[0])
    greater = f"{names[0]} gt {literal}"
    if len(names) == 1:
        return greater
    return f"({greater} or ({names[0]} eq {literal} and {_beyond(names[1:], values[1:])}))"


def _ascending(keys: Sequence[Hashable]) -> bool:
    """Whether whole numbers stand in order, also several together; other types are ordered as the service likes."""
    return all(not (_is_number(one) and _is_number(two)) or one < two for one, two in pairwise(keys))  # type: ignore[operator]


def _is_number(key: Hashable) -> bool:
    return isinstance(key, int) or (isinstance(key, tuple) and all(isinstance(part, int) for part in key))
