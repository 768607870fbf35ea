"""JSON of plans: exact numbers, keys as text, references as references, whatever stands in the values."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.plan import State, Verb
from importer.plan.references import ActionReference
from importer.problems import FilePlace, Severity
from importer.problems.problem import RecordedProblem
from importer.reports.documents import document, failure
from importer.reports.entity_keys import key_text
from importer.results.show import ShownAction
from tests.unit.reports.shown_plans import action, change, shown


def _actions(*found: Any, begun: bool = False) -> list[dict[str, Any]]:
    text = document("show", shown(found, begun=begun)).decode("utf-8")
    loaded: list[dict[str, Any]] = json.loads(text, parse_float=Decimal)["actions"]
    return loaded


@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back(value: str) -> None:
    """What a cell or the service holds stands in the document letter by letter."""
    told = _actions(action(1, title=value or "x", changes=(change("name", after=value),)))[0]

    assert told["changes"][0]["after"] == value


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**20), max_value=10**20)
)
def test_numbers_keep_their_digits(value: Decimal) -> None:
    """A decimal is a JSON number with all its digits, never a float's."""
    told = _actions(action(1, changes=(change("rate", before=Decimal(0), after=value),)))[0]

    assert Decimal(str(told["changes"][0]["after"])) == value


def test_a_reference_names_the_action_that_makes_it() -> None:
    """The entity that this plan will create has no key yet: the document says which action makes it."""
    reference = ActionReference(7).as_json()
    told = _actions(action(1, changes=(change("chief", after=reference, after_text="Иванов"),)))[0][
        "changes"
    ][0]

    assert (told["after"], told["after_action"], told["after_text"]) == (None, 7, "Иванов")


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ({"id": "a-1"}, "a-1"),
        ({"id": 7}, "7"),
        ({"a": 1, "b": 2}, "a=1,b=2"),
        ({"a": "x", "b": "it's"}, "a='x',b='it''s'"),
        (None, None),
        ({"id": ActionReference(3).as_json()}, None),
    ],
)
def test_keys_are_text(key: dict[str, Any] | None, text: str | None) -> None:
    """One value stands alone, several as in a key predicate, an unknown one is null."""
    assert key_text(key) == text


def test_a_failed_action_has_the_services_words() -> None:
    """Status, code and message stand beside the state; a done one has the key that the service gave."""
    failed = ShownAction(action(1), State.FAILED, None, 409, "Taken", "Уже есть")
    done = ShownAction(action(2), State.DONE, {"id": "made"}, 201)
    told = _actions(failed, done, begun=True)

    assert {name: told[0][name] for name in ("state", "status", "code", "message")} == {
        "state": "failed",
        "status": 409,
        "code": "Taken",
        "message": "Уже есть",
    }
    assert (told[1]["state"], told[1]["key"]) == ("done", "made")
    assert "message" not in told[1]


def test_what_writes_nothing_says_why() -> None:
    """A skipped or blocked row names its reason."""
    told = _actions(action(1, Verb.SKIPPED, reason="when"), action(2, Verb.BLOCKED, reason="not-found"))

    assert [item["reason"] for item in told] == ["when", "not-found"]


def test_a_failure_is_the_envelope_alone() -> None:
    """What ended a command is its problems and the exit code."""
    problem = RecordedProblem(
        place=FilePlace("f.xlsx"),
        kept_code="file-missing",
        kept_severity=Severity.ERROR,
        kept_text="{x}",
        kept_hint="",
        kept={"x": "<&>"},
    )
    told = json.loads(failure("read", 3, [problem, problem]))

    assert list(told) == ["importer", "language", "command", "exit", "problems"]
    assert (told["command"], told["exit"]) == ("read", 3)
    assert (told["problems"][0]["message"], told["problems"][0]["count"]) == ("<&>", 2)
