"""The consultant's folder: configuration, profiles, credentials, where plans are kept. Knows nothing of recipes or services."""

from importer.project.configuration import Authentication, Configuration, Profile, read_configuration
from importer.project.folders import Folders, find_project
from importer.project.profiles import choose_profile

__all__ = [
    "Authentication",
    "Configuration",
    "Folders",
    "Profile",
    "choose_profile",
    "find_project",
    "read_configuration",
]
