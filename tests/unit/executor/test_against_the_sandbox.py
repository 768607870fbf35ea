"""The executor against a service on a socket, with the habits and faults of real ones; and killed, again and again."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from executor_world import CSDL, change, department, key_of, user, write_plan

import importer
from importer.executor import Options, Settings, apply_plan
from importer.plan import State
from importer.plan.file import PlanReader
from importer.sandbox import Faults, Habits, plain_service, running
from importer.service import open_service

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}


def pack():
    return plain_service(CSDL.encode(), "test")


def apply(path, url, **settings):
    service = open_service("test", url)
    try:
        return apply_plan(
            path, service, settings=Settings(settle=0.01, **settings), options=Options(), pause=lambda _: None
        )
    finally:
        service.close()


def actions(count=60):
    made = [department(n, f"D{n}", code=f"c {n}", rate=n + 0.25, since="2026-02-01") for n in range(1, count)]
    made += [department(count + n, f"S{n}", wave=2, parent=n + 1) for n in range(5)]
    return [*made, *(user(count + 5 + n, f"U{n}", count + n, wave=3) for n in range(5))]


@pytest.mark.parametrize(
    "habits",
    [
        {},
        {"own_keys": "replaced"},
        {"batch_parts": 7, "in_operator": "400"},
        {"duplicate": "409", "post_answer": 204, "top_max": 20},
        {"page_size": 10, "in_operator": "ignored"},
        {"own_keys": "replaced", "post_answer": 204, "batch": "none"},
    ],
)
def test_habits(tmp_path, habits):
    """Whatever the habits, and with answers lost, each action is carried out once and references are right."""
    faults = Faults(drop_after_write={1, 20, 68}, drop_before_write={3, 40}, drop_in_batch={2: 3, 3: 0})
    with running(pack(), habits=Habits(**habits), faults=faults) as there:
        path = write_plan(tmp_path, actions(), url=there.url)
        applied = apply(path, there.url)
        again = apply(path, there.url)

        assert (applied.created, applied.exit_code, applied.problems) == (69, 0, ())
        assert again.nothing_left
        assert len([write for write in there.journal if write["op"] != "update"]) == 69


def test_a_change_on_the_service(tmp_path):
    """Updates meet what is there: changed, deleted, or as the plan saw it."""
    with running(pack()) as there:
        first = write_plan(
            tmp_path,
            [
                department(1, "old", code="a"),
                department(2, "two", code="a"),
                department(3, "three", code="a"),
            ],
            url=there.url,
        )
        apply(first, there.url)
        keys = [key_of(name) for name in ("old", "two", "three")]
        second = write_plan(
            tmp_path,
            [change(n, key, "a", "b") for n, key in enumerate(keys, 1)],
            url=there.url,
            name="b.plan",
        )
        meddling = write_plan(tmp_path, [change(1, keys[1], "a", "theirs")], url=there.url, name="c.plan")
        apply(meddling, there.url)

        applied = apply(second, there.url)

        assert (applied.updated, applied.blocked) == (2, 1)
        assert applied.failures[0].message == 'code: "a" → "theirs"'


CHILD = """
import sys
from pathlib import Path
from importer.executor import Options, Settings, apply_plan
from importer.service import open_service
service = open_service("test", sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
apply_plan(Path(sys.argv[1]), service, settings=Settings(settle=0.05, batch_size=int(sys.argv[3])), options=Options())
"""


@pytest.mark.parametrize(("seed", "own_keys"), [(1, "kept"), (2, "replaced")])
def test_killed_again_and_again(tmp_path, seed, own_keys):
    """Killed at random moments and applied again, the plan ends as if undisturbed: nothing twice, nothing lost."""
    random_ = random.Random(seed)
    child = tmp_path / "child.py"
    child.write_text(CHILD)
    with running(pack(), habits=Habits(own_keys=own_keys)) as there:
        path = write_plan(tmp_path, actions(), url=there.url)
        kills = 0
        for _ in range(3):
            command = [sys.executable, child, path, there.url, "10"]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
            ) as process:
                assert process.stdout.readline() == "ready\n"
                wanted = len(there.journal) + random_.randint(0, 20)
                process.stdin.write("\n")
                process.stdin.flush()
                while process.poll() is None and len(there.journal) < wanted:
                    pass
                process.kill()
            kills += process.returncode == -9
        applied = apply(path, there.url)

        assert kills >= 1
        assert (applied.created, applied.exit_code) == (69, 0)
        assert len(there.journal) == 69
        with PlanReader(path) as plan:
            assert set(plan.states().values()) == {State.DONE}
