"""What can be wrong with a command line, and with us."""

from typing import ClassVar

from importer.problems import Problem, Severity


class WrongUsage(Problem):
    """The command line cannot be understood."""

    code: ClassVar[str] = "wrong-usage"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found}"
    hint: ClassVar[str] = "`importer --help` names the commands, `importer COMMAND --help` their options"


class OurFault(Problem):
    """A fault of importer itself."""

    code: ClassVar[str] = "internal-error"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This is a fault of importer itself, not yours. What happened stands in {found}."
    hint: ClassVar[str] = "Send that file with your report; look it through first, it may name your files"


class Cancelled(Problem):
    """Ctrl-C, where nothing was being written."""

    code: ClassVar[str] = "interrupted"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = "Interrupted."
