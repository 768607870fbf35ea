"""`show` at the terminal."""

import json
from decimal import Decimal

from rich.text import Text

from importer.plan import Change, JsonValue, State, Verb
from importer.plan.references import reference_of
from importer.reports.console.layout import Page
from importer.reports.entity_keys import key_text
from importer.reports.wording import moment, number, state_word, verb_word
from importer.results.show import Shown, ShownAction
from importer.text.translating import translate

_SIGNS = {
    Verb.CREATE: "+",
    Verb.UPDATE: "~",
    Verb.DELETE: "-",
    Verb.CALL: "!",
    Verb.UNCHANGED: "=",
    Verb.SKIPPED: "·",
    Verb.BLOCKED: "✗",
}
_STYLES = {
    Verb.CREATE: "green",
    Verb.UPDATE: "yellow",
    Verb.DELETE: "red",
    Verb.BLOCKED: "red",
    Verb.UNCHANGED: "dim",
    Verb.SKIPPED: "dim",
}


def render(result: Shown, page: Page) -> None:
    """Write where the plan comes from, how far it is, and its actions."""
    origin = result.origin
    page.fact(translate("Plan"), str(result.plan))
    page.fact(
        translate("Recipe"),
        origin.recipe.shown + (f" · {origin.description.strip()}" if origin.description else ""),
    )
    page.fact(translate("Service"), f"{origin.service} · {origin.url.rstrip('/')}")
    page.fact(translate("Made"), moment(origin.created))
    if result.begun:
        counts = ", ".join(
            f"{state_word(state)} {number(result.states[state])}"
            for state in State
            if result.states.get(state)
        )
        page.fact(translate("Applied"), counts)
    page.line()
    for shown in result.actions:
        action_lines(shown, page)
    page.line()
    page.problems(result.problems)
    for path in result.reports.values():
        page.fact(translate("Report"), str(path))


def action_lines(shown: ShownAction, page: Page) -> None:
    """Write an action and its changes, each in a line."""
    action = shown.action
    places = ", ".join(str(place) for place in action.places[:3]) + (" …" if len(action.places) > 3 else "")
    head = Text(f"  {_SIGNS[action.verb]} ", style=_STYLES.get(action.verb, ""))
    head.append(f"{action.set}  ", style="bold")
    head.append(action.title or key_text(action.key) or "–")
    head.append(f"   {places}", style="dim")
    if shown.state not in (State.PENDING, State.DONE) and action.verb is not Verb.BLOCKED:
        head.append(f"   {state_word(shown.state)}", style="red")
    if action.reason:
        head.append(f"   {verb_word(action.verb)}: {action.reason}", style="dim")
    page.line(head)
    for change in action.changes:
        page.line(_change_line(change))
    if shown.message and shown.state is not State.DONE:
        page.line(Text(f"      {shown.status or ''} {shown.code or ''}: {shown.message}", style="red"))


def _change_line(change: Change) -> Text:
    line = Text(f"      {change.property:<24} ")
    if change.before is not None:
        line.append(_value(change.before, change.before_text), style="dim")
        line.append(" → ")
    line.append(_value(change.after, change.after_text))
    return line


def _value(value: JsonValue, text: str | None) -> str:
    reference = reference_of(value)
    if reference is not None:
        return translate("{text} (made by action {number})").format(text=text or "", number=reference.action)
    if text is not None:
        return text
    if value is None:
        return translate("nothing")
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False, default=str)
