"""What probing found out about a service, kept in the project until its metadata change (cli.md, `importer probe`)."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

# The words of `batch`, `operators` and `paging`.
NONE, UNKNOWN = "none", "unknown"


class Seen(msgspec.Struct, frozen=True):
    """One question and its answer, without token and with masked personal data. `status` None: no answer came."""

    about: str
    request: str
    status: int | None
    answer: str
    set: str | None = None


class Paging(msgspec.Struct, frozen=True):
    """How long lists are cut: `none`, by `links`, `cut` without a link, or `unknown`; `size`: entities of a page."""

    form: str = UNKNOWN
    size: int | None = None


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What a service can do. By set where sets may differ.

    metadata: SHA-256 of the document, in hex; etag of it where the service tells one. batch: json, multipart, none or unknown.
    operators: set → in, or, none, unknown. top_max: the greatest `$top`, 0: none is taken, None: no limit was met. etag: whether
    entities carry one. clock: seconds that the service is ahead of this machine. throttle: its headers about rates. rights: set →
    read, denied, refused, empty. own_keys, duplicate, concurrency: by writing only.
    """

    url: str
    metadata: str
    asked: str
    metadata_etag: str | None = None
    batch: str = UNKNOWN
    operators: Mapping[str, str] = msgspec.field(default_factory=dict)
    top_max: int | None = None
    paging: Paging = Paging()
    etag: Mapping[str, bool] = msgspec.field(default_factory=dict)
    count: bool | None = None
    clock: float | None = None
    throttle: Mapping[str, str] = msgspec.field(default_factory=dict)
    rights: Mapping[str, str] = msgspec.field(default_factory=dict)
    own_keys: Mapping[str, bool | None] = msgspec.field(default_factory=dict)
    duplicate: Mapping[str, str] = msgspec.field(default_factory=dict)
    concurrency: Mapping[str, str] = msgspec.field(default_factory=dict)
    seen: tuple[Seen, ...] = ()

    def with_written(self, before: "Findings | None") -> "Findings":
        """Return these with what writing taught earlier, while the metadata are the same."""
        if before is None or before.metadata != self.metadata:
            return self
        learned = {name: kept for name, kept in self.own_keys.items() if kept is not None}
        return msgspec.structs.replace(
            self,
            own_keys={**self.own_keys, **before.own_keys, **learned},
            duplicate={**before.duplicate, **self.duplicate},
            concurrency={**before.concurrency, **self.concurrency},
        )


def fingerprint_of(document: bytes) -> str:
    """Return what tells one version of `$metadata` from another."""
    return hashlib.sha256(document).hexdigest()


def keep(folder: Path, findings: Findings) -> Path:
    """Keep the findings in a folder, whole or not at all; return the file.

    Raises:
        OSError: it cannot be written.
    """
    path = path_of(folder, findings.url)
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_suffix(f".{os.getpid()}")
    passing.write_bytes(msgspec.json.format(msgspec.json.encode(findings), indent=2) + b"\n")
    passing.replace(path)
    return path


def kept(folder: Path, root: str, document: bytes) -> Findings | None:
    """Return the findings kept of the service at `root`, None where there are none, or its metadata changed since."""
    try:
        found = msgspec.json.decode(path_of(folder, root).read_bytes(), type=Findings)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if found.url == root and found.metadata == fingerprint_of(document) else None


def path_of(folder: Path, root: str) -> Path:
    """Return the file of a service's findings."""
    return folder / f"{hashlib.sha256(root.encode()).hexdigest()[:16]}.json"
