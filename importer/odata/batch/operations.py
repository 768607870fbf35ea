"""One request inside a batch, its answer, and what is known after the whole batch was answered."""

from collections.abc import Mapping, Sequence

import msgspec


class Operation(msgspec.Struct, frozen=True):
    """One request. `id` is digits; `url` is relative to the root, encoded, without a leading slash."""

    id: str
    method: str
    url: str
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes | None = None  # ready JSON


class Answer(msgspec.Struct, frozen=True):
    """The answer to one operation; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BatchAnswers(msgspec.Struct, frozen=True):
    """The answers by operation id. Of operations `missing` an answer, or `doubled`, nothing is known.

    `next_link`: where a partial answer goes on (OData JSON §19.5), as the service wrote it.
    """

    answers: Mapping[str, Answer]
    missing: tuple[str, ...]
    doubled: tuple[str, ...] = ()
    next_link: str | None = None

    def joined(self, more: "BatchAnswers") -> "BatchAnswers":
        """Return these answers with those that the next link brought for the missing ones."""
        found = {
            **{name: more.answers[name] for name in self.missing if name in more.answers},
            **self.answers,
        }
        doubled = dict.fromkeys((*self.doubled, *more.doubled))
        for name, answer in more.answers.items():
            if name in self.answers and not agree(self.answers[name], answer):
                doubled[name] = None
        known = {name: answer for name, answer in found.items() if name not in doubled}
        missing = tuple(name for name in self.missing if name not in found and name not in doubled)
        return BatchAnswers(known, missing, tuple(doubled), more.next_link)


class BatchUnreadable(ValueError):  # noqa: N818 - an answer to reckon with, not a mistake of ours
    """The answer to a batch is no batch answer: what happened to its operations is unknown. `status` is the answer's, 0: none came."""

    def __init__(self, reason: str, *, status: int = 200) -> None:
        """Keep the reason and the status."""
        super().__init__(reason)
        self.status = status


def gathered(pairs: Sequence[tuple[str | None, Answer]], asked: Sequence[str]) -> BatchAnswers:
    """Return answers by id: an id never asked for is nobody's, two that differ are none, two that are equal are one."""
    wanted = frozenset(asked)
    found: dict[str, Answer] = {}
    doubled: dict[str, None] = {}
    for name, answer in pairs:
        if name in wanted and not agree(found.setdefault(name, answer), answer):
            doubled[name] = None
    known = {name: answer for name, answer in found.items() if name not in doubled} if doubled else found
    return BatchAnswers(known, tuple(name for name in asked if name not in found), tuple(doubled))


def agree(one: Answer, two: Answer) -> bool:
    """Whether two answers say the same of one operation."""
    return one is two or (one.status == two.status and one.body == two.body)
