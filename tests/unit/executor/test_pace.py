"""Lanes and sizes of batches."""

from executor_world import MODEL, department

from importer.executor.composing import compose
from importer.executor.knowledge import Knowledge
from importer.executor.pace import Pace, take


def sendings(count, name="D"):
    return [compose(department(n, f"{name}{n}"), Knowledge(MODEL), MODEL) for n in range(1, count + 1)]


def test_grows_while_as_quick():
    """One lane more for each answer that is as quick as the best; fewer when it gets slow, half when refused."""
    pace = Pace(size=100, most=4)
    for _ in range(6):
        pace.answered(100, 1.0)
    assert pace.lanes == 4
    pace.answered(100, 2.0)
    assert pace.lanes == 4
    pace.answered(100, 5.0)
    assert (pace.lanes, pace.slowest) == (3, 5.0)
    pace.refused()
    assert pace.lanes == 1


def test_single_requests_never_go_wider_than_four():
    """Without batches at most four requests at a time."""
    pace = Pace(size=100, most=16, lanes=16)
    pace.no_batch()
    pace.answered(1, 1.0)
    assert pace.lanes == 4


def test_halves():
    """A batch too large is halved and remembered, down to one."""
    pace = Pace(size=100, most=4)
    pace.smaller(100)
    pace.smaller(100)
    assert pace.size == 50
    pace.smaller(1)
    assert pace.size == 1


def test_takes_by_count_and_bytes():
    """A batch holds at most `size` operations and 90 kB; what goes alone goes alone."""
    queue = list(reversed(sendings(5)))
    assert [s.action.id for s in take(queue, Pace(size=3, most=1))] == [1, 2, 3]
    queue[0] = queue[0].put_back(alone=True)
    assert [s.action.id for s in take(queue, Pace(size=3, most=1))] == [4]
    assert [s.action.id for s in take(queue, Pace(size=3, most=1))] == [5]
    large = list(reversed(sendings(4, "D" * 40_000)))
    assert len(take(large, Pace(size=100, most=1))) == 2
    assert len(take(large, Pace(size=100, most=1, batches=False))) == 1
