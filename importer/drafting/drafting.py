"""The draft of a whole workbook: sheets read, sets chosen, steps guessed twice, and the recipe bound before anybody sees it.

Guessed twice: what the first guess says a sheet will make (departments by name) is evidence for references in the second.
"""

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

import msgspec

from importer.drafting.asking import Asked, Pair, pairs_of
from importer.drafting.choosing import Chosen, choose
from importer.drafting.custom import custom_names
from importer.drafting.earlier import mapped_before
from importer.drafting.guessing import guess, step_of
from importer.drafting.habits import Habits, habits_of, without_blanks
from importer.drafting.joining import joined_names
from importer.drafting.judging import Judge
from importer.drafting.references import References, telling
from importer.drafting.rendering import Head, Rendered
from importer.drafting.sheets import Sheet, read_sheet
from importer.drafting.targets import Offer, offer_of
from importer.drafting.verifying import verified
from importer.planner.binding import Binding
from importer.planner.mapping.conversion.context import Context
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.results.init import Draft, DraftedStep, LeftOut
from importer.service import Service
from importer.sources.inspection import FileFacts, inspect
from importer.text.folding import fold
from importer.text.translating import translate


class NothingGuessed(Problem):
    """No sheet became a step."""

    code: ClassVar[str] = "nothing-guessed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'Nothing of "{found}" could be told to be entities of {service}: {reasons}.'
    hint: ClassVar[str] = "Name sheet and set: --to Sheet=EntitySet; `importer describe` lists the sets"

    service: str
    reasons: str


def draft(asked: Asked, service: Service) -> tuple[Draft, tuple[Problem, ...]]:
    """Return the draft, and the warnings that `check` gives about its recipe.

    Raises:
        UsageError: a set that is asked for is not there.
        ConfigurationError: the workbook cannot be read, or nothing in it could be guessed.
        ServiceError: the service cannot be used.
    """
    return _Drafter(asked, service).draft()


class _Drafter:
    def __init__(self, asked: Asked, service: Service) -> None:
        self._asked, self._service = asked, service
        self._custom = cache(lambda name: custom_names(service, name, reads=asked.reads))
        self._offer_of = cache(lambda name: offer_of(service, name, self._custom(name)))
        self._references = References(service, reads=asked.reads)

    def draft(self) -> tuple[Draft, tuple[Problem, ...]]:
        asked = self._asked
        facts = inspect(asked.workbook, shown=asked.written, rows=0)
        pairs = pairs_of(asked, facts, self._service.model, self._service.name)
        unread: list[LeftOut] = []
        sheets: dict[str | None, Sheet] = {}
        for pair in pairs:
            try:
                sheets[pair.sheet] = self._read(pair, facts)
            except ConfigurationError as error:
                if pair.to or len(pairs) == 1:
                    raise
                unread.append(LeftOut(sheet=pair.sheet, reason=error.problems[0].message()))
        pairs = tuple(pair for pair in pairs if pair.sheet in sheets)
        habits = habits_of(sheets.values())
        sheets = {name: without_blanks(sheet, habits) for name, sheet in sheets.items()}
        chosen, left_out = self._choose(pairs, sheets)
        left_out = [*left_out, *unread]
        judges = [self._judge(sheets[name], offer, habits) for name, offer, _ in chosen]
        for judge in judges:
            self._remember(judge)
        steps = [
            self._step(judge, evidence, named=len(chosen) > 1)
            for judge, (_, _, evidence) in zip(judges, chosen, strict=True)
        ]
        steps = _distinctly_named(steps)
        rendered, steps, binding = verified(
            self._head(facts, habits), steps, tuple(left_out), asked, self._service, judges=judges
        )
        return self._finished(rendered, steps, left_out, habits, binding)

    def _read(self, pair: Pair, facts: FileFacts) -> Sheet:
        asked = self._asked
        visible = [sheet.name for sheet in facts.sheets if sheet.state == "visible"]
        first = pair.sheet is None or [pair.sheet] == visible[:1]
        return read_sheet(
            asked.workbook,
            asked.written,
            pair.sheet,
            first=first,
            sample=asked.sample,
            encoding=facts.encoding,
            delimiter=facts.delimiter,
        )

    def _choose(
        self, pairs: tuple[Pair, ...], sheets: Mapping[str | None, Sheet]
    ) -> tuple[list[tuple[str | None, Offer, str]], list[LeftOut]]:
        """Return sheet, set and evidence of each step to be, and the sheets that become none."""
        chosen: list[tuple[str | None, Offer, str]] = []
        left: list[LeftOut] = []
        for pair in pairs:
            sheet = sheets[pair.sheet]
            if not any(column.header for column in sheet.columns):
                left.append(LeftOut(sheet=pair.sheet, reason=translate("no header was found")))
            elif pair.to:
                chosen.append((pair.sheet, self._offer_of(pair.to), ""))
            else:
                found = choose(sheet, self._asked.workbook.stem, self._service, self._offer_of)
                if found is not None and found.enough:
                    chosen.append((pair.sheet, self._offer_of(found.to), _why(pair, found, self._asked)))
                else:
                    left.append(LeftOut(sheet=pair.sheet, reason=_why_not(found)))
        return chosen, left

    def _judge(self, sheet: Sheet, offer: Offer, habits: Habits) -> Judge:
        model = self._service.model
        context = Context(
            locale=habits.locale,
            place=None,
            step="",
            enums={name: item.members for name, item in model.enums.items()},
            flags=frozenset(name for name, item in model.enums.items() if item.flags),
            since_1904=sheet.since_1904,
        )
        return Judge(
            offer=offer,
            sheet=joined_names(sheet, offer),
            references=self._references,
            context=context,
            earlier=mapped_before(self._asked.earlier, offer.to),
            offer_of=self._offer_of,
        )

    def _remember(self, judge: Judge) -> None:
        """Tell the references what a sheet will make, by the columns that name it."""
        found = guess(judge).chosen
        by_letters = {column.letters: column for column in judge.sheet.columns}
        names = telling(judge.offer)
        texts = {
            item.target.name: frozenset(map(fold, by_letters[letters].texts))
            for letters, item in found.items()
            if item.target.name in names and item.score >= 0.6
        }
        if texts:
            self._references.made(judge.offer.to, judge.sheet.name or "", texts)

    def _step(self, judge: Judge, evidence: str, *, named: bool) -> DraftedStep:
        return step_of(
            judge, guess(judge), self._service, name=_name_of(judge.offer.to), evidence=evidence, named=named
        )

    def _head(self, facts: FileFacts, habits: Habits) -> Head:
        asked = self._asked
        how = []
        if facts.encoding and facts.encoding_how not in ("bom", "valid"):
            how.append(("encoding", facts.encoding, translate("a guess by the letters")))
        if facts.delimiter and facts.delimiter_how != "single":
            written = '"\\t"' if facts.delimiter == "\t" else f'"{facts.delimiter}"'
            how.append(("delimiter", written, translate("a guess by the first lines")))
        return Head(
            schema=asked.schema,
            workbook=asked.workbook.name,
            profile=asked.profile,
            file=asked.written,
            inside=asked.inside,
            habits=habits,
            how=tuple(how),
        )

    def _finished(
        self,
        rendered: Rendered,
        steps: list[DraftedStep],
        left_out: list[LeftOut],
        habits: Habits,
        binding: Binding | None,
    ) -> tuple[Draft, tuple[Problem, ...]]:
        if binding is None:
            reasons = [f"{step.sheet or ''} → {step.to}: {step.reason}" for step in steps]
            reasons += [f"{item.sheet or ''}: {item.reason}" for item in left_out]
            shown = str(self._asked.workbook)
            raise ConfigurationError(
                NothingGuessed(
                    place=FilePlace(shown),
                    found=shown,
                    service=self._service.name,
                    reasons="; ".join(reasons)[:500],
                )
            )
        found = Draft(
            text=rendered.text,
            steps=tuple(steps),
            left_out=tuple(left_out),
            locale=habits.locale,
            blank=tuple(text for text, _ in habits.blank),
        )
        return found, binding.problems


def _why(pair: Pair, found: Chosen, asked: Asked) -> str:
    text = translate("{score}: {sheet} looks like {set} (name {name}, headers {headers})")
    why = text.format(
        score=f"{found.score:.2f}",
        sheet=pair.sheet or asked.workbook.stem,
        set=found.to,
        name=f"{found.name:.2f}",
        headers=f"{found.headers:.2f}",
    )
    return f"{why}; " + translate("or {property}?").format(property=found.second) if found.second else why


def _why_not(found: Chosen | None) -> str:
    if found is None:
        return translate("resembles no entity set")
    text = translate("resembles no entity set well enough; the nearest is {set} ({score})")
    return text.format(set=found.to, score=f"{found.score:.2f}")


def _name_of(entity_set: str) -> str:
    return entity_set[:1].lower() + entity_set[1:]


def _distinctly_named(steps: list[DraftedStep]) -> list[DraftedStep]:
    """Return the steps with names that are different: two of one set are told apart by number."""
    seen: dict[str, int] = {}
    found = []
    for step in steps:
        seen[step.name] = seen.get(step.name, 0) + 1
        number = seen[step.name]
        found.append(msgspec.structs.replace(step, name=f"{step.name}_{number}") if number > 1 else step)
    return found
