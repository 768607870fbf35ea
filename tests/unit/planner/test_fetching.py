"""How much is read of the service: odata-protocol.md §6, *Lookups by name*."""

from tests.unit.planner.world import World

USERS = "- {to: Users, match: email, fields: {email: Mail, name: Name, manager: {column: Chief, by: [code, email]}}}"


def read(world: World) -> int:
    """Requests answered so far."""
    return sum(world.running.served.values())


def test_of_a_large_set_only_what_is_asked_for(world: World) -> None:
    """A few rows against thousands of entities cost a few questions, unless a value is not found exactly; both find the same."""
    world.seed("Users", *({"email": f"u{n}@x", "code": str(n), "name": f"N{n}"} for n in range(5_100)))
    exact = [["Mail", "Name", "Chief"], ["u1@x", "New", "2"], ["u3@x", "N3", "u4@x"]]
    spelled = [["Mail", "Name", "Chief"], ["U1@X", "New", "2"], ["u3@x", "N3", "u4@x"]]
    before = read(world)
    few = world.plan(USERS, exact)
    between = read(world)
    whole = world.plan(USERS, spelled)

    assert between - before < 10
    assert [action.body for action in few.writes] == [action.body for action in whole.writes]
    assert len(few.writes) == 2


def test_a_new_value_among_thousands(world: World) -> None:
    """A value that no filter finds is sought in the whole set before something is created."""
    world.seed("Users", *({"email": f"u{n}@x", "code": str(n)} for n in range(5_100)))
    made = world.plan(USERS, [["Mail", "Name", "Chief"], ["new@x", "N", "7"], ["U 8@x", "N", ""]])

    assert [action.verb.value for action in made.writes] == ["create", "create"]
    assert world.plan(USERS, [["Mail", "Name", "Chief"], ["U8@X", "N", ""]]).writes[0].verb.value == "update"
