"""One column × one property: how likely the column is meant, with the evidence (name and values together)."""

from collections.abc import Callable, Mapping

import msgspec

from importer.drafting.fitting import Fit, few_values, fit, means, profile
from importer.drafting.naming import Likeness, likeness, names_entity
from importer.drafting.references import Found, References, telling
from importer.drafting.sheets import Column, Sheet
from importer.drafting.targets import Offer, Target
from importer.drafting.thesaurus import answer_of, concepts_of
from importer.drafting.words import words_of
from importer.planner.mapping.conversion.context import Context
from importer.text.folding import fold

# Below this a name says nothing, and only values can speak.
_AUDIBLE = 0.3
_BY_VALUES = 0.5
_MOST = 0.99

Values = tuple[tuple[str, str | bool | None], ...]


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A possible pair. `found` of references, `fit` of other values; `values`: a value table that most values need.

    file: an earlier recipe that says so.
    """

    target: Target
    score: float
    like: Likeness
    fit: Fit | None = None
    found: Found | None = None
    by: tuple[str, ...] = ()
    values: Values = ()
    file: str = ""


class Judge(msgspec.Struct, frozen=True, kw_only=True):
    """What is known while the columns of one sheet are compared with one set.

    earlier: (folded header, property) → file of a recipe that maps it so. offer_of: of another set.
    """

    offer: Offer
    sheet: Sheet
    references: References
    context: Context
    earlier: Mapping[tuple[str, str], str]
    offer_of: Callable[[str], Offer]

    def candidates(self, column: Column) -> dict[str, Candidate]:
        """Return property → candidate, of everything that is not out of the question."""
        found = (self._judge(column, target) for target in self.offer.targets.values())
        return {item.target.name: item for item in found if item is not None and item.score > 0.25}

    def _judge(self, column: Column, target: Target) -> Candidate | None:
        file = self.earlier.get((fold(column.header), target.name), "")
        like = (
            Likeness(1.0, "earlier") if file else likeness(column.means or column.header, target, self.offer)
        )
        if target.slot and not file and like.score < 1.0:
            return None
        made = (
            self._reference(column, target, like)
            if target.to is not None
            else self._value(column, target, like)
        )
        return msgspec.structs.replace(made, file=file) if made is not None else None

    # References

    def _reference(self, column: Column, target: Target, like: Likeness) -> Candidate | None:
        other = self.offer_of(target.to or "")
        if like.score < _AUDIBLE and not self._may_speak(column):
            return None
        score = like.score * (0.6 if self._is_itself(column, target) and like.how != "label" else 1.0)
        by = _default_by(other, column.header)
        found = self.references.look(other, column.texts, but=self._own(target))
        if found is None:
            return (
                Candidate(target=target, score=score * 0.93, like=like, by=by)
                if like.score >= _AUDIBLE
                else None
            )
        if (
            found.share < 0.5
            and like.score >= _AUDIBLE
            and (table := self._referred(column, other)) is not None
        ):
            by, values = table
            known = sum(value is not None for _, value in values)
            return Candidate(
                target=target,
                score=min(_MOST, score * 0.9 + 0.25 * known / len(values)),
                like=like,
                found=found,
                by=by,
                values=values,
            )
        # Names of a list that nobody has filled yet are found nowhere; a name that says it all still stands.
        least = 0.85 if like.how in ("equal", "label", "earlier") else 0.72
        raised = score * (least + (1 - least) * found.share) + 0.05 * found.share
        if like.score < _BY_VALUES and found.share >= 0.8 and found.total > 2 and found.count > 2:
            raised = max(raised, 0.36 + 0.34 * found.share)
        return Candidate(target=target, score=min(raised, _MOST), like=like, found=found, by=found.by or by)

    def _may_speak(self, column: Column) -> bool:
        """Whether the values of a column without a telling header are worth asking for: texts that repeat."""
        return (
            profile(column, self.context.locale) == "text"
            and column.distinct > 2
            and column.distinct < 0.8 * len(column.cells)
        )

    def _own(self, target: Target) -> str | None:
        return None if target.to == self.offer.to else self.sheet.name

    def _is_itself(self, column: Column, target: Target) -> bool:
        """Whether the header names the entity of the row, and the property an entity of the same set that it belongs to."""
        return names_entity(words_of(column.header), self.offer) and any(
            concept in self.offer.entities and strength >= 0.95
            for concept, strength in target.concepts.items()
        )

    def _referred(self, column: Column, other: Offer) -> tuple[tuple[str, ...], Values] | None:
        """Return a value table that leads a few words to entities of a small set: by its code where there is one."""
        rows = self.references.rows(other)
        words = few_values(column)
        if not rows or not words or len(rows) > 200:
            return None
        names = telling(other)
        by = next(
            (name for name in names if other.targets[name].concepts.get("code", 0) >= 0.95),
            _default_by(other)[:1],
        )
        name = by if isinstance(by, str) else next(iter(by), "")
        values = []
        for word in words:
            meant = {
                row[name] for row in rows if name in row and any(means(word, text) for text in row.values())
            }
            values.append((word, meant.pop() if len(meant) == 1 else None))
        return ((name,), tuple(values)) if name and any(value for _, value in values) else None

    # Values

    def _value(self, column: Column, target: Target, like: Likeness) -> Candidate | None:
        kind = profile(column, self.context.locale)
        addresses = kind == "email" and target.kind == "email"
        if like.score < _AUDIBLE and not addresses:
            return None
        if not column.cells:
            return Candidate(target=target, score=like.score * 0.85, like=like)
        values = self._words(column, target)
        found = fit(column, target, self.context)
        score = like.score * (0.3 + 0.7 * found.share) * self._plausible(kind, target)
        if found.share < 0.8 and values and any(value is not None for _, value in values):
            known = sum(value is not None for _, value in values) / len(values)
            score = max(score, like.score * (0.5 + 0.45 * known))
        else:
            values = ()
        if addresses:
            score = max(score, 0.45 + 0.3 * found.share)
        if target.names_entity and column.distinct * 20 >= len(column.cells) * 19:
            score += 0.005
        return Candidate(target=target, score=min(score, _MOST), like=like, fit=found, values=values)

    def _plausible(self, kind: str, target: Target) -> float:
        """Return how well what a column holds goes with what a text property is for."""
        if target.bound.type != "Edm.String":
            return 1.0
        if kind == "email":
            return 1.0 if target.kind in ("email", "code") else 0.5
        if kind in ("date", "boolean") or (kind == "number" and target.kind in ("person", "text")):
            return 0.75
        return 1.0

    def _words(self, column: Column, target: Target) -> Values:
        """Return a value table of an enumeration, or of yes and no."""
        members = self.context.enums.get(target.bound.type)
        if members is None and target.bound.type != "Edm.Boolean":
            return ()
        found: list[tuple[str, str | bool | None]] = []
        for word in few_values(column):
            if members is None:
                found.append((word, _answer(word, target)))
                continue
            meant = {name for name in members if means(word, name) or means(word, _said(name))}
            found.append((word, meant.pop() if len(meant) == 1 else None))
        return tuple(found)


def _said(name: str) -> str:
    """Return a member's name as people say it: `NonBillable` → `non billable`."""
    return " ".join(words_of(name))


def _answer(word: str, target: Target) -> bool | None:
    """Return the yes or no that a word is for a property: `discontinued` is yes for Discontinued, `active` is no."""
    yes, active = answer_of(word)
    if yes is not None:
        return yes
    if any(means(word, " ".join(words)) for words, _ in target.phrases):
        return True
    if active is None:
        return None
    if any(target.concepts.get(concept, 0) >= 0.95 for concept in ("discontinued", "blocked")):
        return not active
    return active if target.concepts.get("active", 0) >= 0.95 else None


def _default_by(offer: Offer, header: str = "") -> tuple[str, ...]:
    """Return by what a reference is looked up where no value tells: a code where the header says so, the name, the key."""
    codes = tuple(item.name for item in offer.targets.values() if item.concepts.get("code", 0) >= 0.95)
    codes += tuple(name for name in offer.keys if name in offer.targets)
    names = tuple(item.name for item in offer.targets.values() if item.names_entity)
    said = concepts_of(words_of(header)).get("code", 0) >= _AUDIBLE if header else False
    return ((*codes, *names) if said else (*names, *codes) or offer.keys)[:1]
