"""`importer.yaml` and the user's own `config.yaml` as one configuration, and where each setting of it came from.

The user's file may add profiles; of what both name it wins only for the places of secrets and for `lang` (cli.md).
"""

import os
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.project.configuration import (
    Configuration,
    Profile,
    UserConfiguration,
    UserProfile,
    read_configuration,
    read_user_configuration,
)
from importer.project.folders import Folders
from importer.project.user_folders import user_configuration

# Where a secret lives is the user's own business; what the service is, and how it is treated, the project's.
_PLACES = ("username", "password", "token", "client_secret", "refresh_token")


class Source(StrEnum):
    """Where a setting comes from, the strongest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    RECIPE = "recipe"
    USER = "user file"
    PROJECT = "importer.yaml"
    DIALECT = "dialect"
    BUILT_IN = "built-in"


class AddressMissing(Problem):
    """A profile of the user's file that the project does not have, without an address."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        'The profile "{found}" of {file} has no "url", and this project has no such profile.'
    )

    file: str


class Settings(msgspec.Struct, frozen=True):
    """The configuration in force. `project`, `user`: what each file says; `user_path`: where the user's file is, if there is one."""

    merged: Configuration
    project: Configuration
    user: UserConfiguration | None = None
    user_path: Path | None = None

    def source(self, key: str, profile: str | None = None) -> Source:
        """Return where a key of the file, or of a profile (`auth.password`), comes from."""
        if profile is None:
            mine, theirs = key in self.project.model_fields_set, self._user_says(key)
            return _strongest(mine=mine, theirs=theirs, user_wins=key == "lang")
        mine = _says(self.project.profiles.get(profile), key)
        known = profile in self.project.profiles
        theirs = _says(self.user.profiles.get(profile) if self.user is not None else None, key)
        place = key.removeprefix("auth.") in _PLACES
        return _strongest(mine=mine, theirs=theirs and (place or not known), user_wins=place)

    def _user_says(self, key: str) -> bool:
        return self.user is not None and key in self.user.model_fields_set


def read_settings(folders: Folders) -> Settings:
    """Return the project's configuration with the user's own.

    Raises:
        ConfigurationError: a file is wrong, or `IMPORTER_CONFIG` names one that is missing; other missing files say nothing.
    """
    there = folders.configuration.is_file()
    project = read_configuration(folders.configuration) if there else Configuration(importer=1)
    path = user_configuration()
    if not path.is_file() and not os.environ.get("IMPORTER_CONFIG"):
        return Settings(project, project)
    user = read_user_configuration(path)
    return Settings(_merged(project, user, path), project, user, path)


def _merged(project: Configuration, user: UserConfiguration, path: Path) -> Configuration:
    profiles = dict(project.profiles)
    lacking = []
    for name, own in user.profiles.items():
        if name in profiles:
            profiles[name] = _with_places(profiles[name], own)
        elif own.url is None:
            lacking.append(AddressMissing(place=FilePlace(str(path)), found=name, file=str(path)))
        else:
            profiles[name] = own
    if lacking:
        raise ConfigurationError(*lacking)
    changes: dict[str, object] = {"profiles": profiles}
    if user.lang is not None:
        changes["lang"] = user.lang
    for key in ("default_profile", "report"):
        if key in user.model_fields_set and key not in project.model_fields_set:
            changes[key] = getattr(user, key)
    return project.model_copy(update=changes)


def _with_places(profile: Profile, own: UserProfile) -> Profile:
    written = {
        name: getattr(own.auth, name)
        for name in _PLACES
        if name in own.auth.model_fields_set and getattr(own.auth, name) is not None
    }
    return (
        profile.model_copy(update={"auth": profile.auth.model_copy(update=written)}) if written else profile
    )


def _says(profile: Profile | None, key: str) -> bool:
    if profile is None:
        return False
    if key.startswith("auth."):
        return key.removeprefix("auth.") in profile.auth.model_fields_set
    return key in profile.model_fields_set


def _strongest(*, mine: bool, theirs: bool, user_wins: bool) -> Source:
    if theirs and (user_wins or not mine):
        return Source.USER
    return Source.PROJECT if mine else Source.BUILT_IN
