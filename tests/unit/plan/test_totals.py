"""Sums of the accounting."""

from importer.plan import StepTotals, sum_totals
from importer.plan.totals import ActionCounts


def test_sums():
    """Every count is summed; no steps are nothing."""
    one = StepTotals(
        name="a", to="A", rows=5, create=2, blocked=3, outside=1, actions=ActionCounts(create=2, call=1)
    )
    two = StepTotals(
        name="b",
        to="B",
        rows=4,
        update=1,
        merged=1,
        skip=1,
        not_for_step=1,
        actions=ActionCounts(update=1, delete=4),
    )

    assert sum_totals([one, two]) == StepTotals(
        name="",
        to="",
        rows=9,
        outside=1,
        not_for_step=1,
        merged=1,
        create=2,
        update=1,
        skip=1,
        blocked=3,
        actions=ActionCounts(2, 1, 4, 1),
    )
    assert sum_totals([]) == StepTotals(name="", to="")
