"""The command `importer`: lazy commands, and the last net under everything.

Commands are imported when they are called, so that `importer --help` is quick.
"""

import gc
import os
import sys
from importlib import import_module
from itertools import zip_longest
from pathlib import Path

import click

from importer import __version__
from importer.cli.beginning import chosen_language, speak
from importer.cli.options import Globals, global_options
from importer.problems import ImporterError, Problem
from importer.text.translating import N_, translate

# In the order of the work, with the one line that `--help` shows without importing the command.
_COMMANDS = {
    "init": N_("Draft a recipe from a workbook; every guess says why."),
    "check": N_("Check a recipe against the service's metadata and the files' columns."),
    "preview": N_("Show the records as mapped: cells as typed values, nothing compared."),
    "plan": N_("Make a plan: what would happen, as a file and a report."),
    "show": N_("Show a plan at any time, also an applied one."),
    "apply": N_("Do exactly what a plan says; again after a crash: go on."),
    "read": N_("Show a file as the importer sees it."),
    "template": N_("Write the empty workbook that a recipe would accept back."),
    "describe": N_("Show the service as an importer sees it."),
    "login": N_("Log in once; tokens are kept in the system's key store."),
    "logout": N_("Forget what is kept of a login."),
    "whoami": N_("Show who we are to the service, and where each setting came from."),
    "probe": N_("Ask what the service can do, and keep the answers."),
    "metadata": N_("Keep the service's $metadata, and say what changed since."),
    "schema": N_("Print the JSON Schema of recipes for editors."),
    "migrate": N_("Rewrite a recipe in the current version of the language."),
    "sandbox": N_("Run a local OData service to rehearse against."),
    "demo": N_("See it all work on a sandbox, in a small project of its own."),
}
_ABOUT = N_(
    "Import workbooks into OData v4 services: plan, show, apply.\n\n"
    "A recipe says which rows become which entities. A plan shows every change before it happens; apply does "
    "exactly the plan; the second run writes nothing."
)


class Commands(click.Group):
    """The group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order of the work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command and return it."""
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = import_module(f"importer.cli.commands.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name, and remember its name for what will be said of it."""
        found = super().resolve_command(ctx, args)
        ctx.ensure_object(Globals).command = found[0] or ""
        return found

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write what the program is, in the language in use."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translate(_ABOUT))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands without importing them."""
        with formatter.section(translate("Commands")):
            formatter.write_dl([(name, translate(summary)) for name, summary in _COMMANDS.items()])


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.version_option(__version__, prog_name="importer")
@global_options
def group() -> None:
    """Import workbooks into OData v4 services: plan, show, apply."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    # Loading makes objects by the hundred thousand and no garbage: nobody looks for it until the job begins.
    gc.disable()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Return the exit code of a command line (cli.md, *Exit codes*)."""
    settings = _before_parsing(arguments)
    try:
        result = group.main(args=arguments, prog_name="importer", standalone_mode=False, obj=settings)
        return int(result) if isinstance(result, int) else 0
    except click.exceptions.Exit as ended:
        return int(ended.exit_code)
    except click.ClickException as wrong:
        return _usage(settings, wrong)
    except ImporterError as error:
        return _failed(settings, error.exit_code, *error.problems)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(settings)
    except SystemExit:  # by click, when nobody reads what it writes itself: `importer --help | true`
        return _nobody_reads()
    except Exception as error:  # noqa: BLE001 - the one net under everything: our fault, told without a traceback
        return _nobody_reads() if _is_unread(error) else _our_fault(settings)
    finally:
        settings.clear()


def _before_parsing(arguments: list[str]) -> Globals:
    """Return settings that hold even when the command line is wrong: JSON and language."""
    settings = Globals(json="--json" in arguments)
    asked = None
    for word, following in zip_longest(arguments, arguments[1:]):
        if word == "--lang":
            asked = following
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    speak(chosen_language(asked))
    return settings


def _failed(settings: Globals, exit_code: int, *problems: Problem) -> int:
    from importer.cli.output import NobodyReads, emit_failure  # noqa: PLC0415 - only when something is wrong

    try:
        emit_failure(settings, exit_code, problems)
    except NobodyReads:
        _nobody_reads()
    return exit_code


def _usage(settings: Globals, wrong: click.ClickException) -> int:
    if not settings.json:
        settings.clear()
        wrong.show()
        return wrong.exit_code
    from importer.cli.usage import WrongUsage  # noqa: PLC0415 - only when something is wrong

    return _failed(settings, wrong.exit_code, WrongUsage(found=wrong.format_message()))


def _interrupted(settings: Globals) -> int:
    from importer.cli.usage import Cancelled  # noqa: PLC0415 - only when something is wrong

    return _failed(settings, 130, Cancelled())


def _is_unread(error: Exception) -> bool:
    from importer.cli.output import NobodyReads  # noqa: PLC0415 - only when something is unusual

    return isinstance(error, NobodyReads | BrokenPipeError)


def _nobody_reads() -> int:
    """Whoever read the output has gone: nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _our_fault(settings: Globals) -> int:
    import tempfile  # noqa: PLC0415 - only when something is wrong
    import traceback  # noqa: PLC0415

    from importer.cli.usage import OurFault  # noqa: PLC0415 - only when something is wrong

    version = f"importer {__version__}, Python {sys.version.split()[0]}, {sys.platform}, {settings.command}"
    folder = Path(".importer") if Path(".importer").is_dir() else Path(tempfile.gettempdir())
    handle, name = tempfile.mkstemp(prefix="importer-fault-", suffix=".txt", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"{version}\n\n{traceback.format_exc()}")
    return _failed(settings, 1, OurFault(found=name))
