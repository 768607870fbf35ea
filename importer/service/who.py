"""Who we are to a service, asked of the service itself where its model has what Timetta's has: `Users` with an e-mail, a `Tenant`.

What a service does not let us ask is left out: this is told to a person and decides nothing.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from importer.odata.http import ReadFailed
from importer.odata.payload.pages import parse_json
from importer.odata.url.literals import encoded, write_literal
from importer.odata.url.query import query
from importer.problems import ServiceError
from importer.service.service import Service

_NAMES = ("name", "displayName", "title")
_MOST = 50


class Who(msgspec.Struct, frozen=True):
    """What the service says of us."""

    user: str | None = None
    tenant: str | None = None
    rights: tuple[str, ...] = ()


def ask_who(service: Service, email: str | None) -> Who:
    """Return the user with this e-mail, the tenant, and the names of the user's permission sets, as far as the service tells."""
    person = _person(service, email) if email and "@" in email else None
    name = person and next((str(person[key]) for key in _NAMES if person.get(key)), None)
    return Who(
        user=f"{name} <{email}>" if name else (email if person else None),
        tenant=_tenant(service),
        rights=_rights(service, person) if person else (),
    )


def _person(service: Service, email: str | None) -> Mapping[str, Any] | None:
    users = service.model.sets.get("Users")
    known = service.model.properties_of(users.type) if users is not None else {}
    keys = service.model.key_of(users.type) if users is not None else ()
    if email is None or "email" not in known or len(keys) != 1:
        return None
    select = [keys[0], "email", *(name for name in _NAMES if name in known)]
    found = _asked(service, "Users" + query(select=select, filter=f"email eq {write_literal(email)}", top=1))
    rows = found.get("value") if found is not None else None
    for row in rows if isinstance(rows, list) else ():
        # A filter that was ignored would give somebody else's name.
        if isinstance(row, dict) and str(row.get("email", "")).casefold() == email.casefold():
            return {**row, "": row.get(keys[0])}
    return None


def _tenant(service: Service) -> str | None:
    tenant = service.model.singletons.get("Tenant")
    known = service.model.properties_of(tenant.type) if tenant is not None else {}
    names = [name for name in _NAMES if name in known]
    if not names:
        return None
    found = _asked(service, "Tenant" + query(select=names))
    return next((str(found[name]) for name in names if found.get(name)), None) if found is not None else None


def _rights(service: Service, person: Mapping[str, Any]) -> tuple[str, ...]:
    sets = service.model.sets.get("UserPermissionSets")
    users = service.model.sets["Users"].type
    key = person[""]
    if sets is None or "permissionSets" not in service.model.navigation_of(users) or not isinstance(key, str):
        return ()
    link = f"Users({encoded(key)})/permissionSets?$expand=permissionSet($select=name)&$top={_MOST}"
    found = _asked(service, link)
    rows = found.get("value") if found is not None else None
    names = []
    for row in rows if isinstance(rows, list) else ():
        inner = row.get("permissionSet") if isinstance(row, dict) else None
        if isinstance(inner, dict) and isinstance(inner.get("name"), str):
            names.append(inner["name"])
    return tuple(names[:_MOST])


def _asked(service: Service, link: str) -> Mapping[str, Any] | None:
    try:
        found = parse_json(service.reader.get(link).body)
    except (ReadFailed, ServiceError, ValueError):
        return None
    return found if isinstance(found, dict) else None
