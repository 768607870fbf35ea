"""The file of `--faults`: failures on demand and habits, each name and value checked, all mistakes at once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar

from importer.problems import FilePlace, Near, Problem, Severity, nearest
from importer.sandbox.faults import ANSWER, Faults
from importer.sandbox.habits import Habits, expected_of

_HABITS = tuple(item.name for item in fields(Habits))
_FAULTS = tuple(item.name for item in fields(Faults) if item.init and not item.name.startswith("_"))
# How values of a type are written: the same in every language.
_WRITTEN: Mapping[object, str] = {
    int: "0, 1, …",
    str: '"…"',
    bool: "true | false",
    dict: "{…}",
    int | str: '1 | "…"',
}


class UnknownSwitch(Problem):
    """A switch that the sandbox does not have."""

    code: ClassVar[str] = "unknown-switch"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The sandbox has no switch "{found}".'
    hint: ClassVar[str] = "Nearest: {near}"


class WrongSwitch(Problem):
    """A value that a switch does not take."""

    code: ClassVar[str] = "wrong-switch"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The switch "{switch}" takes {expected}, not {found}.'

    switch: str = ""


class WrongSwitches(ValueError):  # noqa: N818 - mistakes of a file, not of the program
    """The file names or holds what does not exist. `problems` say what, all of it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems."""
        self.problems = problems
        super().__init__("; ".join(problem.message() for problem in problems))


def read_faults(path: Path) -> tuple[Faults, Habits]:
    """Return what a JSON file says: the fields of `Faults`, and `habits` with those of `Habits`.

    Raises:
        OSError: it cannot be read.
        WrongSwitches: it names or holds something that does not exist.
        ValueError: it is no JSON object.
    """
    try:
        value = json.loads(path.read_text("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - of the file, not of the program
    problems = tuple(_problems(value, FilePlace(str(path))))
    if problems:
        raise WrongSwitches(problems)
    habits: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item
        for name, item in value.get("habits", {}).items()
    }
    return _faults(value), Habits(**habits)


def _problems(value: Mapping[str, Any], place: FilePlace) -> Iterator[Problem]:
    for name, found in value.items():
        if name == "habits":
            yield from _habit_problems(found, place)
        elif name not in _FAULTS:
            yield UnknownSwitch(place=place, found=name, near=_near(name, in_habits=False))
        elif (expected := _expected(name, found)) is not None:
            yield WrongSwitch(place=place, switch=name, found=_short(found), expected=expected)
        elif name == "answers":
            yield from _answer_problems(found, place)


def _habit_problems(found: object, place: FilePlace) -> Iterator[Problem]:
    if not isinstance(found, dict):
        yield WrongSwitch(place=place, switch="habits", found=_short(found), expected="{…}")
        return
    for name, value in found.items():
        if name not in _HABITS:
            yield UnknownSwitch(place=place, found=f"habits.{name}", near=_near(name, in_habits=True))
        elif (expected := expected_of(name, value)) is not None:
            yield WrongSwitch(place=place, switch=f"habits.{name}", found=_short(value), expected=expected)


def _answer_problems(answers: list[dict[str, Any]], place: FilePlace) -> Iterator[Problem]:
    for number, answer in enumerate(answers, 1):
        where = f"answers[{number}]"
        if "status" not in answer:
            yield WrongSwitch(place=place, switch=where, found=_short(answer), expected='{"status": 503}')
        for name, value in answer.items():
            if name not in ANSWER:
                yield UnknownSwitch(place=place, found=f"{where}.{name}", near=nearest(name, ANSWER))
            elif not isinstance(value, ANSWER[name]) or isinstance(value, bool) is not (ANSWER[name] is bool):
                expected = _WRITTEN[ANSWER[name]]
                yield WrongSwitch(
                    place=place, switch=f"{where}.{name}", found=_short(value), expected=expected
                )


def _near(name: str, *, in_habits: bool) -> tuple[Near, ...]:
    """Return the nearest switches, said with where they stand: a habit outside `habits` is a frequent slip."""
    known = {word: f"habits.{word}" for word in _HABITS} | dict.fromkeys(_FAULTS, "")
    found = nearest(name, known)
    return tuple(
        near if in_habits and near.text in _HABITS else Near(known[near.text] or near.text, near.score)
        for near in found
    )


def _expected(name: str, value: object) -> str | None:
    if name in ("drop_after_write", "drop_before_write"):
        return None if isinstance(value, list) and all(map(_is_number, value)) else "[1, 2]"
    if name == "drop_in_batch":
        right = isinstance(value, dict) and all(
            key.isascii() and key.isdigit() and _is_number(after) for key, after in value.items()
        )
        return None if right else '{"1": 5}'
    if name == "answers":
        right = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        return None if right else '[{"status": 503}]'
    return None if _is_number(value) else "0, 1, …"


def _is_number(value: object) -> bool:
    return type(value) is int and value >= 0


def _short(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:80]


def _faults(value: Mapping[str, Any]) -> Faults:
    return Faults(
        drop_after_write=set(value.get("drop_after_write", ())),
        drop_before_write=set(value.get("drop_before_write", ())),
        drop_in_batch={int(batch): after for batch, after in value.get("drop_in_batch", {}).items()},
        answers=value.get("answers", []),
        delay_ms=value.get("delay_ms", 0),
    )
