"""What a person would notice in the values and a program would let pass: look-alike signs, and match values one letter apart.

Also what a person would not: invisible characters, which `clean` has dropped. Nothing else is changed, nothing is blocked; the
remarks stand in the plan.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from importer.planner.mapping import Record
from importer.problems import Problem, Severity
from importer.sources.file_problems import InvisibleCharacters
from importer.sources.table import CellKind
from importer.text.folding import fold
from importer.text.look_alikes import LookAlike, look_alike

# Beyond, files are exports of programs, whose spelling is steady; and the work grows.
_MOST_VALUES = 5_000
_SHORTEST, _LONGEST = 6, 80
# A word of fewer letters is an initial, a size or a section's letter: those differ by one on purpose.
_SHORTEST_WORD = 4
_REMEMBERED = 65_536


class LookAlikeLetter(Problem):
    """A letter of another script inside a word."""

    code: ClassVar[str] = "look-alike"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = '"{found}" has {name} where "{alike}" would be expected.'
    hint: ClassVar[str] = "It is written as it stands, and compared as if it were what it looks like"

    name: str
    alike: str


class NearDuplicate(Problem):
    """Two entities that are perhaps one, misspelt."""

    code: ClassVar[str] = "near-duplicate"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = 'Rows {row} and {other} differ by one letter: "{found}" and "{expected}".'
    hint: ClassVar[str] = "If they are the same, write them the same; they are two entities otherwise"

    row: int
    other: int


def remarks(records: Sequence[Record]) -> Iterator[Problem]:
    """Yield the remarks on the rows of a plan, in the order of the rows."""
    yield from _signs(records)
    steps: dict[int, list[Record]] = {}
    for record in records:
        steps.setdefault(record.step.position, []).append(record)
    for own in steps.values():
        yield from _near_duplicates(own)


def _signs(records: Iterable[Record]) -> Iterator[Problem]:
    """Yield what is odd about the characters of the cells, each cell once: several steps may read one row."""
    seen: dict[str, LookAlike | None] = {}
    told: set[tuple[str | None, str | None, int, str]] = set()
    dropped: set[tuple[str | None, str | None, int, str]] = set()
    for record in records:
        row = record.row
        for cell in row.cells:
            if cell.kind is not CellKind.TEXT:
                continue
            if cell.cut and (address := (row.book, row.sheet, row.number, cell.column)) not in dropped:
                dropped.add(address)
                yield InvisibleCharacters(place=row.place(cell.column), found=cell.column)
            if (text := cell.text).isascii():
                continue
            if text not in seen:
                if len(seen) >= _REMEMBERED:
                    seen.clear()
                seen[text] = look_alike(text)
            found = seen[text]
            if found is None or (address := (row.book, row.sheet, row.number, cell.column)) in told:
                continue
            told.add(address)
            yield LookAlikeLetter(
                place=row.place(cell.column),
                step=record.step.name,
                found=found.found[:80],
                name=f"{found.name} (U+{ord(found.sign):04X})",
                alike=found.alike,
            )


def _near_duplicates(records: Sequence[Record]) -> Iterator[Problem]:
    """Yield the pairs of one step whose match values are one slip of the keyboard apart."""
    step = records[0].step
    for position in sorted({n for alternative in step.alternatives for n in step.telling(alternative)}):
        values: dict[str, tuple[str, Record]] = {}
        for record in records:
            value = record.values[position]
            if isinstance(value, str) and _SHORTEST <= len(value) <= _LONGEST:
                values.setdefault(fold(value), (value, record))
        if not 1 < len(values) <= _MOST_VALUES:
            continue
        for one, two in near_pairs(values):
            (first, a), (second, b) = values[one], values[two]
            if a.number > b.number:
                first, a, second, b = second, b, first, a
            yield NearDuplicate(
                place=b.place(position),
                step=step.name,
                found=first,
                expected=second,
                row=a.row.number,
                other=b.row.number,
            )


def near_pairs(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of texts that differ by one letter mistyped, left out, doubled or swapped inside a word.

    Digits are no letters (`SK-24`, `SK-25`), and what differs at the end of a word is grammar (`Иванов`, `Иванова`). Texts without
    one of their letters are compared, so that the work grows with the number of letters, not of pairs.
    """
    buckets: dict[str, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for text in texts:
        for shortened in {text, *(text[:n] + text[n + 1 :] for n in range(len(text)))}:
            for other in buckets.setdefault(shortened, []):
                if (other, text) not in seen and _is_slip(other, text):
                    seen.add((other, text))
                    yield other, text
            buckets[shortened].append(text)


def _is_slip(one: str, two: str) -> bool:
    if len(one) > len(two):
        one, two = two, one
    first = next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), len(one))
    if len(one) == len(two):
        rest = one[first + 1 :] == two[first + 1 :]
        swapped = (
            one[first : first + 2] == two[first : first + 2][::-1] and one[first + 2 :] == two[first + 2 :]
        )
        return (rest or swapped) and _inside_word(one, first) and _inside_word(two, first)
    return one[first:] == two[first + 1 :] and _inside_word(two, first)


def _inside_word(text: str, position: int) -> bool:
    """Whether a letter stands at a position, and is neither the last of its word nor of a short one."""
    if not text[position : position + 1].isalpha() or not text[position + 1 : position + 2].isalpha():
        return False
    start, end = position, position
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return end - start >= _SHORTEST_WORD
