import threading
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.http.quotas import Quota, read_quota
from importer.odata.http.throttling import Held, Pace, retry_after

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "9" * 400}, 1e12),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT", "date": DATE}, 251606786399.0),
        ({"retry-after": "Fri, 31 Dec 99999 23:59:59 GMT", "date": DATE}, None),
        ({"retry-after": "2026-11-24T10:00:09Z", "date": DATE}, 9.0),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "Tue, 24 Nov 2026 10:00:09 GMT", "date": DATE}, 9.0),
        ({"retry-after": "Tue, 24 Nov 2026 10:00:09 -0000", "date": DATE}, 9.0),
        ({"retry-after": "Tue, 24 Nov 2026 09:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Tue, 24 Nov 1970 09:00:00 GMT"}, 0.0),
    ],
)
def test_retry_after(headers, seconds):
    """A number of seconds, or a moment judged by the service's own clock."""
    assert retry_after(headers) == seconds


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 0.0
    waited: list[float] = field(default_factory=list)

    def __call__(self):
        return self.now

    def pause(self, seconds):
        self.waited.append(seconds)
        self.now += seconds


def paced(per_second=None, **more):
    clock = Clock()
    return Pace(per_second, pause=clock.pause, clock=clock, **more), clock


def asked(pace, clock, seconds=0.0, *, status=200, kind="GET", size=100, **headers):
    """One request that takes so many seconds; returns when it left."""
    with pace.turn() as turn:
        left = clock.now
        clock.now += seconds
        turn.answered(kind, status, {name.replace("_", "-"): text for name, text in headers.items()}, size)
    return left


def test_pace_spaces_requests():
    """Four requests at two a second take a second and a half, however they come."""
    pace, clock = paced(2)

    assert [asked(pace, clock) for _ in range(4)] == [0.0, 0.5, 1.0, 1.5]


def test_pace_lets_a_slow_sender_go():
    """Who asks rarely never waits."""
    pace, clock = paced(1)
    for _ in range(3):
        asked(pace, clock, 5)

    assert clock.waited == []


def test_lanes_grow_while_answers_stay_quick():
    """Slow start: one lane, one more for each answer as quick as the best of its kind, one less when it is much slower."""
    pace, clock = paced(most=4)
    assert pace.lanes == 1
    for _ in range(6):
        asked(pace, clock, 1.0)
    assert pace.lanes == 4
    asked(pace, clock, 3.0)
    assert pace.lanes == 4
    asked(pace, clock, 9.0)
    assert pace.lanes == 3
    asked(pace, clock, 9.0, kind="batch", size=90_000)
    assert pace.lanes == 4


def test_refusals_halve_the_lanes():
    """A refusal by rate halves the lanes; those that were on their way together are one refusal."""
    pace, clock = paced(most=16)
    for _ in range(16):
        asked(pace, clock)
    pace.refused()
    pace.refused()
    assert pace.lanes == 8
    asked(pace, clock, status=429)
    assert pace.lanes == 4


def test_retry_after_holds_everybody():
    """Told to wait by one answer, no thread sends before that; told to wait for hours, nobody does, and it is said when."""
    pace, clock = paced()
    asked(pace, clock, status=503, retry_after="7")
    assert asked(pace, clock) == 7.0

    asked(pace, clock, status=429, retry_after="7200")
    with pytest.raises(Held) as held, pace.turn():
        pass
    assert held.value.seconds == 7200


def test_a_turn_inside_a_turn_is_the_same():
    """Who holds a lane and sends does not wait for another one; a second request in it keeps the distance."""
    pace, clock = paced(1, most=1)
    with pace.turn():
        assert [asked(pace, clock), asked(pace, clock)] == [0.0, 1.0]


def test_what_is_left_is_spread():
    """Near the end of a quota requests keep a distance; at its end they wait for the next one, or stop."""
    pace, clock = paced(most=8)
    for _ in range(10):
        asked(pace, clock, ratelimit_remaining="900", ratelimit_reset="100")
    assert (clock.waited, pace.lanes) == ([], 8)
    asked(pace, clock, ratelimit_remaining="4", ratelimit_reset="100")
    assert pace.lanes == 4
    assert [asked(pace, clock) for _ in range(2)] == [0.0, 10.0]
    asked(pace, clock, ratelimit_remaining="0", ratelimit_reset="60")
    assert asked(pace, clock) == 80.0
    asked(pace, clock, x_rate_limit_remaining="0", x_rate_limit_reset="9999-12-31T23:59:59.1234567Z")
    with pytest.raises(Held), pace.turn():
        pass


@pytest.mark.parametrize(
    ("headers", "quota"),
    [
        ({}, None),
        ({"x-rate-limit-limit": "1h"}, None),
        (
            {
                "x-rate-limit-limit": "1h",
                "x-rate-limit-remaining": "2998",
                "x-rate-limit-reset": "2026-11-24T10:15:41.8315761Z",
                "date": DATE,
            },
            Quota(2998, 941.831576),
        ),
        (
            {
                "x-ratelimit-remaining": "1",
                "x-ratelimit-reset": "1795514405",
                "date": DATE,
                "x-ratelimit-limit": "60",
            },
            Quota(1, 5.0, 60),
        ),
        (
            {"ratelimit-limit": "100, 100;w=10", "ratelimit-remaining": "5", "ratelimit-reset": "30"},
            Quota(5, 30.0, 100),
        ),
        ({"ratelimit": "limit=100, remaining=50, reset=5"}, Quota(50, 5, 100)),
        ({"ratelimit": '"default";r=50;t=30', "ratelimit-policy": '"default";q=100;w=60'}, Quota(50, 30)),
        ({"x-rate-limit-remaining": "-3", "x-rate-limit-reset": "soon"}, Quota(0, None)),
        ({"x-rate-limit-remaining": "many"}, None),
        (
            {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "0001-01-01T00:00:00Z", "date": DATE},
            Quota(0, 0.0),
        ),
        ({"x-rate-limit-remaining": "9" * 40}, None),
    ],
)
def test_quotas(headers, quota):
    """How many requests are left, in each of the ways services say it; what cannot be read says nothing."""
    found = read_quota(headers)

    assert (found is None) == (quota is None)
    if found is not None:
        assert (found.remaining, found.limit) == (quota.remaining, quota.limit)
        assert found.reset == pytest.approx(quota.reset)


@given(st.integers(1, 12), st.lists(st.floats(0, 900), max_size=60))
def test_never_more_than_the_budget(per_hour, breaks):
    """Whatever the rhythm: in no hour do more requests leave than are allowed."""
    pace, clock = paced(per_hour=per_hour)
    left = []
    for seconds in breaks:
        clock.now += seconds
        left.append(asked(pace, clock))

    assert all(later - earlier >= 3599.999 for earlier, later in zip(left, left[per_hour:], strict=False))


@given(st.integers(2, 50))
def test_the_budget_is_used(per_hour):
    """Work of several hours goes on all the time: half a budget at once, the rest without a long silence, as fast as allowed."""
    pace, clock = paced(per_hour=per_hour)
    expected = pace.finishing(4 * per_hour)
    assert pace.finishing(per_hour // 2) == 0
    left = [asked(pace, clock) for _ in range(4 * per_hour)]

    assert left[per_hour // 2 - 1] == 0.0
    assert 0.6 * expected <= left[-1] <= expected == 4 * 3600
    assert max(later - earlier for earlier, later in pairwise(left)) <= 3600 * 2 / per_hour + 1


@given(st.integers(1, 5), st.integers(1, 12))
def test_never_more_lanes_than_allowed(most, threads):
    """However many threads ask, no more than `most` requests are on their way at once, and all of them come."""
    pace = Pace(most=most, pause=lambda _: None)
    together, high, done = [0], [0], [0]
    lock = threading.Lock()

    def work():
        for _ in range(3):
            with pace.turn() as turn:
                with lock:
                    together[0] += 1
                    high[0] = max(high[0], together[0])
                turn.answered("GET", 200, {}, 1)
                with lock:
                    together[0] -= 1
                    done[0] += 1

    crowd = [threading.Thread(target=work) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()

    assert high[0] <= most
    assert done[0] == 3 * threads


def test_a_wait_that_is_cut_short_sends_nothing():
    """Who wants to stop is not kept by a wait, and the request that waited does not leave."""
    pace = Pace(pause=lambda _: True)
    pace.hold(120)

    with pytest.raises(Held), pace.turn():
        pytest.fail("it left")
