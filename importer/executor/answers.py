"""What one answer to a write says: its meaning by the table of statuses, the entity, the service's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from importer.executor.composing import Sending
from importer.executor.values import Key, Values, typed
from importer.odata.edm import Model
from importer.odata.http.statuses import Body, Meaning, Situation, meaning
from importer.odata.http.throttling import retry_after
from importer.odata.payload import ServiceMessage, parse_json, read_error
from importer.odata.payload.pages import control
from importer.odata.url.paths import key_text, unquoted


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer to one operation, or to a batch as a whole. `wait`: how many seconds the service asks for."""

    status: int
    meaning: Meaning
    said: ServiceMessage | None = None
    wait: float | None = None

    @property
    def code(self) -> str | None:
        """Return the service's error code."""
        return self.said.code if self.said and self.said.code else None

    @property
    def message(self) -> str:
        """Return everything the service said."""
        return self.said.text if self.said else ""

    @property
    def body(self) -> Body:
        """Return what came with the status."""
        if self.explained:
            return Body.EXPLAINED
        return Body.FOREIGN if self.said and self.said.kind != "empty" else Body.EMPTY

    @property
    def explained(self) -> bool:
        """Whether the service said why, as OData says it."""
        return self.said is not None and self.said.kind == "odata"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a success says of the entity. `values` None: the answer does not show what was sent; read it."""

    key: Key | None
    values: Values | None
    etag: str | None


def judge_answer(status: int, headers: Mapping[str, str], body: bytes, *, batch: bool = False) -> Judged:
    """Return the meaning of an answer; `batch`: it is the outer one of a batch."""
    if 200 <= status < 300:
        return Judged(status, Meaning.DONE)
    said = read_error(status, body, headers.get("content-type", "").lower())
    wait = retry_after(headers)
    situation = Situation(
        status,
        batch=batch,
        retry_after=wait is not None,
        explained=said.kind == "odata",
        empty=said.kind == "empty",
    )
    return Judged(status, meaning(situation), said, wait)


def read_stored(sending: Sending, headers: Mapping[str, str], body: bytes, model: Model) -> Stored:
    """Return what a success says of the entity (odata-protocol.md rule 2).

    The key of the body counts first, then that of `Location`, then that of `OData-EntityId`.
    A value of another type than the metadata promise stays as it is, so that the comparison shows it.
    """
    names = model.key_of(model.sets[sending.action.set].type)
    raw = _entity(body)
    if raw is None:
        link = headers.get("location") or headers.get("odata-entityid") or ""
        return Stored(_linked(link, names, model, sending.action.type), None, headers.get("etag"))
    asked = {name: raw[name] for name in (*names, *sending.values) if name in raw}
    values = typed(asked, model, sending.action.type)
    key: Key | None = (
        {name: values[name] for name in names}
        if all(values.get(name) is not None for name in names)
        else None
    )
    if key is None:
        key = _linked(headers.get("location", ""), names, model, sending.action.type)
    etag = control(raw, "etag") or headers.get("etag")
    whole = all(name in raw for name in sending.values)
    return Stored(key, values if whole else None, str(etag) if etag else None)


def _entity(body: bytes) -> dict[str, Any] | None:
    if not body.strip():
        return None
    try:
        raw = parse_json(body)
    except ValueError:
        return None
    return raw if isinstance(raw, dict) else None


def _linked(link: str, names: tuple[str, ...], model: Model, type_name: str) -> Key | None:
    """Return a single key out of a link; composite ones are not taken apart: some do not encode them."""
    text = key_text(link)
    if text is None or len(names) != 1:
        return None
    return typed({names[0]: unquoted(text)}, model, type_name)
