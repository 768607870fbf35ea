import pytest

from importer.odata.http.statuses import DOUBTS, TABLE, Body, Denial, Meaning, Situation, denial, meaning

M = Meaning


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(201), M.DONE),
        (Situation(204), M.DONE),
        (Situation(400, explained=True), M.REFUSED),
        (Situation(400, batch=True, explained=True), M.NO_BATCH),
        (Situation(404, empty=True), M.REFUSED),
        (Situation(405, batch=True, empty=True), M.NO_BATCH),
        (Situation(401), M.LOGIN),
        (Situation(403, explained=True), M.FORBIDDEN),
        (Situation(403, empty=True), M.FORBIDDEN),
        (Situation(403), M.WAIT),
        (Situation(408), M.UNKNOWN),
        (Situation(409, explained=True), M.REFUSED),
        (Situation(412), M.CHANGED),
        (Situation(428), M.CHANGED),
        (Situation(413), M.SMALLER),
        (Situation(413, batch=True), M.SMALLER),
        (Situation(422), M.REFUSED),
        (Situation(424), M.REFUSED),
        (Situation(429), M.WAIT),
        (Situation(429, batch=True), M.SMALLER),
        (Situation(429, batch=True, retry_after=True), M.WAIT),
        (Situation(500, explained=True), M.BUSINESS),
        (Situation(500, empty=True), M.UNKNOWN),
        (Situation(500), M.UNKNOWN),
        (Situation(500, batch=True, explained=True), M.UNKNOWN),
        (Situation(501, batch=True), M.NO_BATCH),
        (Situation(501), M.REFUSED),
        (Situation(502), M.UNKNOWN),
        (Situation(503), M.UNKNOWN),
        (Situation(503, retry_after=True), M.WAIT),
        (Situation(504, explained=True), M.UNKNOWN),
        (Situation(301), M.REFUSED),
        (Situation(302), M.BUSINESS),
        (Situation(303), M.BUSINESS),
        (Situation(307), M.REFUSED),
        (Situation(302, method="GET"), M.REFUSED),
        (Situation(302, batch=True), M.UNKNOWN),
        (Situation(409, batch=True, explained=True), M.UNKNOWN),
        (Situation(412, batch=True), M.UNKNOWN),
        (Situation(422, batch=True), M.UNKNOWN),
        (Situation(404, batch=True), M.NO_BATCH),
        (Situation(100), M.UNKNOWN),
        (Situation(503, method="GET"), M.WAIT),
        (Situation(502, method="GET"), M.UNKNOWN),
        (Situation(500, method="GET", empty=True), M.REFUSED),
        (Situation(414, method="GET", empty=True), M.SMALLER),
    ],
)
def test_meaning(situation, expected):
    """One row of odata-protocol.md §6, "Status → meaning"."""
    assert meaning(situation) is expected


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_only_successes_are_done(method):
    """Whatever else a status means, only 2xx means done."""
    done = [status for status in range(100, 600) if meaning(Situation(status, method=method)) is Meaning.DONE]

    assert done == list(range(200, 300))


def test_every_row_says_why():
    """The table can be printed for people."""
    assert all(rule.why and rule.statuses for rule in TABLE)


@pytest.mark.parametrize(
    ("body", "worked", "keyed", "before", "expected"),
    [
        (Body.FOREIGN, False, False, 0, Denial.THROTTLE),
        (Body.FOREIGN, True, True, 5, Denial.THROTTLE),
        (Body.FOREIGN, False, False, DOUBTS, Denial.NO_RIGHT),
        (Body.EMPTY, True, False, 0, Denial.THROTTLE),
        (Body.EMPTY, False, False, 0, Denial.THROTTLE),
        (Body.EMPTY, False, False, 3, Denial.NO_RIGHT),
        (Body.EMPTY, True, False, 5, Denial.THROTTLE),
        (Body.EXPLAINED, False, True, 0, Denial.NO_RIGHT),
        (Body.EXPLAINED, True, False, 0, Denial.NO_RIGHT),
        (Body.EXPLAINED, True, True, 0, Denial.HIDDEN),
        (Body.EMPTY, True, True, DOUBTS, Denial.HIDDEN),
    ],
)
def test_the_three_meanings_of_403(body, worked, keyed, before, expected):
    """No right, a gateway's throttle, a hidden entity: by who wrote the body, and by what worked a moment ago (timetta.md §6)."""
    assert denial(body, worked=worked, keyed=keyed, before=before) is expected


def test_an_impossible_status_is_unknown():
    """Whatever is not in the table may have been carried out."""
    assert meaning(Situation(1000)) is Meaning.UNKNOWN
