"""What earlier recipes of the project say: which header they map to which property of a set."""

from collections.abc import Iterable, Mapping

from importer.text.folding import fold

Earlier = tuple[tuple[str, dict[str, object]], ...]


def mapped_before(recipes: Earlier, entity_set: str) -> Mapping[tuple[str, str], str]:
    """Return (folded header, property) → file, of every recipe that fills the set; the first file that says so."""
    found: dict[tuple[str, str], str] = {}
    for file, data in recipes:
        for step in _maps(data.get("steps")):
            fields = step.get("fields")
            if step.get("to") != entity_set or not isinstance(fields, dict):
                continue
            for name, rule in fields.items():
                for header in _headers(rule):
                    found.setdefault((fold(header), str(name)), file)
    return found


def _maps(value: object) -> Iterable[dict[str, object]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _headers(rule: object) -> list[str]:
    """Return the headers that a rule reads, in whichever form it is written; expressions name none that is sure."""
    if isinstance(rule, dict):
        rule = rule.get("column")
    texts = rule if isinstance(rule, list) else [rule]
    return [text for text in texts if isinstance(text, str) and text.strip() and not text.startswith("=")]
