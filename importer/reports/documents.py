"""Results as JSON documents (cli.md, *JSON*): one document each.

Keys never change within a language version; new ones may come. `schemas/output-1.json` says so to programs.
"""

import json
from collections.abc import Iterable, Mapping
from functools import singledispatch
from pathlib import Path
from typing import Any

import msgspec

from importer import __version__
from importer.plan import Action, State, StepTotals
from importer.plan.references import reference_of
from importer.problems import Problem, ProblemGroup, group
from importer.reports.entity_keys import key_text
from importer.reports.persons import login_document, logout_document, who_document
from importer.reports.subjects import (
    draft_document,
    drift_document,
    file_document,
    model_document,
    probe_document,
    pulled_document,
    template_document,
)
from importer.results.apply import Applied
from importer.results.check import Checked
from importer.results.describe import Described
from importer.results.init import Drafted
from importer.results.login import LoggedIn
from importer.results.logout import LoggedOut
from importer.results.metadata import Drift, Pulled
from importer.results.migrate import Migrated
from importer.results.plan import Planned
from importer.results.preview import Previewed
from importer.results.probe import Probed
from importer.results.read import ReadFile
from importer.results.schema import SchemaMade
from importer.results.show import Shown, ShownAction
from importer.results.template import Templated
from importer.results.whoami import WhoAmI

LANGUAGE = 1
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def document(command: str, result: object) -> bytes:
    """Return the JSON document of a result."""
    exit_code: int = result.exit_code  # type: ignore[attr-defined]
    problems: tuple[ProblemGroup, ...] = result.problems  # type: ignore[attr-defined]
    return _written({**_envelope(command, exit_code, problems), **_body(result)})


def failure(command: str, exit_code: int, problems: Iterable[Problem]) -> bytes:
    """Return the JSON document of a command that could not go on."""
    return _written(_envelope(command, exit_code, group(problems)))


def write_json_report(shown: Shown, target: Path) -> None:
    """Write everything a plan and its journal say, as `show --json` would."""
    target.write_bytes(document("show", shown))


def facts_document(command: str, facts: Mapping[str, Any]) -> bytes:
    """Return the JSON document of a command without a result of its own; `facts` may hold its `exit`."""
    return _written({**_envelope(command, 0, ()), **facts})


def action_document(shown: ShownAction) -> dict[str, Any]:
    """Return an action in the shape of `show`."""
    action = shown.action
    found: dict[str, Any] = {
        "id": action.id,
        "step": action.step,
        "to": action.set,
        "action": str(action.verb),
        "title": action.title,
        "key": key_text(shown.key or action.key),
        "places": [place.as_json() for place in action.places],
        "changes": list(_changes(action)),
        "wave": action.wave,
        "state": str(shown.state),
    }
    remarks = {
        "reason": action.reason,
        "status": shown.status,
        "code": shown.code,
        "message": shown.message,
    }
    return found | {name: value for name, value in remarks.items() if value is not None}


def totals_document(totals: StepTotals) -> dict[str, Any]:
    """Return the counts of a step, or of all."""
    names = ("rows", "outside", "not_for_step", "merged", "create", "update", "unchanged", "skip", "blocked")
    actions = totals.actions
    counts: dict[str, Any] = {name: getattr(totals, name) for name in names}
    counts["actions"] = {
        "create": actions.create,
        "update": actions.update,
        "delete": actions.delete,
        "call": actions.call,
    }
    return counts


@singledispatch
def _body(result: object) -> dict[str, Any]:
    raise TypeError(f"no document of {type(result).__name__}")


_body.register(ReadFile, file_document)
_body.register(Described, model_document)
_body.register(Templated, template_document)
_body.register(LoggedIn, login_document)
_body.register(LoggedOut, logout_document)
_body.register(WhoAmI, who_document)
_body.register(Pulled, pulled_document)
_body.register(Drift, drift_document)
_body.register(Probed, probe_document)
_body.register(Drafted, draft_document)


@_body.register
def _check(result: Checked) -> dict[str, Any]:
    steps = [
        {
            "name": step.name,
            "to": step.to,
            "sheet": step.sheet,
            "header_row": step.header_row,
            "rows": step.rows,
            "match": list(step.match),
            "fields": [
                {
                    "property": f.property,
                    "type": f.type,
                    "pair": f.pair,
                    "column": f.column,
                    "cell": f.cell,
                    "lookup": f.lookup,
                    "value": f.value,
                    "update": f.update,
                }
                for f in step.fields
            ],
            "unused": list(step.unused),
        }
        for step in result.steps
    ]
    return {
        "recipe": result.recipe,
        "service": {"name": result.service.name, "url": result.service.url},
        "steps": steps,
        "params": dict(result.params),
    }


@_body.register
def _previewed(result: Previewed) -> dict[str, Any]:
    return {
        "recipe": result.recipe,
        "service": {"name": result.service.name, "url": result.service.url},
        "steps": [
            {
                "name": step.name,
                "to": step.to,
                "rows": step.rows,
                "types": dict(step.types),
                "records": [
                    {
                        "place": row.place,
                        "row": row.row,
                        "fate": row.fate,
                        "values": dict(row.values),
                        "problems": dict(row.codes),
                    }
                    for row in step.shown
                ],
            }
            for step in result.steps
        ],
    }


@_body.register
def _migrated(result: Migrated) -> dict[str, Any]:
    return {"recipe": result.recipe, "before": result.before, "diff": list(result.diff)}


@_body.register
def _schema(result: SchemaMade) -> dict[str, Any]:
    """Return where the schema is, else the schema itself."""
    service = result.service
    return {
        "service": None if service is None else {"name": service.name, "url": service.url},
        "sets": result.sets,
        "output": None if result.output is None else str(result.output),
        "schema": json.loads(result.text) if result.output is None else None,
    }


@_body.register
def _plan(result: Planned) -> dict[str, Any]:
    return {
        "plan": str(result.plan),
        "reports": {kind: str(path) for kind, path in result.reports.items()},
        "service": {"name": result.service.name, "url": result.service.url},
        "totals": totals_document(result.totals),
        "steps": [{"name": step.name, "to": step.to, **totals_document(step)} for step in result.steps],
        "writes": result.writes,
        "calls": result.calls,
        "waves": result.waves,
        "requests": {"read": result.requests_read},
        "seconds_estimated": result.seconds_estimated,
    }


@_body.register
def _show(result: Shown) -> dict[str, Any]:
    origin = result.origin
    return {
        "plan": str(result.plan),
        "service": {"name": origin.service, "url": origin.url},
        "created": origin.created,
        "totals": totals_document(result.totals),
        "steps": [{"name": s.name, "to": s.to, **totals_document(s)} for s in result.steps],
        "states": {str(state): result.states.get(state, 0) for state in State},
        "reports": {k: str(p) for k, p in result.reports.items()},
        "actions": [action_document(action) for action in result.actions],
    }


@_body.register
def _apply(result: Applied) -> dict[str, Any]:
    outcome = result.outcome
    names = ("created", "updated", "deleted", "called", "failed", "blocked", "unknown", "pending")
    return {
        "plan": str(result.plan),
        "service": {"name": result.service.name, "url": result.service.url},
        "totals": {name: getattr(outcome, name) for name in names},
        "requests": {
            "read": outcome.requests.read,
            "write": outcome.requests.write,
            "retry": outcome.requests.retry,
        },
        "failed": [
            {
                "id": item.id,
                "place": item.places[0].as_json() if item.places else None,
                "status": item.status,
                "code": item.code,
                "message": item.message,
                "state": str(item.state),
            }
            for item in outcome.failures
        ],
        "reports": {kind: str(path) for kind, path in result.reports.items()},
        "left_out": result.left_out,
    }


def _changes(action: Action) -> Iterable[dict[str, Any]]:
    for change in action.changes:
        after = reference_of(change.after)
        found: dict[str, Any] = {
            "property": change.property,
            "before": change.before,
            "after": None if after else change.after,
        }
        if after is not None:
            found["after_action"] = after.action
        if change.before_text is not None:
            found["before_text"] = change.before_text
        if change.after_text is not None:
            found["after_text"] = change.after_text
        yield found


def _envelope(command: str, exit_code: int, problems: Iterable[ProblemGroup]) -> dict[str, Any]:
    return {
        "importer": __version__,
        "language": LANGUAGE,
        "command": command,
        "exit": exit_code,
        "problems": [item.as_json() for item in problems],
    }


def _written(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.format(_ENCODER.encode(value), indent=2) + b"\n"
