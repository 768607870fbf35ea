"""The recipe is read and bound before it is written: what does not bind becomes a comment with the reason."""

from collections.abc import Sequence

import msgspec

from importer.documents.reading import parse_document
from importer.drafting.asking import Asked
from importer.drafting.guessing import needed_of
from importer.drafting.judging import Judge
from importer.drafting.matching import match_of
from importer.drafting.rendering import Head, Rendered, render
from importer.odata.edm.writable import set_allows
from importer.planner.binding import Binding, bind_recipe
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity
from importer.problems.problem import code_of, severity_of
from importer.recipe.reading import parse_recipe
from importer.results.init import DraftedStep, LeftOut
from importer.service import Service
from importer.text.translating import translate

# Each round takes at least one thing out of the recipe.
_ROUNDS = 200


def verified(
    head: Head,
    steps: Sequence[DraftedStep],
    left_out: tuple[LeftOut, ...],
    asked: Asked,
    service: Service,
    *,
    judges: Sequence[Judge],
) -> tuple[Rendered, list[DraftedStep], Binding | None]:
    """Return text, steps and binding of a recipe that binds; the binding is None when no step is left."""
    mender = _Mender(asked, service, judges)
    found = [mender.settled(number, step) for number, step in enumerate(steps)]
    rendered = render(head, found, left_out)
    for _ in range(_ROUNDS):
        if not any(step.active for step in found):
            break
        binding, problems = mender.bind(rendered.text)
        mended = mender.mended(found, rendered, problems, binding)
        if mended == found:
            return rendered, found, binding
        found = mended
        rendered = render(head, found, left_out)
    return rendered, found, None


class _Mender:
    def __init__(self, asked: Asked, service: Service, judges: Sequence[Judge]) -> None:
        self._asked, self._service, self._judges = asked, service, judges

    def bind(self, text: str) -> tuple[Binding | None, tuple[Problem, ...]]:
        """Return the recipe bound, and its errors."""
        asked = self._asked
        try:
            recipe = parse_recipe(parse_document(text, asked.output.name, asked.output))
        except ConfigurationError as error:
            return None, error.problems
        files = () if asked.inside else (asked.workbook,)
        binding = bind_recipe(recipe, self._service, files=files, project=asked.root)
        return binding, tuple(item for item in binding.problems if severity_of(item) is Severity.ERROR)

    def mended(
        self,
        steps: list[DraftedStep],
        rendered: Rendered,
        problems: Sequence[Problem],
        binding: Binding | None,
    ) -> list[DraftedStep]:
        """Return the steps with one thing less in each that has a problem."""
        found = list(steps)
        touched: set[int] = set()
        for problem in problems:
            line = problem.place.line if isinstance(problem.place, RecipePlace) else 0
            number = rendered.steps.get(line)
            if number is None:
                # Of no step: the file itself, or a place that nobody foresaw. The last step goes.
                number = max(n for n, step in enumerate(found) if step.active)
            if number in touched:
                continue
            touched.add(number)
            found[number] = self._without(number, found[number], rendered.fields.get(line), problem)
        if not problems and binding is not None:
            found = [self._headed(step, binding) for step in found]
        return found

    def settled(self, number: int, step: DraftedStep) -> DraftedStep:
        """Return a step as it can be: with fields and a match, only updating where nothing could be created."""
        active = {item.property: item for item in step.fields if item.active}
        offer = self._judges[number].offer
        columns = {column.letters: column for column in self._judges[number].sheet.columns}
        matched = match_of(
            self._service, offer, {name: columns[item.letters] for name, item in active.items()}
        )
        needed = needed_of(offer, active)
        step = msgspec.structs.replace(
            step,
            match=matched.alternatives,
            match_evidence=matched.evidence,
            match_sure=matched.sure,
            needed=needed,
        )
        if not active or not matched.alternatives:
            return _left(step, translate("no column is sure enough to recognise an entity by"))
        updatable = set_allows(self._service.model, step.to, "Updatable")
        if any(item.certain for item in needed) and step.mode != "update":
            if not updatable:
                return _left(step, translate("nothing can be created without what is missing below"))
            return msgspec.structs.replace(step, mode="update")
        return step

    def _without(
        self, number: int, step: DraftedStep, owner: tuple[int, str] | None, problem: Problem
    ) -> DraftedStep:
        reason = problem.message()
        name = owner[1] if owner is not None else ""
        if name:
            fields = tuple(
                msgspec.structs.replace(item, active=False, reason=reason) if item.property == name else item
                for item in step.fields
            )
            return self.settled(number, msgspec.structs.replace(step, fields=fields))
        if owner is not None:
            left = tuple(item for item in step.match if problem.found not in item)
            if left and left != step.match:
                return msgspec.structs.replace(step, match=left)
        if code_of(problem) == "required-unmapped" and step.mode != "update":
            return msgspec.structs.replace(step, mode="update")
        return _left(step, reason)

    def _headed(self, step: DraftedStep, binding: Binding) -> DraftedStep:
        """Return a step that says its header row, where it would not be found by itself."""
        for bound in binding.steps:
            if bound.name == step.name and bound.table.sections:
                found = bound.table.sections[0].header_row
                if found != step.header_row and step.header is None:
                    return msgspec.structs.replace(step, header=step.header_row)
        return step


def _left(step: DraftedStep, reason: str) -> DraftedStep:
    return msgspec.structs.replace(step, active=False, reason=reason)
