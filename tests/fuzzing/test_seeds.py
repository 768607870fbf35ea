"""Every seed of every fuzzing target is replayed, and a little is mutated; the long runs are `python -m tests.fuzzing`."""

import importlib
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzzing.edges import Edges
from tests.fuzzing.mutating import MAX_LENGTH, Mutator
from tests.fuzzing.running import fuzz

FOLDER = Path(__file__).parent / "seeds"
TARGETS = sorted(item.name for item in FOLDER.iterdir() if item.is_dir())
SEEDS = {name: sorted(path for path in (FOLDER / name).iterdir() if path.is_file()) for name in TARGETS}


def one_of(target):
    return importlib.import_module(f"tests.fuzzing.{target}").one


@pytest.mark.parametrize(
    ("target", "seed"),
    [pytest.param(name, path, id=f"{name}-{path.name}") for name in TARGETS for path in SEEDS[name]],
)
def test_seed(target, seed):
    """An input that once mattered never crashes a parser again."""
    one_of(target)(seed.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_damaged_seeds(target):
    """Seeds damaged at random are read or refused, never a crash."""
    seeds = [path.read_bytes() for path in SEEDS[target]]
    one = one_of(target)

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def damaged(number):
        random = Random(number)
        one(Mutator(random, seeds).mutate(random.choice(seeds), random.choice(seeds)))

    damaged()


def test_the_runner_finds_what_crashes(tmp_path):
    """A crash behind two conditions is reached by coverage, written down once and counted."""
    from importer.text.cleaning import clean

    def one(data):
        if data.startswith(b"ab"):
            clean(data.decode("latin-1"))
            if b"!" in data:
                raise RuntimeError("found")

    tally = fuzz(one, [b"ab<p>", b"!"], seconds=1, seed=1, found=tmp_path)

    ((kind, where),) = tally.findings
    assert kind == "crash"
    assert where.startswith("RuntimeError at")
    assert next(iter(tally.findings.values())).read_bytes().startswith(b"ab")


def test_edges_are_of_our_code_only():
    """A loop of ours that turns more often is news; what foreign code does is not."""
    from importer.text.cleaning import clean

    with Edges() as edges:
        sorted("foreign")
    assert edges.seen() == frozenset()
    with edges:
        clean(" x ")
    assert edges.seen()


def test_who_traced_before_traces_again():
    """Coverage sees what runs after a fuzzing run."""

    def mine(_frame, _event, _argument):
        return None

    before = sys.gettrace()
    sys.settrace(mine)
    try:
        with Edges():
            pass
        after = sys.gettrace()
    finally:
        sys.settrace(before)

    assert after is mine


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(0, 999))
def test_mutations_stay_small(data, other, number):
    """Whatever is mutated keeps under the limit, and the same number makes the same input."""
    made = [Mutator(Random(number), [data, other]).mutate(data, other) for _ in range(2)]

    assert made[0] == made[1]
    assert len(made[0]) <= MAX_LENGTH
