"""A plan file says, at any age, exactly what was planned."""

import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.plan import Action, Change, Fate, FilePrint, Origin, RowFate, State, StepTotals, Verb
from importer.plan.file import PlanReader, PlanWriter
from importer.plan.totals import ActionCounts
from importer.problems import (
    CellPlace,
    ConfigurationError,
    EntityPlace,
    FilePlace,
    Near,
    ProblemGroup,
    RecipePlace,
    RecordedProblem,
    Severity,
)
from importer.problems.problem import code_of

words = st.text(max_size=8)
names = st.text(min_size=1, max_size=6)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | decimals | words | st.just({"$action": 3}),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=5,
)
mappings = st.dictionaries(words, json_values, max_size=3)


def as_function(kind):
    """A maker whose signature nobody reads: that of a struct names JSON values, which contain themselves."""

    def make(**values):
        return kind(**values)

    return make


cells = st.builds(
    CellPlace,
    names,
    st.none() | names,
    st.none() | st.text("ABC", min_size=1, max_size=2),
    st.integers(1, 10**6),
)
changes = st.builds(
    as_function(Change),
    property=words,
    before=json_values,
    after=json_values,
    before_text=st.none() | words,
    after_text=st.none() | words,
)
actions = st.builds(
    as_function(Action),
    id=st.just(0),
    step=words,
    set=words,
    type=words,
    verb=st.sampled_from(Verb),
    title=words,
    key=st.none() | mappings,
    own_key=st.booleans(),
    wave=st.integers(0, 3),
    places=st.lists(cells, max_size=2).map(tuple),
    changes=st.lists(changes, max_size=3).map(tuple),
    body=mappings,
    search=st.lists(mappings, max_size=2).map(tuple),
    guard=mappings,
    etag=st.none() | words,
    after=st.lists(st.integers(1, 9), max_size=2).map(tuple),
    reason=st.none() | words,
)
ORIGIN = Origin(
    importer="0.1",
    recipe=FilePrint("/r.yaml", "r.yaml", "ab"),
    files=(FilePrint("/b.xlsx", "книга", "cd"),),
    service="s",
    url="https://x/odata/",
    metadata="ef",
    used={"Users": ("id", "name")},
    created="2026-01-31T09:00:00Z",
    today="2026-01-31T09:00:00+03:00",
    keys="client",
    description="d",
    options={"n": Decimal("1.10")},
)


def write(path, *, actions=(), steps=(), problems=(), rows=()):
    with PlanWriter(path) as plan:
        plan.origin(ORIGIN)
        plan.steps(steps)
        plan.actions(actions)
        plan.rows(rows)
        plan.problems(problems)
        return plan.seal()


def numbered(found):
    return [msgspec.structs.replace(action, id=number) for number, action in enumerate(found, 1)]


@settings(max_examples=30, deadline=None)
@given(st.lists(actions, max_size=4).map(numbered))
def test_there_and_back(wanted):
    """Every action is read as it was written: decimals with all digits, references, texts of any signs."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PlanReader(write(Path(folder) / "a.plan", actions=wanted)) as plan,
    ):
        assert list(plan.actions()) == wanted
        assert [plan.action(action.id) for action in wanted] == wanted
        assert plan.origin() == ORIGIN


def action(number, verb=Verb.CREATE, *, step="users", wave=1, row=None, key=None, **more):
    places = (CellPlace("b", "S", "A", row),) if row else ()
    return Action(
        id=number,
        step=step,
        set="Users",
        type="N.User",
        verb=verb,
        title=f"t{number}",
        wave=wave,
        places=places,
        key=key,
        **more,
    )


@pytest.fixture
def plan(tmp_path):
    wanted = [
        action(1, row=5, key={"id": "k1"}),
        action(2, Verb.UPDATE, row=6, key={"a": 7, "b": "x"}),
        action(3, Verb.UNCHANGED, wave=0, row=6),
        action(4, step="projects", wave=2, key={"id": {"$action": 1}}),
        action(5, Verb.BLOCKED, wave=0),
    ]
    steps = [
        StepTotals(
            name="users",
            to="Users",
            rows=4,
            outside=1,
            not_for_step=2,
            merged=3,
            create=4,
            update=5,
            unchanged=6,
            skip=7,
            blocked=8,
        ),
        StepTotals(name="projects", to="Projects"),
        StepTotals(name="empty", to="E"),
    ]
    with PlanReader(write(tmp_path / "new" / "a.plan", actions=wanted, steps=steps)) as reader:
        yield reader


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"verbs": frozenset({Verb.CREATE})}, [1, 4]),
        ({"verbs": frozenset()}, []),
        ({"step": "projects"}, [4]),
        ({"wave": 1}, [1, 2]),
        ({"row": 6}, [2, 3]),
        ({"row": 99}, []),
        ({"key": "k1"}, [1]),
        ({"key": "7"}, [2]),
        ({"key": "x"}, [2]),
        ({"key": "nobody"}, []),
        ({"row": 6, "wave": 1, "verbs": frozenset({Verb.UPDATE}), "step": "users", "key": "x"}, [2]),
    ],
)
def test_asking(plan, asked, found):
    """Actions are found by what is done, step, wave, row of the workbook and key."""
    assert [action.id for action in plan.actions(**asked)] == found


def test_accounting(plan):
    """The steps with their counts; entities to be written are counted from the actions."""
    users, projects, empty = plan.steps()

    assert (users.rows, users.outside, users.not_for_step, users.merged, users.create, users.update) == (
        4,
        1,
        2,
        3,
        4,
        5,
    )
    assert (users.unchanged, users.skip, users.blocked) == (6, 7, 8)
    assert [step.actions for step in (users, projects, empty)] == [
        ActionCounts(1, 1),
        ActionCounts(1),
        ActionCounts(),
    ]
    assert plan.waves() == (1, 2)
    assert plan.states() == {1: State.PENDING, 2: State.PENDING, 4: State.PENDING}
    assert (plan.begun(), plan.outcomes()) == (False, {})
    assert plan.tally() == (
        (1, "users", Verb.CREATE, State.PENDING, 1),
        (1, "users", Verb.UPDATE, State.PENDING, 1),
        (2, "projects", Verb.CREATE, State.PENDING, 1),
    )


def test_many_actions(tmp_path):
    """Plans are written and read in streams: more actions than a chunk come back in order."""
    with PlanReader(
        write(
            tmp_path / "a.plan",
            actions=(action(n, changes=(Change(property="x", after=n),)) for n in range(1, 2_203)),
        )
    ) as plan:
        assert [(found.id, found.changes[0].after) for found in plan.actions()] == [
            (n, n) for n in range(1, 2_203)
        ]


def test_problems(tmp_path):
    """Problems are kept with all their places, and still speak."""
    kept = RecordedProblem(
        place=RecipePlace("r", 1, 2),
        found="f",
        expected="e",
        near=(Near("w", 0.9, "k"),),
        step="s",
        kept_code="c",
        kept_severity=Severity.BLOCKED,
        kept_text="{found} of {n}",
        kept_hint="h {found}",
        kept={"found": "f", "n": 3},
    )
    places = (RecipePlace("r", 1, 2), CellPlace("b", None, "A", 1), FilePlace("f"), EntityPlace("U", "1"))
    bare = RecordedProblem(kept_code="d", kept_severity=Severity.NOTE, kept_text="x", kept_hint="", kept={})
    groups = [ProblemGroup(kept, places, 17), ProblemGroup(bare, (), 1)]

    with PlanReader(write(tmp_path / "a.plan", problems=groups)) as plan:
        first, second = plan.problems()

    assert (first, second) == tuple(groups)
    assert (first.problem.message(), first.problem.advice(), code_of(second.problem)) == (
        "f of 3",
        "h f",
        "d",
    )


def test_rows(tmp_path):
    """What became of each row can be asked with plain SQL: the file's tables are documented."""
    rows = [
        RowFate("s", CellPlace("b", "S", None, 5), Fate.MERGED, 7, "first"),
        RowFate("s", CellPlace("b", None, None, 6), Fate.SKIP),
    ]
    path = write(tmp_path / "a.plan", rows=rows)

    connection = sqlite3.connect(path)
    assert list(connection.execute("select * from row_fate")) == [
        ("s", "b", "S", 5, "merged", 7, "first"),
        ("s", "b", None, 6, "skip", None, None),
    ]
    for view in ("latest", "actions", "changes", "problems", "journal"):
        connection.execute(f"select * from {view}")
    connection.close()


def test_nothing_unless_sealed(tmp_path):
    """A plan that was not finished leaves nothing, nor does it touch the one that was there."""
    path = write(tmp_path / "a.plan", actions=[action(1)])
    before = path.read_bytes()

    def endless():
        yield action(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), PlanWriter(path) as plan:
        plan.actions(endless())

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_made_again(tmp_path):
    """A plan made again takes the place of the old one."""
    path = write(tmp_path / "a.plan", actions=[action(1)])
    write(path, actions=[action(1), action(2)])

    with PlanReader(path) as plan:
        assert len(list(plan.actions())) == 2


def refused(path):
    with pytest.raises(ConfigurationError) as stop:
        PlanReader(path)
    return [(code_of(problem), problem.found) for problem in stop.value.problems]


def test_no_plan(tmp_path):
    """A missing file, a folder, another file, another database: each is told for what it is."""
    text, database, empty = tmp_path / "text", tmp_path / "database", tmp_path / "empty"
    text.write_text("not a database at all" * 100)
    empty.touch()
    connection = sqlite3.connect(database)
    connection.execute("create table x (y)")
    connection.close()

    assert refused(tmp_path / "nowhere") == [("file-missing", str(tmp_path / "nowhere"))]
    assert refused(tmp_path) == [("file-missing", str(tmp_path))]
    for path in (text, database, empty):
        assert refused(path) == [("file-unreadable", str(path))]


def test_another_format(tmp_path):
    """A plan of another version is refused, never guessed at."""
    path = write(tmp_path / "a.plan")
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 99")
    connection.close()

    assert refused(path) == [("plan-stale", str(path))]


@pytest.mark.parametrize("kept", [0, 50, 99, 100, 1_000])
def test_cut_short(tmp_path, kept):
    """A plan cut short is not read as a plan with fewer actions."""
    path = write(tmp_path / "a.plan", actions=[action(n) for n in range(1, 50)])
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises((ConfigurationError, sqlite3.DatabaseError)), PlanReader(path) as plan:
        list(plan.actions())
