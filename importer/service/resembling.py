"""Names that went and names that came: which may be the same thing under another name.

Kinship is by what a thing is (its type) and by how alike the names are; where of one kind just one went and one came, they are
taken for a pair whatever they are called. It is a question to a person, never a decision.
"""

from collections.abc import Callable, Hashable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

import msgspec

Thing = TypeVar("Thing")

_ALIKE = 0.6


class Renaming(msgspec.Struct, frozen=True):
    """A name that may have become another; `score` from 0 to 1 says how alike they are."""

    before: str
    after: str
    score: float


def renamings(
    gone: Mapping[str, Thing],
    come: Mapping[str, Thing],
    kind: Callable[[Thing], Hashable],
    *,
    lonely: bool = True,
) -> tuple[Renaming, ...]:
    """Return the likeliest pairs of what is gone and what is new, each name at most once, the likeliest first.

    `kind`: what must be equal. `lonely`: a single one gone and a single one new of a kind are a pair even if not alike.
    """
    scored = sorted(
        (
            (_score(old, new), old, new)
            for old, one in gone.items()
            for new, other in come.items()
            if kind(one) == kind(other)
        ),
        key=lambda item: (-item[0], item[1], item[2]),
    )
    olds = [old for _, old, _ in scored]
    news = [new for _, _, new in scored]
    found: list[Renaming] = []
    taken: set[str] = set()
    for score, old, new in scored:
        alone = lonely and olds.count(old) == 1 and news.count(new) == 1
        if (score >= _ALIKE or alone) and old not in gone_of(found) and new not in taken:
            taken.add(new)
            found.append(Renaming(old, new, round(score, 2)))
    return tuple(found)


def gone_of(found: list[Renaming]) -> set[str]:
    """Return the old names of some renamings."""
    return {item.before for item in found}


def _score(old: str, new: str) -> float:
    one, other = (name.rpartition(".")[2].lower() for name in (old, new))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
