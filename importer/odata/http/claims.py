"""What a token says of its user, for display only: a JSON Web Token is read without being verified, so nothing is decided by it."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from importer.secret import Secret

# The first that is there; what identity servers call them (OpenID Connect Core §5.1, and habits).
_USER = ("email", "preferred_username", "upn", "unique_name", "username", "name", "client_id", "sub")
_TENANT = ("tenant_name", "tenant", "tenantName", "tenant_id", "tenantId", "tid", "organization", "org")
_RIGHTS = ("role", "roles", "permissions", "scope", "scp")
_LARGEST = 64 * 1024
_LONGEST = 120
_MOST = 50
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


class Claims(msgspec.Struct, frozen=True):
    """Who a token is for, as it says itself. Everything may be missing; an opaque token says nothing."""

    user: str | None = None
    tenant: str | None = None
    rights: tuple[str, ...] = ()
    issued: datetime | None = None
    ends: datetime | None = None


def read_claims(token: Secret) -> Claims:
    """Return what a token says; never raises."""
    found = _payload(token.reveal())
    return Claims(
        user=next(_texts(found, _USER), None),
        tenant=next(_texts(found, _TENANT), None),
        rights=tuple(dict.fromkeys(_texts(found, _RIGHTS)))[:_MOST],
        issued=_moment(found.get("iat")),
        ends=_moment(found.get("exp")),
    )


def _payload(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LARGEST:
        return {}
    try:
        text = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        found = msgspec.json.decode(text)
    except (ValueError, binascii.Error, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _texts(found: dict[str, Any], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        value = found.get(name)
        several = value if isinstance(value, list) else [value]
        for item in several:
            if isinstance(item, str) and (text := _UNSEEN.sub(" ", item).strip()):
                yield from text[:_LONGEST].split() if name in ("scope", "scp") else (text[:_LONGEST],)


def _moment(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
