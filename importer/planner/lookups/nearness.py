"""Near misses among thousands of names: those that share most pairs of letters are compared, the others are not."""

from collections import Counter
from collections.abc import Iterator, Mapping

from importer.problems import Near, nearest
from importer.text.folding import fold

_COMPARED = 40


class Nearness:
    """Words and the keys of the entities that they name, indexed by their pairs of letters."""

    def __init__(self, words: Mapping[str, str | None]) -> None:
        """Index the words."""
        self._words = words
        self._having: dict[str, list[str]] = {}
        self._known: dict[str, tuple[Near, ...]] = {}
        for word in words:
            for pair in set(_pairs(word)):
                self._having.setdefault(pair, []).append(word)

    def cost(self, text: str) -> int:
        """Return how many words must be looked at."""
        return (
            0 if text in self._known else sum(len(self._having.get(pair, ())) for pair in set(_pairs(text)))
        )

    def near(self, text: str) -> tuple[Near, ...]:
        """Return the words that resemble `text`, the nearest first."""
        found = self._known.get(text)
        if found is None:
            shared = Counter[str]()
            for pair in set(_pairs(text)):
                shared.update(self._having.get(pair, ()))
            # Of equally many shared pairs the shorter word is nearer.
            best = sorted(shared, key=lambda word: (len(word) - 2 * shared[word], word))[:_COMPARED]
            found = self._known[text] = tuple(
                Near(item.text, item.score, self._words[item.text]) for item in nearest(text, best)
            )
        return found


def _pairs(text: str) -> Iterator[str]:
    folded = f" {fold(text)} "
    return (folded[n : n + 2] for n in range(len(folded) - 1))
