"""Words that console and HTML share."""

import shlex
from datetime import datetime
from pathlib import Path

from importer.plan import State, Verb
from importer.problems import Severity
from importer.text.translating import N_, translate

_VERBS = {
    Verb.CREATE: N_("create"),
    Verb.UPDATE: N_("update"),
    Verb.DELETE: N_("delete"),
    Verb.CALL: N_("call"),
    Verb.UNCHANGED: N_("same"),
    Verb.SKIPPED: N_("skip"),
    Verb.BLOCKED: N_("blocked"),
}
_STATES = {
    State.PENDING: N_("pending"),
    State.DONE: N_("done"),
    State.FAILED: N_("failed"),
    State.UNKNOWN: N_("unknown"),
    State.BLOCKED: N_("blocked"),
}
_SEVERITIES = {
    Severity.ERROR: N_("error"),
    Severity.BLOCKED: N_("blocked"),
    Severity.WARNING: N_("warning"),
    Severity.NOTE: N_("note"),
}
# What the HTML report says, and what its script says.
PAGE = {
    "plan": N_("Plan"),
    "service": N_("Service"),
    "made": N_("Plan made"),
    "files": N_("Files"),
    "applied": N_("Applied"),
    "fingerprints": N_("Fingerprints"),
    "made_from": N_("made from"),
    "metadata": N_("the part of the metadata in use"),
    "totals": N_("Totals"),
    "nothing_to_do": N_("Nothing to do: {count} entities already as the file says."),
    "still_blocked": N_("{count} rows are still blocked"),
    "create": N_("create"),
    "update": N_("update"),
    "same": N_("same"),
    "skip": N_("skip"),
    "blocked": N_("blocked"),
    "step": N_("step"),
    "entity_set": N_("entity set"),
    "rows": N_("rows"),
    "merged": N_("merged"),
    "not_for_step": N_("not for this step"),
    "outside": N_("outside"),
    "together": N_("together"),
    "accounting": N_(
        "Rows are counted here, and each ends in exactly one column; above entities are counted, which may "
        "have no row of their own. Outside are lines that are no rows: above the header, blank, or repeated "
        "headers."
    ),
    "problems": N_("Problems"),
    "none": N_("None."),
    "changes": N_("Changes"),
    "filter": N_("Filter"),
    "filter_hint": N_("name, value, cell …"),
    "show": N_("Show"),
    "no_script": N_("The table of changes needs JavaScript, which stands in this file."),
    "action": N_("action"),
    "entity": N_("entity"),
    "change": N_("change"),
    "cell": N_("cell"),
    "state": N_("state"),
}
SCRIPT = {
    "more": N_("Show all {count} rows"),
    "none": N_("No row fits the filter."),
    "shown": N_("{shown} of {count}"),
    "places": N_("more cells"),
}


def verb_word(verb: Verb) -> str:
    """Return what an action does, in the language in use."""
    return translate(_VERBS[verb])


def state_word(state: State) -> str:
    """Return how far an action is, in the language in use."""
    return translate(_STATES[state])


def severity_word(severity: Severity) -> str:
    """Return how bad a problem is, in the language in use."""
    return translate(_SEVERITIES[severity])


def number(value: int) -> str:
    """Return a whole number with thin groups: 1 204."""
    return f"{value:,}".replace(",", "\u00a0")


def typed(path: Path) -> str:
    """Return a path as it is typed into a shell."""
    return shlex.quote(str(path))


def moment(text: str) -> str:
    """Return an instant of a plan as people of this machine read it."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return text
