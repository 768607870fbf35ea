"""What a command begins with: its options in force, the language, the log, and the project it works in."""

import gc
import gettext
import locale
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Globals
from importer.cli.output import progress
from importer.text.translating import CATALOGUES, LANGUAGES, N_, set_language

# What click says: marked here, so that it stands in the catalogue.
_CLICK = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing command."),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("default: {default}"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
)

if TYPE_CHECKING:
    from importer.jobs.workplace import Workplace
    from importer.results.common import ServiceLine


def settings_of(context: click.Context) -> Globals:
    """Return the global options of a running command, all that it needs being loaded; language and log are set.

    Raises:
        BadParameter: the log cannot be written.

    """
    if not gc.isenabled():  # see `main`
        gc.freeze()
        gc.enable()
    found: Any = context.find_root().ensure_object(Globals)
    speak(chosen_language(found.lang))
    if found.verbose or found.log_file:
        _log(context, found)
    return found  # type: ignore[no-any-return]


def workplace_of(settings: Globals, near: Path | None = None) -> "Workplace":
    """Return where a command works: the project, the profile asked for, and the progress on this terminal.

    The configuration's `lang` holds where neither option nor environment says another language.
    """
    from importer.jobs.workplace import language_of, workplace  # noqa: PLC0415 - heavy; not for `--help`

    place = workplace(
        settings.project,
        near=near,
        profile=settings.profile,
        progress=progress(settings),
        announce=lambda line: _announce(settings, line),
    )
    if settings.lang is None and not os.environ.get("IMPORTER_LANG") and (found := language_of(place)):
        speak(found)
    return place


def speak(language: str) -> None:
    """Say everything in a language from now on, also what click says by itself.

    click asks gettext's own default domain; so our catalogue becomes that, and holds click's words too.
    """
    set_language(language)
    gettext.bindtextdomain(gettext.textdomain(), CATALOGUES)
    os.environ["LANGUAGE"] = language


def chosen_language(asked: str | None) -> str:
    """Return the language: option, `IMPORTER_LANG`, the system's locale if it is ours, else English."""
    for found in (asked, os.environ.get("IMPORTER_LANG"), *_system_languages()):
        code = (found or "").partition("_")[0].partition(".")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def _announce(settings: Globals, line: "ServiceLine") -> None:
    settings.service = f"{line.name} · {line.url}"


def _system_languages() -> list[str]:
    named = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), None
    )
    return [named] if named is not None else [locale.getlocale()[0] or ""]


def _log(context: click.Context, settings: Globals) -> None:
    """Write the log until the command ends: requests from the second `-v` on, and always into a file."""
    try:
        handler: logging.Handler = (
            logging.FileHandler(settings.log_file, encoding="utf-8")
            if settings.log_file
            else logging.StreamHandler()
        )
    except OSError as error:
        raise click.BadParameter(
            f"{settings.log_file}: {error.strerror}", context, param_hint="--log-file"
        ) from None
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logger = logging.getLogger("importer")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if settings.verbose > 1 or settings.log_file else logging.INFO)

    def close() -> None:
        logger.removeHandler(handler)
        handler.close()

    context.find_root().call_on_close(close)
