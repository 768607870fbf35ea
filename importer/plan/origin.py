"""What a plan was made from: fingerprints of recipe, files, service and the used part of its metadata."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.plan.references import JsonValue

FORMAT = 1  # of the plan file; another format is never migrated: make a new plan


@dataclass(frozen=True, slots=True)
class FilePrint:
    """A file and what was in it: `path` absolute, `shown` as people named it, `sha256` in hex."""

    path: str
    shown: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Everything that must be unchanged for the plan to hold.

    `used` maps each entity set the plan touches to the properties it reads or writes; `metadata` is the fingerprint of that
    part. `today` is the one moment that expressions saw (ISO 8601).
    """

    importer: str
    recipe: FilePrint
    files: tuple[FilePrint, ...]
    service: str
    url: str
    metadata: str
    used: Mapping[str, tuple[str, ...]]
    created: str
    today: str
    keys: str = "auto"
    description: str | None = None
    options: Mapping[str, JsonValue] = field(default_factory=dict)


def hash_file(path: Path, shown: str | None = None) -> FilePrint:
    """Return the fingerprint of a file as it is now.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return FilePrint(str(path.resolve()), shown or str(path), digest.hexdigest())


def changed_files(origin: Origin) -> tuple[str, ...]:
    """Return what people call the recipe or files that are not any more what the plan was made from."""
    changed = []
    for known in (origin.recipe, *origin.files):
        try:
            now = hash_file(Path(known.path)).sha256
        except OSError:
            now = ""
        if now != known.sha256:
            changed.append(known.shown)
    return tuple(changed)
