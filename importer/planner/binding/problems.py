"""What binding finds wrong: names that the service or the file do not have (recipe-language.md §13)."""

from typing import ClassVar

from importer.problems import Problem, Severity


class UnknownEntitySet(Problem):
    """No such set."""

    code: ClassVar[str] = "unknown-entity-set"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{service} has no entity set "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"

    service: str


class UnknownProperty(Problem):
    """No such property."""

    code: ClassVar[str] = "unknown-property"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{owner} has no property "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str


class CollectionProperty(UnknownProperty):
    """A property that holds many values, where one is wanted."""

    text: ClassVar[str] = '"{found}" of {owner} is a collection; here one value is wanted.'
    hint: ClassVar[str] = ""


class DynamicWithoutType(UnknownProperty):
    """A name of an open type that nobody said the type of."""

    hint: ClassVar[str] = "{owner} is open: say `type: Edm.String` beside `column` to make it a property"


class AliasHides(Problem):
    """An alias that is a property already."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{owner} has a property "{found}"; no alias may hide it.'
    hint: ClassVar[str] = "Give the alias another name"

    owner: str


class CustomFieldUnknown(UnknownProperty):
    """A label that the catalogue does not have."""

    text: ClassVar[str] = '{owner} has no custom field labelled "{found}".'


class CustomFieldAmbiguous(UnknownProperty):
    """A label that several properties have."""

    code: ClassVar[str] = "ambiguous"
    text: ClassVar[str] = '"{found}" labels several custom fields of {owner}: {expected}.'
    hint: ClassVar[str] = "Write the property instead of {{custom: …}}"


class NoCatalogue(UnknownProperty):
    """A label, and a service without a catalogue."""

    text: ClassVar[str] = '{owner} has no property labelled "{found}": this service keeps no labels.'
    hint: ClassVar[str] = (
        "Write the property instead of {{custom: …}}, or name the service's `dialect` in the profile"
    )


class CustomFieldUnread(Problem):
    """A label, and no catalogue at hand."""

    code: ClassVar[str] = "custom-field-unread"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = 'It cannot be known here which property of {owner} is labelled "{found}".'
    hint: ClassVar[str] = (
        "Run it with the service, whose catalogue of custom fields says so, or write the property"
    )

    owner: str


class NotDerived(Problem):
    """A type that the set does not hold."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"type" takes a type derived from {owner}: {expected}. "{found}" is none.'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str


class NoContained(UnknownProperty):
    """A path to a set that leads nowhere."""

    text: ClassVar[str] = '{owner} has no collection "{found}".'


class UnknownType(Problem):
    """A primitive type that OData does not have, or that is not written."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"type" takes an EDM type; "{found}" is none that can be written.'
    hint: ClassVar[str] = "Did you mean {near}?"


class TypeDeclared(Problem):
    """A type for a property of which the metadata say it."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"type" is for dynamic properties; the metadata declare {found}.'
    hint: ClassVar[str] = "Remove `type`"


class UnknownAction(Problem):
    """No such action of the type."""

    code: ClassVar[str] = "unknown-action"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{owner} has no action "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str


class UnknownParameter(Problem):
    """No such parameter of an action."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The action {owner} has no parameter "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str


class ParameterMissing(Problem):
    """A parameter that an action must have."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The action {owner} needs the parameter "{found}".'
    hint: ClassVar[str] = "Write it under `with`"

    owner: str


class CollectionKeyElsewhere(Problem):
    """A key of collections on something that is none."""

    code: ClassVar[str] = "unknown-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" goes with collections; {property} is none.'
    hint: ClassVar[str] = "To make several rows of one cell write `split` in the step"

    property: str


class FormatElsewhere(Problem):
    """A pattern that does not go with the property's type."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{property} is of type {expected}; the pattern "{found}" is none for it.'
    hint: ClassVar[str] = "Patterns of dates go with dates, patterns of numbers with numbers"

    property: str


class RowOfWithoutColumn(Problem):
    """A reference to the rows of a step, and nothing to find them by."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '`row_of: {found}` needs "by": a column of that step\'s table.'


class KindNotWritten(UnknownProperty):
    """A property of a type that this version does not write."""

    text: ClassVar[str] = '"{found}" of {owner} is of type {expected}, which this version does not write.'
    hint: ClassVar[str] = "Write its properties: {near}"


class NotComparable(UnknownProperty):
    """A navigation property without a pair where entities are to be recognised by it."""

    text: ClassVar[str] = (
        '"{found}" of {owner} has no key property beside it, so nothing can be recognised by it.'
    )
    hint: ClassVar[str] = "Use other properties here"


class ReadOnlyProperty(Problem):
    """A property that cannot be written."""

    code: ClassVar[str] = "read-only-property"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be written: {reason}.'
    hint: ClassVar[str] = "Remove it; the service fills it by itself"

    reason: str


class NoKeyProperty(ReadOnlyProperty):
    """A navigation property without a pair, on a service that takes no `@odata.bind`."""

    text: ClassVar[str] = (
        '"{found}" cannot be written: {service} takes references by their key only, and no key property goes with it.'
    )
    hint: ClassVar[str] = "Remove it"

    service: str


class ReadOnlySet(Problem):
    """A set that takes no new or changed entities."""

    code: ClassVar[str] = "read-only-property"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} cannot be written: the service says that it is not {expected}."


class KeyInsteadOfNavigation(Problem):
    """A key property where its navigation property would find by name."""

    code: ClassVar[str] = "key-instead-of-navigation"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = '"{found}" takes a key.'
    hint: ClassVar[str] = "To find it by name write `{expected}: …`"


class RequiredUnmapped(Problem):
    """Something is needed to create, and no field fills it."""

    code: ClassVar[str] = "required-unmapped"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{owner}.{found} is required and not in `fields`."
    hint: ClassVar[str] = "Map it, or write `mode: update` if nothing is to be created"

    owner: str


class RequiredOfCreated(RequiredUnmapped):
    """A lookup would create an entity that lacks something."""

    text: ClassVar[str] = "`on_missing: create` cannot make {owner}: its {found} is required too."
    hint: ClassVar[str] = "Make these entities in a step of their own"


class NonNullableUnmapped(Problem):
    """Non-nullable and not mapped; services usually have a default."""

    code: ClassVar[str] = "required-unmapped"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = "Not nullable in {owner} and not in `fields`: {found}. Services usually fill them."

    owner: str


class LookupDefaultUnknown(Problem):
    """A target without a name."""

    code: ClassVar[str] = "lookup-default-unknown"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{found} has no "name" nor a single-property alternate key.'
    hint: ClassVar[str] = "Say `by:`"


class LookupSetUnknown(Problem):
    """Nobody knows which set holds the target."""

    code: ClassVar[str] = "lookup-default-unknown"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "It is not known which entity set holds the target of {found}."
    hint: ClassVar[str] = "Say `in:`, one of {expected}"


class LookupKeyElsewhere(Problem):
    """A lookup key on something that is no navigation property."""

    code: ClassVar[str] = "unknown-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" goes with navigation properties; {property} is none.'
    hint: ClassVar[str] = "Nearest navigation property: {near}"

    property: str


class UnknownColumn(Problem):
    """The table has no such header."""

    code: ClassVar[str] = "unknown-column"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{table} (headers in row {row}) has no column "{found}".'
    hint: ClassVar[str] = "Nearest: {near}. Write it, or allow both: [{found}, …]"

    table: str
    row: str


class CommentedHeader(UnknownColumn):
    """YAML took the end of the header for a comment."""

    hint: ClassVar[str] = 'YAML takes " #" for the beginning of a comment: put the header in quotes'


class DuplicateHeader(Problem):
    """One header over two columns."""

    code: ClassVar[str] = "duplicate-header"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" heads several columns of {table}: {cells}.'
    hint: ClassVar[str] = "Write `{found} (1)` or `{found} (2)`, or narrow `range`"

    table: str
    cells: str


class OutsideProject(Problem):
    """A path that leaves the project."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" lies outside the project; paths of a recipe stay inside it.'
    hint: ClassVar[str] = "Name the file on the command line instead"


class NotNullable(Problem):
    """A wish to clear what takes no null."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{property} takes no null, and `{found}` would clear it."
    hint: ClassVar[str] = "Leave it out: a blank cell keeps what is there"

    property: str


class SamePropertyTwice(Problem):
    """Two fields of a step that write one property: a navigation property and its pair."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" and "{expected}" write the same property.'
    hint: ClassVar[str] = "Keep one of them"
