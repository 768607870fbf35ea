"""Which form a batch takes, and what each answer to a part of it means, in whole applies."""

import json

import pytest
from executor_world import World, department, run, write_plan

from importer.odata.http import NoLogin
from importer.plan.file import PlanReader
from importer.problems import ServiceError
from importer.problems.problem import code_of


def departments(tmp_path, count=11):
    return write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, count + 1)])


@pytest.mark.parametrize("named", [True, False])
def test_multipart(tmp_path, named):
    """A service that takes only multipart gets it, and its answers are understood with Content-IDs and without."""
    world = World(batch="multipart", named=named)

    applied = run(departments(tmp_path), world)

    assert (applied.created, world.writes, applied.requests.retry) == (11, 2, 0)
    assert world.forms == ["json", "multipart", "multipart"]


def test_steps_down_and_remembers(tmp_path):
    """Refused as such before any member ran: JSON gives way to multipart, and the service is known for it from then on."""
    world = World(batch="both")
    service = world.service()
    world.status[2] = (415, {}, b"")
    world.service = lambda: service

    applied = run(departments(tmp_path), world)

    assert (applied.created, world.forms[-2:]) == (11, ["json", "multipart"])
    assert service.findings["batch"] == "multipart"


@pytest.mark.parametrize("status", [409, 422, 500, 303])
def test_other_outer_refusals_prove_nothing(tmp_path, status):
    """An outer status that may be a member's is no reason to step down: what was written is read back, and nothing comes twice."""
    world = World()
    world.status[2] = (status, {}, b"")

    applied = run(departments(tmp_path), world)

    assert (applied.created, len(world.log)) == (11, 11)
    assert set(world.forms) == {"json"}


@pytest.mark.parametrize("batch", ["json", "multipart"])
@pytest.mark.parametrize("drop", ["half", "after", "before", "cut", "late"])
def test_lost_batches(tmp_path, batch, drop):
    """However much of a batch was carried out before its answer was lost: everything is there once."""
    world = World(batch=batch, drop={2: drop})

    applied = run(departments(tmp_path), world)

    assert (applied.created, applied.unknown, sorted(world.names())) == (
        11,
        0,
        sorted(f"D{n}" for n in range(1, 12)),
    )


def test_members_left_out(tmp_path):
    """Answers that are missing at the end are unknown, not "not attempted": read back, nothing comes twice."""
    world = World(batch="multipart", omit=4)

    assert run(departments(tmp_path), world).created == 11
    assert len(world.log) == 11


@pytest.mark.parametrize(("renewals", "created"), [(1, 11), (0, 10)])
def test_login_ends_inside_a_batch(tmp_path, renewals, created):
    """A 401 in a part: with a new proof only that part is sent again; without one the apply ends, and nothing is unknown."""
    path = departments(tmp_path)
    world = World(renewals=renewals, once={"D5": 401})

    if renewals:
        assert run(path, world).created == created
        assert len(world.log) == 11
        return
    with pytest.raises(ServiceError) as error:
        run(path, world)
    assert [code_of(problem) for problem in error.value.problems] == ["login-refused"]
    with PlanReader(path) as plan:
        assert sorted(plan.states().values()) == ["done"] * created + ["pending"]


@pytest.mark.parametrize("batch", ["json", "multipart"])
def test_login_server_out_of_reach_inside_a_batch(tmp_path, batch):
    """A 401 in a part while the token server cannot be reached: the apply ends and says why; that part was refused, so it is pending."""
    path = departments(tmp_path)
    world = World(batch=batch, desk="https://auth.example: Connection refused", once={"D5": 401})

    with pytest.raises(ServiceError) as error:
        run(path, world)

    assert [code_of(problem) for problem in error.value.problems] == ["login-refused"]
    assert "https://auth.example: Connection refused" in error.value.problems[0].message()
    with PlanReader(path) as plan:
        assert sorted(plan.states().values()) == ["done"] * 10 + ["pending"]
    world.desk, world.renewals = None, 1
    assert (run(path, world).created, len(world.log)) == (11, 11)


def test_the_token_server_s_reason_is_told(tmp_path):
    """A 401 is empty as a rule; why no other token was given is what helps."""
    world = World(once={"D5": 401}, login=NoLogin(reason="invalid_grant: the user is locked"))

    with pytest.raises(ServiceError) as error:
        run(departments(tmp_path), world)

    assert "invalid_grant: the user is locked" in error.value.problems[0].message()


def test_a_partial_answer_goes_on(tmp_path):
    """An answer with a next link is a part: the rest is read from there, and nothing is sent again."""
    path = departments(tmp_path)
    world = World()
    plain = world._answers
    rest = {}

    def parted(form, members):
        if len(members) < 5:
            return plain(form, members)
        rest["more"] = {"responses": members[4:]}
        whole = {"responses": members[:4], "@odata.nextLink": "more"}
        return 200, {}, json.dumps(whole).encode()

    read = world._read
    world._answers = parted
    world._read = lambda link: (200, {}, json.dumps(rest["more"]).encode()) if link == "more" else read(link)

    applied = run(path, world)

    assert (applied.created, applied.requests.retry, world.writes) == (11, 0, 2)


def test_too_many_is_told_from_too_fast(tmp_path):
    """A 429 without Retry-After halves a batch; where so many were answered before, it is waited instead."""
    world = World()
    world.status[2] = (429, {}, b"")
    world.status[4] = (429, {}, b"")

    applied = run(departments(tmp_path, 40), world, batch_size=10, concurrency=1)

    assert applied.created == 40
    assert world.pauses == [1.0]


def test_a_throttle_that_does_not_end_is_a_refusal(tmp_path):
    """A gateway's page with 403 is waited for, longer each time; when it stays, it is told as a missing right."""
    path = write_plan(tmp_path, [department(1, "A")])
    world = World(status={n: (403, {"content-type": "text/plain"}, b"Forbidden") for n in range(1, 40)})

    applied = run(path, world)

    assert applied.failed == 1
    assert [code_of(problem) for problem in applied.problems].count("access-denied") == 1
    assert world.pauses == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_hours_are_not_waited_for(tmp_path):
    """Told to come back in hours: the apply ends, says when, and what was not sent is pending."""
    path = departments(tmp_path, 5)
    world = World()
    world.status[2] = (503, {"retry-after": "7200"}, b"")

    with pytest.raises(ServiceError) as error:
        run(path, world)

    (problem,) = error.value.problems
    assert (problem.found, len(problem.until)) == ("7200", 16)
    with PlanReader(path) as plan:
        assert sorted(plan.states().values()) == ["done", *["pending"] * 4]


def test_a_pace_that_is_held_sends_nothing(tmp_path):
    """What other threads were told holds for writes too: nothing leaves, and the journal knows of no attempt."""
    path = departments(tmp_path, 3)
    world = World()
    world.pace.hold(4000)

    with pytest.raises(ServiceError):
        run(path, world)

    assert world.writes == 0
    with PlanReader(path) as plan:
        assert set(plan.states().values()) == {"pending"}
        assert not plan.begun()
