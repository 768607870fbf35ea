"""Whole applies against a service in memory: what is sent, what is not, and what is said about it."""

import threading

import pytest
from executor_world import World, change, department, key_of, run, user, write_plan

from importer.executor import Options, Settings, apply_plan
from importer.plan.file import Journal, PlanReader
from importer.problems import BlockedError, FilePlace, Interrupted, ProblemGroup, RefusedError, ServiceError
from importer.problems.problem import code_of

OLD = key_of("old")


def codes(applied):
    return sorted({code_of(problem) for problem in applied.problems})


def holding(**values):
    """A service with one department that was there before."""
    world = World()
    world.store["Departments"][OLD] = {"id": OLD, "name": "old", "code": "a", **values}
    return world


def test_everything_is_written_once(tmp_path):
    """A plan is carried out, references filled with the keys that were made; applied again it sends nothing."""
    path = write_plan(
        tmp_path,
        [
            department(1, "A"),
            department(2, "B"),
            department(3, "C", wave=2, parent=1),
            user(4, "U", 3, wave=3),
        ],
    )
    world = World()

    applied = run(path, world)
    again = run(path, world)

    assert (applied.created, applied.exit_code, applied.problems) == (4, 0, ())
    assert world.names() == ["A", "B", "C"]
    assert not applied.nothing_left
    assert again.nothing_left
    assert again.requests.write == 0
    assert [item.name for item in tmp_path.glob("a.plan*")] == ["a.plan"]


def test_first_create_of_a_set_goes_alone(tmp_path):
    """The first create teaches whether our keys are kept; the others go in batches."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 41)])
    world = World()

    run(path, world)

    assert world.writes == 2
    assert set(world.store["Departments"]) == {key_of(f"D{n}") for n in range(1, 41)}


def test_replaced_keys_are_followed(tmp_path):
    """Where the service replaces our keys, references get the keys it made, also in a later apply."""
    actions = [
        *(department(n, f"D{n}") for n in range(1, 6)),
        department(6, "child", wave=2, parent=5),
        user(7, "U", 6, wave=3),
    ]
    path = write_plan(tmp_path, actions)
    world = World(keys="replaced")
    world.drop[3] = "after"

    applied = run(path, world)

    assert applied.created == 7
    departments = world.store["Departments"]
    assert [
        departments[item["parentId"]]["name"] for item in departments.values() if item.get("parentId")
    ] == ["D5"]
    assert all(departments[item["departmentId"]]["name"] == "child" for item in world.store["Users"].values())


@pytest.mark.parametrize("keys", ["server", "client"])
def test_profile_says_whose_keys(tmp_path, keys):
    """`keys: server` sends none of ours, `keys: client` trusts that they are kept and sends no create alone."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 6)])
    world = World()

    applied = run(path, world, keys=keys)

    assert (applied.created, world.writes) == (5, 1)
    assert (key_of("D1") in world.store["Departments"]) == (keys == "client")


def test_single_requests_without_a_batch(tmp_path):
    """A service without batches gets single requests."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 6)])
    world = World(batch="none")

    assert run(path, world).created == 5
    assert world.writes == 5


def test_too_large_a_batch_is_halved(tmp_path):
    """An empty 500 for a whole batch: nothing was written, so halves go, until they are small enough."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 42)])
    world = World(parts=12)

    applied = run(path, world)

    assert (applied.created, applied.failed) == (41, 0)
    assert len(world.store["Departments"]) == 41


@pytest.mark.parametrize("answer", [(413, {}, b""), (429, {}, b""), (400, {}, b"")])
def test_refused_batches_are_put_back(tmp_path, answer):
    """A batch refused as a whole was not carried out; it goes smaller, or as single requests."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 12)])
    world = World()
    world.status[2] = answer

    applied = run(path, world)

    assert (applied.created, applied.requests.retry > 0) == (11, True)


def test_waits_as_long_as_asked(tmp_path):
    """A refusal with Retry-After is waited for, then only what was refused is sent again."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 12)])
    world = World()
    world.status[2] = (503, {"retry-after": "7"}, b"")

    assert run(path, world).created == 11
    assert 7.0 in world.pauses


def test_gives_up_when_asked_to_wait_for_long(tmp_path):
    """Nobody waits for an hour: the apply ends, and what was not sent is pending."""
    path = write_plan(tmp_path, [department(1, "A"), department(2, "B")])
    world = World()
    world.status[1] = (429, {"retry-after": "3600"}, b"")

    with pytest.raises(ServiceError):
        run(path, world)

    assert run(path, world).created == 2


def test_login_refused_ends_it(tmp_path):
    """A 401 stops everything; nothing is unknown, and the next apply goes on."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 6)])
    world = World()
    world.status[2] = (401, {}, b"")

    with pytest.raises(ServiceError) as error:
        run(path, world)

    assert [code_of(problem) for problem in error.value.problems] == ["login-refused"]
    with PlanReader(path) as plan:
        assert sorted(plan.states().values()) == ["done", *["pending"] * 4]
    assert run(path, world).created == 5


def test_nobody_answers(tmp_path):
    """A service that cannot be reached ends it with code 5; nothing was sent."""
    path = write_plan(tmp_path, [department(1, "A")])
    world = World(drop=dict.fromkeys(range(1, 50), "refused"))

    with pytest.raises(ServiceError) as error:
        run(path, world)

    assert error.value.exit_code == 5
    with PlanReader(path) as plan:
        assert plan.states() == {1: "pending"}


def test_forbidden_set_is_left(tmp_path):
    """A 403 stops the set; other sets go on."""
    actions = [department(n, f"D{n}") for n in range(1, 4)]
    actions.append(change(9, OLD, "a", "b", wave=2))
    path = write_plan(tmp_path, [*actions, user(10, "U", 1, wave=3)])
    world = holding()
    world.refuse["D2"] = (403, "no")
    world.batch = "none"

    applied = run(path, world, concurrency=1)

    assert (applied.created, applied.failed, applied.exit_code) == (2, 1, 7)
    assert "access-denied" in codes(applied)
    assert world.names("Users") == ["U"]


def test_business_refusal_is_told_whole(tmp_path):
    """A 500 with an OData error is the service's word: the action failed, the others are done, what refers to it waits."""
    path = write_plan(
        tmp_path, [department(1, "A"), department(2, "B"), department(3, "C", wave=2, parent=2)]
    )
    world = World(refuse={"B": (500, "Отдел с таким именем уже есть")})

    applied = run(path, world)

    assert (applied.created, applied.failed, applied.pending, applied.exit_code) == (1, 1, 1, 7)
    (failure,) = applied.failures
    assert (failure.id, failure.status, failure.code, failure.message) == (
        2,
        500,
        "Rule",
        "Отдел с таким именем уже есть",
    )
    assert codes(applied) == ["depends-on-failed", "service-refused"]

    world.refuse.clear()
    assert run(path, world).created == 3


def test_mute_refusal_is_heard_alone(tmp_path):
    """An empty 500 inside a batch: after a look proved that nothing was written, the operation is repeated alone to hear why."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 5)])
    world = World(mute=True, refuse={"D3": (500, "why")})

    applied = run(path, world)

    assert (applied.created, applied.failed) == (3, 1)
    assert applied.failures[0].message == "why"


def test_entity_changed_since_the_plan(tmp_path):
    """What somebody changed or deleted since the plan is not overwritten, and says what changed."""
    path = write_plan(tmp_path, [change(1, OLD, "a", "b"), change(2, key_of("gone"), "a", "b")])
    world = holding(code="theirs")

    applied = run(path, world)
    again = run(path, world)

    assert (applied.blocked, applied.exit_code, world.log) == (2, 7, [])
    assert applied.failures[0].message == 'code: "a" → "theirs"'
    assert codes(applied) == ["entity-changed"]
    assert (again.blocked, again.requests.write) == (2, 0)


def test_what_is_as_wanted_needs_no_write(tmp_path):
    """An entity that somebody else brought to the wanted state is done."""
    path = write_plan(tmp_path, [change(1, OLD, "a", "b")])
    world = holding(code="b")

    assert (run(path, world).updated, world.log) == (1, [])


@pytest.mark.parametrize("need", [True, False])
def test_etag_read_before_the_wave(tmp_path, need):
    """A plan without ETags: the one read with the guard goes with the update."""
    path = write_plan(tmp_path, [change(1, OLD, "a", "b")])
    world = holding()
    world.etags, world.need_etag = True, need

    assert run(path, world).updated == 1


def test_stale_etag(tmp_path):
    """An ETag guards the whole entity: another property changed is a change; what is already as wanted is done."""
    path = write_plan(tmp_path, [change(1, OLD, "a", "b", etag='W/"0"')])
    world = holding()
    world.etags, world.versions = True, {OLD: 3}

    applied = run(path, world)

    assert (applied.blocked, world.store["Departments"][OLD]["code"]) == (1, "a")
    assert applied.failures[0].message == "its version is another one"

    path = write_plan(tmp_path, [change(1, OLD, "a", "b", etag='W/"0"')], name="b.plan")
    world.store["Departments"][OLD]["code"] = "b"
    assert run(path, world).updated == 1


def test_created_by_somebody_else(tmp_path):
    """An entity with the match values that came since the plan blocks the create."""
    path = write_plan(tmp_path, [department(1, "old"), department(2, "new")])
    world = holding()

    applied = run(path, world)

    assert (applied.created, applied.blocked, world.names()) == (1, 1, ["new", "old"])


def test_duplicate_key_of_another(tmp_path):
    """Something else under our key: the create failed, nothing is overwritten."""
    path = write_plan(tmp_path, [department(1, "A", searched=False), department(2, "B")])
    world = World()
    world.store["Departments"][key_of("A")] = {"id": key_of("A"), "name": "other"}
    world.store["Departments"][key_of("B")] = {"id": key_of("B"), "name": "other"}

    applied = run(path, world)

    assert (applied.blocked, applied.failed) == (1, 1)
    assert applied.failures[1].code == "SQLITE_CONSTRAINT_PRIMARYKEY"
    assert world.names() == ["other", "other"]


def test_late_write_after_a_failure(tmp_path):
    """A create that failed for want of an answer and came late all the same is found to be ours."""
    path = write_plan(tmp_path, [department(1, "A")])
    world = World(drop=dict.fromkeys(range(1, 5), "before"))
    assert run(path, world).failures[0].code == "unanswered"
    world.store["Departments"][key_of("A")] = {"id": key_of("A"), "name": "A"}

    assert (run(path, world).created, world.log) == (1, [])


def test_late_write_of_another_content(tmp_path):
    """Our key with other content is told, never overwritten."""
    path = write_plan(tmp_path, [department(1, "A", code="1")])
    world = World(drop=dict.fromkeys(range(1, 5), "before"))
    run(path, world)
    world.store["Departments"][key_of("A")] = {"id": key_of("A"), "name": "A", "code": "2"}

    applied = run(path, world)

    assert (applied.failed, applied.failures[0].code, codes(applied)) == (1, "key-taken", ["key-taken"])


def test_nothing_to_search_by(tmp_path):
    """A lost create with a key of the service's and nothing to search by stays unknown, and is never sent again."""
    path = write_plan(tmp_path, [department(1, "A", own_key=False, searched=False)])
    world = World(drop={1: "after"})

    assert run(path, world).exit_code == 8
    applied = run(path, world)

    assert (applied.unknown, applied.exit_code, codes(applied), world.names()) == (
        1,
        8,
        ["outcome-unknown"],
        ["A"],
    )


def test_stored_differently(tmp_path):
    """What the service did not store as sent is a warning; an update of which nothing was stored is a failure."""
    path = write_plan(tmp_path, [department(1, "A", code="1"), change(2, OLD, "a", "b")])
    world = holding()
    world.ignore = {"code"}

    applied = run(path, world)

    assert (applied.created, applied.failed, codes(applied)) == (1, 1, ["not-stored", "stored-differently"])


@pytest.mark.parametrize("keys", ["kept", "replaced"])
def test_answers_without_a_body_are_read_back(tmp_path, keys):
    """204 says nothing about what was stored: it is read, all at once."""
    path = write_plan(
        tmp_path, [department(1, "A", code="1"), department(2, "B", code="2"), change(3, OLD, "a", "b")]
    )
    world = holding()
    world.minimal, world.keys = True, keys
    world.ignore = {"since"}

    applied = run(path, world)

    assert (applied.created, applied.updated, applied.problems) == (2, 1, ())


@pytest.mark.parametrize("ignored", [False, True])
def test_binds_are_followed(tmp_path, ignored):
    """Some services take a bind and do not set it: it is read, and a difference told."""
    made = user(2, "U", 1)
    made.body["boss@odata.bind"] = {"$bind": "Departments", "key": {"$action": 1}}
    path = write_plan(tmp_path, [department(1, "A"), made])
    world = World()
    world.ignore = {"boss@odata.bind"} if ignored else set()

    applied = run(path, world)

    assert (applied.created, codes(applied)) == (2, ["stored-differently"] if ignored else [])


@pytest.mark.parametrize(("status", "failed"), [(409, 1), (424, 0), (412, 1), (403, 0), (405, 1)])
def test_members_refused_each_in_its_way(tmp_path, status, failed):
    """Inside a batch 424 and a gateway's 403 are sent again, other refusals are told; the others are done."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 5)])
    world = World(once={"D3": status})

    applied = run(path, world)

    assert (applied.created, applied.failed) == (4 - failed, failed)


def test_members_without_an_answer(tmp_path):
    """What a batch says nothing about is looked for; a batch that was answered is not made smaller for it."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 12)])
    world = World(omit=3)

    applied = run(path, world)

    assert (applied.created, world.writes, len(world.log)) == (11, 2, 11)


def test_duplicate_of_our_own(tmp_path):
    """A late twin meets its own key: the refusal is verified, and the entity is ours."""
    path = write_plan(tmp_path, [department(1, "A"), department(2, "B")])
    world = World()
    world.drop[1] = "after"
    world.hidden = 2

    assert (run(path, world).created, world.names()) == (2, ["A", "B"])


def test_deletion_of_what_is_gone_meanwhile(tmp_path):
    """A deletion answered 404 is done."""
    from importer.plan import Verb

    path = write_plan(tmp_path, [change(1, OLD, "a", None, verb=Verb.DELETE, etag="1")])
    assert run(path, World()).deleted == 1


def test_created_but_nowhere(tmp_path):
    """A create answered 204 that is not there failed."""
    path = write_plan(tmp_path, [department(1, "A")])
    world = World()
    world.status[1] = (204, {}, b"")

    applied = run(path, world)

    assert (applied.failures[0].code, codes(applied)) == ("not-stored", ["not-stored"])


def test_update_that_creates_stops_everything(tmp_path):
    """A 201 to a PATCH means that something new was made: nothing more is sent."""
    path = write_plan(tmp_path, [change(1, OLD, "a", "b"), department(2, "A", wave=2)])
    world = holding()
    world.status[1] = (201, {}, b'{"id": "0bd7908e-c22b-574d-8bba-396d060e2611"}')

    applied = run(path, world)

    assert (applied.failed, applied.pending, codes(applied)) == (1, 1, ["update-created"])


def test_deletions(tmp_path):
    """A deletion is guarded as an update is; what is gone is done."""
    from importer.plan import Verb

    actions = [
        change(1, OLD, "a", None, verb=Verb.DELETE),
        change(2, key_of("gone"), "a", None, verb=Verb.DELETE),
    ]
    world = holding()

    applied = run(write_plan(tmp_path, actions), world)

    assert (applied.deleted, world.names()) == (2, [])


def test_stops_after_too_many_failures(tmp_path):
    """After more failures than allowed nothing more is sent."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 31)])
    world = World(refuse={f"D{n}": (400, "no") for n in range(1, 31)})

    applied = run(path, world, max_errors=3, batch_size=1, concurrency=1)

    assert (applied.failed, applied.pending) == (4, 26)
    assert "too-many-errors" in codes(applied)
    assert run(path, world, max_errors=0).failed == 30


def test_stop_is_polite(tmp_path):
    """A person who stops it gets the requests in flight finished; the next apply does the rest."""

    class Stopping:
        def __init__(self):
            self.stop = threading.Event()

        def phase(self, name, total=None):
            self.name, self.total = name, total

        def advance(self, count=1):
            self.stop.set()

    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 31)])
    world, watcher = World(), Stopping()

    with pytest.raises(Interrupted):
        run(path, world, stop=watcher.stop, progress=watcher)

    assert (watcher.name, watcher.total, len(world.log)) == ("wave 1: departments", 30, 1)
    assert run(path, world).created == 30


def test_only_some_steps(tmp_path):
    """With steps named, the others stay pending, which is no failure."""
    path = write_plan(tmp_path, [department(1, "A"), user(2, "U", 1)])
    world = World()

    applied = run(path, world, steps=("departments",))

    assert (applied.created, applied.pending, applied.exit_code) == (1, 1, 0)
    assert run(path, world).created == 2


# Before the first write.


def test_another_service_is_always_refused(tmp_path):
    """A plan goes to the service it was made for, however its address is spelled, and to no other."""
    path = write_plan(tmp_path, [department(1, "A")], url="http://LOCALHOST:80/odata")
    with pytest.raises(RefusedError) as error:
        run(path, World())
    assert [code_of(problem) for problem in error.value.problems] == ["wrong-service"]
    assert run(path, World(root="http://localhost/odata/")).created == 1
    with pytest.raises(RefusedError):
        run(path, World())


def test_stale_plan_is_refused_until_it_has_begun(tmp_path):
    """A changed recipe refuses a plan that was never sent; one that has begun goes on, with a warning."""
    path = write_plan(tmp_path, [department(1, "A"), department(2, "B")])
    world = World(refuse={"B": (400, "no")})
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("changed")
    with pytest.raises(RefusedError) as error:
        run(path, world)
    assert [code_of(problem) for problem in error.value.problems] == ["plan-stale"]

    recipe.write_text("recipe: 1\n")
    run(path, world)
    recipe.write_text("changed")
    world.refuse.clear()
    applied = run(path, world)
    assert (applied.created, codes(applied)) == (2, ["plan-stale"])


def test_changed_metadata_refuse(tmp_path):
    """The used part of the metadata counts."""
    path = write_plan(tmp_path, [department(1, "A")], used={"Departments": ("id", "name")})
    service = World().service()
    service.fingerprint = lambda used: "other"
    with pytest.raises(RefusedError):
        apply_plan(path, service, settings=Settings(), options=Options())


def test_blocked_rows_need_a_word(tmp_path):
    """Blocked rows refuse with code 4 unless they are to be left out; errors in the plan refuse with 6."""
    path = write_plan(tmp_path, [department(1, "A")], blocked=2)
    with pytest.raises(BlockedError) as error:
        run(path, World())
    assert error.value.exit_code == 4
    assert run(path, World(), skip_blocked=True).created == 1


def test_plan_that_refuses_itself(tmp_path):
    """A plan that holds an error is not applied."""
    from importer.executor.outcomes import Unanswered

    problem = Unanswered(place=FilePlace("x"))
    path = write_plan(tmp_path, [department(1, "A")], problems=[ProblemGroup(problem, (FilePlace("x"),), 1)])
    with pytest.raises(RefusedError):
        run(path, World())


def test_one_at_a_time(tmp_path):
    """A plan held by another apply is refused."""
    path = write_plan(tmp_path, [department(1, "A")])
    with Journal(path), pytest.raises(RefusedError):
        run(path, World())


@pytest.mark.parametrize("keys", ["refused", "crash"])
@pytest.mark.parametrize("drop", [{}, {2: "after"}, {2: "before"}])
def test_a_service_that_refuses_our_keys(tmp_path, keys, drop):
    """It makes keys itself and refuses bodies that bring one: learned from the first create, and nothing comes twice."""
    path = write_plan(tmp_path, [department(n, f"D{n}") for n in range(1, 6)])
    world = World(keys=keys, drop=drop)

    applied = run(path, world)

    assert (applied.created, applied.failed, applied.unknown) == (5, 0, 0)
    assert world.names() == ["D1", "D2", "D3", "D4", "D5"]
    with_key = 2 if keys == "crash" else 1
    assert world.writes <= with_key + 2 + len(drop)


def test_a_create_refused_with_and_without_our_key_is_refused(tmp_path):
    """Where the key is not the reason, the service's words about the second try are told."""
    world = World(keys="refused", refuse={"D1": (400, "name is taken")})

    applied = run(write_plan(tmp_path, [department(1, "D1"), department(2, "D2")]), world)

    assert (applied.created, [item.message for item in applied.failures]) == (1, ["name is taken"])


def test_creates_are_posts(tmp_path):
    """PUT, PATCH and `If-None-Match` are no way to create: services overwrite, or make something else (odata-protocol.md §1, 3 and 4)."""
    world, seen = World(batch="none"), []
    write = world._write

    def watched(method, path, headers, body, batch=False):
        seen.append((method, {name.lower() for name in headers}))
        return write(method, path, headers, body, batch)

    world._write = watched
    run(write_plan(tmp_path, [department(1, "D1"), department(2, "D2")]), world)

    assert [method for method, _ in seen] == ["POST", "POST"]
    assert all("if-none-match" not in names and "if-match" not in names for _, names in seen)
