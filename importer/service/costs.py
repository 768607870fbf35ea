"""What reading costs, estimated: many questions, or the whole set (odata-protocol.md §6, "Lookups by name")."""

from collections.abc import Sequence

from importer.odata.edm import EdmValue
from importer.odata.url.literals import encoded, write_literal
from importer.odata.url.predicates import IN_TERMS, OR_TERMS, PAIR_TERMS

# A set of so many entities is read whole rather than asked more than one question: a page of 1,000 took 4 ms, a filter of 100
# names 5 to 8 (measured, odata-protocol.md §6).
SMALL_SET = 5_000
# More questions than this to a set of unknown size are not put.
MANY_QUESTIONS = 20
# Milliseconds of an ordinary network: there and back, a thousand entities sent and decoded, a filter worked out.
_TRIP, _THOUSAND, _FILTER = 30.0, 20.0, 8.0
_GAP = len(encoded(","))


def whole_is_cheaper(requests: int, questions: int, size: int | None, page: int) -> bool:
    """Whether a set of `size` entities (None: not known), in pages of `page`, is read sooner than so many questions are answered."""
    if questions <= 1:
        return False
    if size is None:
        return requests > MANY_QUESTIONS
    if size <= SMALL_SET:
        return True
    whole = -(-size // max(page, 1)) * _TRIP + size / 1_000 * _THOUSAND
    return whole < requests * _TRIP + questions * _FILTER


def questions_of(values: Sequence[tuple[EdmValue, ...]], operator: str, budget: int) -> int:
    """Return about how many questions of at most `budget` encoded bytes ask for the values, without writing them."""
    terms = {"in": IN_TERMS, "or": OR_TERMS}.get(operator, PAIR_TERMS)
    by_terms = -(-len(values) // terms)
    if operator != "in":
        return by_terms
    size = sum(len(encoded(write_literal(value))) + _GAP for one in values for value in one)
    return max(by_terms, -(-size // budget))
