"""Which folder is the project, and where plans and metadata are kept in it."""

import os
from pathlib import Path

import msgspec

CONFIGURATION = "importer.yaml"


class Folders(msgspec.Struct, frozen=True):
    """The folders of a project; made when first written to."""

    root: Path

    @property
    def configuration(self) -> Path:
        """Return where `importer.yaml` is, or would be."""
        return self.root / CONFIGURATION

    @property
    def plans(self) -> Path:
        """Return the folder of plans and reports."""
        return self.root / ".importer" / "plans"

    @property
    def metadata(self) -> Path:
        """Return the folder of cached metadata."""
        return self.root / ".importer" / "metadata"

    @property
    def probe(self) -> Path:
        """Return the folder of what probing found out about services."""
        return self.root / ".importer" / "probe"

    def holds(self, path: Path) -> bool:
        """Whether a path lies inside the project, links followed."""
        return path.resolve().is_relative_to(self.root.resolve())


def find_project(start: Path, asked: Path | None = None) -> Folders:
    """Return the project: the folder asked for, `IMPORTER_PROJECT`, the nearest parent of `start` with `importer.yaml`, else `start`."""
    chosen = asked or (Path(os.environ["IMPORTER_PROJECT"]) if os.environ.get("IMPORTER_PROJECT") else None)
    if chosen is not None:
        return Folders(chosen)
    begin = start.resolve()
    for folder in (begin, *begin.parents):
        if (folder / CONFIGURATION).is_file():
            return Folders(Path(os.path.relpath(folder)) if folder.is_relative_to(Path.cwd()) else folder)
    return Folders(start)
