"""What the YAML profile refuses (recipe-language.md §1), and files that are no documents."""

from dataclasses import dataclass
from typing import ClassVar

from importer.problems import Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlSyntax(Problem):
    """YAML cannot be read here."""

    code: ClassVar[str] = "yaml-syntax"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "YAML cannot be read here: {found}."
    hint: ClassVar[str] = (
        'Texts with ": " or " #" need quotes: "Дата: начало"; '
        "in {{…}} and […] also those with brackets, braces or commas"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TabInIndent(YamlSyntax):
    """A tab where only spaces count."""

    text: ClassVar[str] = "A tab stands here, where YAML takes only spaces."
    hint: ClassVar[str] = "Indent with spaces; a text that begins with a tab needs quotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprintable(YamlSyntax):
    """A character that YAML does not know."""

    text: ClassVar[str] = "The character {found} cannot stand in YAML."
    hint: ClassVar[str] = "Remove it; it came perhaps with a copied text"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNoText(YamlSyntax):
    """A key that is a list, a map or nothing."""

    text: ClassVar[str] = "A key is a text; here stands something else."


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlTemplate(Problem):
    """Somebody wrote a template."""

    code: ClassVar[str] = "yaml-template"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`{{{{ … }}}}` is not used in recipes."
    hint: ClassVar[str] = "Write `=row.ФИО`"


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlFeature(Problem):
    """Anchors and the like."""

    code: ClassVar[str] = "yaml-feature"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Anchors, aliases, merge keys and tags are not used in recipes: `{found}`."
    hint: ClassVar[str] = (
        "Share parts with `maps`, `tables` and `lookups`; a text that begins with & * or ! needs quotes"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlDirective(YamlFeature):
    """`%YAML` or `%TAG`."""

    text: ClassVar[str] = "Lines that begin with % are not used here."
    hint: ClassVar[str] = "Remove the line; YAML 1.2 is what is read"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralDocuments(YamlFeature):
    """More than one document."""

    text: ClassVar[str] = "A file holds one document; a second begins here."
    hint: ClassVar[str] = "Remove the line `---`"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooDeep(YamlFeature):
    """Nested without end."""

    text: ClassVar[str] = "This is nested more than {expected} levels deep."
    hint: ClassVar[str] = "Nothing here needs so many levels: check the indentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateKey(Problem):
    """One key twice."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is here twice (first at line {first}).'
    hint: ClassVar[str] = "Remove one of them"

    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMissing(Problem):
    """No such file."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no file "{found}".'
    hint: ClassVar[str] = "Nearest: {near}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUnreadable(Problem):
    """The system does not let us read it."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be read: {reason}.'

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNoFile(Problem):
    """A folder, or a device."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no file.'


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTooLarge(Problem):
    """Nobody writes so much by hand."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is larger than 1 MiB.'
    hint: ClassVar[str] = "Is it the right file? What people write by hand is smaller"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUndecodable(Problem):
    """Not UTF-8."""

    code: ClassVar[str] = "undecodable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Byte {offset}, line {line} of {found} is not UTF-8."
    hint: ClassVar[str] = "Save the file as UTF-8 in your editor"

    offset: int
    line: int
