"""What changed in a service's metadata, in words."""

from importer.service.changes import Change, Kind, Subject
from importer.text.translating import N_, translate

_SUBJECTS = {
    Subject.SET: N_("entity set"),
    Subject.SINGLETON: N_("singleton"),
    Subject.TYPE: N_("type"),
    Subject.PROPERTY: N_("property"),
    Subject.NAVIGATION: N_("navigation"),
    Subject.ENUM: N_("enumeration"),
    Subject.MEMBER: N_("enum member"),
    Subject.ACTION: N_("action"),
    Subject.FUNCTION: N_("function"),
}
_SENTENCES = {
    Kind.ADDED: N_("is new"),
    Kind.REMOVED: N_("is gone"),
    Kind.RENAMED: N_("is gone; perhaps it is called {after} now"),
    Kind.TYPE: N_("type: {before} → {after}"),
    Kind.MAX_LENGTH: N_("greatest length: {before} → {after}"),
    Kind.PRECISION: N_("digits: {before} → {after}"),
    Kind.SCALE: N_("decimal places: {before} → {after}"),
    Kind.DEFAULT: N_("default value: {before} → {after}"),
    Kind.KEY: N_("key: {before} → {after}"),
    Kind.BASE: N_("base type: {before} → {after}"),
    Kind.TARGET: N_("leads to another set: {before} → {after}"),
    Kind.PAIR: N_("its key property: {before} → {after}"),
    Kind.VALUE: N_("value: {before} → {after}"),
    Kind.SIGNATURE: N_("parameters: {before} → {after}"),
}
# (kind, what it is now) → sentence.
_YES_OR_NO = {
    (Kind.NULLABLE, "true"): N_("may be blank now"),
    (Kind.NULLABLE, "false"): N_("may not be blank any more"),
    (Kind.OPEN, "true"): N_("takes properties that are not declared now"),
    (Kind.OPEN, "false"): N_("takes only declared properties now"),
    (Kind.ABSTRACT, "true"): N_("is abstract now: no entity is of just this type"),
    (Kind.ABSTRACT, "false"): N_("is not abstract any more"),
    (Kind.ON_CREATE, "true"): N_("can be written in new entities now"),
    (Kind.ON_CREATE, "false"): N_("cannot be written in new entities any more"),
    (Kind.ON_UPDATE, "true"): N_("can be changed now"),
    (Kind.ON_UPDATE, "false"): N_("cannot be changed any more"),
    (Kind.REQUIRED, "true"): N_("is needed for a new entity now"),
    (Kind.REQUIRED, "false"): N_("is not needed for a new entity any more"),
}
_OF_SETS = {
    (Kind.ON_CREATE, "true"): N_("takes new entities now"),
    (Kind.ON_CREATE, "false"): N_("takes no new entities any more"),
    (Kind.ON_UPDATE, "true"): N_("lets its entities be changed now"),
    (Kind.ON_UPDATE, "false"): N_("does not let its entities be changed any more"),
    (Kind.ON_DELETE, "true"): N_("lets its entities be deleted now"),
    (Kind.ON_DELETE, "false"): N_("does not let its entities be deleted any more"),
}


def subject_word(change: Change) -> str:
    """Return what changed, as a word."""
    return translate(_SUBJECTS[change.subject])


def thing(change: Change) -> str:
    """Return the name of what changed, with its owner's before it."""
    owner = change.owner.rpartition(".")[2]
    return f"{owner}.{change.name}" if owner else change.name


def sentence(change: Change) -> str:
    """Return how it changed, in words."""
    key = (change.kind, change.after or "")
    words = (_OF_SETS if change.subject is Subject.SET else _YES_OR_NO).get(key) or _SENTENCES[change.kind]
    return translate(words).format(before=change.before or "–", after=change.after or "–")


def message(change: Change) -> str:
    """Return the whole sentence: `property User.email: is gone`."""
    return f"{subject_word(change)} {thing(change)}: {sentence(change)}"
