"""Forms and sizes of batches."""

import pytest
from executor_world import MODEL, department

from importer.executor.composing import compose
from importer.executor.knowledge import Knowledge
from importer.executor.packing import Packing, take
from importer.odata.batch import Format


def sendings(count, name="D"):
    return [compose(department(n, f"{name}{n}"), Knowledge(MODEL), MODEL) for n in range(1, count + 1)]


def test_single_requests_never_go_wider_than_four():
    """Without batches at most four requests at a time; with them as many as the profile allows."""
    assert Packing(size=100, most=16, form=None).lanes(12) == 4
    assert Packing(size=100, most=16).lanes(12) == 12
    assert Packing(size=100, most=2).lanes(12) == 2


def test_halves():
    """A batch too large is halved and remembered, down to one."""
    packing = Packing(size=100)
    packing.smaller(100)
    packing.smaller(100)
    assert packing.size == 50
    packing.smaller(1)
    assert packing.size == 1


def test_steps_down_once():
    """JSON, then multipart, then single requests; two batches refused together are one step."""
    packing = Packing(size=100, proved=3)
    packing.step_down(Format.JSON)
    packing.step_down(Format.JSON)
    assert (packing.form, packing.proved) == (Format.MULTIPART, 0)
    packing.step_down(Format.MULTIPART)
    assert packing.form is None


@pytest.mark.parametrize("form", Format)
def test_takes_by_count_and_bytes(form):
    """A batch holds at most `size` operations and 90 kB; what goes alone goes alone."""
    queue = list(reversed(sendings(5)))
    assert [s.action.id for s in take(queue, Packing(size=3, form=form))] == [1, 2, 3]
    queue[0] = queue[0].put_back(alone=True)
    assert [s.action.id for s in take(queue, Packing(size=3, form=form))] == [4]
    assert [s.action.id for s in take(queue, Packing(size=3, form=form))] == [5]
    large = list(reversed(sendings(4, "D" * 40_000)))
    assert len(take(large, Packing(size=100, form=form))) == 2
    assert len(take(large, Packing(size=100, form=None))) == 1
