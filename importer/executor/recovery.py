"""What a write of unknown outcome was. The only place that decides about sending twice.

Pure: journal rows and what the service holds now → verdicts (odata-protocol.md §6, "After a lost answer"), so
that a thousand crashes can be played without a server. `looked` counts the reads so far, a pause apart,
because a late write may still be on its way: absent counts only when seen twice. Where the service did
answer, nothing is on its way, and the answer counts as one of the two looks.
"""

from collections.abc import Sequence
from enum import StrEnum

ENOUGH = 2


class Verdict(StrEnum):
    """What to do about one write."""

    DONE = "done"  # it was carried out
    LOOK_AGAIN = "look again"  # not there; a late write may still come: pause, then read once more
    SEND_AGAIN = "send again"  # it was not carried out
    CHANGED = "changed"  # somebody else changed or deleted the entity: a new plan is needed
    TAKEN = "taken"  # something else stands under our key: never overwritten
    ASK_A_PERSON = "ask a person"  # cannot be told


class Keys(StrEnum):
    """Whose key a create has."""

    OURS = "ours"  # we chose it and the service keeps such keys
    SERVICE = "service"  # the service makes it
    UNKNOWN = "unknown"  # we chose it, and do not know yet whether the service keeps it


def judge_create_own_key(*, present: bool, same: bool, looked: int) -> Verdict:
    """Judge a create with our own key by what stands under it now; `same`: it holds what was sent (1)."""
    if not present:
        return Verdict.SEND_AGAIN if looked >= ENOUGH else Verdict.LOOK_AGAIN
    return Verdict.DONE if same else Verdict.TAKEN


def judge_create_server_key(*, found: int | None, looked: int) -> Verdict:
    """Judge a create whose key the service makes by how many entities have its match values (2).

    `found` is None when there is nothing to search by; then nobody can tell, and nothing is sent again.
    """
    if found is None or found > 1:
        return Verdict.ASK_A_PERSON
    if found == 1:
        return Verdict.DONE
    return Verdict.SEND_AGAIN if looked >= ENOUGH else Verdict.LOOK_AGAIN


def judge_create(keys: Keys, *, present: bool, same: bool, found: int | None, looked: int) -> Verdict:
    """Judge a create: by our key where it counts, else by its match values; by both while that is unknown.

    `present` and `same` speak of our key, `found` of the match values. Where the habit is unknown and there
    is nothing to search by, "not under our key" proves nothing: the service may have stored it under its own.
    """
    if keys is Keys.OURS or (keys is Keys.UNKNOWN and present):
        return judge_create_own_key(present=present, same=same, looked=looked)
    return judge_create_server_key(found=found, looked=looked)


def judge_update(*, present: bool, as_wanted: bool, as_before: bool, same_etag: bool) -> Verdict:
    """Judge an update by the entity as it is now (3). Sent again only over exactly what the plan saw."""
    if not present:
        return Verdict.CHANGED
    if as_wanted:
        return Verdict.DONE
    return Verdict.SEND_AGAIN if as_before and same_etag else Verdict.CHANGED


def judge_delete(*, present: bool, as_before: bool, same_etag: bool) -> Verdict:
    """Judge a deletion: gone means done (5)."""
    if not present:
        return Verdict.DONE
    return Verdict.SEND_AGAIN if as_before and same_etag else Verdict.CHANGED


def judge_appeared(*, tried: bool, keys: Keys, own: int, same: bool) -> Verdict:
    """Judge a create whose match values or key are found before it is sent, which they were not at the plan.

    `own` entities were found; `same`: the only one holds everything we would send.
    Tried before, the entity may be a late write of ours; never tried, it is somebody else's.
    """
    if not tried or own != 1:
        return Verdict.CHANGED
    if same:
        return Verdict.DONE
    return Verdict.TAKEN if keys is Keys.OURS else Verdict.CHANGED


def same_tag(planned: str | None, now: str | None) -> bool:
    """Whether an entity's ETag says that nothing changed; where one is unknown, the guard decides alone."""
    return planned is None or now is None or planned == now


def nothing_written(verdicts: Sequence[Verdict]) -> bool:
    """Whether nothing of a lost batch was carried out: it was refused as a whole, and halves go."""
    return bool(verdicts) and all(verdict is Verdict.SEND_AGAIN for verdict in verdicts)
