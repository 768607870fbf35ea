"""`sandbox`: a local OData service to rehearse against."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.sandbox import (
    Faults,
    Habits,
    ServicePack,
    WrongSwitches,
    load_service,
    plain_service,
    read_faults,
    serve,
)


class SandboxFile(Problem):
    """A file the sandbox needs cannot be read."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be read: {expected}.'


class PortTaken(Problem):
    """Somebody else listens there."""

    code: ClassVar[str] = "port-taken"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Port {found} cannot be used: {expected}."
    hint: ClassVar[str] = "Choose another with --port"


def sandbox(
    *,
    metadata: Path | None = None,
    data: Path | None = None,
    port: int = 8901,
    faults: Path | None = None,
    ready: Callable[[str], None],
) -> None:
    """Run a sandbox until it is stopped by a signal; `ready` is told its root.

    Raises:
        ConfigurationError: a file cannot be read, or the port is taken.
        ServiceError: the document is no OData v4 metadata.

    """
    pack = _pack(metadata)
    failures, habits = _faults(faults)
    try:
        store = pack.store(data)
    except (ValueError, OSError) as error:
        raise ConfigurationError(
            SandboxFile(place=FilePlace(str(data)), found=str(data), expected=str(error))
        ) from None
    try:
        serve(pack, store=store, habits=habits, faults=failures, port=port, ready=ready)
    except OSError as error:
        raise ConfigurationError(
            PortTaken(place=FilePlace(str(port)), found=str(port), expected=error.strerror or str(error))
        ) from None
    finally:
        store.close()


def _pack(metadata: Path | None) -> ServicePack:
    if metadata is None:
        return load_service("timetta")
    try:
        return plain_service(metadata.read_bytes(), str(metadata))
    except OSError as error:
        raise ConfigurationError(
            SandboxFile(
                place=FilePlace(str(metadata)), found=str(metadata), expected=error.strerror or str(error)
            )
        ) from None


def _faults(path: Path | None) -> tuple[Faults, Habits]:
    if path is None:
        return Faults(), Habits()
    try:
        return read_faults(path)
    except WrongSwitches as wrong:
        raise ConfigurationError(*wrong.problems) from None
    except (OSError, json.JSONDecodeError, ValueError, TypeError) as error:
        raise ConfigurationError(
            SandboxFile(place=FilePlace(str(path)), found=str(path), expected=str(error))
        ) from None
