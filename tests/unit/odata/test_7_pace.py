"""Chapter 7: how fast we ask.

A service is shared with the people who work in it. We begin slowly, go faster while that does no harm, and do as we are told: wait,
come back tomorrow, take smaller pieces.
"""

import pytest

from importer.odata.http.statuses import Body, Denial, Meaning, Situation, denial, meaning
from importer.odata.http.throttling import PATIENCE, Held, Pace, retry_after


class Day:
    """A clock that moves only when somebody waits or an answer takes its time."""

    def __init__(self):
        self.now = 0.0

    def clock(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds

    def ask(self, pace, *, takes=0.1, status=200, **headers):
        """Send one request; return when it left."""
        with pace.turn() as turn:
            left = self.now
            self.now += takes
            turn.answered(
                "GET", status, {name.replace("_", "-"): text for name, text in headers.items()}, 500
            )
        return left


@pytest.fixture
def day():
    return Day()


@pytest.fixture
def pace(day):
    return Pace(most=4, clock=day.clock, pause=day.wait)


def test_it_begins_with_one_request_at_a_time(day, pace):
    """One lane more for each answer as quick as before, up to what the profile allows."""
    lanes = [pace.lanes]
    for _ in range(5):
        day.ask(pace)
        lanes.append(pace.lanes)

    assert lanes == [1, 2, 3, 4, 4, 4]


def test_a_refusal_halves_it(day, pace):
    """Too fast: half the lanes, and again one by one."""
    for _ in range(5):
        day.ask(pace)
    day.ask(pace, status=429)
    assert pace.lanes == 2
    day.ask(pace)
    assert pace.lanes == 3


def test_told_to_wait_everybody_waits(day, pace):
    """`Retry-After` holds every thread, whoever heard it."""
    day.ask(pace, status=429, retry_after="30")

    assert day.ask(pace) >= 30


def test_dates_are_read_by_the_services_own_clock():
    """Our clock and theirs may differ by hours: the answer's own `Date` is what a date is compared with."""
    said = {"retry-after": "Tue, 24 Nov 2026 10:00:30 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}

    assert retry_after(said) == 30


@pytest.mark.parametrize(
    "said", ["7200", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"], ids=["hours", "digits", "the year 9999"]
)
def test_nobody_waits_for_hours(day, pace, said):
    """What is longer than some minutes is told to a person, with the time to come back."""
    day.ask(pace, status=503, retry_after=said)

    with pytest.raises(Held) as held, pace.turn():
        pass
    assert held.value.seconds > PATIENCE


def test_a_quota_that_runs_out_is_spread(day, pace):
    """3,000 requests an hour, 5 left, ten minutes to go: the last ones keep their distance, and then there is a pause."""
    reset = "2026-11-24T10:00:50.8315761Z"
    at = {"x_rate_limit_limit": "1h", "x_rate_limit_reset": reset, "date": "Tue, 24 Nov 2026 10:00:00 GMT"}
    day.ask(pace, x_rate_limit_remaining="2998", **at)
    before = day.ask(pace, x_rate_limit_remaining="4", **at)
    near = day.ask(pace)
    next_one = day.ask(pace, x_rate_limit_remaining="0", **at)

    assert near - before < 1
    assert next_one - near > 9
    assert day.ask(pace) - next_one > 50


def test_an_hours_budget_is_never_exceeded(day):
    """A service that allows 100 requests an hour gets no more in any hour, and it is known beforehand when the work will be done."""
    pace = Pace(per_hour=100, clock=day.clock, pause=day.wait)
    promised = pace.finishing(250)
    left = [day.ask(pace, takes=0) for _ in range(250)]

    assert all(later - earlier >= 3599.9 for earlier, later in zip(left, left[100:], strict=False))
    assert promised == pytest.approx(left[-1], rel=0.1)


def test_413_and_429_may_be_about_size():
    """A batch refused so without a time to come back is halved, and the size remembered; with a time it is waited."""
    assert meaning(Situation(413, batch=True)) is Meaning.SMALLER
    assert meaning(Situation(429, batch=True)) is Meaning.SMALLER
    assert meaning(Situation(429, batch=True, retry_after=True)) is Meaning.WAIT


def test_403_means_three_things():
    """A gateway's page is a throttle, for a while; OData's own words about a set are a missing right, about an entity a hidden one."""
    assert denial(Body.FOREIGN, worked=True, keyed=False, before=0) is Denial.THROTTLE
    assert denial(Body.FOREIGN, worked=False, keyed=False, before=99) is Denial.NO_RIGHT
    assert denial(Body.EXPLAINED, worked=False, keyed=False, before=0) is Denial.NO_RIGHT
    assert denial(Body.EXPLAINED, worked=True, keyed=True, before=0) is Denial.HIDDEN
