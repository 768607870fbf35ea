"""`demo`: the main job on a sandbox of its own, step by step, with what each step did."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

from importer.executor import Options
from importer.jobs.apply import apply
from importer.jobs.check import check
from importer.jobs.plan import plan
from importer.jobs.show import show
from importer.jobs.workplace import workplace
from importer.plan import Verb
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.progress import Progress, Silent
from importer.reports.wording import typed
from importer.sandbox import Running, load_service, running

FILES = ("importer.yaml", "onboarding.yaml", "onboarding.xlsx")
_PORT = 8901


class FolderNotEmpty(Problem):
    """The folder holds something of somebody's."""

    code: ClassVar[str] = "already-there"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is not empty, and nothing is overwritten.'
    hint: ClassVar[str] = "Name a folder that does not exist yet"


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the demo.

    command: as a user would type it. result: what the job returned. expected: the exit code it should have.
    """

    command: str
    name: str
    result: Any
    expected: int

    @property
    def as_expected(self) -> bool:
        """Whether the step ended as it should."""
        return bool(self.result.exit_code == self.expected)


@dataclass(slots=True)
class Demo:
    """What the demo did. `writes`, `writes_after`: seen by the sandbox's witness until and after apply."""

    folder: Path
    scenes: list[Scene] = field(default_factory=list)
    writes: int = 0
    writes_after: int = 0
    url: str = ""

    @property
    def plan(self) -> Path:
        """Return the plan that was applied."""
        return next(scene.result.plan for scene in self.scenes if scene.name == "plan")  # type: ignore[no-any-return]

    @property
    def reports(self) -> tuple[tuple[str, Path], ...]:
        """Return the reports written, each with the command that wrote it."""
        found = ((scene.name, getattr(scene.result, "reports", {})) for scene in self.scenes)
        return tuple((name, path) for name, reports in found for path in reports.values())

    @property
    def exit_code(self) -> int:
        """Return 0 when every step ended as it should, and the second plan and its making wrote nothing."""
        again = self.scenes[-1].result
        quiet = again.writes == 0 and self.writes_after == 0
        return 0 if all(scene.as_expected for scene in self.scenes) and quiet and self.writes > 0 else 1


@contextmanager
def demo(folder: Path, tell: Callable[[Scene], None], *, progress: Progress | None = None) -> Iterator[Demo]:
    """Run the demo in `folder`, telling each step; the sandbox runs until the block ends.

    Raises:
        ConfigurationError: the folder is not empty.

    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(FolderNotEmpty(place=FilePlace(str(folder)), found=str(folder)))
    with _sandbox() as sandbox:
        _write(folder, sandbox.url)
        found = Demo(folder, url=sandbox.url)
        _play(found, sandbox, tell, progress or Silent())
        yield found


def _play(found: Demo, sandbox: Running, tell: Callable[[Scene], None], progress: Progress) -> None:
    folder = found.folder
    place = workplace(folder, progress=progress)
    recipe = folder / "onboarding.yaml"

    def scene(name: str, command: str, result: Any, expected: int) -> Any:  # noqa: ANN401 - any result of a job
        step = Scene(command, name, result, expected)
        found.scenes.append(step)
        tell(step)
        return result

    scene("check", f"importer check {typed(recipe)}", check(place, recipe), 0)
    made = scene("plan", f"importer plan {typed(recipe)}", plan(place, recipe), 4)
    scene(
        "show",
        f"importer show {typed(made.plan)} --only blocked",
        show(made.plan, only=frozenset({Verb.BLOCKED})),
        0,
    )
    command = f"importer apply {typed(made.plan)} --yes --skip-blocked"
    scene("apply", command, apply(place, made.plan, options=Options(skip_blocked=True)), 0)
    found.writes = len(sandbox.journal)
    scene("plan", f"importer plan {typed(recipe)}", plan(place, recipe), 4)
    found.writes_after = len(sandbox.journal) - found.writes


@contextmanager
def _sandbox() -> Iterator[Running]:
    """Run an empty Timetta-like service on the usual port, or on a free one when that is taken."""
    pack = load_service("timetta")
    try:
        manager = running(pack, port=_PORT)
        sandbox = manager.__enter__()
    except OSError:
        manager = running(pack)
        sandbox = manager.__enter__()
    try:
        yield sandbox
    finally:
        manager.__exit__(None, None, None)


def _write(folder: Path, url: str) -> None:
    """Write the project folder; the profile leads to the sandbox that runs."""
    folder.mkdir(parents=True, exist_ok=True)
    source = files("importer.jobs") / "demonstration"
    for name in FILES:
        with (source / name).open("rb") as stream, (folder / name).open("wb") as target:
            shutil.copyfileobj(stream, target)
    configuration = folder / "importer.yaml"
    text = configuration.read_text("utf-8")
    configuration.write_text(text.replace(f"http://127.0.0.1:{_PORT}/odata", url), "utf-8")
