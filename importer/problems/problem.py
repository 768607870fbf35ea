"""`Problem`: a mistake of a recipe, file or service as a value. Subclasses stand beside the rule that raises them.

A subclass names its code, severity and two gettext ids (`text`, `hint`) whose `{variables}` are its own fields. Several
subclasses may share a code: a code names the mistake, a class the sentence that says it. Texts are translated when
shown, never when made.
"""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import ClassVar

from importer.problems.frozen import Frozen
from importer.problems.nearest import Near
from importer.problems.place import Place
from importer.text.translating import translate

_classes: dict[str, type["Problem"]] = {}


class Severity(StrEnum):
    """How bad: no plan, this row left out, look at it, for the record (recipe-language.md §13)."""

    ERROR = "error"
    BLOCKED = "blocked"
    WARNING = "warning"
    NOTE = "note"


class Problem(Frozen):
    """One thing that is wrong. `found` is quoted as it stands in the file; `near` are the nearest right words."""

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = ""
    hint: ClassVar[str] = ""

    place: Place | None = None
    found: str | None = None
    expected: str | None = None
    near: tuple[Near, ...] = ()
    step: str | None = None

    def __init_subclass__(cls) -> None:
        """Register the class, so that the house can prove each one raised, documented and translated."""
        super().__init_subclass__()
        _classes[f"{cls.__module__}.{cls.__qualname__}"] = cls

    def variables(self) -> dict[str, object]:
        """Return what the texts may name: every field, and `near` as quoted words."""
        values: dict[str, object] = {item.name: getattr(self, item.name) for item in fields(self)}
        values["near"] = ", ".join(str(near) for near in self.near)
        return values

    def message(self) -> str:
        """Return the sentence, in the language in use."""
        return _filled(self.text, self.variables())

    def advice(self) -> str:
        """Return what would mend it, in the language in use; empty when there is nothing to say."""
        variables = self.variables()
        if "{near}" in self.hint and not self.near:
            return ""
        return _filled(self.hint, variables)

    def recorded(self) -> "RecordedProblem":
        """Return the form that a plan file keeps: the texts' ids and their variables."""
        variables = {name: _plain(value) for name, value in self.variables().items()}
        hint = "" if "{near}" in self.hint and not self.near else self.hint
        return RecordedProblem(
            place=self.place,
            found=self.found,
            expected=self.expected,
            near=self.near,
            step=self.step,
            kept_code=self.code,
            kept_severity=self.severity,
            kept_text=self.text,
            kept_hint=hint,
            kept=variables,
        )


class RecordedProblem(Problem):
    """A problem read back from a plan file; it needs not the class that made it, and still translates."""

    kept_code: str
    kept_severity: Severity
    kept_text: str
    kept_hint: str
    kept: Mapping[str, object]

    def message(self) -> str:
        """Return the sentence, in the language in use."""
        return _filled(self.kept_text, self.kept)

    def advice(self) -> str:
        """Return what would mend it, in the language in use."""
        return _filled(self.kept_hint, self.kept)

    def recorded(self) -> "RecordedProblem":
        """Return itself."""
        return self


def code_of(problem: Problem) -> str:
    """Return the code, also of a recorded problem."""
    return problem.kept_code if isinstance(problem, RecordedProblem) else problem.code


def severity_of(problem: Problem) -> Severity:
    """Return the severity, also of a recorded problem."""
    return problem.kept_severity if isinstance(problem, RecordedProblem) else problem.severity


def registered() -> tuple[type[Problem], ...]:
    """Return every class of problem that has a code, of the modules imported so far."""
    return tuple(
        sorted((cls for cls in _classes.values() if cls.code), key=lambda cls: (cls.code, cls.__name__))
    )


def _filled(text: str, variables: Mapping[str, object]) -> str:
    return translate(text).format_map(variables) if text else ""


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | type(None)) else str(value)
