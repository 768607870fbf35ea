"""One service for all tests of the planner; each test finds it empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.planner.world import World, firm


@pytest.fixture(scope="session")
def _firm() -> Iterator[World]:
    with firm() as found:
        yield found


@pytest.fixture
def world(_firm: World, tmp_path: Path) -> World:
    """An empty service of a small firm, and an empty folder."""
    return _firm.fresh(tmp_path)
