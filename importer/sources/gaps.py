"""Where an empty row stands inside a table: whether another table begins below it."""

from importer.sources.cells import ColumnCells
from importer.sources.lines import Raw, RawLine


class Gap:
    """An empty line inside a table, and what follows it: perhaps a title and the header of another table."""

    def __init__(self, columns: list[ColumnCells]) -> None:
        """`columns` say which values are blank."""
        self.header: RawLine | None = None
        self._columns, self._words, self._line = columns, frozenset[int](), RawLine(0, [])

    def after(self, line: RawLine) -> "Gap | None":
        """Return what is known with one more row; `header` is set where one stands above a value. None: no more is to be seen."""
        filled = {n: raw for n, raw in enumerate(line.values) if raw != "" and self._columns[n].fills(raw)}
        words = frozenset(n for n, raw in filled.items() if _is_word(raw))
        if self._words:
            self.header = self._line if any(n in self._words for n in filled.keys() - words) else None
            return self if self.header else None
        if len(words) < len(filled):
            return None
        if len(words) > 1:
            self._words, self._line = words, line
        return self


def _is_word(raw: Raw) -> bool:
    return type(raw) is str and raw.lower() != raw.upper()
