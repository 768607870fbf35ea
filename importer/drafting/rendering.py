"""A draft as the text of a recipe: what is sure enough stands in it, all else is a comment."""

from collections.abc import Iterable

import msgspec

from importer.drafting.habits import Habits
from importer.drafting.scalars import comment, flow, scalar
from importer.results.init import DraftedField, DraftedStep, LeftOut
from importer.text.translating import translate

# The mark of what is left to a person.
OPEN = "TODO"
_FIELD, _STEP = "      ", "    "


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the steps. blank: those of the habits that are written; how: encoding and delimiter with their comments."""

    schema: str
    workbook: str
    profile: str
    file: str
    inside: bool
    habits: Habits
    how: tuple[tuple[str, str, str], ...] = ()


class Rendered(msgspec.Struct, frozen=True):
    """A recipe's text; `fields`: number of a line → (step, property) that it belongs to, "" : the step's match; `steps`: → step."""

    text: str
    fields: dict[int, tuple[int, str]]
    steps: dict[int, int]


def render(head: Head, steps: Iterable[DraftedStep], left_out: Iterable[LeftOut]) -> Rendered:
    """Return the text, and what each of its lines is about."""
    page = _Page(list(_head(head)))
    page.lines += ["", "steps:"]
    for number, step in enumerate(steps):
        page.step(number, step)
    for item in left_out:
        page.lines.append(f"  # {comment(item.sheet or head.workbook)}: {comment(item.reason)}")
    return Rendered("\n".join(page.lines) + "\n", page.fields, page.owners)


def _head(head: Head) -> Iterable[str]:
    yield f"# yaml-language-server: $schema={head.schema}"
    yield "recipe: 1"
    text = translate("Drafted from {file}: each guess says how sure it is (0 to 1) and why").format(
        file=head.workbook
    )
    yield f"description: {scalar(text)}"
    yield f"service: {scalar(head.profile)}"
    yield "source:"
    if not head.inside:
        text = translate("the file lies outside the project: copy it there, or give it on the command line")
        yield f"  # {OPEN}: {comment(text)}"
    yield f"  file: {scalar(head.file)}"
    for key, value, why in head.how:
        yield f"  # {comment(why)}"
        yield f"  {key}: {value}"
    yield from _locale(head.habits)
    if head.habits.blank:
        counts = ", ".join(f"{scalar(text)} × {count}" for text, count in head.habits.blank)
        text = translate("texts that mean blank: {counts}").format(counts=counts)
        yield f"  # {comment(text)}"
        yield f"  blank: [{', '.join(scalar(text) for text, _ in head.habits.blank)}]"


def _locale(habits: Habits) -> Iterable[str]:
    if habits.locale == "iso" and not habits.texts:
        return
    if habits.texts:
        why = translate("{read} of {texts} texts that look like numbers or dates are read so").format(
            read=habits.read, texts=habits.texts
        )
        if habits.also:
            why += "; " + translate("as many as under {others}").format(others=", ".join(habits.also))
    else:
        why = translate("by the language of the headers; no text cell tells")
    yield f"  # {comment(why)}"
    yield f"  locale: {habits.locale}"


class _Page:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.fields: dict[int, tuple[int, str]] = {}
        self.owners: dict[int, int] = {}

    def step(self, number: int, step: DraftedStep) -> None:
        begin = len(self.lines)
        self._heading(step)
        body = len(self.lines)
        self._put(f"  - name: {scalar(step.name)}")
        if not step.first or step.header is not None:
            self._put(f"{_STEP}from: {self._table(step)}")
        self._put(f"{_STEP}to: {scalar(step.to)}")
        self._mode(step)
        if step.match_evidence:
            self._put(f"{_STEP}# {comment(step.match_evidence)}")
        if not step.match_sure:
            text = translate("nothing is known to tell these entities apart; write what does")
            self._put(f"{_STEP}# {OPEN}: {comment(text)}")
        self.fields[len(self.lines) + 1] = (number, "")
        self._put(f"{_STEP}match: {_match(step.match)}")
        self._put(f"{_STEP}fields:")
        for item in step.fields:
            self._field(number, item)
        self._rest(step)
        if not step.active:
            self.lines[body:] = [f"  # {line}" for line in self.lines[body:]]
            self.fields = {line: owner for line, owner in self.fields.items() if owner[0] != number}
        self.owners.update(dict.fromkeys(range(begin + 1, len(self.lines) + 1), number))
        self._put("")

    def _put(self, line: str) -> None:
        self.lines.append(line)

    def _heading(self, step: DraftedStep) -> None:
        if step.evidence:
            self._put(f"  # {comment(step.evidence)}")
        for note in step.notes:
            self._put(f"  # {comment(note)}")
        if not step.active:
            self._put(f"  # {OPEN}: {comment(step.reason)}")

    def _table(self, step: DraftedStep) -> str:
        if step.header is None:
            return scalar(step.sheet or "")
        sheet = f"sheet: {scalar(step.sheet)}, " if step.sheet is not None and not step.first else ""
        return f"{{{sheet}header: {step.header}}}"

    def _mode(self, step: DraftedStep) -> None:
        if step.mode == "upsert":
            return
        certain = ", ".join(item.property for item in step.needed if item.certain)
        if certain:
            text = translate("nothing can be created without {names}; map them below, then remove this line")
            self._put(f"{_STEP}# {OPEN}: {comment(text.format(names=certain))}")
        else:
            text = translate("all that the service allows")
            self._put(f"{_STEP}# {comment(text)}")
        self._put(f"{_STEP}mode: {step.mode}")

    def _field(self, number: int, item: DraftedField) -> None:
        score = f"{item.score:.2f}: {comment(item.evidence)}"
        written = _written(item)
        if not item.active:
            why = f" ({comment(item.reason)})" if item.reason else ""
            self._put(f"{_FIELD}# {OPEN} {score}{why}")
            self.lines += [f"{_FIELD}# {line}" for line in written]
            return
        self._put(f"{_FIELD}# {score}")
        for line in written:
            self._put(f"{_FIELD}{line}")
            self.fields[len(self.lines)] = (number, item.property)

    def _rest(self, step: DraftedStep) -> None:
        for need in (item for item in step.needed if item.certain):
            text = translate("required, and no column was found for it")
            self._put(f"{_FIELD}# {OPEN} {need.property} ({need.type}): {comment(text)}")
        if usual := ", ".join(item.property for item in step.needed if not item.certain):
            text = translate("not mapped; services usually fill them: {names}").format(names=usual)
            self._put(f"{_FIELD}# {comment(text)}")
        for column in step.columns:
            name = comment(scalar(column.column)) if column.column else translate("without a header")
            text = translate("no guess: {column} ({letters}), {note}")
            self._put(
                f"{_FIELD}# {comment(text.format(column=name, letters=column.letters, note=column.note))}"
            )


def _match(alternatives: tuple[tuple[str, ...], ...]) -> str:
    if len(alternatives) == 1:
        return flow(alternatives[0])
    return f"{{any: [{', '.join(map(flow, alternatives))}]}}"


def _written(item: DraftedField) -> list[str]:
    """Return the lines of a field."""
    by = _by(item)
    if item.expression:
        quoted = item.expression.replace("'", "''")
        return [f"{scalar(item.property)}: '{quoted}'"]
    if not item.values:
        long = [f"column: {scalar(item.column)}"]
        long += [f"in: {scalar(item.in_set)}"] if item.in_set else []
        long += [f"by: {by}"] if by else []
        short = len(long) == 1 and not item.column.startswith("=")
        return [f"{scalar(item.property)}: {scalar(item.column) if short else '{' + ', '.join(long) + '}'}"]
    lines = [f"{scalar(item.property)}:", f"  column: {scalar(item.column)}"]
    lines += [f"  in: {scalar(item.in_set)}"] if item.in_set else []
    lines += [f"  by: {by}"] if by else []
    lines += ["  map:"]
    lines += [f"    {scalar(word)}: {_value(value)}" for word, value in item.values if value is not None]
    lines += [f"    # {OPEN} {comment(scalar(word))}:" for word, value in item.values if value is None]
    return lines


def _by(item: DraftedField) -> str:
    if not item.by:
        return ""
    if item.initials:
        return ", ".join(f"{{initials: {scalar(name)}}}" for name in item.by)
    return flow(item.by)


def _value(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"'={scalar(text)}'" if text.startswith("=") else scalar(text)
