"""`importer demo`."""

import contextlib
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli.beginning import settings_of
from importer.cli.options import Globals, global_options, option
from importer.cli.options import command as named
from importer.cli.output import emit_facts, make_page, progress, say, show
from importer.text.translating import N_, translate

if TYPE_CHECKING:
    from importer.jobs.demo import Demo, Scene


@named(
    "demo", N_("See it all work in FOLDER: check, plan, show, apply, plan again, on a sandbox of its own.")
)
@click.argument("folder", default="demo", type=click.Path(path_type=Path))
@option("--keep-running", is_flag=True, help=N_("Leave the sandbox up until Ctrl-C."))
@global_options
@click.pass_context
def command(context: click.Context, *, folder: Path, keep_running: bool) -> int:
    """Run the demo; exit 0 when each step ended as it should."""
    from importer.jobs.demo import demo  # noqa: PLC0415 - heavy; only for this command

    settings = settings_of(context)
    with demo(folder, lambda scene: _tell(settings, scene), progress=progress(settings)) as found:
        emit_facts(settings, _facts(found), _endings(found))
        if keep_running:
            say(settings, translate("Sandbox at {url}   (Ctrl-C ends it)").format(url=found.url))
            with contextlib.suppress(KeyboardInterrupt):
                threading.Event().wait()
        return found.exit_code


def _tell(settings: Globals, scene: "Scene") -> None:
    """Write a step as a user would see it: the command, what it printed, its exit code."""
    if settings.json:
        return
    settings.clear()
    page = make_page(settings)
    page.line()
    page.command(scene.command)
    import_module(f"importer.reports.console.{scene.name}").render(scene.result, page)
    page.ending(scene.result.exit_code)
    show(page)


def _facts(found: "Demo") -> dict[str, Any]:
    return {
        "exit": found.exit_code,
        "folder": str(found.folder),
        "plan": str(found.plan),
        "reports": [str(path) for _, path in found.reports],
        "steps": [
            {"command": scene.command, "exit": scene.result.exit_code, "expected": scene.expected}
            for scene in found.scenes
        ],
        "url": found.url,
        "writes": found.writes,
        "writes_after": found.writes_after,
    }


def _endings(found: "Demo") -> Iterator[str]:
    words = translate("The witness of the sandbox: {writes} writes by apply, {after} after it.")
    yield ""
    yield words.format(writes=found.writes, after=found.writes_after)
    yield ""
    yield translate("Plan    {path}").format(path=found.plan)
    for name, path in found.reports:
        yield translate("Report  {path}   ({command})").format(path=path, command=name)
    yield translate("Folder  {path}").format(path=found.folder)
    if found.exit_code == 0:
        yield translate("All steps ended as they should.")
    for scene in found.scenes:
        if not scene.as_expected:
            line = translate("{command} ended with {code}, not with {expected}.")
            yield line.format(command=scene.command, code=scene.result.exit_code, expected=scene.expected)
