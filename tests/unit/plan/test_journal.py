"""What was sent is known after any crash, and one apply at a time holds a plan."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

import importer
from importer.plan import Action, FilePrint, Origin, State, Verb
from importer.plan.file import Intent, Journal, Outcome, PlanReader, PlanWriter
from importer.problems import ConfigurationError, RefusedError
from importer.problems.problem import code_of

START = datetime(2026, 1, 31, 9, tzinfo=UTC)


class Clock:
    """A clock that goes on by a second each time it is looked at."""

    def __init__(self):
        self.looked = 0

    def __call__(self):
        self.looked += 1
        return START + timedelta(seconds=self.looked)


@pytest.fixture
def path(tmp_path):
    recipe = FilePrint("r", "r", "x")
    with PlanWriter(tmp_path / "a.plan") as plan:
        plan.origin(
            Origin(
                importer="1",
                recipe=recipe,
                files=(),
                service="s",
                url="u",
                metadata="m",
                used={},
                created="c",
                today="t",
            )
        )
        plan.actions(
            Action(id=n, step="s", set="Users", type="N.U", verb=Verb.CREATE, title=str(n), wave=1)
            for n in range(1, 201)
        )
        return plan.seal()


def states(path):
    with PlanReader(path) as plan:
        return {number: state for number, state in plan.states().items() if state is not State.PENDING}


def test_intents_and_outcomes(path):
    """An intent makes an action unknown, an outcome settles it, another attempt opens it again."""
    with Journal(path, clock=Clock()) as journal, PlanReader(path) as plan:
        assert not plan.begun()
        journal.intend([Intent(action=1, key={"id": "k"}), Intent(action=2)])
        assert (plan.begun(), plan.states()[1], plan.states()[2], plan.states()[3]) == (
            True,
            State.UNKNOWN,
            State.UNKNOWN,
            State.PENDING,
        )
        journal.conclude(
            [
                Outcome(action=1, state=State.DONE, status=201, key={"id": "theirs"}, etag="e"),
                Outcome(action=2, state=State.PENDING, status=429),
                Outcome(action=3, state=State.BLOCKED, code="plan-stale", message="changed", sent=False),
            ]
        )
        journal.flush()
        assert (plan.states()[1], plan.states()[2], plan.states()[3]) == (
            State.DONE,
            State.PENDING,
            State.BLOCKED,
        )
        journal.intend([Intent(action=2)])
        journal.conclude([Outcome(action=2, state=State.FAILED, status=500, code="X", message="сказано")])

    with PlanReader(path) as plan:
        found = plan.outcomes()
    assert found[1] == {
        "action": 1,
        "number": 1,
        "sent": "2026-01-31T09:00:02.000000Z",
        "key": {"id": "k"},
        "answered": "2026-01-31T09:00:04.000000Z",
        "outcome": "done",
        "status": 201,
        "code": None,
        "message": None,
        "made_key": {"id": "theirs"},
        "etag": "e",
    }
    assert (found[2]["number"], found[2]["outcome"], found[2]["message"]) == (2, "failed", "сказано")
    assert (found[3]["sent"], found[3]["outcome"], found[3]["code"]) == (None, "blocked", "plan-stale")


def test_one_file_again(path):
    """A closed journal leaves one file, which can be mailed, and no holder."""
    with Journal(path) as journal:
        journal.intend([Intent(action=1)])

    assert list(path.parent.iterdir()) == [path]
    with Journal(path):
        pass


def test_a_reader_does_not_hinder(path):
    """While somebody looks at a plan it can be applied and closed."""
    with PlanReader(path) as plan:
        list(plan.actions())
        with Journal(path) as journal:
            journal.intend([Intent(action=1)])
        assert plan.states()[1] is State.UNKNOWN


def test_the_second_apply_is_refused(path):
    """One apply at a time holds a plan; the message says who and since when."""
    with Journal(path, clock=Clock()):
        with pytest.raises(RefusedError) as refused:
            Journal(path)
        (problem,) = refused.value.problems

    assert code_of(problem) == "plan-held"
    assert (problem.pid, problem.host, problem.since) == (
        os.getpid(),
        socket.gethostname(),
        "2026-01-31T09:00:01.000000Z",
    )
    assert str(os.getpid()) in problem.message()


def hold(path, host, pid, started):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("insert or replace into holder values (1, ?, ?, ?, 'then')", (host, pid, started))
    connection.close()


def test_a_dead_owner(path):
    """The lock of a process that is no more, or whose number another process has now, is taken over."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    started = psutil.Process(ended.pid).create_time()
    ended.wait()
    for pid, born in ((ended.pid, started), (os.getpid(), psutil.Process().create_time() - 3600)):
        hold(path, socket.gethostname(), pid, born)
        with Journal(path) as journal:
            journal.intend([Intent(action=1)])


def test_an_owner_elsewhere_is_believed(path):
    """Whether a process of another machine lives cannot be seen from here."""
    hold(path, "another-host", 1, 0.0)

    with pytest.raises(RefusedError, match="another-host"):
        Journal(path)


def test_no_plan(tmp_path):
    """There is no journal without a plan."""
    with pytest.raises(ConfigurationError):
        Journal(tmp_path / "nowhere.plan")


def test_many_threads(path):
    """Threads share commits; what each was told to be on disk is there, once."""
    missing = []

    def work(journal, plan_path, numbers):
        for number in numbers:
            journal.intend([Intent(action=number)])
            with PlanReader(plan_path) as plan:
                if plan.states()[number] is not State.UNKNOWN:
                    missing.append(number)
            journal.conclude([Outcome(action=number, state=State.DONE, status=201)])

    with Journal(path) as journal:
        threads = [
            threading.Thread(target=work, args=(journal, path, range(first, 201, 8))) for first in range(1, 9)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert missing == []
    assert states(path) == dict.fromkeys(range(1, 201), State.DONE)


CRASH = """
import os, sys
from pathlib import Path
from importer.plan import State
from importer.plan.file import Intent, Journal, Outcome
journal = Journal(Path(sys.argv[1]))
journal.intend([Intent(action=1, key={"id": "k1"}), Intent(action=2)])
journal.conclude([Outcome(action=1, state=State.DONE)])
journal.flush()
journal.intend([Intent(action=3)])
os._exit(9)
"""


def test_a_crash(path):
    """After a crash without any closing everything that was intended is there, and the plan can be taken over."""
    environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", CRASH, path], env=environment, check=False).returncode == 9

    assert states(path) == {1: State.DONE, 2: State.UNKNOWN, 3: State.UNKNOWN}
    with Journal(path) as journal:
        journal.intend([Intent(action=2)])
        journal.conclude([Outcome(action=2, state=State.DONE)])
    assert states(path) == {1: State.DONE, 2: State.DONE, 3: State.UNKNOWN}
    with PlanReader(path) as plan:
        assert (plan.outcomes()[1]["key"], plan.outcomes()[2]["number"]) == ({"id": "k1"}, 2)


def test_the_power_fails(path, tmp_path):
    """What the disk holds at the moment that `intend` returns is enough, whatever the process holds."""
    with Journal(path) as journal:
        journal.intend([Intent(action=1)])
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in path.parent.glob("a.plan*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, copy)

    assert states(copy / "a.plan") == {1: State.UNKNOWN}


def test_what_cannot_be_written_stops_everything(path):
    """When the journal cannot be written, nobody who waits is told that it was; nothing more is sent."""
    journal = Journal(path)
    with pytest.raises(OSError, match="journal cannot be written"):
        journal.intend([Intent(action=object())])
    for attempt in (
        lambda: journal.intend([Intent(action=2)]),
        journal.flush,
        lambda: journal.conclude([]),
        journal.close,
    ):
        with pytest.raises(OSError, match="journal cannot be written"):
            attempt()
    assert states(path) == {}


def test_an_outcome_of_nothing(path):
    """An outcome of what was never intended is our mistake: it is told, and hangs nobody."""
    journal = Journal(path)
    journal.conclude([Outcome(action=5, state=State.DONE)])
    with pytest.raises(OSError, match="journal cannot be written"):
        journal.flush()
    with pytest.raises(OSError, match="journal cannot be written"):
        journal.close()
    assert states(path) == {}
