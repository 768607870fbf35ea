import pytest

from importer.odata.http.throttling import Pace, retry_after

DATE = "Tue, 24 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
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


def test_pace_spaces_requests():
    """Four requests at two a second take a second and a half, however they come."""
    now, waited = [0.0], []

    def pause(seconds):
        waited.append(seconds)
        now[0] += seconds

    pace = Pace(2, pause=pause, clock=lambda: now[0])
    for _ in range(4):
        pace.wait()

    assert waited == [0.5, 0.5, 0.5]


def test_pace_lets_a_slow_sender_go():
    """Who asks rarely never waits."""
    now = [0.0]
    pace = Pace(1, pause=lambda _: pytest.fail("waited"), clock=lambda: now[0])
    for _ in range(3):
        pace.wait()
        now[0] += 5
