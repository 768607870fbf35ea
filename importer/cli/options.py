"""The global options, accepted before and after the command's name, and how every option speaks."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from importer.text.translating import N_, translate

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass
class Globals:
    """What the global options say; one after the command wins over one before it.

    command, service: the command's name and the service in use, as people see them, once they are known.
    clear: takes the line of progress off the terminal; called before anything else is written there.
    """

    profile: str | None = None
    project: Path | None = None
    lang: str | None = None
    json: bool = False
    no_color: bool = False
    no_input: bool = False
    quiet: bool = False
    verbose: int = 0
    log_file: Path | None = None
    command: str = ""
    service: str | None = None
    clear: Callable[[], None] = lambda: None

    @property
    def colour(self) -> bool:
        """Whether colour is wanted on a terminal; `NO_COLOR` counts when it is set and not empty."""
        return not self.no_color and not os.environ.get("NO_COLOR")

    @property
    def silent(self) -> bool:
        """Whether questions are forbidden."""
        return self.no_input or self.json or bool(os.environ.get("IMPORTER_NO_INPUT"))


class Translated(click.Option):
    """An option whose help is translated when it is shown; the text is a gettext id."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and its help in the language in use."""
        written = self.help
        self.help = translate(written or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = written


class TranslatedCommand(click.Command):
    """A command whose help is translated when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language in use."""
        written = self.help
        self.help = translate(written or "")
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = written


class TranslatedGroup(click.Group):
    """A group of commands whose help is translated when it is shown."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the help in the language in use."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translate(self.help or ""))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands."""
        with formatter.section(translate("Commands")):
            formatter.write_dl([(name, translate(item.help or "")) for name, item in self.commands.items()])


def command(name: str, summary: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Return the decorator that makes a command; `summary` is a gettext id."""
    return click.command(
        name, cls=TranslatedCommand, help=summary, context_settings={"help_option_names": ["-h", "--help"]}
    )


def option(*names: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own settings
    """Return the decorator that adds an option; its `help` is a gettext id."""
    return click.option(*names, cls=Translated, **settings)


def parameters_option(command: Command) -> Command:
    """Add `--set`, the parameters of a recipe, to a command; it takes them as `settings`."""
    return option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help=N_("A parameter of the recipe, or @FILE with several of them; may be said twice."),
    )(command)


def global_options(command: Command) -> Command:
    """Add the global options to a command or to the group."""
    for add in reversed(_OPTIONS):
        command = add(command)
    return command


def _remember(context: click.Context, parameter: click.Parameter, value: object) -> None:
    found = context.find_root().ensure_object(Globals)
    name = str(parameter.name).removeprefix("global_")
    if value not in (None, False, 0):
        setattr(found, name, value)


def _option(*names: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own settings
    return option(*names, expose_value=False, callback=_remember, is_eager=True, **settings)


_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    _option("--profile", "global_profile", metavar="NAME", help=N_("Connection profile of importer.yaml.")),
    _option(
        "--project",
        "global_project",
        type=click.Path(path_type=Path, file_okay=False),
        help=N_("Folder of the project."),
    ),
    _option(
        "--lang", "global_lang", type=click.Choice(["en", "ru"]), help=N_("Language of messages and reports.")
    ),
    _option(
        "--json",
        "global_json",
        is_flag=True,
        help=N_("One JSON document on standard output, and nothing else."),
    ),
    _option("--no-color", "global_no_color", is_flag=True, help=N_("No colour.")),
    _option(
        "--no-input", "global_no_input", is_flag=True, help=N_("Never ask; a needed answer is an error.")
    ),
    _option("-q", "--quiet", "global_quiet", is_flag=True, help=N_("No progress.")),
    _option(
        "-v",
        "--verbose",
        "global_verbose",
        count=True,
        help=N_("Say more; twice: every request, without tokens."),
    ),
    _option(
        "--log-file",
        "global_log_file",
        type=click.Path(path_type=Path, dir_okay=False),
        help=N_("Write the log to a file."),
    ),
)
