"""Which profile is meant: option › `IMPORTER_PROFILE` › the recipe's `service` › `default_profile`."""

import os
from typing import ClassVar

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place, Problem, Severity, nearest
from importer.project.configuration import Configuration, Profile
from importer.project.folders import Folders
from importer.project.merging import Settings, Source, read_settings

# What a recipe may rehearse against without any configuration (cli.md, `importer sandbox`).
_SANDBOX = Profile.model_validate({"url": "http://127.0.0.1:8901/odata", "dialect": "timetta", "settle": 1})


class UnknownProfile(Problem):
    """No such profile."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no profile "{found}" in {file}. Profiles: {profiles}'
    hint: ClassVar[str] = "Did you mean {near}?"

    file: str
    profiles: str


class NoProfile(Problem):
    """Nobody said which service."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "No service is named."
    hint: ClassVar[str] = (
        "Write `service` in the recipe, `default_profile` in importer.yaml, or give --profile"
    )


class Chosen(msgspec.Struct, frozen=True):
    """A profile with its name and the configuration it stands in. `named_by`: what chose it."""

    name: str
    profile: Profile
    configuration: Configuration
    settings: Settings
    named_by: Source


def choose_profile(folders: Folders, *, asked: str | None, service: str | None) -> Chosen:
    """Return the profile in force.

    Raises:
        ConfigurationError: none is named, or there is none of that name.
    """
    settings = read_settings(folders)
    configuration = settings.merged
    name, named_by = _named(asked, service, settings)
    place: Place = FilePlace(str(folders.configuration))
    if not name:
        raise ConfigurationError(NoProfile(place=place))
    profile = configuration.profiles.get(name) or (_SANDBOX if name == "sandbox" else None)
    if profile is None:
        known = list(configuration.profiles)
        raise ConfigurationError(
            UnknownProfile(
                place=place,
                found=name,
                file=str(folders.configuration),
                profiles=", ".join(known) or "–",
                near=nearest(name, known),
            )
        )
    return Chosen(name, profile, configuration, settings, named_by)


def _named(asked: str | None, service: str | None, settings: Settings) -> tuple[str | None, Source]:
    if asked:
        return asked, Source.OPTION
    if found := os.environ.get("IMPORTER_PROFILE"):
        return found, Source.ENVIRONMENT
    if service:
        return service, Source.RECIPE
    return settings.merged.default_profile, settings.source("default_profile")
