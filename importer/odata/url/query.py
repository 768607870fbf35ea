"""Query strings: `$`-options in a fixed order, encoded once."""

from collections.abc import Sequence

from importer.odata.url.literals import encoded


def query(
    *,
    select: Sequence[str] = (),
    filter: str | None = None,  # noqa: A002 - the option's own name
    orderby: Sequence[str] = (),
    top: int | None = None,
    skip: int | None = None,
    count: bool = False,
) -> str:
    """Return `?$select=…&$filter=…`, or an empty text when nothing is asked."""
    parts = []
    if select:
        parts.append(f"$select={','.join(map(encoded, select))}")
    if filter is not None:
        parts.append(f"$filter={encoded(filter)}")
    if orderby:
        parts.append(f"$orderby={','.join(map(encoded, orderby))}")
    if skip is not None:
        parts.append(f"$skip={skip}")
    if top is not None:
        parts.append(f"$top={top}")
    if count:
        parts.append("$count=true")
    return "?" + "&".join(parts) if parts else ""
