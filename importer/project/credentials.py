"""Where secrets come from: the environment, never a file or an argument."""

import os
import re
from collections.abc import Mapping
from typing import ClassVar

from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.project.configuration import Profile
from importer.secret import Secret


class MissingCredential(Problem):
    """The environment lacks a variable."""

    code: ClassVar[str] = "login-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        "The profile {profile} needs a token, and the environment variable {found} is not set."
    )
    hint: ClassVar[str] = "Set {found} in the environment of this command"

    profile: str


def token_of(name: str, profile: Profile, environment: Mapping[str, str] | None = None) -> Secret:
    """Return the bearer token of a profile: `token: ${NAME}`, else `IMPORTER_<PROFILE>_TOKEN`.

    Raises:
        ConfigurationError: the variable is not set.
    """
    variables = os.environ if environment is None else environment
    written = profile.auth.token
    variable = written[2:-1] if written else f"IMPORTER_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}_TOKEN"
    found = variables.get(variable, "").strip()
    if not found:
        raise ConfigurationError(
            MissingCredential(place=FilePlace("importer.yaml"), found=variable, profile=name)
        )
    return Secret(found)
