"""What the YAML profile refuses (recipe-language.md §1), and files that are no documents."""

from typing import ClassVar

from importer.problems import Problem, Severity


class YamlSyntax(Problem):
    """YAML cannot be read here."""

    code: ClassVar[str] = "yaml-syntax"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "YAML cannot be read here: {found}."
    hint: ClassVar[str] = (
        'Texts with ": " or " #" need quotes: "Дата: начало"; '
        "in {{…}} and […] also those with brackets, braces or commas"
    )


class TabInIndent(YamlSyntax):
    """A tab where only spaces count."""

    text: ClassVar[str] = "A tab stands here, where YAML takes only spaces."
    hint: ClassVar[str] = "Indent with spaces; a text that begins with a tab needs quotes"


class Unprintable(YamlSyntax):
    """A character that YAML does not know."""

    text: ClassVar[str] = "The character {found} cannot stand in YAML."
    hint: ClassVar[str] = "Remove it; it came perhaps with a copied text"


class KeyNoText(YamlSyntax):
    """A key that is a list, a map or nothing."""

    text: ClassVar[str] = "A key is a text; here stands something else."


class YamlTemplate(Problem):
    """Somebody wrote a template."""

    code: ClassVar[str] = "yaml-template"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`{{{{ … }}}}` is not used in recipes."
    hint: ClassVar[str] = "Write `=row.ФИО`"


class YamlFeature(Problem):
    """Anchors and the like."""

    code: ClassVar[str] = "yaml-feature"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Anchors, aliases, merge keys and tags are not used in recipes: `{found}`."
    hint: ClassVar[str] = (
        "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes"
    )


class YamlDirective(YamlFeature):
    """`%YAML` or `%TAG`."""

    text: ClassVar[str] = "Lines that begin with % are not used here."
    hint: ClassVar[str] = "Remove the line; YAML 1.2 is what is read"


class SeveralDocuments(YamlFeature):
    """More than one document."""

    text: ClassVar[str] = "A file holds one document; a second begins here."
    hint: ClassVar[str] = "Remove the line `---`"


class TooDeep(YamlFeature):
    """Nested without end."""

    text: ClassVar[str] = "This is nested more than {expected} levels deep."
    hint: ClassVar[str] = "Nothing here needs so many levels: check the indentation"


class DuplicateKey(Problem):
    """One key twice."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is here twice (first at line {first}).'
    hint: ClassVar[str] = "Remove one of them"

    first: int


class DocumentMissing(Problem):
    """No such file."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no file "{found}".'
    hint: ClassVar[str] = "Nearest: {near}"


class DocumentUnreadable(Problem):
    """The system does not let us read it."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be read: {reason}.'

    reason: str


class DocumentNoFile(Problem):
    """A folder, or a device."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no file.'


class DocumentTooLarge(Problem):
    """Nobody writes so much by hand."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is larger than 1 MiB.'
    hint: ClassVar[str] = "Is it the right file? What people write by hand is smaller"


class DocumentUndecodable(Problem):
    """Not UTF-8."""

    code: ClassVar[str] = "undecodable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Byte {offset}, line {line} of {found} is not UTF-8."
    hint: ClassVar[str] = "Save the file as UTF-8 in your editor"

    offset: int
    line: int
