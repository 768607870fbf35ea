"""Evidence as sentences. No value of a cell stands in them: a workbook holds personal data, a recipe is mailed."""

from collections.abc import Mapping

from importer.drafting.fitting import Fit
from importer.drafting.judging import Candidate
from importer.drafting.references import Found
from importer.drafting.sheets import Column
from importer.text.translating import N_, translate

_NAMES: Mapping[str, str] = {
    "equal": N_('"{header}" is its name'),
    "label": N_('"{header}" is what the service calls it'),
    "meaning": N_('"{header}" looks like {property}'),
    "entity": N_('"{header}" names what the rows are'),
    "letters": N_('"{header}" is written nearly like {property}'),
    "part": N_('"{header}" is a part of its name'),
    "earlier": N_('"{header}" is {property} in {file} too'),
}
_FITS: Mapping[str, str] = {
    "email": N_("{count} of {total} values are addresses"),
    "phone": N_("{count} of {total} values are telephone numbers"),
    "url": N_("{count} of {total} values are web addresses"),
    "number": N_("{count} of {total} values are numbers"),
    "date": N_("{count} of {total} values are dates"),
    "boolean": N_("{count} of {total} values are yes or no"),
    "member": N_("{count} of {total} values are members"),
    "text": N_("{count} of {total} values fit"),
    "value": N_("{count} of {total} values fit"),
}


def shortened(text: str, longest: int = 60) -> str:
    """Return a header as a comment can hold it: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def evidence_of(column: Column, found: Candidate, second: Candidate | None) -> str:
    """Return why a column is taken for a property, and what else it may be."""
    parts = []
    if found.like.score >= 0.3:
        parts.append(
            translate(_NAMES[found.like.how]).format(
                header=shortened(column.header), property=found.target.name, file=found.file
            )
        )
    if found.found is not None:
        parts.append(_of_references(found.found, found.target.to or ""))
    elif found.target.to is not None and column.cells:
        parts.append(translate("nothing is known of {set} to compare with").format(set=found.target.to))
    if found.values:
        known = sum(value is not None for _, value in found.values)
        text = translate("{count} of {total} different values are understood")
        parts.append(text.format(count=known, total=len(found.values)))
    elif found.fit is not None:
        parts.append(_of_values(found.fit))
    if not column.cells:
        parts.append(translate("no value in the sample"))
    if second is not None:
        parts.append(translate("or {property}?").format(property=second.target.name))
    return "; ".join(parts)


def _of_values(found: Fit) -> str:
    return translate(_FITS[found.what]).format(count=found.count, total=found.total)


def _of_references(found: Found, to: str) -> str:
    if not found.count:
        return translate("none of {total} different values is found in {set} yet").format(
            total=found.total, set=to
        )
    where = ", ".join(
        translate("sheet {sheet}").format(sheet=source) if source else translate("the service")
        for source, _ in found.sources
    )
    text = translate("{count} of {total} different values are found in {set} by {by}").format(
        count=found.count, total=found.total, set=to, by=", ".join(found.by)
    )
    return f"{text} ({where})" if where else text
