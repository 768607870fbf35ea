"""The verdicts about writes of unknown outcome."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.executor.recovery import (
    Keys,
    Verdict,
    judge_appeared,
    judge_create,
    judge_create_own_key,
    judge_create_server_key,
    judge_delete,
    judge_update,
    nothing_written,
    same_tag,
)

counts = st.none() | st.integers(0, 3)


@given(present=st.booleans(), same=st.booleans(), looked=st.integers(0, 3))
def test_never_sent_again_while_something_stands_there(present, same, looked):
    """A create is sent again only when its key was seen empty twice."""
    verdict = judge_create_own_key(present=present, same=same, looked=looked)

    assert (verdict is Verdict.SEND_AGAIN) == (not present and looked >= 2)
    assert (verdict is Verdict.DONE) == (present and same)


@given(found=counts, looked=st.integers(0, 3))
def test_never_sent_again_without_a_search(found, looked):
    """Where the service makes keys, a create is sent again only when a search found nothing twice."""
    verdict = judge_create_server_key(found=found, looked=looked)

    assert (verdict is Verdict.SEND_AGAIN) == (found == 0 and looked >= 2)
    assert (verdict is Verdict.DONE) == (found == 1)
    assert (verdict is Verdict.ASK_A_PERSON) == (found is None or found > 1)


@given(
    keys=st.sampled_from(Keys),
    present=st.booleans(),
    same=st.booleans(),
    found=counts,
    looked=st.integers(0, 3),
)
def test_unknown_habit_trusts_no_absence_under_the_key_alone(keys, present, same, found, looked):
    """While it is not known whether the service keeps our keys, both the key and the match values must be absent."""
    verdict = judge_create(keys, present=present, same=same, found=found, looked=looked)

    if keys is Keys.UNKNOWN and verdict is Verdict.SEND_AGAIN:
        assert (present, found, looked >= 2) == (False, 0, True)
    if keys is Keys.OURS and verdict is Verdict.SEND_AGAIN:
        assert not present


@given(present=st.booleans(), as_wanted=st.booleans(), as_before=st.booleans(), same_etag=st.booleans())
def test_updates_overwrite_nothing(present, as_wanted, as_before, same_etag):
    """An update is sent again only over exactly what the plan saw."""
    verdict = judge_update(present=present, as_wanted=as_wanted, as_before=as_before, same_etag=same_etag)

    assert (verdict is Verdict.SEND_AGAIN) == (present and as_before and same_etag and not as_wanted)
    assert (verdict is Verdict.DONE) == (present and as_wanted)


@pytest.mark.parametrize(
    ("present", "as_before", "same_etag", "verdict"),
    [
        (False, False, True, Verdict.DONE),
        (True, True, True, Verdict.SEND_AGAIN),
        (True, False, True, Verdict.CHANGED),
        (True, True, False, Verdict.CHANGED),
    ],
)
def test_deletions(present, as_before, same_etag, verdict):
    """Gone is done; what changed is not deleted."""
    assert judge_delete(present=present, as_before=as_before, same_etag=same_etag) is verdict


@pytest.mark.parametrize(
    ("tried", "keys", "own", "same", "verdict"),
    [
        (False, Keys.OURS, 1, True, Verdict.CHANGED),
        (True, Keys.OURS, 1, True, Verdict.DONE),
        (True, Keys.OURS, 1, False, Verdict.TAKEN),
        (True, Keys.SERVICE, 1, True, Verdict.DONE),
        (True, Keys.SERVICE, 1, False, Verdict.CHANGED),
        (True, Keys.SERVICE, 2, True, Verdict.CHANGED),
    ],
)
def test_what_appeared(tried, keys, own, same, verdict):
    """What was never tried is somebody else's; what was tried and is equal is ours."""
    assert judge_appeared(tried=tried, keys=keys, own=own, same=same) is verdict


def test_tags_and_lots():
    """An unknown ETag says nothing; a batch was refused as a whole when nothing of it is there."""
    assert same_tag(None, "1")
    assert same_tag("1", None)
    assert not same_tag("1", "2")
    assert nothing_written([Verdict.SEND_AGAIN] * 2)
    assert not nothing_written([Verdict.SEND_AGAIN, Verdict.DONE])
    assert not nothing_written([])
