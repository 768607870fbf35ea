"""One table: what a status means for the request it answers (odata-protocol.md §6, "Status → meaning").

Reading, recovery and reports read the same table. Nothing here sends anything.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Meaning(StrEnum):
    """What an answer says about one request."""

    DONE = "done"  # it was carried out; what was stored is still compared
    REFUSED = "refused"  # it was not carried out, and would not be the next time
    LOGIN = "login"  # refused before it ran: the login
    FORBIDDEN = "forbidden"  # refused before it ran: rights
    WAIT = "wait"  # refused before it ran: later
    SMALLER = "smaller"  # refused before it ran: too large
    UNKNOWN = "unknown"  # it may have been carried out; a read is asked again
    BUSINESS = "business"  # as a rule not carried out; verified by key (rule 7)
    CHANGED = "changed"  # the guard of an ETag held it back, or was missing
    NO_BATCH = "no-batch"  # the service has no such batch


class Kind(StrEnum):
    """What was asked. `batch` is the outer answer to a whole batch of writes, `write` one operation, alone or in a batch."""

    READ = "read"
    WRITE = "write"
    BATCH = "batch"


class Body(StrEnum):
    """What came with the status: an error of OData, nothing, or a text or page that no OData service wrote."""

    EXPLAINED = "explained"
    EMPTY = "empty"
    FOREIGN = "foreign"


class Situation(msgspec.Struct, frozen=True):
    """An answer. `batch`: it is the outer one of a whole batch. `explained`: the body holds an OData error; `empty`: there is none."""

    status: int
    batch: bool = False
    retry_after: bool = False
    explained: bool = False
    empty: bool = False
    method: str = "POST"

    @property
    def kind(self) -> Kind:
        """Return what was asked."""
        if self.method in ("GET", "HEAD"):
            return Kind.READ
        return Kind.BATCH if self.batch else Kind.WRITE

    @property
    def body(self) -> Body:
        """Return what came with the status."""
        if self.explained:
            return Body.EXPLAINED
        return Body.EMPTY if self.empty else Body.FOREIGN


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: it fits when every condition it names does. `why` is for people."""

    statuses: frozenset[int]
    meaning: Meaning
    why: str
    kinds: frozenset[Kind] = frozenset(Kind)
    bodies: frozenset[Body] = frozenset(Body)
    retry_after: bool | None = None

    def fits(self, situation: Situation) -> bool:
        """Whether this row speaks of the situation."""
        return (
            situation.status in self.statuses
            and situation.kind in self.kinds
            and situation.body in self.bodies
            and (self.retry_after is None or self.retry_after == situation.retry_after)
        )


_READ, _WRITE, _BATCH = frozenset({Kind.READ}), frozenset({Kind.WRITE}), frozenset({Kind.BATCH})


def _these(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)


def _from(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


# The first row that fits counts; the last one fits everything.
TABLE: tuple[Rule, ...] = (
    Rule(
        statuses=_from(200, 299), meaning=Meaning.DONE, why="carried out, or taken on: read what came of it"
    ),
    Rule(statuses=_these(401), meaning=Meaning.LOGIN, why="the login was refused before it ran"),
    Rule(
        statuses=_these(403),
        bodies=frozenset({Body.FOREIGN}),
        meaning=Meaning.WAIT,
        why="a gateway's throttle (timetta.md §6)",
    ),
    Rule(statuses=_these(403), meaning=Meaning.FORBIDDEN, why="the user may not"),
    Rule(statuses=_these(429, 503), retry_after=True, meaning=Meaning.WAIT, why="later, and it says when"),
    Rule(statuses=_these(429), kinds=_BATCH, meaning=Meaning.SMALLER, why="too many operations (rule 12)"),
    Rule(statuses=_these(429), meaning=Meaning.WAIT, why="later"),
    Rule(statuses=_these(503), kinds=_READ, meaning=Meaning.WAIT, why="later"),
    Rule(statuses=_these(413), meaning=Meaning.SMALLER, why="the body is too large"),
    Rule(statuses=_these(414, 431), kinds=_READ, meaning=Meaning.SMALLER, why="the address is too long"),
    Rule(
        statuses=_these(412, 428),
        kinds=_WRITE,
        meaning=Meaning.CHANGED,
        why="another version stands there, or none was named",
    ),
    Rule(
        statuses=_these(400, 404, 405, 406, 415, 501),
        kinds=_BATCH,
        meaning=Meaning.NO_BATCH,
        why="refused as a batch, before any member ran",
    ),
    Rule(
        statuses=_from(300, 499),
        kinds=_BATCH,
        meaning=Meaning.UNKNOWN,
        why="it may be what a member said: nothing tells which members ran",
    ),
    Rule(statuses=_these(408, 502, 504), meaning=Meaning.UNKNOWN, why="somebody on the way gave up"),
    Rule(
        statuses=_these(302, 303),
        kinds=_WRITE,
        meaning=Meaning.BUSINESS,
        why="what came of it is said elsewhere (RFC 9110 §15.4.4): verified by key",
    ),
    Rule(statuses=_from(300, 499) | _these(501), meaning=Meaning.REFUSED, why="refused, nothing written"),
    Rule(
        statuses=_from(500, 599), kinds=_READ, meaning=Meaning.REFUSED, why="it cannot answer this question"
    ),
    Rule(
        statuses=_these(500),
        kinds=_WRITE,
        bodies=frozenset({Body.EXPLAINED}),
        meaning=Meaning.BUSINESS,
        why="a business rule or a duplicate (rule 7)",
    ),
    Rule(statuses=_from(0, 999), meaning=Meaning.UNKNOWN, why="it may have crashed after the write"),
)


def meaning(situation: Situation, table: Iterable[Rule] = TABLE) -> Meaning:
    """Return what the answer means for the request it answers."""
    return next((rule.meaning for rule in table if rule.fits(situation)), Meaning.UNKNOWN)


class Denial(StrEnum):
    """What a 403 is (timetta.md §6)."""

    NO_RIGHT = "no-right"  # the user may not do this with the set
    THROTTLE = "throttle"  # a gateway finds us too fast; nothing ran
    HIDDEN = "hidden"  # the user may, but not with this entity


# A throttle ends. What was denied so often in a row is denied.
DOUBTS = 6
_FEW_DOUBTS = 3


def denial(body: Body, *, worked: bool, keyed: bool, before: int) -> Denial:
    """Return which of the three a 403 is.

    body: only OData's own words are an application's for sure. worked: the set let us do such things a moment ago. keyed: the request
    names one entity. before: how often in a row it was taken for a throttle already.
    """
    # Nothing was said: where it never worked before, a throttle is less likely, and no right more.
    most = DOUBTS if worked or body is Body.FOREIGN else _FEW_DOUBTS
    if body is not Body.EXPLAINED and before < most:
        return Denial.THROTTLE
    return Denial.HIDDEN if worked and keyed else Denial.NO_RIGHT
