"""Who we are, as JSON: parts of the documents of `login`, `logout` and `whoami`."""

from datetime import datetime
from typing import Any

from importer.results.login import LoggedIn
from importer.results.logout import LoggedOut
from importer.results.whoami import WhoAmI


def login_document(result: LoggedIn) -> dict[str, Any]:
    """Return what a login holds from now on."""
    return {
        "profile": result.service.name,
        "service": result.service.url,
        "login": result.type,
        "user": result.user,
        "tenant": result.tenant,
        "kept": result.kept,
        "ends": _moment(result.ends),
        "renewable": result.renewable,
    }


def logout_document(result: LoggedOut) -> dict[str, Any]:
    """Return what was forgotten."""
    return {
        "profile": result.service.name,
        "service": result.service.url,
        "forgotten": list(result.forgotten),
    }


def who_document(result: WhoAmI) -> dict[str, Any]:
    """Return who we are; with `--explain` where each setting came from."""
    found: dict[str, Any] = {
        "profile": result.service.name,
        "service": result.service.url,
        "login": result.type,
        "reached": result.reached,
        "user": result.user,
        "tenant": result.tenant,
        "said_by": result.said_by,
        "rights": list(result.rights),
        "received": _moment(result.received),
        "ends": _moment(result.ends),
        "age": None if result.received is None else int((result.now - result.received).total_seconds()),
        "renewable": result.renewable,
        "kept": result.kept,
    }
    if result.settings:
        found["settings"] = [
            {"name": s.name, "value": s.value, "source": s.source, "where": s.where} for s in result.settings
        ]
    return found


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds")
