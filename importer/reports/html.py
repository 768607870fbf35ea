"""One self-contained HTML file of a plan: needs no network, prints, holds ten thousand actions.

Everything in it comes from files and services and is untrusted: the template escapes by itself, the data of
the tables are JSON in which no tag can begin, and a content security policy lets nothing run but the one
script whose hash it names.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from importer import __version__
from importer.plan import Change, JsonValue, State, StepTotals, Verb
from importer.plan.references import reference_of
from importer.problems import ProblemGroup
from importer.reports.entity_keys import key_text
from importer.reports.wording import PAGE, SCRIPT, moment, severity_word, state_word, verb_word
from importer.results.show import Shown, ShownAction
from importer.text.translating import language, translate

_TEMPLATES = Path(__file__).parent / "templates"


def write_html_report(shown: Shown, target: Path) -> None:
    """Write the report of a plan."""
    target.write_text(render(shown), "utf-8")


def render(shown: Shown) -> str:
    """Return the report of a plan as one HTML document."""
    script, style = _file("report.js"), _file("report.css")
    template = _environment().get_template("report.html")
    steps = [{"totals": totals, "position": position} for position, totals in enumerate(shown.steps)]
    rendered: str = template.render(
        language=language(),
        script=script,
        style=style,
        script_hash=_hash(script),
        style_hash=_hash(style),
        version=__version__,
        shown=shown,
        origin=shown.origin,
        made=moment(shown.origin.created),
        steps=steps,
        problems=[_problem(item) for item in shown.problems],
        totals=shown.totals,
        states={state_word(state): count for state, count in shown.states.items() if count},
        w=_translated(PAGE),
        data=_data([_row(action) for action in shown.actions]),
        words=_data(_translated(SCRIPT)),
        verbs=_verbs(shown.totals),
        nothing=shown.nothing_to_do,
    )
    return rendered


@cache
def _environment() -> Any:  # noqa: ANN401 - jinja2's environment
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only where a report is written

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _file(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return JSON that may stand inside a script element: no `<` begins a tag, no `&` an entity."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_text)
    return (
        text.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _text(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _translated(words: Mapping[str, str]) -> dict[str, str]:
    return {name: translate(text) for name, text in words.items()}


def _verbs(totals: StepTotals) -> list[tuple[str, str]]:
    """Return the actions to filter by, with their words; deletions and calls only if there are any."""
    rare = {Verb.DELETE: totals.actions.delete, Verb.CALL: totals.actions.call}
    return [(str(verb), verb_word(verb)) for verb in Verb if rare.get(verb, 1)]


def _row(shown: ShownAction) -> list[Any]:
    """Return what the script draws a row from, in the order that report.js names."""
    action = shown.action
    remark = (
        " ".join(str(part) for part in (shown.status, shown.code, shown.message) if part)
        if shown.state is not State.DONE
        else ""
    )
    return [
        action.step,
        str(action.verb),
        verb_word(action.verb),
        action.title,
        [str(place) for place in action.places],
        key_text(shown.key or action.key) or "",
        [_change(change) for change in action.changes],
        str(shown.state),
        state_word(shown.state),
        remark or (action.reason or ""),
    ]


def _change(change: Change) -> list[str]:
    return [
        change.property,
        _value(change.before, change.before_text),
        _value(change.after, change.after_text),
    ]


def _value(value: JsonValue, text: str | None) -> str:
    reference = reference_of(value)
    if reference is not None:
        return translate("{text} (made by action {number})").format(text=text or "", number=reference.action)
    if text is not None:
        return text
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        _text(value)
        if not isinstance(value, dict | list)
        else json.dumps(value, ensure_ascii=False, default=_text)
    )


def _problem(item: ProblemGroup) -> Mapping[str, Any]:
    return {
        "code": item.code,
        "severity": str(item.severity),
        "word": severity_word(item.severity),
        "message": item.problem.message(),
        "hint": item.problem.advice(),
        "count": item.count,
        "places": [str(place) for place in item.places],
        "step": item.problem.step,
    }
