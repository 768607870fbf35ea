"""The nearest right words to a wrong one, with scores from 0 to 1."""

from collections.abc import Iterable
from difflib import SequenceMatcher

import msgspec

from importer.text.folding import fold

_CLOSE_ENOUGH = 0.6


class Near(msgspec.Struct, frozen=True):
    """A right word near a wrong one; `key` is the entity's, where the word names an entity."""

    text: str
    score: float
    key: str | None = None

    def __str__(self) -> str:
        """Return `"Отдел продаж" (0.93)`."""
        return f'"{self.text}" ({self.score:.2f})'

    def as_json(self) -> dict[str, object]:
        """Return the shape of cli.md, *JSON*."""
        return {"text": self.text, "score": self.score, "key": self.key}


def nearest(wrong: str, known: Iterable[str], limit: int = 3) -> tuple[Near, ...]:
    """Return at most `limit` words of `known` that resemble `wrong`, the nearest first; compared folded."""
    asked = fold(wrong)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked)
    scored = []
    distinct = {fold(word): word for word in reversed(tuple(dict.fromkeys(known)))}
    for folded, word in distinct.items():
        matcher.set_seq1(folded)
        if matcher.real_quick_ratio() < _CLOSE_ENOUGH or matcher.quick_ratio() < _CLOSE_ENOUGH:
            continue
        score = matcher.ratio()
        if score >= _CLOSE_ENOUGH:
            scored.append(Near(word, round(score, 2)))
    return tuple(sorted(scored, key=lambda near: (-near.score, near.text))[:limit])
